"""The rules of the door: what a ticket becomes, or why its holder stays out.

Pure functions, as those of a seat (:mod:`booking.domain.seats`). Times are Unix times.
"""

from dataclasses import replace

from booking.domain import errors
from booking.domain.tickets import Entry, Ticket


def check_in(ticket: Ticket, door: str, scanned_at: float | None, now: float) -> Ticket:
    """Let the holder of a ticket in. A door that had no network says when it scanned the ticket;
    a clock that is ahead makes that now.

    Raises:
        TicketVoid: its seat was cancelled or moved.
        AlreadyCheckedIn: somebody is in with it.
    """
    _expect_valid(ticket)
    if ticket.entry is not None:
        raise errors.AlreadyCheckedIn(ticket, ticket.entry)
    at = now if scanned_at is None else min(scanned_at, now)
    return replace(ticket, entry=Entry(at, door))


def check_out(ticket: Ticket) -> Ticket:
    """Let the holder of a ticket out, who can come in again.

    Raises:
        TicketVoid: its seat was cancelled or moved.
        NotCheckedIn: nobody is in with it.
    """
    _expect_valid(ticket)
    if ticket.entry is None:
        raise errors.NotCheckedIn(ticket)
    return replace(ticket, entry=None)


def void(ticket: Ticket, now: float) -> Ticket:
    """The ticket of a seat that is cancelled or moved."""
    return replace(ticket, void_at=now)


def _expect_valid(ticket: Ticket) -> None:
    if ticket.void_at is not None:
        raise errors.TicketVoid(ticket, ticket.void_at)
