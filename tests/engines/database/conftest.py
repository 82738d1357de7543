"""A house in an SQLite file, and a copy of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from booking.engines.database.upkeep.backup import backup
from tests.support import houses_on_file
from tests.support.houses_on_file import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from houses_on_file.house(tmp_path)


@pytest.fixture
def copy(house: House, tmp_path: Path) -> Path:
    """A copy made after seat 1 was sold, before seat 2 was."""
    house.sell(1)
    copy = tmp_path / "copy.db"
    assert backup(house.database, str(copy)) == 1
    house.sell(2)
    return copy
