"""The whole application in this process, without sockets: as many threads sell as waitress has."""

import io
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from werkzeug.test import run_wsgi_app

from benchmarks.databases import Engine
from booking.app import create_app, open_box_office
from booking.domain.model import Event, Policy
from booking.plans import grid
from booking.settings import Settings

THREADS = 8
_POLICY = Policy(max_seats_per_holder=1_000_000)
_names = itertools.count()


class Shop:
    """Sells seats of events that it opens for each run."""

    def __init__(self, url: str | None) -> None:
        settings = Settings(database_url=url, max_seats_per_holder=1_000_000)
        self._box_office = open_box_office(settings)
        self._app = create_app(settings, self._box_office)

    def close(self) -> None:
        """Let go of the database."""
        self._box_office.close()

    def sell(self, seats: int, *, events: int = 1, keys: bool = False) -> float:
        """Lock and confirm so many seats, by turns in so many events. Returns how many a second."""
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
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return seats / (time.perf_counter() - start)

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
        opened = Shop(url)
        try:
            yield opened
        finally:
            opened.close()
