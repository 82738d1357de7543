"""Answers that are given again to requests that are sent again.

As in the Idempotency-Key header of draft-ietf-httpapi-idempotency-key-header-07
(https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from booking.domain.moment import Moment
from booking.engines.errors import IdempotencyKeyReused

KEPT_SECONDS = 24 * 3600
"""For how long an answer is given again."""

T = TypeVar("T")

Document = dict[str, Any]
"""An answer, as JSON would have it."""


class KeyedRequest(NamedTuple):
    """A request with a key that its holder chose. ``digest`` tells it from other requests."""

    holder: bytes
    key: str
    digest: bytes


class Reply(NamedTuple, Generic[T]):
    """How a call is answered: ``describe`` makes the answer of its result.

    With a ``request``, the answer is kept, and given again when that is sent again. So it must not
    have a secret in it.
    """

    describe: Callable[[T], Document]
    request: KeyedRequest | None = None


class GivenAnswer(NamedTuple):
    """What was answered to a request, and when: in monotonic seconds."""

    digest: bytes
    given_at: float
    document: Document


class Answers(ABC):
    """The answers of one event. Not safe for threads: whoever owns the sale owns them, too.

    A request is looked up and its answer kept together with what it does to the sale. So an answer
    is there exactly if that was done, whatever becomes of the process.
    """

    def once(self, request: KeyedRequest, now: Moment, act: Callable[[], Document]) -> Document:
        """The answer that was given before. Without one, act, and keep the answer that comes of it.

        Nothing is kept of a request that fails: sent again, it is carried out again.

        Raises:
            IdempotencyKeyReused: the key belongs to another request of the holder.
        """
        given = self.find(request)
        # An answer from a time that is yet to come was given before the clock was set back.
        if given is not None and abs(now.monotonic - given.given_at) < KEPT_SECONDS:
            if given.digest != request.digest:
                raise IdempotencyKeyReused
            return given.document
        document = act()
        self.keep(request, GivenAnswer(request.digest, now.monotonic, document))
        return document

    @abstractmethod
    def find(self, request: KeyedRequest) -> GivenAnswer | None:
        """The last answer to a request of this holder with this key, or None."""

    @abstractmethod
    def keep(self, request: KeyedRequest, answer: GivenAnswer) -> None:
        """Keep the answer to a request, in the place of an older one with its key."""
