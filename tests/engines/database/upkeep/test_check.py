"""The check of a whole database finds every broken invariant."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from booking.domain.model import DEFAULT_EVENT
from booking.engines.database.connection import Database
from booking.engines.database.migrations import migrate
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.database.upkeep.check import Report, check
from tests.support.clocks import ManualClock
from tests.support.databases import begin_with, one_clock, postgres_database, sqlite_database
from tests.support.engine import ANN, BOB, event_of

UNIQUE = "DROP INDEX live_booked_seat;\n"


@pytest.fixture(params=["sqlite", "postgres"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock
) -> Iterator[Database]:
    """A database with two bookings (seats 1 and 2, seat 3), a cancelled one, and a lock."""
    if request.param == "sqlite":
        opened = sqlite_database(tmp_path)
    else:
        opened = postgres_database(request.getfixturevalue("postgres"))
    with opened as database:
        migrate(database)
        begin_with(database, event_of(9), clock)
        registry = DatabaseRegistry(
            database,
            DEFAULT_EVENT,
            clock=one_clock(clock),
            mint_reference=iter(["AAAAA-AAAAA", "BBBBB-BBBBB", "CCCCC-CCCCC"]).__next__,
        )
        for seats, holder in ((["1", "2"], ANN), (["3"], BOB), (["4"], ANN)):
            registry.lock(seats, holder)
            registry.confirm(seats, holder)
        registry.cancel("CCCCC-CCCCC", ANN)
        registry.lock(["5"], ANN)
        yield database


def report(database: Database) -> Report:
    with database.transaction(writing=False) as transaction:
        return check(transaction)


def test_a_sound_database_is_counted_and_nothing_is_found(database: Database) -> None:
    assert report(database) == Report(events=1, bookings=2, seats=3, findings=())


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (
            UNIQUE + "UPDATE booked_seat SET seat = '1' WHERE seat = '3';\n",
            "seat 1 is in 2 live bookings",
        ),
        (UNIQUE, "The index live_booked_seat is missing"),
        (
            "UPDATE booked_seat SET disputed = TRUE WHERE seat = '1';\n",
            "seat 1 was sold twice by an earlier version: AAAAA-AAAAA has it, too",
        ),
        (
            "DELETE FROM booked_seat WHERE seat = '3';\n",
            "seat 3 is booked under BBBBB-BBBBB, which lacks it",
        ),
        ("DELETE FROM booked_seat WHERE seat = '3';\n", "booking BBBBB-BBBBB has no seats"),
        (
            "DELETE FROM seat WHERE seat = '3';\n",
            "booking BBBBB-BBBBB has seat 3, whose row says otherwise",
        ),
        (
            "DELETE FROM booking WHERE reference = 'BBBBB-BBBBB';\n",
            "seat 3 is in booking BBBBB-BBBBB, which does not exist",
        ),
        (
            "UPDATE booking SET cancelled_at = 1 WHERE reference = 'BBBBB-BBBBB';\n",
            "BBBBB-BBBBB and its seat 3 disagree on whether it is cancelled",
        ),
        (
            "INSERT INTO ticket (event, code, reference, seat) VALUES ('default', 'X', 'Y', 3);\n",
            "a ticket opens the door for seat 3, which Y does not have",
        ),
        ("UPDATE event SET version = 1;\n", "seat 5 has version"),
        ("UPDATE event SET version = 1;\n", "the history goes on to version"),
        ("DELETE FROM event;\n", "there are seats, bookings or a description"),
        ("UPDATE description SET document = '{}';\n", "its description cannot be read"),
        ("DELETE FROM description;\n", "it has no description"),
        ("UPDATE seat SET seat = 'Z9' WHERE seat = '5';\n", "seat Z9 is not in its plan"),
    ],
)
def test_every_broken_invariant_is_found(database: Database, damage: str, found: str) -> None:
    with database.transaction(writing=True) as transaction:
        transaction.run_script(damage)
    assert any(found in finding for finding in report(database).findings)


def test_the_first_findings_of_a_kind_are_listed_and_the_others_counted(
    database: Database,
) -> None:
    with database.transaction(writing=True) as transaction:
        for number in range(25):
            transaction.run_script(
                "INSERT INTO booking (event, reference, number, booked_at, holder)"
                f" VALUES ('default', 'D{number:02}', 1, 1.0, '00');\n"
            )
    findings = report(database).findings
    assert len(findings) == 21
    assert findings[-1] == "… and 5 more such seats or events."
