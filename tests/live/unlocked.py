"""The service without its Lock, in memory and on PostgreSQL: the fault that the race tests must
find. Threads take turns between each decision and acting on it. Run
``python -m tests.live.unlocked``. With ``--guarded``, the schema still refuses to overwrite a row
that was not read."""

import sys
import time
from functools import partial
from types import SimpleNamespace
from typing import Any

import booking.domain.admission
import booking.domain.seats
import booking.engines.database.postgres.database
import booking.engines.memory.registry
from booking.engines.database.connection import read_statements


class NoLock:
    """Stands in for a Lock, and locks nothing."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        pass


def take_turns_after(rule: Any) -> Any:
    """Return the same rule, but let other threads run before the caller acts on its result."""

    def slow_rule(*arguments: Any) -> Any:
        decision = rule(*arguments)
        time.sleep(0.0005)
        return decision

    return slow_rule


_GUARD = "CASE WHEN seat.version = excluded.previous THEN excluded.version END"


def statements_that_lock_nothing(*, guarded: bool) -> dict[str, str]:
    statements = {
        name: text.replace("SKIP LOCKED", "").replace("FOR UPDATE", "")
        for name, text in read_statements().items()
    }
    assert _GUARD in statements["put_seat"]
    if not guarded:
        statements["put_seat"] = statements["put_seat"].replace(_GUARD, "excluded.version")
    return statements


if __name__ == "__main__":
    guarded = "--guarded" in sys.argv
    sys.argv = ["wsgi.py"]
    booking.engines.database.postgres.database.read_statements = partial(  # type: ignore[attr-defined]
        statements_that_lock_nothing, guarded=guarded
    )
    booking.engines.memory.registry.threading = SimpleNamespace(Lock=NoLock)  # type: ignore[attr-defined, assignment]
    booking.domain.admission.check_in = take_turns_after(booking.domain.admission.check_in)
    booking.domain.seats.lock = take_turns_after(booking.domain.seats.lock)
    booking.domain.seats.confirm = take_turns_after(booking.domain.seats.confirm)
    sys.setswitchinterval(1e-6)

    import wsgi

    wsgi.main()
