"""Answers that were given already, in the database."""

from collections.abc import Callable

from booking.domain.moment import Moment
from booking.engines.database.attempts import attempt
from booking.engines.database.connection import Database
from booking.engines.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from booking.engines.idempotency import KEPT_SECONDS, Answers, KeyedRequest

_ABANDONED_SECONDS = 60.0
"""A request without an answer for so long gets none: its process was stopped."""


class DatabaseAnswers(Answers):
    """The answers of one event by holder and key."""

    def __init__(self, database: Database, event: str, clock: Callable[[float], Moment]) -> None:
        self._database = database
        self._event = event
        self._moment = clock

    def begin(self, holder: bytes, key: str, digest: bytes) -> KeyedRequest:
        """See the base class."""
        return attempt(lambda: self._begin(holder, key, digest))

    def finish(self, request: KeyedRequest, answer: bytes) -> None:
        """See the base class."""
        self._run("finish_answer", self.values(request, answer))

    def forget(self, request: KeyedRequest) -> None:
        """See the base class. An answer that is there stays: the request did not fail after all."""
        self._run("forget_answer", self.values(request))

    def values(self, request: KeyedRequest, answer: bytes | None = None) -> dict[str, object]:
        """The values for the statements, without the event."""
        values: dict[str, object] = {
            "holder": request.holder.hex(),
            "key": request.key,
            "begun_at": request.begun_at,
        }
        return values if answer is None else values | {"answer": answer.decode()}

    def _begin(self, holder: bytes, key: str, digest: bytes) -> KeyedRequest:
        whose = {"event": self._event, "holder": holder.hex(), "key": key}
        with self._database.transaction(writing=True) as transaction:
            # Requests of one key take turns.
            transaction.run("lock_event", event=self._event)
            now = self._moment(transaction.run("time")[0]["now"]).wall
            request = KeyedRequest(holder, key, digest, now)
            for row in transaction.run("find_answer", **whose):
                # Or the clock was set back, and it began at a time that is yet to come.
                age = abs(now - row["begun_at"])
                if age >= (_ABANDONED_SECONDS if row["answer"] is None else KEPT_SECONDS):
                    break
                if row["digest"] != digest.hex():
                    raise IdempotencyKeyReused
                if row["answer"] is None:
                    raise IdempotencyKeyInUse
                request.answer = row["answer"].encode()
                return request
            transaction.run("begin_answer", **whose, digest=digest.hex(), begun_at=now)
        return request

    def _run(self, statement: str, values: dict[str, object]) -> None:
        def run() -> None:
            with self._database.transaction(writing=True) as transaction:
                transaction.run(statement, event=self._event, **values)

        attempt(run)
