"""Transactions that are tried again, and deletions in small steps."""

from collections.abc import Callable
from typing import TypeVar

from booking.database.connection import Database
from booking.errors import Unavailable

T = TypeVar("T")

_ATTEMPTS = 3
"""How often a transaction is tried that the database aborts."""
_DELETED_AT_ONCE = 1000
"""How many rows a transaction deletes at the most where nobody waits for it."""


def attempt(task: Callable[[], T]) -> T:
    """Do something in a transaction; again, if the database aborts it."""
    attempts = _ATTEMPTS
    while True:
        try:
            return task()
        except Unavailable as error:
            attempts -= 1
            if not (error.aborted and attempts):
                raise


def delete_in_steps(database: Database, statement: str, **values: object) -> None:
    """Run a statement that deletes ``most`` rows until it finds no more, each time in a transaction
    of its own: others that write do not wait for long."""

    def delete() -> int:
        with database.transaction(writing=True) as transaction:
            return len(transaction.run(statement, most=_DELETED_AT_ONCE, **values))

    while attempt(delete) == _DELETED_AT_ONCE:
        pass
