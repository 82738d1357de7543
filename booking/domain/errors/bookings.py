"""What the rules refuse of a booking."""

from collections.abc import Mapping, Sequence

from booking.domain import timestamps
from booking.domain.errors.base import BookingError
from booking.domain.model import Booking
from booking.plans.names import shorten


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


class BadDetails(BookingError):
    """The details of a booking do not answer what the organiser asks. ``faults`` says what is wrong
    with the answer to each question."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        told = "; ".join(f"{shorten(each)} {fault}" for each, fault in faults.items())
        super().__init__(f"The details have a mistake: {told}. Nothing was booked.")
        self.faults = dict(faults)
