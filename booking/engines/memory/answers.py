"""The answers of one event in memory."""

from collections import OrderedDict

from booking.engines.idempotency import KEPT_SECONDS, Answers, GivenAnswer, KeyedRequest

KEPT = 10_000
"""How many answers of one event are kept: the newest."""


class AnswersInMemory(Answers):
    """Keeps the newest answers, each for :data:`KEPT_SECONDS`."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        # By holder and key, in the order in which they were given.
        self._given: OrderedDict[tuple[bytes, str], GivenAnswer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._given)

    def find(self, request: KeyedRequest) -> GivenAnswer | None:
        return self._given.get((request.holder, request.key))

    def keep(self, request: KeyedRequest, answer: GivenAnswer) -> None:
        self._given[request.holder, request.key] = answer
        self._given.move_to_end((request.holder, request.key))
        long_ago = answer.given_at - KEPT_SECONDS
        while len(self._given) > self._kept or next(iter(self._given.values()))[1] <= long_ago:
            self._given.popitem(last=False)
