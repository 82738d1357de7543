"""The tickets of one event. They are made when somebody first asks for them, so that a sale costs
nothing more, and bookings of earlier versions have tickets, too."""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Collection

from booking.domain.tickets import Ticket


class Tickets(ABC):
    """Finds and keeps tickets. Not safe for threads: its owner has a lock."""

    @abstractmethod
    def find(self, code: str) -> Ticket | None:
        """The ticket of a code, valid or void, or None."""

    @abstractmethod
    def valid(self, seat_ids: Collection[str] | None = None) -> dict[str, Ticket]:
        """The tickets that are not void, by seat: those of some seats, or all."""

    @abstractmethod
    def keep(self, ticket: Ticket) -> None:
        """Keep a ticket, in the place of what the one of that code was."""


class TicketsInMemory(Tickets):
    """Keeps every valid ticket, and the newest ``void_kept`` void ones."""

    def __init__(self, void_kept: int) -> None:
        self._void_kept = void_kept
        self._tickets: dict[str, Ticket] = {}
        # The codes of valid tickets by seat, and those of void ones, the oldest first.
        self._valid: dict[str, str] = {}
        self._void: OrderedDict[str, None] = OrderedDict()

    def find(self, code: str) -> Ticket | None:
        return self._tickets.get(code)

    def valid(self, seat_ids: Collection[str] | None = None) -> dict[str, Ticket]:
        wanted = self._valid if seat_ids is None else seat_ids
        codes = {seat: self._valid[seat] for seat in wanted if seat in self._valid}
        return {seat: self._tickets[code] for seat, code in codes.items()}

    def keep(self, ticket: Ticket) -> None:
        self._tickets[ticket.code] = ticket
        if ticket.void_at is None:
            self._valid[ticket.seat] = ticket.code
            return
        self._void[ticket.code] = None
        if self._valid.get(ticket.seat) == ticket.code:
            del self._valid[ticket.seat]
        if len(self._void) > self._void_kept:
            oldest, _ = self._void.popitem(last=False)
            del self._tickets[oldest]
