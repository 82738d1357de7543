"""Databases to test with, and the time that they have."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from booking.domain.model import Event
from booking.domain.moment import Moment
from booking.engines.database import rows
from booking.engines.database.connection import Database, Transaction
from booking.engines.database.migrations import migrate
from booking.engines.database.postgres import citus
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.sqlite.database import SqliteDatabase
from tests.support.clocks import START, ManualClock
from tests.support.postgres import schema


def one_clock(clock: ManualClock) -> Callable[[float], Moment]:
    """The clock of a database, which is set by nobody: both times are one."""

    def now(_: float = 0) -> Moment:
        wall = START.wall + clock.now.monotonic - START.monotonic
        return Moment(wall, wall)

    return now


def add(transaction: Transaction, event: Event, version: int) -> None:
    """Put an event into a database."""
    transaction.run("add_event", event=event.id, version=version, mark=version)
    transaction.run("put_description", event=event.id, **rows.description_row(event))


def begin_with(database: Database, event: Event, clock: ManualClock) -> None:
    """Open an event as if there had never been one of that id."""
    with database.transaction(writing=True) as transaction:
        for what in ("description", "seats", "bookings", "booked_seats", "details"):
            transaction.run(f"forget_{what}", event=event.id)
        for what in ("history", "answers"):
            transaction.run(f"forget_{what}", event=event.id)
        transaction.run("end_event", event=event.id)
        add(transaction, event, int(one_clock(clock)(0).wall * 1000))


@contextmanager
def sqlite_database(folder: Path) -> Iterator[Database]:
    database = SqliteDatabase(str(folder / "booking.db"))
    yield database
    database.close()


@contextmanager
def postgres_database(url: str) -> Iterator[Database]:
    """A schema on a server; distributed, if ``BOOKING_TEST_DISTRIBUTED`` is set and the server has
    Citus."""
    with schema(url) as own:
        database = PostgresDatabase(own, connections=10)
        if os.environ.get("BOOKING_TEST_DISTRIBUTED"):
            migrate(database)
            list(citus.distribute(database))
        yield database
        database.close()
