"""Answers that were given already, in the database."""

from collections.abc import Callable

from booking import errors
from booking.clock import Moment
from booking.database.connection import Database
from booking.idempotency import KEPT_SECONDS, Answers, KeyedRequest

_ABANDONED_SECONDS = 60.0
"""A request that has had no answer for so long has none coming: its process was stopped."""


class DatabaseAnswers(Answers):
    """The answers of one event by holder and key."""

    def __init__(self, database: Database, event: str, clock: Callable[[float], Moment]) -> None:
        self._database = database
        self._event = event
        self._moment = clock

    def begin(self, holder: bytes, key: str, digest: bytes) -> KeyedRequest:
        """As in memory."""
        whose = {"event": self._event, "holder": holder.hex(), "key": key}
        with self._database.transaction(writing=True) as transaction:
            # Requests of one key take turns.
            transaction.run("lock_version", event=self._event)
            now = self._moment(transaction.run("time")[0]["now"]).wall
            request = KeyedRequest(holder, key, digest, now)
            transaction.run("forget_old_answers", event=self._event, before=now - KEPT_SECONDS)
            for row in transaction.run("find_answer", **whose):
                if row["answer"] is None and row["begun_at"] + _ABANDONED_SECONDS <= now:
                    break
                if row["digest"] != digest.hex():
                    raise errors.IdempotencyKeyReused
                if row["answer"] is None:
                    raise errors.IdempotencyKeyInUse
                request.answer = row["answer"].encode()
                return request
            transaction.run("begin_answer", **whose, digest=digest.hex(), begun_at=now)
        return request

    def finish(self, request: KeyedRequest, answer: bytes) -> None:
        """As in memory."""
        self._run("finish_answer", self.values(request, answer))

    def forget(self, request: KeyedRequest) -> None:
        """As in memory; unless it has an answer, for it was not known whether it would fail."""
        self._run("forget_answer", self.values(request))

    def values(self, request: KeyedRequest, answer: bytes | None = None) -> dict[str, object]:
        """What statements ask for, but for the event."""
        values: dict[str, object] = {
            "holder": request.holder.hex(),
            "key": request.key,
            "begun_at": request.begun_at,
        }
        return values if answer is None else values | {"answer": answer.decode()}

    def _run(self, statement: str, values: dict[str, object]) -> None:
        with self._database.transaction(writing=True) as transaction:
            transaction.run(statement, event=self._event, **values)
