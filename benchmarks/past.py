"""What events that are over cost one that is sold, in a database."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from benchmarks.databases import Engine, engines
from benchmarks.effort import Effort
from benchmarks.growth import Site
from benchmarks.output import Goal, heading, progress, table
from booking.domain.model import Event
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.opening import open_database
from booking.settings import Settings

_EVENTS_PER_REPEAT = 500
_NOTHING = Goal(1.1, at_most=True)

_OVER = """
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {events})
"""
_COPIED = {
    "event": "described_at, described_mark, opened_at, begun_at, version, mark",
    "described": "version, mark",
    "seat": "seat, version, previous, status, holder, locked_at, seconds, reference",
    "booking": "reference, number, booked_at, holder",
    "booked_seat": "reference, seat, position",
    "history": "version, seat, changed_at, change, holder, mark",
}
"""The columns that the events that are over have from the one that is copied."""


class _Place:
    """A box office in which an event is sold beside so many that are over."""

    def __init__(self, box_office: DatabaseBoxOffice, reopen: Callable[[], object]) -> None:
        self._box_office = box_office
        self._reopen = reopen
        self._site = Site(box_office, 1)

    def sell(self) -> float:
        return self._site.sell()

    def look(self) -> float:
        return self._site.look()

    def programme(self) -> float:
        """Return the seconds to list the events that are not over."""
        return _timed(self._box_office.programme)

    def start(self) -> float:
        """Return the seconds until another process is ready."""
        return _timed(self._reopen)


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


_CALLS = {
    "lock + confirm": (_Place.sell, True),
    "see that nothing changed": (_Place.look, True),
    "list the coming events": (_Place.programme, True),
    "start of a process": (_Place.start, False),
}


def run(effort: Effort) -> None:
    """Run this benchmark and print its table."""
    over = effort.repeats * _EVENTS_PER_REPEAT
    rows = []
    with engines() as found:
        for engine in found:
            with ExitStack() as stack:
                places = []
                for events in (0, over):
                    progress(f"Past events: opening {events:,} on {engine.name}")
                    places.append(stack.enter_context(_open(engine, events)))
                progress(f"Past events: {engine.name}")
                rows += _rows(engine, places[0], places[1], effort)
    heading(
        f"{over:,} events that are over, in a database",
        "Microseconds for one buyer, in process, beside no such event and beside all of them:"
        " medians, by turns.",
    )
    table(("", "none, µs", f"{over:,}, µs", "÷", "goal", "result"), rows)


def _rows(engine: Engine, none: _Place, many: _Place, effort: Effort) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, (call, often) in _CALLS.items():
        turns = effort.rounds * (effort.repeats if often else 2)
        durations = [(call(none), call(many)) for _ in range(turns)]
        one, other = (median(each) * 1e6 for each in zip(*durations, strict=True))
        ratio = other / one
        verdict = (str(_NOTHING), _NOTHING.verdict(ratio)) if often else ("", "")
        rows.append(
            (f"{engine.name}, {name}", f"{one:,.0f}", f"{other:,.0f}", f"{ratio:.2f}", *verdict)
        )
    return rows


@contextmanager
def _open(engine: Engine, over: int) -> Iterator[_Place]:
    settings = Settings(seats=10, lock_seconds=3600, max_lock_seconds=3600)
    with engine.fresh() as url, ExitStack() as stack:

        def box_office() -> DatabaseBoxOffice:
            return DatabaseBoxOffice(settings, open_database(url, connections=2))

        opened = box_office()
        stack.callback(opened.close)
        opened.put(Event(id="listed", plan=opened.plan, policy=opened.policy))
        registry = opened.registry("listed")
        registry.lock(["1"], bytes(32))
        registry.confirm(["1"], bytes(32))
        if over:
            _copy(engine, url, over)
        yield _Place(opened, lambda: box_office().close())


def _copy(engine: Engine, url: str, over: int) -> None:
    """Make events that are over of the one that was sold, with all that is kept of it."""
    number = _OVER.format(events=over)
    copies = [
        f"INSERT INTO {name} (event, {columns})"
        f" {number} SELECT 'over-' || n, {columns} FROM {name}, number WHERE event = 'listed';\n"
        for name, columns in _COPIED.items()
    ]
    described = (
        "INSERT INTO description (event, document, plan_name, seats, listed_at, starts_at, over_at)"
        f" {number} SELECT 'over-' || n, document, plan_name, seats, n, n, n"
        " FROM description, number WHERE event = 'listed';\n"
    )
    database = open_database(url, connections=1)
    try:
        with database.transaction(writing=True, long=True) as transaction:
            transaction.run_script("".join([*copies, described]))
            if engine.pid is not None:
                # It would do so by itself, a minute later.
                transaction.run_script("ANALYZE;\n")
    finally:
        database.close()
