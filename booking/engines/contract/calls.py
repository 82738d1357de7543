"""The ground of all calls on one event: each is one atomic act on its sale, and then a sweep is
scheduled for the next lock that runs out."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from booking.domain import references
from booking.domain.errors import EventNotFound
from booking.domain.model import Booking, Event, Seat
from booking.domain.moment import Moment
from booking.engines.expiry import ExpiryTimer
from booking.engines.idempotency import Answers, Document, KeyedRequest, Reply
from booking.plans.names import SeatNames
from booking.sale.sale import Sale

_SWEEP_INTERVAL = 0.01
"""Seconds at least between two sweeps by the timer. Each costs a thread; locks that run out one by
one are swept in company instead."""

T = TypeVar("T")

Seats = tuple[Seat, ...]
Booked = tuple[Seats, Booking]

Act = Callable[[Sale, Moment], T]
"""What is done with a sale at a moment: one of its calls."""


class Calls(ABC):
    """Carries out acts on the sale of one event, each whole or not at all."""

    _answers: Answers
    """Given again to requests that are sent again. Guarded by what guards the sale."""

    def __init__(
        self, expiry: ExpiryTimer | None, mint_reference: Callable[[], str] = references.mint
    ) -> None:
        """Without an ``expiry`` timer, a lock that has run out is released by the next call."""
        self._expiry = expiry
        self._mint_reference = mint_reference
        # When the sweep that is scheduled will be. Guarded by what guards the sale.
        self._sweep_at = math.inf

    @property
    @abstractmethod
    def event(self) -> Event:
        """What is sold, and how."""

    @property
    @abstractmethod
    def names(self) -> SeatNames:
        """How people read the seats, by the plan as the last call found it. Asks no database."""

    @abstractmethod
    def _read(self, act: Act[T]) -> T:
        """Do something that changes nothing with the sale as it is now."""

    @abstractmethod
    def _write(
        self, act: Act[T], request: KeyedRequest | None = None, client: bytes | None = None
    ) -> T:
        """Do something with the sale as it is now. Then see to it that the next lock is released
        in time. The act may ask for the answer to the ``request``, and for what the ``client`` has
        locked elsewhere."""

    @abstractmethod
    def _locked_elsewhere(self, client: bytes, now: Moment) -> int:
        """How many seats the client of this act has locked in other events."""

    def _reply(
        self, act: Act[T], reply: Reply[T] | None, client: bytes | None = None
    ) -> T | Document:
        """The result of an act or, with a reply, the answer that it makes of that."""
        if reply is None:
            return self._write(act, None, client)
        describe, request = reply.describe, reply.request
        if request is None:
            return describe(self._write(act, None, client))

        def act_once(sale: Sale, now: Moment) -> Document:
            return self._answers.once(request, now, lambda: describe(act(sale, now)))

        return self._write(act_once, request, client)

    # What happens by itself

    def sweep(self) -> None:
        """Release the locks that have run out, and see to it that the next one is released in time.

        May be called at any moment and any number of times.
        """
        with suppress(EventNotFound):
            self._write(lambda _sale, _now: None)

    def _next_sweep(self, sale: Sale, now: Moment) -> float | None:
        """When to sweep, if the sweep that is scheduled comes too late for the first deadline, or
        has not come when it should. Called under what guards the sale."""
        deadline = sale.seats.next_deadline()
        if deadline is None:
            return None
        deadline = max(deadline, now.monotonic + _SWEEP_INTERVAL)
        if now.monotonic < self._sweep_at <= deadline:
            return None
        self._sweep_at = deadline
        return deadline

    def _schedule_sweep(self, sweep_at: float | None) -> None:
        # Called afterwards: the timer has a lock of its own and may start a thread.
        if sweep_at is not None and self._expiry is not None:
            self._expiry.schedule(sweep_at, self.sweep)
