"""What the rules refuse. ``str(error)`` is a sentence for a person."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from booking.domain import timestamps
from booking.domain.model import Booking, Event, Seat, Visibility
from booking.domain.moment import Moment
from booking.plans.names import BY_ID, SeatNames, shorten

Message = str | Callable[[SeatNames], str]


class BookingError(Exception):
    """A request that the rules refuse. ``seats`` are the ids of the seats that it is about.

    A message that names seats does so by their ``names``, which the sale sets.
    """

    names = BY_ID

    def __init__(self, message: Message, *, seats: Iterable[str] = ()) -> None:
        super().__init__()
        self._message = message
        self.seats = tuple(seats)

    def __str__(self) -> str:
        return self._message if isinstance(self._message, str) else self._message(self.names)


class EventNotFound(BookingError):
    """There is no such event."""

    def __init__(self, event: str) -> None:
        super().__init__(f"There is no event “{shorten(event)}”. Check its name.")


class EventChanged(BookingError):
    """The event is not what the caller knows of it: it was changed, or ended."""

    def __init__(self, event: str) -> None:
        super().__init__(
            f"Event {shorten(event)} is no longer as you know it, so nothing was changed. Look at"
            " it again, and send your change with its new ETag."
        )


class EventExists(BookingError):
    """The caller wants to open an event, and there is one of that id."""

    def __init__(self, event: str) -> None:
        super().__init__(
            f"There is an event {shorten(event)} already, so nothing was changed. Choose another"
            " id, or change that event."
        )


class SeatNotFound(BookingError):
    """The event has no such seat."""

    def __init__(self, seat_ids: Sequence[str]) -> None:
        super().__init__(
            lambda names: (
                f"{names.are(seat_ids)} not part of this event."
                " GET /seats lists the seats that are."
            ),
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
            lambda names: (
                f"{names.are([seat_id])} locked by someone else."
                " Only whoever locked a seat can confirm, release or extend it."
            ),
            seats=(seat_id,),
        )


class SeatNotLocked(BookingError):
    """Nobody has locked the seat; without a seat, the holder has locked none at all."""

    def __init__(self, seat_id: str | None = None) -> None:
        super().__init__(
            "You have no locked seats in this event. Lock some first."
            if seat_id is None
            else lambda names: f"{names.are([seat_id])} not locked. Lock it first.",
            seats=() if seat_id is None else (seat_id,),
        )


class LockExpired(BookingError):
    """The caller's own lock ran out, and nobody has the seat now."""

    def __init__(self, seat_id: str) -> None:
        super().__init__(
            lambda names: (
                f"Your lock on {names.name(seat_id)} ran out."
                " The seat is still free: lock it again."
            ),
            seats=(seat_id,),
        )


class WrongNumberOfLocks(BookingError):
    """The caller expects to book all that they have locked, and that is another number of seats;
    ``seats`` are those of which their locks ran out."""

    def __init__(self, expected: int, held: int, ran_out: Sequence[str]) -> None:
        seats = "1 seat" if expected == 1 else f"{expected:,} seats"
        super().__init__(
            lambda names: (
                f"You expected to book {seats}, and have {held:,} locked."
                + (f" {names.are(ran_out)} no longer locked for you." if ran_out else "")
                + " Nothing was booked. Look at your basket, and confirm what is in it."
            ),
            seats=ran_out,
        )


class SeatUnavailable(BookingError):
    """The seat cannot be locked or confirmed as it is; ``seat`` says how it is.

    ``yours`` is true where it is the caller who has the seat already.
    """

    def __init__(self, message: Message, seat: Seat, *, yours: bool = False) -> None:
        super().__init__(message, seats=(seat.id,))
        self.seat = seat
        self.yours = yours


class SeatLocked(SeatUnavailable):
    """The seat is locked. ``retry_after`` is the time in seconds until that lock runs out."""

    def __init__(self, seat: Seat, now: Moment, *, yours: bool) -> None:
        assert seat.lock is not None
        self.retry_after = seat.lock.deadline - now.monotonic
        super().__init__(
            lambda names: (
                f"{names.are([seat.id])} already locked by you. Confirm it, or extend the lock."
                if yours
                else f"{names.are([seat.id])} locked by someone else."
                " It comes back if it is not confirmed in time."
            ),
            seat,
            yours=yours,
        )


class SeatBooked(SeatUnavailable):
    """The seat is sold."""

    def __init__(self, seat: Seat, *, yours: bool) -> None:
        super().__init__(
            lambda names: (
                f"{names.are([seat.id])} already booked"
                + (" by you." if yours else ". Choose another one.")
            ),
            seat,
            yours=yours,
        )


class SeatBlocked(SeatUnavailable):
    """The organiser has taken the seat off sale."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(
            lambda names: f"{names.are([seat.id])} not on sale. Choose another one.", seat
        )


class LockTaken(SeatUnavailable):
    """The box office took the holder's lock; ``reason`` is what it says to that."""

    def __init__(self, seat: Seat, reason: str) -> None:
        self.reason = reason
        super().__init__(
            lambda names: (
                f"The box office took your lock on {names.name(seat.id)}: {reason}"
                " Choose another seat."
            ),
            seat,
        )


class SeatHeldTooLong(SeatUnavailable):
    """The holder has had the seat for as long as one can, and others had no fair chance yet.

    ``retry_after`` is the time in seconds until the holder can lock it again.
    """

    def __init__(self, seat: Seat, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(
            lambda names: (
                f"You have held {names.name(seat.id)} for as long as one can without booking it."
                " It is free for others now. Choose another one, or try again later."
            ),
            seat,
        )


class SeatsUnavailable(BookingError):
    """Some of the seats of one call cannot be locked or blocked, so none was: ``refusals``."""

    def __init__(self, refusals: Sequence[SeatUnavailable]) -> None:
        taken = [refusal.seat.id for refusal in refusals]
        super().__init__(
            lambda names: (
                f"{names.are(taken)} not available, so nothing was changed. Choose other seats."
            ),
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
        super().__init__(f"The plan has no {kind} “{shorten(name)}”. It has {known}.")


class NotEnoughSeats(BookingError):
    """There are not so many seats next to each other nor, if they may be ``split``, in one zone.
    ``largest_block`` is how many there are next to each other."""

    def __init__(
        self, count: int, largest_block: int, *, split: bool, excluded: Sequence[str] = ()
    ) -> None:
        there_are = (
            "no such seat is free"
            if largest_block == 0
            else f"{largest_block} next to each other is the most that can be had"
        )
        where = "in one zone" if split else "next to each other"
        besides = "".join(
            f" Seats of the category “{category}” are only chosen if you name it."
            for category in excluded
        )
        super().__init__(
            f"There are not {count} seats {where}: {there_are}. Nothing was locked.{besides}"
        )
        self.largest_block = largest_block


class LeavesSingleSeat(BookingError):
    """A booking leaves seats single, which this event does not allow; ``seats`` are those."""

    def __init__(self, seat_ids: Sequence[str]) -> None:
        them = "it" if len(seat_ids) == 1 else "them"
        super().__init__(
            lambda names: (
                f"{names.are(seat_ids)} left alone by this booking, which the organiser does not"
                f" allow. Nothing was booked. Add {them} to the booking, or choose seats so that"
                " none or several stay free side by side."
            ),
            seats=seat_ids,
        )


class BadDetails(BookingError):
    """The details of a booking do not answer what the organiser asks. ``faults`` says what is wrong
    with the answer to each question."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        told = "; ".join(f"{shorten(each)} {fault}" for each, fault in faults.items())
        super().__init__(f"The details have a mistake: {told}. Nothing was booked.")
        self.faults = dict(faults)


class NotOnSale(BookingError):
    """The sale of the event has not begun, or is over. ``event`` has the times.

    ``retry_after`` is the time in seconds until it begins, None if it is over or nobody knows.
    """

    def __init__(self, event: Event, now: float) -> None:
        begins = event.on_sale_from
        self.retry_after: float | None = None
        if event.visibility is Visibility.DRAFT:
            message = "This event is not on sale yet."
        elif begins is not None and now < begins:
            self.retry_after = begins - now
            message = f"Seats of this event are on sale from {timestamps.write(begins)}."
        else:
            assert event.sale_ends_at is not None
            until = timestamps.write(event.sale_ends_at)
            message = f"Seats of this event were on sale until {until}."
        super().__init__(f"{message} Nothing was locked.")
        self.event = event


class SeatsInUse(BookingError):
    """Seats would go that someone has locked or booked."""

    def __init__(self, seat_ids: Sequence[str]) -> None:
        super().__init__(
            lambda names: (
                f"{names.are(seat_ids)} locked or booked and would be gone, so nothing was changed."
                " Cancel the bookings first, or keep these seats."
            ),
            seats=seat_ids,
        )


class KeyNotFound(BookingError):
    """There is no such key."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no key “{shorten(name)}”. GET /keys lists those that there are."
        )


class SeatsMoved(BookingError):
    """Booked seats would be others: another section, row, number or category."""

    def __init__(self, seat_ids: Sequence[str]) -> None:
        super().__init__(
            lambda names: (
                f"{names.are(seat_ids)} booked and would be elsewhere in the new plan, so"
                " nothing was changed. Leave"
                f" {'it' if len(seat_ids) == 1 else 'them'} where the buyers know, or say that"
                ' you mean it with "move_booked": true.'
            ),
            seats=seat_ids,
        )


class BookingNotFound(BookingError):
    """There is no such booking, or it is none of the caller's business."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"There is no booking “{shorten(reference)}” of yours."
            " Check the reference, and send the token with which you booked."
        )


class NotInBooking(BookingError):
    """Seats are not part of the booking."""

    def __init__(self, reference: str, seat_ids: Sequence[str]) -> None:
        super().__init__(
            lambda names: (
                f"{names.are(seat_ids)} not part of booking {reference}, so nothing was"
                " changed. Look at the booking, and name seats that are."
            ),
            seats=seat_ids,
        )


class OtherCategory(BookingError):
    """A holder cannot move to seats of another category."""

    def __init__(self, seat_ids: Sequence[str]) -> None:
        super().__init__(
            lambda names: (
                f"{names.are(seat_ids)} of another category, so nothing was changed."
                " Choose seats of the same category, or ask the organiser."
            ),
            seats=seat_ids,
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
