"""What the rules refuse of a choice of seats."""

from collections.abc import Sequence

from booking.domain.errors.base import BookingError
from booking.domain.errors.locks import SeatUnavailable
from booking.plans.names import shorten


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


class ClientLimitReached(BookingError):
    """From one address, whatever tokens it uses, more seats would be locked than one may."""

    retry_after = 1.0

    def __init__(self, most: int) -> None:
        seats = "1 seat" if most == 1 else f"{most:,} seats"
        super().__init__(
            f"From one address, {seats} can be locked at a time."
            " Confirm or release some first. Try again in a second."
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
