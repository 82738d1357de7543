"""What anybody can see of an event, and what a holder can do."""

from collections.abc import Sequence
from typing import overload

from booking.domain.model import (
    Basket,
    BestAvailable,
    Changes,
    Client,
    LockedSeats,
    Seat,
    Summary,
)
from booking.domain.questions import NO_DETAILS, Details
from booking.engines.contract.calls import Booked, Calls, Seats
from booking.engines.idempotency import Document, Reply

Choice = Sequence[str] | BestAvailable
"""What somebody wants to lock: seats of these ids, or the best available."""


class HolderCalls(Calls):
    """Sees, locks, confirms, releases and extends seats. A holder is the digest of a holder token,
    see :mod:`booking.http.tokens`."""

    # What there is to see

    def summary(self) -> Summary:
        """The event and the number of its seats by status."""
        return self._read(lambda sale, _: sale.summary())

    def seat(self, seat_id: str) -> Seat:
        """The seat as it is now. Raises SeatNotFound."""
        return self._read(lambda sale, _: sale.seats.find([seat_id])[0])

    def changes(self, since: int | None = None, most: int | None = None) -> Changes:
        """The seats that changed after version ``since``: a call costs what it returns.

        All seats without ``since``, with one that this registry has not given out, or if more than
        ``most`` have changed.
        """
        return self._read(lambda sale, _: sale.seats.changes(since, most))

    def basket(self, holder: bytes) -> Basket:
        """What the holder has: seats that are locked, and bookings."""
        return self._read(lambda sale, now: sale.basket(holder, now))

    # What a holder can do

    @overload
    def lock(
        self, choice: Choice, holder: bytes, *, client: Client | None = None
    ) -> LockedSeats: ...
    @overload
    def lock(
        self,
        choice: Choice,
        holder: bytes,
        reply: Reply[LockedSeats],
        client: Client | None = None,
    ) -> Document: ...
    def lock(
        self,
        choice: Choice,
        holder: bytes,
        reply: Reply[LockedSeats] | None = None,
        client: Client | None = None,
    ) -> LockedSeats | Document:
        """Lock seats for the holder, all of them: those of the given ids, or the best available.
        The locks count against the client, if there is one, as long as they last.

        Raises:
            SeatNotFound: some are not part of the event.
            NotInPlan: the plan has no such category or zone.
            NotOnSale: it is too early, or too late.
            SeatsUnavailable: some are locked (be it by the same holder), booked or blocked.
            HolderLimitReached: the holder would have more than the policy allows.
            ClientLimitReached: the client would have more locked, in all events, than it may.
            NotEnoughSeats: there are not as many next to each other.
        """
        if client is None:
            return self._reply(lambda sale, now: sale.lock(choice, holder, now), reply)
        digest = client.digest
        return self._reply(
            lambda sale, now: sale.lock(
                choice, holder, now, client, self._locked_elsewhere(digest, now)
            ),
            reply,
            digest,
        )

    @overload
    def confirm(
        self,
        seat_ids: Sequence[str] | None,
        holder: bytes | None,
        expect: int | None = None,
        details: Details = NO_DETAILS,
    ) -> Booked: ...
    @overload
    def confirm(
        self,
        seat_ids: Sequence[str] | None,
        holder: bytes | None,
        expect: int | None,
        details: Details,
        reply: Reply[Booked],
    ) -> Document: ...
    def confirm(
        self,
        seat_ids: Sequence[str] | None,
        holder: bytes | None,
        expect: int | None = None,
        details: Details = NO_DETAILS,
        reply: Reply[Booked] | None = None,
    ) -> Booked | Document:
        """Book the seats that the holder has locked, all together under one reference.

        ``None`` stands for all that the holder has locked, in plan order. The holder can say how
        many seats these are with ``expect``.

        Raises:
            SeatNotFound: some are not part of the event.
            WrongNumberOfLocks: the holder expects another number of seats.
            LeavesSingleSeat: the policy forbids to leave a seat single, and this would.
            BadDetails: the details do not answer what the policy asks.
            SeatUnavailable, TokenRequired, NotYourLock, LockExpired, SeatNotLocked: the first
                seat that is not the holder's to confirm; see :func:`booking.domain.seats.lock_of`.
        """
        reference = self._mint_reference()
        return self._reply(
            lambda sale, now: sale.confirm(seat_ids, holder, reference, now, expect, details), reply
        )

    @overload
    def release(self, seat_ids: Sequence[str], holder: bytes | None) -> Seats: ...
    @overload
    def release(
        self, seat_ids: Sequence[str], holder: bytes | None, reply: Reply[Seats]
    ) -> Document: ...
    def release(
        self, seat_ids: Sequence[str], holder: bytes | None, reply: Reply[Seats] | None = None
    ) -> Seats | Document:
        """Make seats that the holder has locked available. Raises what :meth:`confirm` raises."""
        return self._reply(lambda sale, now: sale.release(seat_ids, holder, now), reply)

    @overload
    def extend(self, seat_ids: Sequence[str], holder: bytes | None) -> LockedSeats: ...
    @overload
    def extend(
        self, seat_ids: Sequence[str], holder: bytes | None, reply: Reply[LockedSeats]
    ) -> Document: ...
    def extend(
        self,
        seat_ids: Sequence[str],
        holder: bytes | None,
        reply: Reply[LockedSeats] | None = None,
    ) -> LockedSeats | Document:
        """Let the holder's locks run for the policy's ``lock_seconds`` from now, within its
        ``max_lock_seconds`` from when they were made. Raises what :meth:`confirm` raises."""
        return self._reply(lambda sale, now: sale.extend(seat_ids, holder, now), reply)
