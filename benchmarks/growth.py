"""Measure how the cost of a call in a database grows with the seats and with the events."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median

from benchmarks.databases import Engine
from benchmarks.effort import Effort
from benchmarks.output import heading, progress, table
from booking.domain.model import DEFAULT_EVENT, Event
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.opening import open_database
from booking.settings import Settings

_SEATS = (10, 1_000, 50_000)
_EVENTS = (1, 30, 1_000)
_HOLDER = bytes(32)
_WARM_UP = 100
"""Sales before measuring. Writing is slower until SQLite first writes its growing log back. A large
database has done so when it is opened, and took 0.7 of the time without this warm-up."""


class Site:
    """A box office with some number of events, each with some number of seats."""

    def __init__(self, box_office: DatabaseBoxOffice, events: int) -> None:
        for number in range(1, events):
            event = Event(id=f"e{number}", plan=box_office.plan, policy=box_office.policy)
            box_office.put(event)
        self._box_office = box_office
        self._events = [DEFAULT_EVENT, *(f"e{number}" for number in range(1, events))]
        self._seats = list(box_office.plan.places)
        self._random = random.Random(1)
        for _ in range(_WARM_UP):
            self.sell()

    def sell(self) -> float:
        """Return the seconds to lock and confirm a seat of some event. Then cancel it."""
        event, seat = self._random.choice(self._events), self._random.choice(self._seats)
        start = time.perf_counter()
        registry = self._box_office.registry(event)
        registry.lock([seat], _HOLDER)
        _, booking = registry.confirm([seat], _HOLDER)
        seconds = time.perf_counter() - start
        registry.cancel(booking.reference, None)
        return seconds

    def look(self) -> float:
        """Return the seconds to find that nothing has changed in some event."""
        event = self._random.choice(self._events)
        version = self._box_office.registry(event).summary().version
        start = time.perf_counter()
        changes = self._box_office.registry(event).changes(version)
        seconds = time.perf_counter() - start
        assert not changes.seats
        return seconds


_CALLS = {"lock + confirm": Site.sell, "see that nothing changed": Site.look}


def run(engines: Sequence[Engine], effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    _compare(
        "The house grows, in a database",
        {f"{seats:,} seats": (seats, 1) for seats in _SEATS},
        engines,
        effort,
    )
    _compare(
        "The number of events grows, in a database",
        {f"{events:,} event{'s' if events > 1 else ''}": (10, events) for events in _EVENTS},
        engines,
        effort,
    )


def _compare(
    title: str, sizes: dict[str, tuple[int, int]], engines: Sequence[Engine], effort: Effort
) -> None:
    rows = []
    for engine in engines:
        with ExitStack() as stack:
            sites = {}
            for name, (seats, events) in sizes.items():
                progress(f"{title}: opening {name} on {engine.name}")
                sites[name] = stack.enter_context(_open(engine, seats, events))
            progress(f"{title}: {engine.name}")
            rows += _rows(engine, sites, effort)
    heading(
        title,
        "Microseconds for one buyer, in process, in a random event: medians, and ÷ the first.",
    )
    columns = [column for name in _CALLS for column in (f"{name}, µs", "÷")]
    table(("", *columns), rows)


@contextmanager
def _open(engine: Engine, seats: int, events: int) -> Iterator[Site]:
    with engine.fresh() as url:
        settings = Settings(seats=seats, lock_seconds=3600, max_lock_seconds=3600)
        box_office = DatabaseBoxOffice(settings, open_database(url, connections=2))
        try:
            yield Site(box_office, events)
        finally:
            box_office.close()


def _rows(engine: Engine, sites: dict[str, Site], effort: Effort) -> list[tuple[str, ...]]:
    cells: dict[str, list[str]] = {name: [] for name in sites}
    for call in _CALLS.values():
        rounds = []
        for _ in range(effort.rounds):
            durations: dict[str, list[float]] = {name: [] for name in sites}
            # Take turns, so that other load on the machine hits all of them.
            for _ in range(effort.repeats):
                for name, site in sites.items():
                    durations[name].append(call(site))
            rounds.append({name: median(each) for name, each in durations.items()})
        smallest = next(iter(sites))
        for name in sites:
            micro = median(each[name] for each in rounds) * 1e6
            ratio = median(each[name] / each[smallest] for each in rounds)
            cells[name] += [f"{micro:,.0f}", f"{ratio:.2f}"]
    return [(f"{engine.name}, {name}", *cells[name]) for name in sites]
