"""Rows that nobody will ask for again, deleted little by little.

There may be millions of them, and buyers must not wait until they are gone.
"""

from collections.abc import Callable

from booking.domain.model import NEVER
from booking.domain.moment import Moment
from booking.engines.database.attempts import attempt, look
from booking.engines.database.connection import Database
from booking.engines.idempotency import KEPT_SECONDS

_DELETED_AT_ONCE = 5000
"""How many rows a transaction deletes at the most."""


def forget_old_answers(database: Database, clock: Callable[[float], Moment]) -> None:
    """Forget the answers of all events that are older than :data:`KEPT_SECONDS`.

    Raises:
        Unavailable: the database does not do what it is asked for.
    """
    now = clock(look(database, "time")[0]["now"]).wall
    event: str | None = ""
    while event is not None:
        following = look(database, "next_event_with_answers", after=event)
        event = following[0]["event"] if following else None
        if event is not None:
            _delete(database, "forget_old_answers", event=event, before=now - KEPT_SECONDS)


def forget_old_details(
    database: Database, clock: Callable[[float], Moment], seconds: float
) -> None:
    """Forget the details of bookings so long after their event is over; of an event that nobody
    knows the end of, so long after they were given
    (:func:`booking.domain.terms.details_kept_from`).

    Raises:
        Unavailable: the database does not do what it is asked for.
    """
    before = clock(look(database, "time")[0]["now"]).wall - seconds
    for row in look(database, "events_with_details"):
        if row["over_at"] >= NEVER:
            _delete(database, "forget_old_details", event=row["event"], before=before)
        elif row["over_at"] <= before:
            _delete(database, "forget_old_details", event=row["event"], before=NEVER)


def forget_ended_events(database: Database) -> None:
    """Forget the history and the answers of events that have ended. An event that was opened again
    keeps what it has.

    Raises:
        Unavailable: the database does not do what it is asked for.
    """
    for event in [row["event"] for row in look(database, "ended_events_with_rows")]:
        _delete(database, "forget_history_of_ended", event=event)
        _delete(database, "forget_answers_of_ended", event=event)


def _delete(database: Database, statement: str, **values: object) -> None:
    """Run a statement that deletes ``most`` rows, until it finds no more."""

    def delete() -> int:
        with database.transaction(writing=True) as transaction:
            return len(transaction.run(statement, most=_DELETED_AT_ONCE, **values))

    while attempt(delete) == _DELETED_AT_ONCE:
        pass
