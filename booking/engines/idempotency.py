"""Answers that were given already, for requests that are sent again.

As in the Idempotency-Key header of draft-ietf-httpapi-idempotency-key-header-07
(https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from booking.engines.clock import Clock
from booking.engines.errors import IdempotencyKeyInUse, IdempotencyKeyReused

KEPT_SECONDS = 24 * 3600
KEPT = 10_000
"""How many answers of one event are kept: the newest."""


@dataclass(slots=True, eq=False)
class KeyedRequest:
    """A request with a key, and its answer once there is one. ``digest`` tells requests apart."""

    holder: bytes
    key: str
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
        self._requests: OrderedDict[tuple[bytes, str], KeyedRequest] = OrderedDict()

    def begin(self, holder: bytes, key: str, digest: bytes) -> KeyedRequest:
        """The request, with its answer if it was carried out before; otherwise it is to be carried
        out now, and :meth:`finish` or :meth:`forget` to be called then.

        Raises:
            IdempotencyKeyReused: the key belongs to another request of the holder.
            IdempotencyKeyInUse: the request is being carried out.
        """
        with self._lock:
            now = self._clock().monotonic
            known = self._requests.get((holder, key))
            if known is not None and known.begun_at + KEPT_SECONDS > now:
                if known.digest != digest:
                    raise IdempotencyKeyReused
                if known.answer is None:
                    raise IdempotencyKeyInUse
                return known
            request = KeyedRequest(holder, key, digest, now)
            self._requests.pop((holder, key), None)
            self._requests[holder, key] = request
            self._drop_old(now)
            return request

    def finish(self, request: KeyedRequest, answer: bytes) -> None:
        """Keep the answer to a request that was carried out."""
        with self._lock:
            request.answer = answer

    def forget(self, request: KeyedRequest) -> None:
        """Forget a request that failed, so that it can be sent again."""
        with self._lock:
            # Unless it has been dropped, and the key begun anew.
            if self._requests.get((request.holder, request.key)) is request:
                del self._requests[request.holder, request.key]

    def _drop_old(self, now: float) -> None:
        while True:
            oldest = next(iter(self._requests.values()))
            if len(self._requests) <= KEPT and oldest.begun_at + KEPT_SECONDS > now:
                return
            del self._requests[oldest.holder, oldest.key]
