"""Transactions that are tried again."""

from collections.abc import Callable
from typing import TypeVar

from booking.errors import Unavailable

T = TypeVar("T")

_ATTEMPTS = 3
"""How often a transaction is tried that the database aborts."""


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
