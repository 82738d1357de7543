"""The answers of one event in the database."""

import json
from collections.abc import Callable, Sequence

from booking.engines.database.connection import Row, Transaction
from booking.engines.database.journal import Journal
from booking.engines.idempotency import Answers, GivenAnswer, KeyedRequest


class DatabaseAnswers(Answers):
    """Looks up the requests of a batch in one statement, and writes their answers in another, both
    in the transaction in which they are carried out."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._found: Callable[[], list[Row]] = list
        # By holder and key: those that the database has, and those that it is to have.
        self._known: dict[tuple[str, str], GivenAnswer] | None = None
        self._new: dict[tuple[str, str], GivenAnswer] = {}

    def ask(
        self, transaction: Transaction, requests: Sequence[KeyedRequest]
    ) -> Callable[[], list[Row]]:
        """Ask the database for the answers to requests, after the event was locked."""
        if not requests:
            return list
        keys = [{"holder": each.holder.hex(), "key": each.key} for each in requests]
        return transaction.send_for_each("find_answer", keys, event=self._event)

    def begin(self, found: Callable[[], list[Row]]) -> None:
        """Begin with the answers that were asked for, and none that is new."""
        self._found, self._known, self._new = found, None, {}

    def find(self, request: KeyedRequest) -> GivenAnswer | None:
        if self._known is None:
            self._known = {
                (row["holder"], row["idempotency_key"]): _answer_of(row) for row in self._found()
            }
        key = request.holder.hex(), request.key
        return self._new.get(key) or self._known.get(key)

    def keep(self, request: KeyedRequest, answer: GivenAnswer) -> None:
        self._new[request.holder.hex(), request.key] = answer

    def write(self, journal: Journal) -> None:
        """Leave the new answers to be written."""
        if self._new:
            journal.put(
                "put_answer",
                (
                    {
                        "event": self._event,
                        "holder": holder,
                        "key": key,
                        "digest": answer.digest.hex(),
                        "begun_at": answer.given_at,
                        "answer": json.dumps(answer.document, separators=(",", ":")),
                    }
                    for (holder, key), answer in self._new.items()
                ),
            )


def _answer_of(row: Row) -> GivenAnswer:
    return GivenAnswer(bytes.fromhex(row["digest"]), row["begun_at"], json.loads(row["answer"]))
