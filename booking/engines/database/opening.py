"""Open the database that a URL names."""

from booking.engines.database.connection import CannotOpen, Database
from booking.engines.database.sqlite.database import SqliteDatabase


class DriverMissing(CannotOpen):
    """The driver for the database is not installed. The message says how to install it."""


def is_sqlite(url: str) -> bool:
    """Return whether a URL names an SQLite file."""
    return url.startswith("sqlite:///")


def path_of(url: str) -> str:
    """Return the path of the SQLite file that a URL names."""
    return url.removeprefix("sqlite:///")


def open_database(url: str, connections: int, *, create: bool = True) -> Database:
    """Open the database at a URL, ``sqlite:///FILE`` or ``postgresql://…``, with at most so many
    ``connections``. With ``create``, a missing SQLite file is created.

    Raises:
        DriverMissing: the URL names PostgreSQL, and its driver is not installed.
        CannotOpen: the SQLite file cannot be used.
    """
    if is_sqlite(url):
        return SqliteDatabase(path_of(url), create=create)
    try:
        from booking.engines.database.postgres.database import PostgresDatabase
    except ImportError as error:
        raise DriverMissing(
            "PostgreSQL needs a driver that is not installed:"
            " pip install -r requirements-postgres.txt."
        ) from error
    return PostgresDatabase(url, connections)
