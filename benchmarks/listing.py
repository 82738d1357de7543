"""Measure ``GET /seats`` with few seats and with many. The cost should grow with the answer alone.

This calls the application as a WSGI server would, in process and in one thread. So the numbers are
those of our code: without sockets, and without a test client, which costs more than a whole call.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING
from wsgiref.util import setup_testing_defaults

from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, progress, table
from booking import create_app
from booking.domain.model import DEFAULT_EVENT
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_SIZES = (10, 1_000, 50_000)
_HOLDER = bytes(32)


class _Site:
    """The service with some number of seats."""

    def __init__(self, size: int) -> None:
        self.size = size
        settings = Settings(
            seats=size, max_seats_per_holder=size, lock_seconds=3600, max_lock_seconds=3600
        )
        self._box_office = MemoryBoxOffice(settings)
        self._registry = self._box_office.registry(DEFAULT_EVENT)
        self._app = create_app(settings, self._box_office)
        self._seat_ids = [seat.id for seat in self._registry.changes().seats]
        self._locked: list[str] = []

    def close(self) -> None:
        self._box_office.close()

    def version(self) -> int:
        return self._registry.changes(0).version

    def lock(self, count: int) -> int:
        """Release all seats, then lock so many. Returns the version in between."""
        self._registry.release(self._locked, _HOLDER)
        version = self.version()
        self._locked = self._seat_ids[:count]
        self._registry.lock(self._locked, _HOLDER)
        return version

    def call(self, environ: "WSGIEnvironment", status: str) -> int:
        """Call the application. Returns the nanoseconds until the body is complete."""
        answered: list[str] = []
        body: list[bytes] = []

        def start_response(
            status: str, _headers: object, _exc_info: object = None
        ) -> Callable[[bytes], object]:
            answered.append(status)
            return body.append

        environ = environ.copy()
        start = time.perf_counter_ns()
        body.extend(self._app(environ, start_response))
        duration = time.perf_counter_ns() - start
        assert answered[0].startswith(status), answered
        return duration


@dataclass(frozen=True, slots=True)
class _Case:
    """A request and its expected status. With ``changing``, a seat changes before each call."""

    name: str
    status: str
    environ: Callable[[_Site], "WSGIEnvironment"]
    changing: bool = False
    least_seats: int = 1


def _environ(query: str = "") -> "WSGIEnvironment":
    environ: WSGIEnvironment = {"PATH_INFO": "/seats", "QUERY_STRING": query}
    setup_testing_defaults(environ)
    return environ


def _with_etag(site: _Site) -> "WSGIEnvironment":
    return _environ() | {"HTTP_IF_NONE_MATCH": f'"{site.version()}"'}


def _since(changes: int) -> _Case:
    return _Case(
        f"200, ?since= after {changes:,} change{'s' if changes > 1 else ''}",
        "200",
        lambda site: _environ(f"since={site.lock(changes)}"),
        least_seats=changes,
    )


_NOT_MODIFIED = _Case("304", "304", _with_etag)
_CASES = (
    _NOT_MODIFIED,
    _Case("200, unchanged", "200", lambda _: _environ()),
    _Case("200, first after one change", "200", lambda _: _environ(), changing=True),
    _since(1),
    _since(10),
    _since(100),
    _since(1_000),
)


def run(effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    sites = [_Site(size) for size in _SIZES]
    results: dict[tuple[_Case, int], list[float]] = {}
    for number in range(1, effort.rounds + 1):
        progress(f"GET /seats in process, round {number} of {effort.rounds}")
        for case in _CASES:
            for size, microseconds in _measure(case, sites, effort.repeats).items():
                results.setdefault((case, size), []).append(microseconds)
    for site in sites:
        site.close()

    heading("GET /seats in process", "Microseconds a call, without sockets; medians.")
    table(
        ("answer", *(f"{size:,} seats" for size in _SIZES)),
        [
            (
                case.name,
                *(
                    f"{median(results[case, size]):,.0f}" if (case, size) in results else ""
                    for size in _SIZES
                ),
            )
            for case in _CASES
        ],
    )
    few, many = _SIZES[0], _SIZES[-1]
    pairs = zip(results[_NOT_MODIFIED, few], results[_NOT_MODIFIED, many], strict=True)
    ratio = median(with_many / with_few for with_few, with_many in pairs)
    goal = Goal(1.2, at_most=True)
    table(
        ("ratio", "median", "goal", "result"),
        [(f"304 with {many:,} seats ÷ {few}", f"{ratio:.2f}", str(goal), goal.verdict(ratio))],
    )


def _measure(case: _Case, sites: Sequence[_Site], repeats: int) -> dict[int, float]:
    """Return the median microseconds by number of seats, calling each site in turn."""
    environs = {site: case.environ(site) for site in sites if site.size >= case.least_seats}
    for site, environ in environs.items():
        site.call(environ, case.status)  # Fill the caches.
    durations: dict[int, list[int]] = {site.size: [] for site in environs}
    for _ in range(repeats):
        for site, environ in environs.items():
            if case.changing:
                site.lock(1)
            durations[site.size].append(site.call(environ, case.status))
    return {size: median(each) / 1000 for size, each in durations.items()}
