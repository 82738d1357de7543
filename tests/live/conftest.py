"""Databases for services that run in their own processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import schema


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind, for one test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'booking.db'}"
    else:
        with schema(request.getfixturevalue("postgres")) as url:
            yield url
