"""What the door and its printers do with one event."""

from collections.abc import Sequence
from typing import overload

from booking.domain import tickets
from booking.domain.model import Actor
from booking.domain.report import Standing
from booking.domain.tickets import Ticket
from booking.engines.contract.calls import Act, Calls
from booking.engines.idempotency import Document, Reply
from booking.sale import door
from booking.sale.door import Expected, Presented

_MADE_AT_ONCE = 500
"""How many tickets one transaction makes at most. Buyers wait that long: about 10 ms."""


class DoorCalls(Calls):
    """Makes tickets, checks them in and out, and says who is expected."""

    def tickets(self, reference: str) -> tuple[Ticket, ...]:
        """The tickets of a booking in the order of its seats. The first call makes them.

        Raises:
            BookingNotFound: there is no booking of that reference.
            BookingCancelled: it has no tickets any more.
        """
        while True:
            found = self._read(lambda sale, _: door.tickets_of(sale, reference))
            missing = [each for each in found if isinstance(each, str)]
            if not missing:
                return tuple(each for each in found if isinstance(each, Ticket))
            self._make_tickets(missing)

    def expected(self, since: int | None = None) -> Expected:
        """The tickets of seats that changed after version ``since``, as with
        :meth:`booking.engines.contract.Registry.changes`. Makes those that there are none of."""
        while True:
            found = self._read(lambda sale, _: door.expected(sale, since))
            if not found.missing:
                return found
            self._make_tickets(found.missing)

    @overload
    def check_in(self, presented: Presented, by: Actor) -> Ticket: ...
    @overload
    def check_in(self, presented: Presented, by: Actor, reply: Reply[Ticket]) -> Document: ...
    def check_in(
        self, presented: Presented, by: Actor, reply: Reply[Ticket] | None = None
    ) -> Ticket | Document:
        """Let somebody in.

        Raises:
            TicketUnknown: the event has no such ticket, or nobody has booked the seat.
            TicketVoid: its seat was cancelled or moved.
            AlreadyCheckedIn: somebody is in with it.
            SeatNotFound: there is no such seat.
        """
        return self._reply(
            lambda sale, now: door.check_in(sale, presented, by, tickets.mint, now), reply
        )

    @overload
    def check_out(self, presented: Presented, by: Actor) -> Ticket: ...
    @overload
    def check_out(self, presented: Presented, by: Actor, reply: Reply[Ticket]) -> Document: ...
    def check_out(
        self, presented: Presented, by: Actor, reply: Reply[Ticket] | None = None
    ) -> Ticket | Document:
        """Let somebody out, who can come in again. Raises what :meth:`check_in` raises, with
        NotCheckedIn for AlreadyCheckedIn."""
        return self._reply(
            lambda sale, now: door.check_out(sale, presented, by, tickets.mint, now), reply
        )

    def standing(self) -> Standing:
        """How many seats of each section are booked, blocked, free, and checked in."""
        return self._read(lambda sale, _: door.standing(sale))

    def _make_tickets(self, seat_ids: Sequence[str]) -> None:
        for start in range(0, len(seat_ids), _MADE_AT_ONCE):
            self._write(_making(seat_ids[start : start + _MADE_AT_ONCE]))


def _making(seat_ids: Sequence[str]) -> Act[None]:
    return lambda sale, _: door.make_tickets(sale, seat_ids, tickets.mint)
