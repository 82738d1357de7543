"""What the rules refuse of an event, its sale and its plan."""

from collections.abc import Sequence

from booking.domain import timestamps
from booking.domain.errors.base import BookingError
from booking.domain.model import Event, Visibility
from booking.plans.names import shorten


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


class KeyNotFound(BookingError):
    """There is no such key."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no key “{shorten(name)}”. GET /keys lists those that there are."
        )
