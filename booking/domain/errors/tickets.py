"""What the rules refuse at the door."""

from booking.domain import timestamps
from booking.domain.errors.base import BookingError
from booking.domain.tickets import Entry, Ticket


class TicketUnknown(BookingError):
    """No ticket of this event has the code, or nobody has booked the ``seat``."""

    def __init__(self, seat: str | None = None) -> None:
        if seat is None:
            super().__init__(
                "No ticket of this event has this code. Check that it is for this event, or look"
                " for the name or the seat."
            )
        else:
            super().__init__(
                lambda names: f"{names.are([seat])} not booked. Look for the name.", seats=[seat]
            )


class TicketVoid(BookingError):
    """The seat was cancelled or moved since the ticket was made."""

    def __init__(self, ticket: Ticket, void_at: float) -> None:
        super().__init__(
            lambda names: (
                f"This ticket for {names.name(ticket.seat)} is no longer valid: the seat was"
                f" cancelled or moved at {timestamps.write(void_at)}. Look for the name."
            ),
            seats=[ticket.seat],
        )
        self.void_at = void_at


class AlreadyCheckedIn(BookingError):
    """Somebody came in with this ticket already. ``entry`` is when, and at which door."""

    def __init__(self, ticket: Ticket, entry: Entry) -> None:
        super().__init__(
            lambda names: (
                f"Somebody came in with the ticket for {names.name(ticket.seat)} already, at"
                f" {timestamps.write(entry.at)}, door {entry.door}."
            ),
            seats=[ticket.seat],
        )
        self.ticket = ticket
        self.entry = entry


class NotCheckedIn(BookingError):
    """Nobody is in with this ticket, so nobody can go out with it."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            lambda names: f"Nobody is in with the ticket for {names.name(ticket.seat)}.",
            seats=[ticket.seat],
        )
