"""Why a seat is not one that the caller has locked."""

from collections.abc import Sequence

from booking.domain.errors.base import BookingError, Message
from booking.domain.model import Seat
from booking.domain.moment import Moment


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
                f"The box office took your lock on {names.name(seat.id)}: “{reason}”"
                " Choose another seat."
            ),
            seat,
        )


class TooManyExpiredLocks(SeatUnavailable):
    """The holder let too many locks on the seat run out, one after the other.

    ``retry_after`` is the time in seconds until the holder can lock it again.
    """

    def __init__(self, seat: Seat, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(
            lambda names: (
                f"You let your lock on {names.name(seat.id)} run out too often. It is free for"
                " others now. Choose another one, or try again later."
            ),
            seat,
        )


class LockedTooLong(SeatUnavailable):
    """The holder has had the seat for as long as one can, and others had no fair chance yet.

    ``retry_after`` is the time in seconds until the holder can lock it again.
    """

    def __init__(self, seat: Seat, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(
            lambda names: (
                f"You have had {names.name(seat.id)} locked for as long as you can without booking"
                " it. It is free for others now. Choose another one, or try again later."
            ),
            seat,
        )
