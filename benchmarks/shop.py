"""The whole application in this process, without sockets: as many threads sell as waitress has."""

import io
import itertools
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from statistics import median
from typing import Any, NamedTuple

from werkzeug.test import run_wsgi_app

from benchmarks.databases import Engine
from benchmarks.output import Goal
from benchmarks.processors import used
from booking.app import create_app, open_box_office
from booking.domain.model import Event, Policy
from booking.plans import grid
from booking.serving.collector import spare_what_is_there
from booking.settings import Settings

THREADS = 8
_POLICY = Policy(max_seats_per_holder=1_000_000)
_names = itertools.count()


class Sold(NamedTuple):
    """Sales a second, and for a second of processor time, that of the database included."""

    rate: float
    by_effort: float


class Shop:
    """Sells seats of events that it opens for each run."""

    def __init__(self, engine: Engine | None, url: str | None) -> None:
        self._engine = engine
        settings = Settings(database_url=url, max_seats_per_holder=1_000_000)
        self._box_office = open_box_office(settings)
        self._app = create_app(settings, self._box_office)
        # As in a process that serves.
        spare_what_is_there()

    def close(self) -> None:
        """Let go of the database."""
        self._box_office.close()

    def sell(self, seats: int, *, events: int = 1, keys: bool = False) -> Sold:
        """Lock and confirm so many seats, by turns in so many events."""
        names = [f"run-{next(_names)}" for _ in range(events)]
        plan = grid.count(-(-seats // events))
        for name in names:
            self._box_office.put(Event(id=name, plan=plan, policy=_POLICY))
        # Each thread takes the next seat, so that all end at the same time.
        seat = itertools.count()

        def work() -> None:
            while (number := next(seat)) < seats:
                name, place = names[number % events], number // events + 1
                for act in ("lock", "confirm"):
                    self._post(f"/events/{name}/{act}/{place}", f"{act}-{place}" if keys else None)

        threads = [threading.Thread(target=work) for _ in range(THREADS)]
        start, before = time.perf_counter(), self._processor_time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds, effort = time.perf_counter() - start, self._processor_time() - before
        return Sold(seats / seconds, seats / effort)

    def _processor_time(self) -> float:
        pid = None if self._engine is None else self._engine.pid
        return time.process_time() + (0.0 if pid is None else used(os.getpid(), pid).database)

    def _post(self, path: str, key: str | None) -> None:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": "Bearer 0123456789abcdef0123456789abcdef",
            "CONTENT_LENGTH": "0",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
        if key is not None:
            environ["HTTP_IDEMPOTENCY_KEY"] = key
        _, status, _ = run_wsgi_app(self._app, environ)
        if status != "200 OK":
            raise AssertionError(f"{path} is answered with {status}.")


@contextmanager
def shop(engine: Engine | None) -> Iterator[Shop]:
    """A shop with an empty database, or in memory."""
    with nullcontext(None) if engine is None else engine.fresh() as url:
        opened = Shop(engine, url)
        try:
            yield opened
        finally:
            opened.close()


def compared(name: str, pairs: Sequence[tuple[Sold, Sold]], goal: Goal) -> list[tuple[str, ...]]:
    """The rows of a table: medians, and the first of each pair divided by the second. By processor
    time, they are hardly disturbed by what else the machine does."""
    return [
        (name, *_ratios([(first.rate, second.rate) for first, second in pairs], goal)),
        (
            f"{name}, by processor time",
            *_ratios([(first.by_effort, second.by_effort) for first, second in pairs], goal),
        ),
    ]


def _ratios(pairs: Sequence[tuple[float, float]], goal: Goal) -> tuple[str, ...]:
    ratios = sorted(first / second for first, second in pairs)
    middle = median(ratios)
    return (
        f"{median(first for first, _ in pairs):,.0f}",
        f"{median(second for _, second in pairs):,.0f}",
        f"{middle:.2f}",
        f"{ratios[0]:.2f} – {ratios[-1]:.2f} ({len(ratios)})",
        str(goal),
        goal.verdict(middle),
    )
