"""The tickets of one event in the database."""

from collections.abc import Collection

from booking.domain.tickets import Ticket
from booking.engines.database import rows
from booking.engines.database.journal import Journal
from booking.sale.tickets import Tickets


class DatabaseTickets(Tickets):
    """Looks tickets up, and leaves those that are new or have changed to the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def find(self, code: str) -> Ticket | None:
        if code in self._journal.tickets:
            return self._journal.tickets[code]
        found = self._journal.run("find_ticket", code=code)
        return rows.ticket_of(found[0]) if found else None

    def valid(self, seat_ids: Collection[str] | None = None) -> dict[str, Ticket]:
        if seat_ids is None:
            found = self._journal.run("valid_tickets")
        else:
            found = self._journal.run_for_seats("find_valid_ticket", seat_ids)
        tickets = {ticket.code: ticket for ticket in map(rows.ticket_of, found)}
        for ticket in self._journal.tickets.values():
            if seat_ids is None or ticket.seat in seat_ids:
                tickets[ticket.code] = ticket
        return {ticket.seat: ticket for ticket in tickets.values() if ticket.void_at is None}

    def keep(self, ticket: Ticket) -> None:
        self._journal.tickets[ticket.code] = ticket
