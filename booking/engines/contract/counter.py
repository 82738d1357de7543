"""What can be done with bookings, by their holders and by the box office."""

from collections.abc import Collection, Mapping, Sequence
from typing import overload

from booking.domain.model import Actor, Booking, BookingPage, Override
from booking.domain.moment import Moment
from booking.domain.questions import Details
from booking.engines.contract.calls import Booked, Calls, Seats
from booking.engines.idempotency import Document, Reply
from booking.sale import counter
from booking.sale.sale import Sale


class CounterCalls(Calls):
    """Finds, cancels, moves and swaps bookings, sells for others, and takes locks."""

    # Bookings

    def booking(self, reference: str) -> Booking:
        """The booking of that reference. Raises BookingNotFound."""
        return self._read(lambda sale, _: sale.booking(reference))

    def details(self, reference: str) -> Details | None:
        """What is known of the people of a booking. The caller may know."""
        return self._read(lambda sale, _: sale.bookings.details(reference))

    def erase_details(self, reference: str) -> None:
        """Forget what is known of the people of a booking. Raises BookingNotFound."""
        self._write(lambda sale, _: sale.erase_details(reference))

    def bookings(self, after: int = 0, most: int = 100) -> BookingPage:
        """Bookings in the order in which they were made, cancelled ones included, from after the
        page that ended at ``after``."""
        return self._read(lambda sale, _: sale.bookings.page(after, most))

    @overload
    def cancel(
        self, reference: str, by: Actor, seat_ids: Sequence[str] | None = None
    ) -> Booked: ...
    @overload
    def cancel(
        self, reference: str, by: Actor, seat_ids: Sequence[str] | None, reply: Reply[Booked]
    ) -> Document: ...
    def cancel(
        self,
        reference: str,
        by: Actor,
        seat_ids: Sequence[str] | None = None,
        reply: Reply[Booked] | None = None,
    ) -> Booked | Document:
        """Cancel a booking, or some of its seats, and make them available. The deadline binds
        holders alone. The caller makes sure that the booking is theirs.

        Raises:
            BookingNotFound: there is none of that reference.
            BookingCancelled, CancellationClosed: see
                :func:`booking.domain.terms.expect_changeable`.
            NotInBooking: the booking does not have some of the seats.
        """

        def cancel(sale: Sale, now: Moment) -> Booked:
            if seat_ids is None:
                return sale.cancel(reference, by, now)
            return counter.cancel_part(sale, reference, seat_ids, by, now)

        return self._reply(cancel, reply)

    @overload
    def move(
        self,
        reference: str,
        places: Mapping[str, str],
        by: Actor,
        override: Collection[Override] = (),
    ) -> Booked: ...
    @overload
    def move(
        self,
        reference: str,
        places: Mapping[str, str],
        by: Actor,
        override: Collection[Override],
        reply: Reply[Booked],
    ) -> Document: ...
    def move(
        self,
        reference: str,
        places: Mapping[str, str],
        by: Actor,
        override: Collection[Override] = (),
        reply: Reply[Booked] | None = None,
    ) -> Booked | Document:
        """Move seats of a booking, each to the one that ``places`` says. Raises what :meth:`cancel`
        raises, and:

            SeatNotFound, SeatsUnavailable: some seats cannot be had.
            NotOnSale, OtherCategory: a holder moves too late, or to other seats than were paid for.
            LeavesSingleSeat: the policy forbids to leave a seat single, and a holder would.
        """
        return self._reply(
            lambda sale, now: counter.move(sale, reference, places, override, by, now), reply
        )

    # What the box office can do

    @overload
    def sell(
        self,
        seat_ids: Sequence[str],
        holder: bytes,
        details: Details,
        by: Actor,
        override: Collection[Override] = (),
    ) -> Booked: ...
    @overload
    def sell(
        self,
        seat_ids: Sequence[str],
        holder: bytes,
        details: Details,
        by: Actor,
        override: Collection[Override],
        reply: Reply[Booked],
    ) -> Document: ...
    def sell(
        self,
        seat_ids: Sequence[str],
        holder: bytes,
        details: Details,
        by: Actor,
        override: Collection[Override] = (),
        reply: Reply[Booked] | None = None,
    ) -> Booked | Document:
        """Book seats for someone else, who is ``holder`` from now on, in one step.

        Raises:
            SeatNotFound, SeatsUnavailable: some seats cannot be had.
            NotOnSale, HolderLimitReached: unless the caller overrides that.
            BadDetails: the details do not answer what the policy asks.
        """
        reference = self._mint_reference()
        return self._reply(
            lambda sale, now: counter.sell(
                sale, seat_ids, holder, details, override, by, reference, now
            ),
            reply,
        )

    @overload
    def swap(
        self, reference: str, other: str, places: Mapping[str, str], by: Actor
    ) -> tuple[Booking, Booking]: ...
    @overload
    def swap(
        self,
        reference: str,
        other: str,
        places: Mapping[str, str],
        by: Actor,
        reply: Reply[tuple[Booking, Booking]],
    ) -> Document: ...
    def swap(
        self,
        reference: str,
        other: str,
        places: Mapping[str, str],
        by: Actor,
        reply: Reply[tuple[Booking, Booking]] | None = None,
    ) -> tuple[Booking, Booking] | Document:
        """Let two bookings exchange seats. Raises what :meth:`cancel` raises."""
        return self._reply(
            lambda sale, now: counter.swap(sale, reference, other, places, by, now), reply
        )

    def take(self, seat_ids: Sequence[str], reason: str, by: Actor) -> Seats:
        """Take locks from whoever has them, who are told the reason.

        Raises:
            SeatNotFound, SeatNotLocked, SeatUnavailable: nobody has locked some of the seats.
        """
        return self._write(lambda sale, now: counter.take(sale, seat_ids, reason, by, now))
