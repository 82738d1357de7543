"""What the door does with a sale: make tickets, check them in and out, say who is expected. As with
all calls of a sale, the caller has a lock, and one that raises changes nothing."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from booking.domain import admission, errors, report
from booking.domain.history import SeatChange
from booking.domain.model import Actor, Seat
from booking.domain.moment import Moment
from booking.domain.report import Standing
from booking.domain.tickets import Ticket
from booking.sale.sale import Sale, naming_seats


class Presented(NamedTuple):
    """What somebody comes with: the ``code`` of a ticket or, for who has none at hand, a ``seat``.
    ``scanned_at`` is when, if that was without a network."""

    code: str | None
    seat: str | None
    door: str
    scanned_at: float | None = None


class Expected(NamedTuple):
    """Who is expected: the tickets of booked seats that changed after some version, or all if
    ``full``. ``free`` are seats that changed and are not booked, ``missing`` those that are booked
    and have no ticket yet."""

    version: int
    full: bool
    tickets: tuple[Ticket, ...]
    free: tuple[str, ...]
    missing: tuple[str, ...]


def tickets_of(sale: Sale, reference: str) -> list[Ticket | str]:
    """The tickets of a booking in the order of its seats; a seat that has none yet is named.

    Raises:
        BookingNotFound, BookingCancelled: it has no tickets.
    """
    booking = sale.booking(reference)
    if booking.cancelled_at is not None:
        raise errors.BookingCancelled(booking)
    valid = sale.tickets.valid(booking.seats)
    return [valid.get(seat.id, seat.id) for seat in _booked(sale, booking.seats, reference)]


def make_tickets(sale: Sale, seat_ids: Sequence[str], mint: Callable[[], str]) -> None:
    """Make tickets for seats that are booked and have none."""
    valid = sale.tickets.valid(seat_ids)
    for seat in _booked(sale, seat_ids):
        if seat.id not in valid:
            assert seat.booking is not None
            ticket = Ticket(code=mint(), reference=seat.booking.reference, seat=seat.id)
            sale.tickets.keep(ticket)


def expected(sale: Sale, since: int | None) -> Expected:
    """Who is expected, as far as that changed after a version."""
    changes = sale.seats.changes(since)
    valid = sale.tickets.valid(None if changes.full else [seat.id for seat in changes.seats])
    booked = [seat.id for seat in changes.seats if seat.booking is not None]
    free = () if changes.full else tuple(s.id for s in changes.seats if s.booking is None)
    return Expected(
        version=changes.version,
        full=changes.full,
        tickets=tuple(valid[seat_id] for seat_id in booked if seat_id in valid),
        free=free,
        missing=tuple(seat_id for seat_id in booked if seat_id not in valid),
    )


@naming_seats
def check_in(
    sale: Sale, presented: Presented, by: Actor, mint: Callable[[], str], now: Moment
) -> Ticket:
    """Let somebody in."""
    ticket = _presented(sale, presented, mint)
    entered = admission.check_in(ticket, presented.door, presented.scanned_at, now.wall)
    return _store(sale, entered, SeatChange.CHECKED_IN, by, presented.door, now)


@naming_seats
def check_out(
    sale: Sale, presented: Presented, by: Actor, mint: Callable[[], str], now: Moment
) -> Ticket:
    """Let somebody out, who can come in again."""
    ticket = admission.check_out(_presented(sale, presented, mint))
    return _store(sale, ticket, SeatChange.CHECKED_OUT, by, presented.door, now)


def standing(sale: Sale) -> Standing:
    """The seats by section, and how many of those who booked are in."""
    valid = sale.tickets.valid()
    entered = {seat for seat, ticket in valid.items() if ticket.entry is not None}
    return report.count(sale.seats.version, sale.seats.all(), sale.seats.names, entered)


def _presented(sale: Sale, presented: Presented, mint: Callable[[], str]) -> Ticket:
    if presented.seat is not None:
        seat = sale.seats.find([presented.seat])[0]
        if seat.booking is None:
            raise errors.TicketUnknown(seat.id)
        make_tickets(sale, [seat.id], mint)
        return sale.tickets.valid([seat.id])[seat.id]
    ticket = None if presented.code is None else sale.tickets.find(presented.code)
    if ticket is None:
        raise errors.TicketUnknown
    return ticket


def _store(
    sale: Sale, ticket: Ticket, change: SeatChange, by: Actor, door: str, now: Moment
) -> Ticket:
    sale.tickets.keep(ticket)
    # The seat stays as it is. Its new version tells the other doors.
    sale.seats.store(sale.seats.find([ticket.seat]), change, by, now, f"door {door}")
    return ticket


def _booked(sale: Sale, seat_ids: Sequence[str], reference: str | None = None) -> list[Seat]:
    """The seats that are booked, under a reference if one is given."""
    return [
        seat
        for seat in sale.seats.find(seat_ids)
        if seat.booking is not None and reference in (None, seat.booking.reference)
    ]
