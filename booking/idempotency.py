"""Answers that were given already, for requests that are sent again.

As in the Idempotency-Key header of draft-ietf-httpapi-idempotency-key-header-07
(https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from booking import errors
from booking.clock import Clock

KEPT_SECONDS = 24 * 3600
KEPT = 10_000
"""How many answers of one event are kept: the newest."""


@dataclass(slots=True)
class _Request:
    digest: bytes
    begun_at: float
    answer: bytes | None = None


class Answers:
    """The answers of one event by holder and key. Safe for any number of threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

        # Guards what follows.
        self._lock = threading.Lock()
        # In the order in which they began.
        self._requests: OrderedDict[tuple[bytes, str], _Request] = OrderedDict()

    def begin(self, holder: bytes, key: str, digest: bytes) -> bytes | None:
        """The answer to the request, if it has one; otherwise it is to be carried out, and
        :meth:`finish` or :meth:`forget` to be called then. ``digest`` tells requests apart.

        Raises:
            IdempotencyKeyReused: the key belongs to another request of the holder.
            IdempotencyKeyInUse: the request is being carried out.
        """
        with self._lock:
            now = self._clock().monotonic
            request = self._requests.get((holder, key))
            if request is not None and request.begun_at + KEPT_SECONDS > now:
                if request.digest != digest:
                    raise errors.IdempotencyKeyReused
                if request.answer is None:
                    raise errors.IdempotencyKeyInUse
                return request.answer
            self._requests.pop((holder, key), None)
            self._requests[holder, key] = _Request(digest, now)
            self._drop_old(now)
            return None

    def finish(self, holder: bytes, key: str, answer: bytes) -> None:
        """Keep the answer to a request that was carried out."""
        with self._lock:
            if (request := self._requests.get((holder, key))) is not None:
                request.answer = answer

    def forget(self, holder: bytes, key: str) -> None:
        """Forget a request that failed, so that it can be sent again."""
        with self._lock:
            self._requests.pop((holder, key), None)

    def _drop_old(self, now: float) -> None:
        while True:
            oldest = next(iter(self._requests))
            expired = self._requests[oldest].begun_at + KEPT_SECONDS <= now
            if len(self._requests) <= KEPT and not expired:
                return
            del self._requests[oldest]
