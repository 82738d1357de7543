"""Which database a URL means."""

from booking.database.connection import Database
from booking.database.sqlite import SqliteDatabase


class DriverMissing(Exception):
    """What it takes to talk to the database is not installed. The message says how to."""


def open_database(url: str, connections: int) -> Database:
    """The database of a URL, ``sqlite:///FILE`` or ``postgresql://…``, with so many connections at
    the most.

    Raises:
        DriverMissing: it is PostgreSQL, and its driver is not installed.
    """
    if url.startswith("sqlite:///"):
        return SqliteDatabase(url.removeprefix("sqlite:///"))
    try:
        from booking.database.postgres import PostgresDatabase
    except ImportError as error:
        raise DriverMissing(
            "PostgreSQL takes a driver that is not installed:"
            " pip install -r requirements-postgres.txt."
        ) from error
    return PostgresDatabase(url, connections)
