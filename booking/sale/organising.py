"""What the organiser can do with a sale: take seats off sale, change the event, end it. As with all
calls of a sale, the caller has a lock, and one that raises changes nothing."""

from collections.abc import Sequence

from booking.domain import errors, seats, terms
from booking.domain.history import SeatChange
from booking.domain.model import Actor, Block, Event, Seat, SeatStatus
from booking.domain.moment import Moment
from booking.sale.sale import Sale, naming_seats
from booking.sale.seat_table import SeatTable


def blocked(sale: Sale) -> tuple[Seat, ...]:
    """The seats that are off sale."""
    return tuple(seat for seat in sale.seats.all() if seat.status is SeatStatus.BLOCKED)


@naming_seats
def block(
    sale: Sale, seat_ids: Sequence[str], now: Moment, block: Block | None = None, by: Actor = None
) -> tuple[Seat, ...]:
    """Take seats off sale, and say for what."""
    found = _find(sale, seat_ids)
    blocked = seats.all_or_none(lambda seat: seats.block(seat, now, block), found)
    changed = seats.changed(found, blocked)
    were_blocked = {seat.id for seat in found if seat.status is SeatStatus.BLOCKED}
    renamed = [seat for seat in changed if seat.id in were_blocked]
    new = [seat for seat in changed if seat.id not in were_blocked]
    sale.seats.store(new, SeatChange.BLOCKED, by, now)
    sale.seats.store(renamed, SeatChange.CHANGED, by, now)
    return tuple(blocked)


@naming_seats
def unblock(sale: Sale, seat_ids: Sequence[str], now: Moment, by: Actor = None) -> tuple[Seat, ...]:
    """Put seats that are off sale on sale again."""
    found = _find(sale, seat_ids)
    unblocked = [seats.unblock(seat) for seat in found]
    sale.seats.store(seats.changed(found, unblocked), SeatChange.UNBLOCKED, by, now)
    return tuple(unblocked)


def expect_described(sale: Sale, at: int | None) -> None:
    """Raises EventChanged if the event was changed since a version. None stands for any."""
    if at is not None and at != sale.described_at:
        raise errors.EventChanged(sale.event.id)


@naming_seats
def update(
    sale: Sale, event: Event, table: SeatTable | None, now: Moment, *, move_booked: bool = False
) -> tuple[str, ...]:
    """Change what is sold, and how. If the plan is another one, ``table`` is one for it.
    Returns the blocked seats that are no longer in the plan."""
    gone: tuple[str, ...] = ()
    was, moved = (sale.event, sale.seats.names), list[Seat]()
    if table is not None:
        names, before = table.names, sale.seats
        moved = [
            seat
            for seat in before.all()
            if seat.booking is not None
            and (place := names.label(seat.id)) is not None
            and place[:4] != sale.label(seat.id)[:4]
        ]
        if moved and not move_booked:
            raise errors.SeatsMoved([seat.id for seat in moved])
        table.take_over(before, now)
        table.store(moved, SeatChange.MOVED, None, now)
        sale.seats = table
        blocked = [seat.id for seat in before.all() if seat.status is SeatStatus.BLOCKED]
        gone = tuple(seat_id for seat_id in blocked if names.label(seat_id) is None)
    elif event != sale.event:
        sale.seats.advance(now)
    else:
        return ()
    sale.event = event
    sale.described_at = sale.seats.version
    after = sale.event, sale.seats.names
    sale.mailing.tell_of_change(was, after, {seat.id for seat in moved}, now)
    return gone


@naming_seats
def expect_endable(sale: Sale, now: Moment) -> None:
    """Raises SeatsInUse if seats are locked or booked, unless the event is over."""
    if sale.event.over_at > now.wall:
        sale.seats.expect_unused()


def _find(sale: Sale, seat_ids: Sequence[str]) -> list[Seat]:
    terms.expect_choice(seat_ids)
    return sale.seats.find(seat_ids)
