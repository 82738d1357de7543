"""Databases for services that run in their own processes, and which of their tests take long."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import schema

LONG = {
    "test_clients.py",
    "test_clocks.py",
    "test_commands.py",
    "test_contract.py",
    "test_cost.py",
    "test_database_faults.py",
    "test_demoted_primary.py",
    "test_durability.py",
    "test_failover.py",
    "test_going_back.py",
    "test_killed_database.py",
    "test_mail.py",
    "test_many_processes.py",
    "test_pgbouncer.py",
    "test_processes.py",
    "test_replaced_files.py",
    "test_slow_clients.py",
}
"""Where whole services are killed, restored and put under load, again and again."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name in LONG:
            item.add_marker(pytest.mark.long)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind, for one test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'booking.db'}"
    else:
        with schema(request.getfixturevalue("postgres")) as url:
            yield url
