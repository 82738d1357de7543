"""A database goes back to an earlier state while two processes sell from it: a dump or a copy is
restored, or a standby without the last transactions is promoted."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from booking.domain import errors
from booking.domain.model import DEFAULT_EVENT, SeatStatus
from booking.engines.database.connection import Database
from booking.engines.database.migrations import migrate
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.errors import Unavailable
from tests.support.clocks import ManualClock
from tests.support.databases import begin_with, one_clock, postgres_database, sqlite_database
from tests.support.engine import ANN, BOB, event_of, statuses

TABLES = ("event", "description", "seat", "booking", "booked_seat", "history", "answer")

OpenProcess = Callable[..., DatabaseRegistry]


@pytest.fixture(params=["sqlite", "postgres"])
def database(
    request: pytest.FixtureRequest, tmp_path: Any, clock: ManualClock
) -> Iterator[Database]:
    if request.param == "sqlite":
        opened: Any = sqlite_database(tmp_path)
    else:
        opened = postgres_database(request.getfixturevalue("postgres"))
    with opened as database:
        migrate(database)
        begin_with(database, event_of(9), clock)
        yield database


@pytest.fixture
def open_process(database: Database, clock: ManualClock) -> OpenProcess:
    """Start a process that sells, and that has read all seats."""

    def open_process(**options: Any) -> DatabaseRegistry:
        registry = DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock), **options)
        registry.changes()
        return registry

    return open_process


@contextmanager
def lost(database: Database) -> Iterator[None]:
    """Lose everything written in the block: the database goes back to its state before."""
    with database.transaction(writing=True) as transaction:
        for table in TABLES:
            transaction.run_script(f"CREATE TABLE before_{table} AS SELECT * FROM {table};\n")
    yield
    with database.transaction(writing=True) as transaction:
        for table in TABLES:
            transaction.run_script(
                f"DELETE FROM {table};\nINSERT INTO {table} SELECT * FROM before_{table};\n"
                f"DROP TABLE before_{table};\n"
            )


def buy(registry: DatabaseRegistry, seat: str, holder: bytes) -> str:
    registry.lock([seat], holder)
    return registry.confirm([seat], holder)[1].reference


def live_bookings(registry: DatabaseRegistry) -> list[str]:
    return sorted(
        seat
        for booking in registry.bookings().bookings
        if booking.cancelled_at is None
        for seat in booking.seats
    )


def test_both_processes_sell_from_the_history_that_survived(
    database: Database, open_process: OpenProcess
) -> None:
    here, there = open_process(), open_process()
    buy(here, "7", ANN)
    there.changes()
    with lost(database):
        buy(here, "1", ANN)
        there.changes()
        buy(here, "2", ANN)
    buy(there, "3", BOB)
    for registry in (here, there):
        sold = [seat for seat, status in statuses(registry).items() if status is SeatStatus.BOOKED]
        assert sold == ["3", "7"]
        with pytest.raises(errors.SeatsUnavailable):
            registry.lock(["3"], ANN)
    buy(here, "1", BOB)
    assert live_bookings(there) == ["1", "3", "7"]


def test_a_seat_is_not_sold_again_after_its_cancellation_was_lost(
    database: Database, open_process: OpenProcess
) -> None:
    here, there = open_process(), open_process()
    reference = buy(here, "7", ANN)
    there.changes()
    with lost(database):
        here.cancel(reference, ANN)
        there.changes()
    for registry in (here, there):
        with pytest.raises(errors.SeatsUnavailable):
            registry.lock(["7"], BOB)
    assert live_bookings(here) == ["7"]


def test_two_histories_with_the_same_version_are_told_apart(
    database: Database, open_process: OpenProcess
) -> None:
    here, there = open_process(), open_process()
    with lost(database):
        here.lock(["1"], ANN)
        version = here.changes().version
    there.lock(["2"], BOB)
    assert there.changes().version == version  # The clock stands still.
    assert statuses(here)["1"] is SeatStatus.AVAILABLE
    assert statuses(here)["2"] is SeatStatus.LOCKED


def test_the_test_above_finds_a_stale_sale_when_all_marks_are_the_same(
    database: Database, open_process: OpenProcess
) -> None:
    here, there = (open_process(mint_mark=lambda: 1) for _ in range(2))
    with lost(database):
        here.lock(["1"], ANN)
    there.lock(["2"], BOB)
    assert statuses(here)["1"] is SeatStatus.LOCKED


@pytest.mark.parametrize("more", [0, 1, 9], ids="{} further changes".format)
def test_a_client_that_saw_a_lost_version_gets_all_seats(
    database: Database, open_process: OpenProcess, more: int
) -> None:
    here, there = open_process(), open_process()
    reference = buy(here, "7", ANN)
    with lost(database):
        here.cancel(reference, ANN)
        seen = [here.changes().version]
        here.lock(["1"], ANN)
        seen.append(here.changes().version)
    for _ in range(more):
        there.lock(["5"], BOB)
        there.release(["5"], BOB)
    for registry in (here, there):
        for version in seen:
            changes = registry.changes(version)
            assert changes.full
            assert changes.version > version


def test_a_process_started_on_a_restored_copy_gives_all_seats_for_lost_versions(
    database: Database, open_process: OpenProcess, clock: ManualClock
) -> None:
    here = open_process()
    kept = here.changes().version
    with lost(database):
        clock.advance(10)
        here.lock(["1"], ANN)
        given_out = here.changes().version
    clock.advance(10)
    there = open_process()
    there.lock(["2"], BOB)
    assert there.changes().version > given_out
    assert there.changes(given_out).full
    assert not there.changes(kept).full


def test_a_process_reads_only_the_changes_when_another_one_sells(
    database: Database, open_process: OpenProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = open_process(), open_process()
    buy(here, "1", ANN)
    monkeypatch.setattr("booking.engines.database.kept_sale.rows.event_of", None)
    for seat in "23":
        buy(there, seat, BOB)
        assert statuses(here)[seat] is SeatStatus.BOOKED
        assert not here.changes(here.changes().version).full


def test_an_event_that_was_opened_again_is_not_taken_for_a_restored_database(
    database: Database,
    open_process: OpenProcess,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    here = open_process()
    here.lock(["1"], ANN)
    clock.advance(61)
    begin_with(database, event_of(3), clock)
    with caplog.at_level(logging.WARNING):
        assert set(statuses(here)) == {"1", "2", "3"}
    assert not caplog.records


def test_a_restored_database_is_logged_once(
    database: Database, open_process: OpenProcess, caplog: pytest.LogCaptureFixture
) -> None:
    here = open_process()
    with lost(database):
        here.lock(["1"], ANN)
    for _ in range(3):
        here.changes()
    (record,) = caplog.records
    assert "no longer has version" in record.getMessage()


def test_nothing_is_sold_while_tables_are_being_restored(
    database: Database, open_process: OpenProcess
) -> None:
    """pg_restore creates the indexes last. Before that, rows may be missing."""
    here = open_process()
    with lost(database):
        buy(here, "7", ANN)
        with database.transaction(writing=True) as transaction:
            transaction.run_script("DROP INDEX live_booked_seat;\n")
    with pytest.raises(Unavailable, match="being restored"):
        here.lock(["1"], BOB)
    with database.transaction(writing=True) as transaction:
        transaction.run_script(
            "CREATE UNIQUE INDEX live_booked_seat ON booked_seat (event, seat)"
            " WHERE given_back_at IS NULL AND NOT disputed;\n"
        )
    here.lock(["1"], BOB)


# The schema


def test_a_seat_row_that_was_not_read_is_not_overwritten(
    database: Database, open_process: OpenProcess
) -> None:
    here = open_process()
    here.lock(["1"], ANN)
    with database.transaction(writing=True) as transaction:
        transaction.run_script("UPDATE seat SET version = version + 1;\n")
    row = {"event": DEFAULT_EVENT, "seat": "1", "version": 2, "status": "available"}
    empty = ("holder", "locked_at", "seconds", "taken", "ran_out", "client", "reference")
    nothing = dict.fromkeys((*empty, "block_name", "block_note"))
    with (
        pytest.raises(Unavailable) as error,
        database.transaction(writing=True) as transaction,
    ):
        transaction.run("put_seat", **{**row, **nothing, "previous": 1})
    assert error.value.aborted
    # A call that the guard refuses reads the seats again, and succeeds.
    here.release(["1"], ANN)
    assert statuses(here)["1"] is SeatStatus.AVAILABLE


def test_a_seat_in_a_live_booking_is_booked_whatever_its_row_says(
    database: Database, open_process: OpenProcess
) -> None:
    reference = buy(open_process(), "1", ANN)
    with database.transaction(writing=True) as transaction:
        transaction.run_script("UPDATE seat SET status = 'available', reference = NULL;\n")
    here = open_process()
    with pytest.raises(errors.SeatsUnavailable):
        here.lock(["1"], BOB)
    here.cancel(reference, ANN)
    buy(here, "1", BOB)


def test_a_process_that_takes_a_booked_seat_for_free_does_not_sell_it(
    database: Database, open_process: OpenProcess
) -> None:
    """The booking is inserted by hand, and does not change the version."""
    here = open_process()
    here.lock(["1"], ANN)
    with database.transaction(writing=True) as transaction:
        transaction.run_script(
            "INSERT INTO booking (event, reference, number, booked_at, holder)"
            f" VALUES ('default', 'BBBBB-BBBBB', 1, 1.0, '{BOB.hex()}');\n"
            "INSERT INTO booked_seat (event, reference, seat, position)"
            " VALUES ('default', 'BBBBB-BBBBB', '1', 0);\n"
        )
    with pytest.raises(errors.SeatBooked):
        here.confirm(["1"], ANN)
    assert live_bookings(here) == ["1"]
