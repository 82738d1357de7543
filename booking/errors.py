"""What can go wrong, in the words of the domain. ``str(error)`` is a sentence for a person."""

from collections.abc import Iterable, Sequence

from booking import timestamps
from booking.clock import Moment
from booking.model import Booking, Event, Seat


def seats_are(seat_ids: Sequence[str]) -> str:
    """Seats at the start of a sentence: ``Seat 7 is``, ``Seats 7, 8 and 9 are``."""
    shown = [_shorten(seat_id) for seat_id in seat_ids]
    if len(shown) == 1:
        return f"Seat {shown[0]} is"
    if len(shown) > 10:
        shown[9:] = [f"{len(shown) - 9} more"]
    return f"Seats {', '.join(shown[:-1])} and {shown[-1]} are"


def _shorten(seat_id: str) -> str:
    """Keep what a stranger sent from flooding a message. Few ids are longer than 64 characters."""
    return seat_id if len(seat_id) <= 64 else seat_id[:64] + "…"


class BookingError(Exception):
    """A request that the rules refuse. ``seats`` are the ids of the seats that it is about."""

    def __init__(self, message: str, *, seats: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.seats = tuple(seats)


class EventNotFound(BookingError):
    """There is no such event."""

    def __init__(self, event: str) -> None:
        super().__init__(f"There is no event “{_shorten(event)}”. Check its name.")


class SeatNotFound(BookingError):
    """The event has no such seat."""

    def __init__(self, seat_ids: Sequence[str]) -> None:
        super().__init__(
            f"{seats_are(seat_ids)} not part of this event. GET /seats lists the seats that are.",
            seats=seat_ids,
        )


class BadChoice(BookingError):
    """A call names no seat, or one seat more than once."""

    def __init__(self, seat_ids: Sequence[str]) -> None:
        super().__init__(
            "The call names a seat more than once. Name each seat once."
            if seat_ids
            else "The call names no seat. Name at least one.",
            seats=dict.fromkeys(seat_ids),
        )


class InvalidToken(BookingError):
    """A holder token was sent that cannot be one."""


class TokenRequired(BookingError):
    """Only a holder can do this, and the request does not say who that is."""

    def __init__(self, seat_id: str | None = None) -> None:
        super().__init__(
            "Send the token that you got when you locked the seat,"
            " as “Authorization: Bearer <token>”.",
            seats=() if seat_id is None else (seat_id,),
        )


class NotYourLock(BookingError):
    """The seat is locked by another holder."""

    def __init__(self, seat_id: str) -> None:
        super().__init__(
            f"Seat {seat_id} is locked by someone else."
            " Only whoever locked a seat can confirm, release or extend it.",
            seats=(seat_id,),
        )


class SeatNotLocked(BookingError):
    """Nobody has locked the seat; without a seat, the holder has locked none at all."""

    def __init__(self, seat_id: str | None = None) -> None:
        super().__init__(
            "You have no locked seats in this event. Lock some first."
            if seat_id is None
            else f"Seat {seat_id} is not locked. Lock it first.",
            seats=() if seat_id is None else (seat_id,),
        )


class LockExpired(BookingError):
    """The caller's own lock ran out, and nobody has the seat now."""

    def __init__(self, seat_id: str) -> None:
        super().__init__(
            f"Your lock on seat {seat_id} ran out. The seat is still free: lock it again.",
            seats=(seat_id,),
        )


class WrongNumberOfLocks(BookingError):
    """The caller expects to book all that they have locked, and that is another number of seats;
    ``seats`` are those of which their locks ran out."""

    def __init__(self, expected: int, held: int, ran_out: Sequence[str]) -> None:
        seats = "1 seat" if expected == 1 else f"{expected:,} seats"
        lost = f" {seats_are(ran_out)} no longer locked for you." if ran_out else ""
        super().__init__(
            f"You expected to book {seats}, and have {held:,} locked.{lost} Nothing was booked."
            " Look at your basket, and confirm what is in it.",
            seats=ran_out,
        )


class SeatUnavailable(BookingError):
    """The seat cannot be locked or confirmed as it is; ``seat`` says how it is.

    ``yours`` is true where it is the caller who has the seat already.
    """

    def __init__(self, message: str, seat: Seat, *, yours: bool = False) -> None:
        super().__init__(message, seats=(seat.id,))
        self.seat = seat
        self.yours = yours


class SeatLocked(SeatUnavailable):
    """The seat is locked. ``retry_after`` is the time in seconds until that lock runs out."""

    def __init__(self, seat: Seat, now: Moment, *, yours: bool) -> None:
        assert seat.lock is not None
        self.retry_after = seat.lock.deadline - now.monotonic
        super().__init__(
            f"Seat {seat.id} is already locked by you. Confirm it, or extend the lock."
            if yours
            else f"Seat {seat.id} is locked by someone else."
            " It comes back if it is not confirmed in time.",
            seat,
            yours=yours,
        )


class SeatBooked(SeatUnavailable):
    """The seat is sold."""

    def __init__(self, seat: Seat, *, yours: bool) -> None:
        super().__init__(
            f"Seat {seat.id} is already booked by you."
            if yours
            else f"Seat {seat.id} is already booked. Choose another one.",
            seat,
            yours=yours,
        )


class SeatBlocked(SeatUnavailable):
    """The organiser has taken the seat off sale."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(f"Seat {seat.id} is not on sale. Choose another one.", seat)


class SeatHeldTooLong(SeatUnavailable):
    """The holder has had the seat for as long as one can, and others had no fair chance yet.

    ``retry_after`` is the time in seconds until the holder can lock it again.
    """

    def __init__(self, seat: Seat, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(
            f"You have held seat {seat.id} for as long as one can without booking it. It is free"
            " for others now. Choose another one, or try again later.",
            seat,
        )


class SeatsUnavailable(BookingError):
    """Some of the seats of one call cannot be locked or blocked, so none was: ``refusals``."""

    def __init__(self, refusals: Sequence[SeatUnavailable]) -> None:
        taken = [refusal.seat.id for refusal in refusals]
        super().__init__(
            f"{seats_are(taken)} not available, so nothing was changed. Choose other seats.",
            seats=taken,
        )
        self.refusals = tuple(refusals)


class HolderLimitReached(BookingError):
    """The holder would have more seats of the event than the policy allows."""

    def __init__(self, limit: int, held: int, more: int, seat_ids: Sequence[str] = ()) -> None:
        super().__init__(
            f"One holder can have {limit} {'seat' if limit == 1 else 'seats'} of this event;"
            f" you have {held}, and asked for {more} more. Nothing was locked.",
            seats=seat_ids,
        )


class NotInPlan(BookingError):
    """The plan of the event has no such category or zone."""

    def __init__(self, kind: str, name: str, names: Sequence[str]) -> None:
        known = ", ".join(f"“{each}”" for each in dict.fromkeys(names[:20]))
        super().__init__(f"The plan has no {kind} “{_shorten(name)}”. It has {known}.")


class NotEnoughSeats(BookingError):
    """There are not so many seats next to each other nor, if they may be ``split``, in one zone.
    ``largest_block`` is how many there are next to each other."""

    def __init__(self, count: int, largest_block: int, *, split: bool) -> None:
        there_are = (
            "no such seat is free"
            if largest_block == 0
            else f"{largest_block} next to each other is the most that can be had"
        )
        where = "in one zone" if split else "next to each other"
        super().__init__(f"There are not {count} seats {where}: {there_are}. Nothing was locked.")
        self.largest_block = largest_block


class LeavesSingleSeat(BookingError):
    """A booking leaves seats single, which this event does not allow; ``seats`` are those."""

    def __init__(self, seat_ids: Sequence[str]) -> None:
        them = "it" if len(seat_ids) == 1 else "them"
        super().__init__(
            f"{seats_are(seat_ids)} left alone by this booking, which the organiser does not allow."
            f" Nothing was booked. Add {them} to the booking, or choose seats so that none or"
            " several stay free side by side.",
            seats=seat_ids,
        )


class NotOnSale(BookingError):
    """The sale of the event has not begun, or is over. ``event`` has the times.

    ``retry_after`` is the time in seconds until it begins, None if it is over.
    """

    def __init__(self, event: Event, now: float) -> None:
        begins = event.on_sale_from
        if begins is not None and now < begins:
            self.retry_after: float | None = begins - now
            message = f"Seats of this event are on sale from {timestamps.write(begins)}."
        else:
            assert event.sale_ends_at is not None
            self.retry_after = None
            until = timestamps.write(event.sale_ends_at)
            message = f"Seats of this event were on sale until {until}."
        super().__init__(f"{message} Nothing was locked.")
        self.event = event


class SeatsInUse(BookingError):
    """Seats would go that someone has locked or booked."""

    def __init__(self, seat_ids: Sequence[str]) -> None:
        super().__init__(
            f"{seats_are(seat_ids)} locked or booked and would be gone, so nothing was changed."
            " Cancel the bookings first, or keep these seats.",
            seats=seat_ids,
        )


class BookingNotFound(BookingError):
    """There is no such booking, or it is none of the caller's business."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"There is no booking “{_shorten(reference)}” of yours."
            " Check the reference, and send the token with which you booked."
        )


class BookingCancelled(BookingError):
    """The booking has been cancelled already."""

    def __init__(self, booking: Booking) -> None:
        assert booking.cancelled_at is not None
        super().__init__(
            f"Booking {booking.reference} was cancelled already,"
            f" at {timestamps.write(booking.cancelled_at)}.",
            seats=booking.seats,
        )
        self.booking = booking


class CancellationClosed(BookingError):
    """It is too late to cancel. ``until`` is the Unix time until when one could."""

    def __init__(self, booking: Booking, until: float) -> None:
        super().__init__(
            f"Booking {booking.reference} could be cancelled until {timestamps.write(until)}."
            " Ask the organiser.",
            seats=booking.seats,
        )
        self.until = until


class AdministratorRequired(BookingError):
    """Only the administrator can do this, and the request does not prove to come from there."""

    def __init__(self) -> None:
        super().__init__(
            "Send the administrator's token (BOOKING_ADMIN_TOKEN of the service),"
            " as “Authorization: Bearer <token>”."
        )


class EventUnreadable(BookingError):
    """What is stored of the event makes no sense. Other events are sold all the same."""

    def __init__(self, event: str) -> None:
        super().__init__(
            f"The event “{_shorten(event)}” cannot be read. Ask the organiser;"
            " the log of the service says what is wrong with it."
        )


class IdempotencyKeyReused(BookingError):
    """The key was used for another request already."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request already."
            " Use a new key for each new request."
        )


class IdempotencyKeyInUse(BookingError):
    """The first request with the key is not done yet."""

    def __init__(self) -> None:
        super().__init__(
            "The first request with this Idempotency-Key is still being carried out."
            " Try again in a moment."
        )


class Unavailable(BookingError):
    """The database does not do what it is asked for. Nothing was changed or, with
    ``outcome_unknown``, it is not known whether something was.

    ``aborted``: the database took it back because of what others wrote, or the connection was lost.
    Carried out once more, it may succeed. ``incident`` is where the server log has the details.
    """

    retry_after = 1.0

    def __init__(
        self,
        message: str,
        *,
        outcome_unknown: bool = False,
        aborted: bool = False,
        incident: str | None = None,
    ) -> None:
        outcome = (
            "It is not known whether the request was carried out: send it again, as it was, in a"
            " moment."
            if outcome_unknown
            else "Nothing was changed. Try again in a moment."
        )
        details = "" if incident is None else f" The server log has the details under {incident}."
        super().__init__(f"{message} {outcome}{details}")
        self.outcome_unknown = outcome_unknown
        self.aborted = aborted
        self.incident = incident
