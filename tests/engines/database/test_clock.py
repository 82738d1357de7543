"""The database's clock is set: an hour ahead, an hour back, or by a little."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from booking.domain import seats
from booking.domain.history import SeatChange
from booking.domain.model import DEFAULT_EVENT, Seat, SeatLock, SeatStatus
from booking.domain.moment import Moment
from booking.engines.database.connection import Database
from booking.engines.database.migrations import migrate
from booking.engines.database.registry import DatabaseRegistry
from tests.support.clocks import START, ManualClock
from tests.support.databases import begin_with, one_clock, sqlite_database
from tests.support.engine import ANN, BOB, event_of, statuses

HOUR = 3600.0

OpenProcess = Callable[[], DatabaseRegistry]


@pytest.fixture
def database(tmp_path: Path, clock: ManualClock) -> Iterator[Database]:
    with sqlite_database(tmp_path) as database:
        migrate(database)
        begin_with(database, event_of(5), clock)
        yield database


@pytest.fixture
def open_process(database: Database, clock: ManualClock) -> OpenProcess:
    return lambda: DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))


def test_a_lock_from_the_future_counts_as_made_now() -> None:
    now = START
    later = Moment(now.monotonic + HOUR, now.wall + HOUR)
    locked = Seat("1", SeatStatus.LOCKED, lock=SeatLock(ANN, later, 60))
    assert seats.relock(locked, now).lock == SeatLock(ANN, now, 60)
    assert seats.relock(locked, later) == locked
    assert seats.relock(Seat("1"), now) == Seat("1")


def test_a_lock_made_after_the_clock_was_an_hour_ahead_expires_on_time(
    open_process: OpenProcess, clock: ManualClock
) -> None:
    here, there = open_process(), open_process()
    clock.advance(HOUR)
    here.changes()
    clock.advance(-HOUR)
    here.lock(["1"], ANN)
    for registry in (here, there):
        assert registry.seat("1").status is SeatStatus.LOCKED
    clock.advance(60)
    for registry in (here, there, open_process()):
        assert registry.seat("1").status is SeatStatus.AVAILABLE


def test_a_lock_made_while_the_clock_was_an_hour_ahead_expires_soon_after_it_is_right(
    open_process: OpenProcess, clock: ManualClock
) -> None:
    here, there = open_process(), open_process()
    clock.advance(HOUR)
    here.lock(["1"], ANN)
    version = here.changes().version
    clock.advance(-HOUR)
    for registry in (here, there):
        lock = registry.seat("1").lock
        assert lock is not None
        assert lock.expires_at == one_clock(clock)(0).wall + 60
        assert [seat.id for seat in registry.changes(version).seats] == ["1"]
    last = here.history().entries[-1]
    assert (last.seat, last.change, last.holder) == ("1", SeatChange.EXTENDED, ANN)
    clock.advance(59)
    assert there.seat("1").status is SeatStatus.LOCKED
    clock.advance(1)
    for registry in (here, there, open_process()):
        assert registry.seat("1").status is SeatStatus.AVAILABLE
    there.lock(["1"], BOB)


def test_the_holder_confirms_a_lock_that_was_made_while_the_clock_was_ahead(
    open_process: OpenProcess, clock: ManualClock
) -> None:
    here, there = open_process(), open_process()
    clock.advance(HOUR)
    here.lock(["1"], ANN)
    clock.advance(-HOUR)
    there.confirm(["1"], ANN)
    assert statuses(here)["1"] is SeatStatus.BOOKED


def test_time_stands_still_while_the_clock_goes_back_a_little(
    open_process: OpenProcess, clock: ManualClock
) -> None:
    here = open_process()
    here.lock(["1"], ANN)
    version = here.changes().version
    clock.advance(-0.5)
    here.lock(["2"], ANN)
    first, second = here.changes().seats[:2]
    assert first.lock is not None
    assert first.lock == second.lock
    # The first is unchanged.
    assert [seat.id for seat in here.changes(version).seats] == ["2"]
