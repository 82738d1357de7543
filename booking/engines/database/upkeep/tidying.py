"""Delete rows that nobody needs any more, a few thousand at a time.

There may be millions of them, and buyers must not wait for the deletion.
"""

from collections.abc import Callable

from booking.domain.model import NEVER
from booking.domain.moment import Moment
from booking.engines.database.attempts import attempt, look
from booking.engines.database.connection import Database
from booking.engines.idempotency import KEPT_SECONDS

_DELETED_AT_ONCE = 5000
"""How many rows one transaction deletes at most."""


def forget_old_answers(database: Database, clock: Callable[[float], Moment]) -> None:
    """Delete the answers of all events that are older than :data:`KEPT_SECONDS`.

    Raises:
        Unavailable: a transaction failed.
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
    """Forget the details of bookings, and what their people were to be told by mail, so long after
    their event is over; of an event that nobody
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
    for row in look(database, "events_with_errands"):
        over_at = NEVER if row["over_at"] is None else row["over_at"]
        if over_at >= NEVER:
            _delete(database, "forget_old_errands", event=row["event"], before=before)
        elif over_at <= before:
            _delete(database, "forget_old_errands", event=row["event"], before=NEVER)


def forget_ended_events(database: Database) -> None:
    """Delete the history and the answers of events that have ended. An event that was opened again
    keeps its rows.

    Raises:
        Unavailable: a transaction failed.
    """
    for event in [row["event"] for row in look(database, "ended_events_with_rows")]:
        _delete(database, "forget_history_of_ended", event=event)
        _delete(database, "forget_answers_of_ended", event=event)


def _delete(database: Database, statement: str, **values: object) -> None:
    """Repeat a statement that deletes up to ``most`` rows, until it finds no more."""

    def delete() -> int:
        with database.transaction(writing=True) as transaction:
            return len(transaction.run(statement, most=_DELETED_AT_ONCE, **values))

    while attempt(delete) == _DELETED_AT_ONCE:
        pass
