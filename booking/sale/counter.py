"""What the box office can do with a sale: book for someone else, move, swap, give back a part, take
a lock. As with all calls of a sale, the caller has a lock, and one that raises changes nothing."""

from collections.abc import Collection, Mapping, Sequence

from booking.domain import errors, seats, terms
from booking.domain.history import SeatChange
from booking.domain.model import Actor, Booking, Override, Seat, SeatStatus
from booking.domain.moment import Moment
from booking.domain.notices import Occasion
from booking.domain.questions import NO_DETAILS, Details
from booking.sale.sale import Sale, naming_seats

Changed = tuple[tuple[Seat, ...], Booking]
"""Seats that are others now, and the booking that they are or were of."""


@naming_seats
def sell(
    sale: Sale,
    seat_ids: Sequence[str],
    holder: bytes,
    details: Details,
    override: Collection[Override],
    by: Actor,
    reference: str,
    now: Moment,
) -> Changed:
    """Book seats for someone else in one step. What the buyers' rules refuse is done if the caller
    overrides that very rule."""
    terms.expect_choice(seat_ids)
    before = sale.seats.find(seat_ids)
    if Override.CLOSED not in override:
        terms.expect_on_sale(sale.event, now.wall)
    if Override.LIMIT not in override:
        terms.expect_within_limit(sale.event.policy, 0, len(seat_ids), seat_ids)
    terms.expect_answers(sale.event.policy, details, required=False)
    booking = Booking(
        reference=sale.unused(reference),
        event=sale.event.id,
        seats=tuple(seat_ids),
        booked_at=now.wall,
        holder=holder,
    )
    after = seats.all_or_none(lambda seat: seats.book(seat, None, now, booking, override), before)
    note = f"override: {', '.join(sorted(override))}" if override else ""
    _store(sale, before, after, by, now, note)
    sale.bookings.add(sale.seats.version, booking)
    if details != NO_DETAILS:
        sale.bookings.keep_details(booking.reference, details)
        sale.tell(Occasion.BOOKED, booking, now)
    return tuple(after), booking


@naming_seats
def cancel_part(
    sale: Sale, reference: str, seat_ids: Sequence[str], by: Actor, now: Moment
) -> Changed:
    """Give some seats of a booking back; the others stay booked under its reference."""
    booking = sale.booking(reference)
    terms.expect_changeable(sale.event, booking, by, now.wall)
    _expect_in(booking, seat_ids)
    if set(seat_ids) == set(booking.seats):
        return sale.cancel(reference, by, now)
    kept = tuple(seat_id for seat_id in booking.seats if seat_id not in set(seat_ids))
    freed = tuple(seats.cancel(seat) for seat in sale.seats.find(seat_ids))
    sale.seats.store(freed, SeatChange.CANCELLED, by, now, f"of booking {reference}")
    sale.void_tickets(seat_ids, now)
    return freed, _rebook(sale, booking, booking._replace(seats=kept), kept, by, now)


@naming_seats
def move(
    sale: Sale,
    reference: str,
    places: Mapping[str, str],
    override: Collection[Override],
    by: Actor,
    now: Moment,
) -> Changed:
    """Move seats of a booking to others, each to the one that ``places`` says. A holder can move to
    seats that are free, or locked by that holder, while they are on sale, of the same category, and
    if that leaves no seat single where the policy forbids it.
    """
    booking = sale.booking(reference)
    terms.expect_changeable(sale.event, booking, by, now.wall)
    left, taken = list(places), list(places.values())
    _expect_in(booking, left)
    terms.expect_choice(taken)
    before = sale.seats.find(taken)
    if Override.CLOSED not in override:
        terms.expect_on_sale(sale.event, now.wall)
    if isinstance(by, bytes):
        dearer = [to for at, to in places.items() if sale.category(at) != sale.category(to)]
        if dearer:
            raise errors.OtherCategory(dearer)
        if single := sale.left_single_by_move(by, places):
            raise errors.LeavesSingleSeat(single)
    moved = booking._replace(seats=tuple(places.get(each, each) for each in booking.seats))
    holder = by if isinstance(by, bytes) else None
    after = seats.all_or_none(lambda seat: seats.book(seat, holder, now, moved, override), before)
    freed = [seats.cancel(seat) for seat in sale.seats.find(left)]
    sale.seats.store(freed, SeatChange.CANCELLED, by, now, f"moved to {', '.join(taken)}")
    sale.void_tickets(left, now)
    _store(sale, before, after, by, now, f"moved from {', '.join(left)}")
    kept = [each for each in booking.seats if each not in places]
    return (*freed, *after), _rebook(sale, booking, moved, kept, by, now)


@naming_seats
def swap(
    sale: Sale, reference: str, other: str, places: Mapping[str, str], by: Actor, now: Moment
) -> tuple[Booking, Booking]:
    """Let two bookings exchange seats: each seat of the first for the one that ``places`` says."""
    one, two = sale.booking(reference), sale.booking(other)
    back = {theirs: ours for ours, theirs in places.items()}
    for booking, seat_ids in ((one, list(places)), (two, list(places.values()))):
        terms.expect_changeable(sale.event, booking, by, now.wall)
        _expect_in(booking, seat_ids)
    first = one._replace(seats=tuple(places.get(each, each) for each in one.seats))
    second = two._replace(seats=tuple(back.get(each, each) for each in two.seats))
    sale.void_tickets([*places, *back], now)
    for was, booking, gained, partner in (
        (one, first, back, other),
        (two, second, places, reference),
    ):
        got = [each for each in booking.seats if each in gained]
        after = [Seat(seat_id, SeatStatus.BOOKED, booking=booking) for seat_id in got]
        sale.seats.store(after, SeatChange.MOVED, by, now, f"swapped with booking {partner}")
        kept = [each for each in booking.seats if each not in gained]
        _rebook(sale, was, booking, kept, by, now)
    return first, second


@naming_seats
def take(
    sale: Sale, seat_ids: Sequence[str], reason: str, by: Actor, now: Moment
) -> tuple[Seat, ...]:
    """Take locks from whoever has them, who are told the reason."""
    terms.expect_choice(seat_ids)
    taken = [seats.take(seat, reason, now) for seat in sale.seats.find(seat_ids)]
    sale.seats.store(taken, SeatChange.TAKEN, by, now, reason)
    return tuple(taken)


def _store(
    sale: Sale, before: Sequence[Seat], after: Sequence[Seat], by: Actor, now: Moment, note: str
) -> None:
    """Store seats that were booked without a lock. The history tells of blocked ones that they were
    put on sale first, so that its entries add up."""
    was = {seat.id: seat.status for seat in before}
    blocked = [seats.unblock(seat) for seat in before if seat.status is SeatStatus.BLOCKED]
    locked = [seat for seat in after if was[seat.id] is SeatStatus.LOCKED]
    sale.seats.store(blocked, SeatChange.UNBLOCKED, by, now, note)
    sale.seats.store(locked, SeatChange.BOOKED, by, now, note)
    sold = [seat for seat in after if was[seat.id] is not SeatStatus.LOCKED]
    sale.seats.store(sold, SeatChange.SOLD, by, now, note)


def _rebook(
    sale: Sale, was: Booking, booking: Booking, kept: Sequence[str], by: Actor, now: Moment
) -> Booking:
    """Replace a booking by one with other seats, and tell its people. Seats that it keeps have
    changed, too: they show which others it has."""
    after = [Seat(seat_id, SeatStatus.BOOKED, booking=booking) for seat_id in kept]
    sale.seats.store(after, SeatChange.CHANGED, by, now)
    sale.bookings.change(booking)
    sale.tell(Occasion.CHANGED, booking, now, sale.seats.names.places(was.seats))
    return booking


def _expect_in(booking: Booking, seat_ids: Sequence[str]) -> None:
    terms.expect_choice(seat_ids)
    if missing := [each for each in seat_ids if each not in booking.seats]:
        raise errors.NotInBooking(booking.reference, missing)
