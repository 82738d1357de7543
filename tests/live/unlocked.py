"""The service with its Lock taken out, in memory and on PostgreSQL, and its threads made to take
turns between a decision and what follows from it: what the tests of races must find.
``python -m tests.live.unlocked``."""

import sys
import time
from types import SimpleNamespace
from typing import Any

import booking.database.postgres
import booking.registry
import booking.seats
from booking.database.connection import read_statements


class NoLock:
    """Stands in for a Lock and locks nothing."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        pass


def take_turns_after(rule: Any) -> Any:
    """The same rule, but other threads run before the caller can act on it."""

    def slow_rule(*arguments: Any) -> Any:
        decision = rule(*arguments)
        time.sleep(0.0005)
        return decision

    return slow_rule


def statements_that_lock_nothing() -> dict[str, str]:
    return {name: text.replace("FOR UPDATE", "") for name, text in read_statements().items()}


if __name__ == "__main__":
    booking.database.postgres.read_statements = statements_that_lock_nothing  # type: ignore[attr-defined]
    booking.registry.threading = SimpleNamespace(Lock=NoLock)  # type: ignore[attr-defined, assignment]
    booking.seats.lock = take_turns_after(booking.seats.lock)
    booking.seats.confirm = take_turns_after(booking.seats.confirm)
    sys.setswitchinterval(1e-6)

    import wsgi

    wsgi.main()
