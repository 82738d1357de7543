"""Which database a URL means."""

from booking.engines.database.connection import CannotOpen, Database
from booking.engines.database.sqlite.database import SqliteDatabase


class DriverMissing(CannotOpen):
    """What it takes to talk to the database is not installed. The message says how to."""


def is_sqlite(url: str) -> bool:
    """Whether a URL names an SQLite file."""
    return url.startswith("sqlite:///")


def path_of(url: str) -> str:
    """The path of the SQLite file that a URL names."""
    return url.removeprefix("sqlite:///")


def open_database(url: str, connections: int, *, create: bool = True) -> Database:
    """The database of a URL, ``sqlite:///FILE`` or ``postgresql://…``, with so many connections at
    the most. With ``create``, an SQLite file is made if there is none.

    Raises:
        DriverMissing: it is PostgreSQL, and its driver is not installed.
        CannotOpen: it is an SQLite file that cannot be used.
    """
    if is_sqlite(url):
        return SqliteDatabase(path_of(url), create=create)
    try:
        from booking.engines.database.postgres.database import PostgresDatabase
    except ImportError as error:
        raise DriverMissing(
            "PostgreSQL takes a driver that is not installed:"
            " pip install -r requirements-postgres.txt."
        ) from error
    return PostgresDatabase(url, connections)
