"""Measure the registry in memory, without HTTP: speed, size, and how late locks are released."""

import gc
import hashlib
import threading
import time
import tracemalloc
from dataclasses import dataclass
from statistics import median

from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, progress, table
from booking.domain.model import DEFAULT_EVENT, Event, Policy, SeatStatus
from booking.domain.moment import Moment
from booking.engines.clock import system_clock
from booking.engines.expiry import ExpiryTimer
from booking.engines.memory.registry import SeatRegistry
from booking.plans import grid

_PAIRS = 20_000
_LIVE_LOCKS = 100_000
_EXPIRING = 10_000
_EXPIRE_AFTER = 1.5
_LOOK_SECONDS = 0.7


def run(effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    rates, live, alone, busy = [], [], [], []
    for number in range(1, effort.rounds + 1):
        progress(f"The registry alone, round {number} of {effort.rounds}")
        rates.append(_pairs_per_second())
        live.append(_live_locks())
        alone.append(_lateness_of_timer())
        busy.append(_lateness_when_busy())

    threads = max(each.threads for each in live)
    size = median(each.bytes_per_lock for each in live)
    late_alone, late_busy = max(alone), max(each.lateness for each in busy)
    usual, longest = max(each.longest_before for each in busy), max(each.longest for each in busy)
    few, small, soon = Goal(2, at_most=True), Goal(1024, at_most=True), Goal(1, at_most=True)
    locks, expiring = f"{_LIVE_LOCKS:,} live locks", f"{_EXPIRING:,} locks that expire together"
    heading("The registry alone", "One process, no HTTP. Every lock has its own holder.")
    table(
        ("what", "measured", "goal", "result"),
        [
            ("lock + confirm, one thread, pairs per second", f"{median(rates):,.0f}", "", ""),
            (f"{locks}: threads added", str(threads), str(few), few.verdict(threads)),
            (f"{locks}: bytes each (tracemalloc)", f"{size:,.0f}", str(small), small.verdict(size)),
            (f"{locks}: seconds to make", f"{median(each.seconds for each in live):.2f}", "", ""),
            (
                f"{expiring}: s until the timer alone has freed all",
                f"{late_alone:.3f}",
                str(soon),
                soon.verdict(late_alone),
            ),
            (
                f"{expiring}: s until a busy reader sees all free",
                f"{late_busy:.3f}",
                str(soon),
                soon.verdict(late_busy),
            ),
            (f"{expiring}: longest call meanwhile, ms", f"{longest * 1000:.1f}", "", ""),
            ("… longest call before they expire, ms", f"{usual * 1000:.1f}", "", ""),
        ],
    )
    print("Threads, lateness and longest calls are the worst of all rounds; others, medians.\n")


def _seat_ids(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


def _event(seats: int, policy: Policy = Policy()) -> Event:
    return Event(id=DEFAULT_EVENT, plan=grid.count(seats), policy=policy)


def _holder(seat_id: str) -> bytes:
    return hashlib.sha256(seat_id.encode()).digest()


def _lock_all(registry: SeatRegistry, seat_ids: list[str]) -> None:
    for seat_id in seat_ids:
        registry.lock([seat_id], _holder(seat_id))


def _pairs_per_second() -> float:
    seat_ids = _seat_ids(_PAIRS)
    holders = [_holder(seat_id) for seat_id in seat_ids]
    expiry = ExpiryTimer()
    registry = SeatRegistry(_event(_PAIRS), expiry=expiry)
    start = time.perf_counter()
    for seat_id, holder in zip(seat_ids, holders, strict=True):
        registry.lock([seat_id], holder)
        registry.confirm([seat_id], holder)
    seconds = time.perf_counter() - start
    expiry.close()
    return _PAIRS / seconds


@dataclass(frozen=True, slots=True)
class _Live:
    seconds: float
    threads: int
    bytes_per_lock: float


def _live_locks() -> _Live:
    """Lock all seats twice. Memory is measured apart from time, because tracing it takes time."""
    seat_ids = _seat_ids(_LIVE_LOCKS)
    policy = Policy(lock_seconds=3600, max_lock_seconds=3600)

    threads_before = threading.active_count()
    expiry = ExpiryTimer()
    registry = SeatRegistry(_event(_LIVE_LOCKS, policy), expiry=expiry)
    start = time.perf_counter()
    _lock_all(registry, seat_ids)
    seconds = time.perf_counter() - start
    threads = threading.active_count() - threads_before
    expiry.close()

    expiry = ExpiryTimer()
    registry = SeatRegistry(_event(_LIVE_LOCKS, policy), expiry=expiry)
    gc.collect()
    tracemalloc.start()
    _lock_all(registry, seat_ids)
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    expiry.close()
    return _Live(seconds, threads, size / _LIVE_LOCKS)


class _StoppableClock:
    """The system's clock. Locks made while it is stopped expire together."""

    def __init__(self) -> None:
        self.held_at: Moment | None = None

    def __call__(self) -> Moment:
        return self.held_at or system_clock()


class _Watched(SeatRegistry):
    """A registry that records when its timer last swept it."""

    swept_at = 0.0

    def sweep(self) -> None:
        super().sweep()
        self.swept_at = time.monotonic()


class _Expiring:
    """A registry with many locks that all expire soon, at ``deadline``."""

    def __init__(self) -> None:
        seat_ids = _seat_ids(_EXPIRING)
        self.clock = _StoppableClock()
        self.expiry = ExpiryTimer()
        self.registry = _Watched(
            _event(_EXPIRING, Policy(lock_seconds=_EXPIRE_AFTER)),
            clock=self.clock,
            expiry=self.expiry,
        )
        self.locked_at = self.clock.held_at = system_clock()
        _lock_all(self.registry, seat_ids)
        self.version = self.registry.changes().version
        self.clock.held_at = None
        self.deadline = self.locked_at.monotonic + _EXPIRE_AFTER


def _lateness_of_timer() -> float:
    """Return the seconds from the deadline until all seats are free, while nobody calls."""
    expiring = _Expiring()
    time.sleep(expiring.deadline + _LOOK_SECONDS - time.monotonic())
    expiring.expiry.close()
    # Reading the seats releases expired locks. With the clock set back it releases none, so that
    # every free seat was freed by the timer.
    expiring.clock.held_at = expiring.locked_at
    seats = expiring.registry.changes().seats
    if any(seat.status is not SeatStatus.AVAILABLE for seat in seats):
        return float("inf")
    return expiring.registry.swept_at - expiring.deadline


@dataclass(frozen=True, slots=True)
class _Busy:
    lateness: float
    longest_before: float
    longest: float


def _lateness_when_busy() -> _Busy:
    """Measure the same while a thread reads all the time. Its first read after the deadline
    releases the locks, unless the timer is faster."""
    expiring = _Expiring()
    registry, deadline = expiring.registry, expiring.deadline
    calls: list[tuple[float, float]] = []  # When each returned, and how long it took.
    all_free_at = float("inf")

    def look() -> None:
        nonlocal all_free_at
        version, freed = expiring.version, 0
        end = time.monotonic()
        while end < deadline + _LOOK_SECONDS:
            start = end
            registry.seat("1")
            middle = time.monotonic()
            changes = registry.changes(version)
            end = time.monotonic()
            calls.extend(((middle, middle - start), (end, end - middle)))
            version, freed = changes.version, freed + len(changes.seats)
            if freed == _EXPIRING:
                all_free_at = min(all_free_at, end)

    reader = threading.Thread(target=look)
    reader.start()
    reader.join()
    expiring.expiry.close()
    return _Busy(
        lateness=all_free_at - deadline,
        longest_before=max(took for end, took in calls if end < deadline),
        longest=max(took for end, took in calls if end >= deadline),
    )
