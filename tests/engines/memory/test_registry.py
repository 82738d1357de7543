"""The registry in memory: the contract, and what is its own."""

import itertools
import sys
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from booking.domain import errors
from booking.domain.model import Policy, SeatStatus
from booking.engines.expiry import ExpiryTimer
from booking.engines.memory.registry import SeatRegistry
from tests.contracts.sale import SaleContract
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB, OpenRegistry, event_of


class TestSeatRegistry(SaleContract):
    """The contract, kept in memory."""

    @pytest.fixture
    def open_registry(self, clock: ManualClock) -> OpenRegistry:
        return partial(SeatRegistry, clock=clock)


class _Schedule(ExpiryTimer):
    """Writes down what is scheduled and never runs it: a timer in the hands of the test."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def schedule(self, time: float, action: object) -> None:
        self.times.append(time)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def schedule() -> _Schedule:
    return _Schedule()


@pytest.fixture
def registry(clock: ManualClock, schedule: _Schedule) -> SeatRegistry:
    policy = Policy(lock_seconds=60, max_lock_seconds=300, max_seats_per_holder=1000)
    return SeatRegistry(event_of(1000, policy), clock=clock, expiry=schedule)


def test_one_sweep_is_scheduled_for_any_number_of_locks(
    registry: SeatRegistry, clock: ManualClock, schedule: _Schedule
) -> None:
    start = clock.now.monotonic
    for number in range(1, 1001):
        registry.lock([str(number)], ANN)
        clock.advance(0.001)
    assert schedule.times == [start + 60]


def test_a_sweep_releases_what_has_run_out_and_schedules_the_next(
    registry: SeatRegistry, clock: ManualClock, schedule: _Schedule
) -> None:
    start = clock.now.monotonic
    registry.lock(["1"], ANN)
    clock.advance(30)
    registry.lock(["2"], ANN)
    clock.advance(30)
    before = registry._sale.seats.version
    registry.sweep()
    assert registry._sale.seats.version > before
    assert registry._sale.seats._seats["1"].status is SeatStatus.AVAILABLE
    assert registry._sale.seats._seats["2"].status is SeatStatus.LOCKED
    assert schedule.times == [start + 60, start + 90]


def test_a_sweep_too_many_schedules_nothing(
    registry: SeatRegistry, clock: ManualClock, schedule: _Schedule
) -> None:
    registry.lock(["1"], ANN)
    clock.advance(30)
    registry.lock(["2"], ANN)
    clock.advance(30)
    for _ in range(3):
        registry.sweep()
    assert len(schedule.times) == 2


def test_nothing_is_scheduled_once_every_lock_is_confirmed(
    registry: SeatRegistry, clock: ManualClock, schedule: _Schedule
) -> None:
    registry.lock(["1"], ANN)
    registry.confirm(["1"], ANN)
    clock.advance(60)
    registry.sweep()
    assert len(schedule.times) == 1
    registry.lock(["2"], ANN)
    assert len(schedule.times) == 2


def test_locks_that_run_out_one_by_one_are_swept_in_company(
    registry: SeatRegistry, clock: ManualClock, schedule: _Schedule
) -> None:
    for number in range(1, 1001):
        registry.lock([str(number)], ANN)
        clock.advance(0.001)
    while registry._sale.seats.locked:
        clock.advance(max(0.0, schedule.times[-1] - clock.now.monotonic))
        registry.sweep()
    assert len(schedule.times) <= 102


def test_a_sweep_that_was_lost_is_scheduled_again_by_the_next_lock(
    registry: SeatRegistry, clock: ManualClock, schedule: _Schedule
) -> None:
    registry.lock(["1"], ANN)
    clock.advance(61)
    registry.lock(["2"], ANN)
    assert schedule.times[-1] == clock.now.monotonic + 60


def test_a_stale_sweep_leaves_a_seat_that_was_locked_again_untouched(
    registry: SeatRegistry, clock: ManualClock
) -> None:
    registry.lock(["1"], ANN)
    registry.release(["1"], ANN)
    clock.advance(30)
    new = registry.lock(["1"], BOB).seats[0]
    clock.advance(30)  # The deadline of the first lock.
    registry.sweep()
    assert registry.seat("1") == new


def test_deadlines_that_are_of_no_use_any_more_take_no_room(registry: SeatRegistry) -> None:
    for _ in range(10):
        for number in range(1, 1001):
            registry.lock([str(number)], ANN)
            registry.release([str(number)], ANN)
    assert len(registry._sale.seats._deadlines) <= 101


def test_holders_that_have_nothing_any_more_take_no_room(
    registry: SeatRegistry, clock: ManualClock
) -> None:
    for number in range(1, 501):
        registry.lock([str(number)], b"%d" % number)
    clock.advance(60)
    for number in range(1, 501):
        registry.lock([str(number)], ANN)
    registry.release([str(number) for number in range(1, 501)], ANN)
    holders = registry._sale.seats.holders
    # Of each seat, the last holder is remembered until somebody else locks it.
    assert (holders._held, set(holders._had)) == ({}, {ANN})


def test_on_the_whole_versions_do_not_outrun_the_wall_clock(
    registry: SeatRegistry, clock: ManualClock
) -> None:
    for _ in range(5000):
        registry.lock(["1"], ANN)
        registry.release(["1"], ANN)
    clock.advance(20)
    registry.lock(["1"], ANN)
    assert registry.changes().version == int(clock.now.wall * 1000)


def test_it_says_what_it_holds(registry: SeatRegistry) -> None:
    registry.lock(["1", "2"], ANN)
    assert "'default' [1000 seats, 2 locked, version " in repr(registry)


def test_the_timer_makes_an_expired_lock_visible_without_anybody_looking() -> None:
    timer = ExpiryTimer()
    registry = SeatRegistry(event_of(1, Policy(lock_seconds=0.05)), expiry=timer)
    swept = threading.Event()
    store = registry._sale.seats.store

    def note(*arguments: object) -> None:
        store(*arguments)  # type: ignore[arg-type]
        if threading.current_thread().name == "booking-expiry":
            swept.set()

    registry._sale.seats.store = note  # type: ignore[assignment, method-assign]
    registry.lock(["1"], ANN)
    assert swept.wait(5)
    assert registry._sale.seats._seats["1"].status is SeatStatus.AVAILABLE
    timer.close()


def test_history_is_bounded_and_says_so(clock: ManualClock) -> None:
    registry = SeatRegistry(event_of(1), clock=clock, history_limit=10)
    versions = []
    for _ in range(18):
        registry.lock(["1"], ANN)
        versions.append(registry.changes().version)
        registry.release(["1"], ANN)
    page = registry.history()
    assert (len(page.entries), page.complete, page.limit) == (10, False, 10)
    assert page.entries[0].version == versions[13]
    assert registry.history(versions[13] - 1).complete
    assert not registry.history(versions[12] - 1).complete


@pytest.fixture
def switching() -> Iterator[None]:
    """Threads take turns as often as the interpreter lets them."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


class _NoLock:
    """Stands in for the Lock and locks nothing."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        pass


def _double_sales(*, locked: bool, rounds: int) -> int:
    """Let eight threads lock the same seat, over and over; count the rounds in which more than one
    was told that it has it."""
    double = 0
    registry = SeatRegistry(event_of(rounds))
    if not locked:
        registry._lock = _NoLock()  # type: ignore[assignment]
    winners: list[int] = []
    barrier = threading.Barrier(8)

    def buy(holder: bytes) -> None:
        for number in range(rounds):
            barrier.wait()
            try:
                registry.lock([str(number + 1)], holder + b"%d" % number)
                winners.append(number)
            except errors.BookingError:
                pass
            except Exception:
                # When nothing is locked, the indexes may fall apart in any way. Otherwise it is a
                # mistake, and nobody must wait at the barrier for a thread that is gone.
                if locked:
                    barrier.abort()
                    raise

    threads = [threading.Thread(target=buy, args=(b"%d/" % each,)) for each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _, group in itertools.groupby(sorted(winners)):
        double += len(list(group)) > 1
    return double


@pytest.mark.usefixtures("switching")
def test_threads_never_get_the_same_seat() -> None:
    assert _double_sales(locked=True, rounds=300) == 0


@pytest.mark.usefixtures("switching")
def test_the_test_above_finds_double_sales_when_the_lock_is_taken_out() -> None:
    assert any(_double_sales(locked=False, rounds=300) for _ in range(20))
