"""Retry transactions that the database aborts."""

from collections.abc import Callable
from typing import TypeVar

from booking.engines.database.connection import Database, Row
from booking.engines.errors import Unavailable

T = TypeVar("T")

_ATTEMPTS = 3
"""How often to try a transaction that the database aborts."""


def attempt(task: Callable[[], T]) -> T:
    """Run a transaction, and retry it if the database aborts it."""
    attempts = _ATTEMPTS
    while True:
        try:
            return task()
        except Unavailable as error:
            attempts -= 1
            if not (error.aborted and attempts):
                raise


def look(database: Database, statement: str, **values: object) -> list[Row]:
    """Run one statement that reads, in a transaction of its own. Retries after a lost connection.

    Raises:
        Unavailable: the transaction failed.
    """

    def run() -> list[Row]:
        with database.transaction(writing=False) as transaction:
            return transaction.run(statement, **values)

    return attempt(run)
