"""The engine that keeps everything in an SQLite file: the contract, and what is its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from booking.clock import Moment
from booking.database import rows
from booking.database.box_office import DatabaseBoxOffice
from booking.database.connection import Database
from booking.database.migrations import migrate
from booking.database.registry import DatabaseRegistry
from booking.model import Event
from booking.settings import Settings
from tests.box_office_contract import BoxOfficeContract
from tests.clocks import START, ManualClock
from tests.engine import OpenRegistry
from tests.sale_contract import SaleContract


def one_clock(clock: ManualClock) -> Callable[[], Moment]:
    """The clock of a database, which is set by nobody: both times are one."""

    def now() -> Moment:
        wall = START.wall + clock.now.monotonic - START.monotonic
        return Moment(wall, wall)

    return now


class TestDatabaseRegistry(SaleContract):
    """The contract, kept in a file."""

    @pytest.fixture
    def open_registry(self, clock: ManualClock, tmp_path: Path) -> Iterator[OpenRegistry]:
        database = Database(str(tmp_path / "booking.db"))
        migrate(database)

        def open_registry(event: Event, **options: Any) -> DatabaseRegistry:
            version = int(one_clock(clock)().wall * 1000)
            with database.transaction(writing=True) as transaction:
                for what in ("seats", "bookings", "history", "answers"):
                    transaction.run(f"forget_{what}", event=event.id)
                transaction.run("end_event", event=event.id)
                transaction.run(
                    "add_event", event=event.id, document=rows.describe(event), version=version
                )
            return DatabaseRegistry(database, event.id, clock=one_clock(clock), **options)

        yield open_registry
        database.close()


class TestDatabaseBoxOffice(BoxOfficeContract):
    """The contract, kept in a file."""

    @pytest.fixture
    def box_office(self, clock: ManualClock, tmp_path: Path) -> Iterator[DatabaseBoxOffice]:
        path = str(tmp_path / "booking.db")
        box_office = DatabaseBoxOffice(Settings(), path, clock=one_clock(clock))
        yield box_office
        box_office.close()
