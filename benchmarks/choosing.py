"""Measure what a lock costs in process: best seats, several seats at once, many events."""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, progress, table
from booking.domain import errors
from booking.domain.model import BestAvailable, Event, Policy, SeatStatus
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.engines.memory.registry import SeatRegistry
from booking.plans.grid import grid
from booking.plans.model import Plan
from booking.settings import Settings

_POLICY = Policy(lock_seconds=3600, max_lock_seconds=3600, max_seats_per_holder=100_000)
_HOLDER = bytes(32)
_SIZES = {1_000: (20, 50), 10_000: (80, 125), 50_000: (160, 313)}
"""Rows, and seats per row, by the approximate number of seats."""
_TAKEN = (0.0, 0.5, 0.9)
_EVENTS = 1_000


@dataclass(frozen=True, slots=True)
class _Wish:
    name: str
    wish: BestAvailable


_WISHES = (
    _Wish("3 seats", BestAvailable(3)),
    _Wish("10 seats", BestAvailable(10)),
    _Wish("10 seats, in several rows if need be", BestAvailable(10, split=True)),
)


def run(effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    _best_seats(effort)
    _several_seats(effort)
    _many_events(effort)


def _best_seats(effort: Effort) -> None:
    heading(
        "The best seats",
        "Milliseconds to choose and lock, in process: the median, and the worst in brackets."
        " Random seats are taken. After each call, a seat is taken elsewhere.",
    )
    rows = []
    worst = 0.0
    for size, (deep, across) in _SIZES.items():
        plan = grid(deep, across, aisle_after=[across // 2])
        for taken in _TAKEN:
            progress(f"The best of {size:,} seats, {taken:.0%} of them taken")
            registry = _house(plan, taken)
            cells = []
            for each in _WISHES:
                durations = _choose(registry, each.wish, effort.repeats)
                if size == max(_SIZES):
                    worst = max(worst, median(durations))
                cells.append(f"{median(durations):.2f} ({max(durations):.1f})")
            rows.append((f"{size:,}, {taken:.0%} taken", *cells))
    table(("seats", *(each.name for each in _WISHES)), rows)
    goal = Goal(5, at_most=True)
    table(
        ("the slowest of these medians", "ms", "goal", "result"),
        [(f"{max(_SIZES):,} seats", f"{worst:.2f}", str(goal), goal.verdict(worst))],
    )


def _house(plan: Plan, taken: float) -> SeatRegistry:
    registry = SeatRegistry(Event(id="house", plan=plan, policy=_POLICY))
    seats = list(plan.places)
    chosen = random.Random(1).sample(seats, int(taken * len(seats)))
    if chosen:
        registry.lock(chosen, _HOLDER)
    return registry


def _choose(registry: SeatRegistry, wish: BestAvailable, repeats: int) -> list[float]:
    """Measure each choice in milliseconds, and release the seats again."""
    free = [s.id for s in registry.changes().seats if s.status is SeatStatus.AVAILABLE]
    elsewhere = random.Random(2).choices(free, k=repeats)
    durations = []
    for seat_id in elsewhere:
        start = time.perf_counter()
        try:
            locked = [seat.id for seat in registry.lock(wish, _HOLDER).seats]
        except errors.NotEnoughSeats:
            locked = []
        durations.append((time.perf_counter() - start) * 1000)
        if locked:
            registry.release(locked, _HOLDER)
        registry.lock([seat_id], _HOLDER)
        registry.release([seat_id], _HOLDER)
    return durations


def _several_seats(effort: Effort) -> None:
    heading("Several seats in one lock", "Microseconds in process, without the release; medians.")
    registry = SeatRegistry(Event(id="house", plan=grid(160, 313), policy=_POLICY))
    seats = [seat.id for seat in registry.changes().seats]
    rows = []
    for count in (1, 2, 5, 10, 100):
        chosen = seats[:count]
        durations = []
        for _ in range(effort.repeats):
            start = time.perf_counter()
            registry.lock(chosen, _HOLDER)
            durations.append(time.perf_counter() - start)
            registry.release(chosen, _HOLDER)
        micro = median(durations) * 1e6
        rows.append((f"{count}", f"{micro:.0f}", f"{micro / count:.1f}"))
    table(("seats", "a lock", "a seat"), rows)


def _many_events(effort: Effort) -> None:
    progress(f"{_EVENTS:,} events on sale")
    box_office = MemoryBoxOffice(Settings(max_seats_per_holder=100_000))
    plan = grid(20, 25, aisle_after=[12])
    before = _resident_megabytes()
    start = time.perf_counter()
    for number in range(_EVENTS):
        box_office.put(Event(id=f"e{number}", plan=plan, policy=_POLICY))
    opened = (time.perf_counter() - start) / _EVENTS
    memory = (_resident_megabytes() - before) / _EVENTS * 1000
    names = [f"e{number}" for number in range(_EVENTS)]
    many = _lock_in(box_office, random.Random(1).choices(names, k=effort.repeats * 10))
    one = _lock_in(box_office, ["e0"] * (effort.repeats * 10))
    listed = _median_of(lambda _: box_office.events(most=100), range(effort.repeats))
    box_office.close()
    heading(f"{_EVENTS:,} events of 500 seats on sale", "In process.")
    table(
        ("", "result"),
        [
            ("opening one, ms", f"{opened * 1000:.1f}"),
            ("memory of one, KB", f"{memory:.0f}"),
            ("a lock in any of them, µs", f"{many * 1e6:.0f}"),
            ("a lock in always the same, µs", f"{one * 1e6:.0f}"),
            ("listing 100 of them, ms", f"{listed * 1000:.2f}"),
        ],
    )


def _lock_in(box_office: MemoryBoxOffice, events: list[str]) -> float:
    def lock(event: object) -> None:
        box_office.registry(str(event)).lock(["K7"], _HOLDER)

    def release(event: object) -> None:
        box_office.registry(str(event)).release(["K7"], _HOLDER)

    return _median_of(lock, events, after=release)


def _median_of(
    call: Callable[..., object], arguments: Iterable[object], after: Callable[..., object] = id
) -> float:
    """Return the median seconds of a call. ``after`` undoes each call."""
    durations = []
    for argument in arguments:
        start = time.perf_counter()
        call(argument)
        durations.append(time.perf_counter() - start)
        after(argument)
    return median(durations)


def _resident_megabytes() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * 4096 / 1e6
