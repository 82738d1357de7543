"""What the calls of one transaction look up, and leave to be written at its end."""

from collections.abc import Callable, Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any

from booking.domain.history import HistoryEntry, HistoryPage
from booking.domain.model import Booking, BookingPage
from booking.domain.notices import Notice
from booking.domain.questions import Details
from booking.domain.tickets import Ticket
from booking.engines.database import rows
from booking.engines.database.connection import Transaction
from booking.sale.bookings import Bookings
from booking.sale.history import History

ROWS = (
    "put_ticket",
    "put_errand",
    "put_seat",
    "add_booking",
    "add_booked_seat",
    "add_history",
    "put_answer",
)
"""The statements that write rows, in their order."""


class Journal:
    """The transaction that is going on, and what it has to write of one event."""

    def __init__(self, event: str) -> None:
        self.event = event
        self.entries: list[HistoryEntry] = []
        # Whether the event was described anew, with another plan, whether its versions were
        # restarted, and whether it has ended.
        self.described = self.replanned = self.restarted = self.ended = False
        # By reference; those that are new have the number that they were given.
        self.bookings: dict[str, Booking] = {}
        self.numbers: dict[str, int] = {}
        # References of bookings that have other seats than the database says.
        self.rebooked: set[str] = set()
        # By reference; None is to be erased.
        self.details: dict[str, Details | None] = {}
        # What is to be told by mail.
        self.notices: list[Notice] = []
        # By code.
        self.tickets: dict[str, Ticket] = {}
        # By statement, see :data:`ROWS`: what it is to write.
        self.rows: dict[str, list[dict[str, Any]]] = {}
        # References that may have been given before.
        self.doubtful: set[str] = set()
        self._transaction: Transaction | None = None

    def begin(self, transaction: Transaction) -> None:
        """Look things up in this transaction from now on, with nothing to write yet."""
        self._transaction = transaction
        self.described = self.replanned = self.restarted = self.ended = False
        self.entries.clear()
        self.bookings.clear()
        self.numbers.clear()
        self.details.clear()
        self.tickets.clear()
        self.rebooked.clear()
        self.notices.clear()
        self.rows.clear()

    def doubt(self) -> None:
        """The transaction was aborted: maybe a reference has been given before."""
        self.doubtful.update(self.numbers)

    def is_whole(self) -> bool:
        """Whether the schema has what it ends with: tables that are being restored do not."""
        assert self._transaction is not None
        return self._transaction.has_index("live_booked_seat")

    def run(self, statement: str, **values: object) -> list[Any]:
        """Run a statement about the event."""
        assert self._transaction is not None
        return self._transaction.run(statement, event=self.event, **values)

    def put(self, statement: str, found: Iterable[dict[str, Any]]) -> None:
        """Leave rows to be written by a statement of :data:`ROWS`, or by ``set_version``."""
        self.rows.setdefault(statement, []).extend(found)

    def write_details(self) -> None:
        """Write what is known of the people of bookings."""
        for reference, details in self.details.items():
            if details is None:
                self.run("erase_details", reference=reference)
                self.run("forget_errands_of_booking", reference=reference)
            else:
                self.run("put_details", reference=reference, **rows.details_row(details))

    def write_notices(self, version: int, mint_number: Callable[[], int]) -> None:
        """Write what is to be told by mail."""
        if self.notices:
            numbered = ((notice, mint_number()) for notice in self.notices)
            self.put(
                "put_errand", (rows.errand_row(it, version, number) for it, number in numbered)
            )

    def seats_since(self, version: int, latest: int) -> list[Any]:
        """The rows of the seats that changed after a version and up to another, in order of
        change."""
        assert self._transaction is not None
        found = self._transaction.run_for_found(
            "find_seat", "changed_seats", event=self.event, version=version, latest=latest
        )
        return sorted(found, key=itemgetter("version"))

    def run_for_seats(self, statement: str, seat_ids: Collection[str]) -> list[Any]:
        """Run a statement that finds something of each of some seats of the event."""
        assert self._transaction is not None
        seats = [{"seat": seat_id} for seat_id in seat_ids]
        if not seats:
            return []
        return self._transaction.send_for_each(statement, seats, event=self.event)()

    def write_tickets(self) -> None:
        """Write tickets that are new or have changed, those that are void first: a seat can only
        have one that is not."""
        if self.tickets:
            ordered = sorted(self.tickets.values(), key=lambda ticket: ticket.void_at is None)
            self.put("put_ticket", (rows.ticket_row(self.event, ticket) for ticket in ordered))

    def write(self, mark: int) -> None:
        """Write the bookings and the history with the mark of the transaction. The kept sale writes
        the seats."""
        new = [b for b in self.bookings.values() if b.reference in self.numbers]
        rebooked = [self.bookings[each] for each in self.rebooked - self.numbers.keys()]
        # Before the new ones: these may be of the same seats.
        for booking in self.bookings.values():
            if booking.cancelled_at is not None and booking.reference not in self.numbers:
                at, reference = booking.cancelled_at, booking.reference
                self.run("cancel_booking", reference=reference, cancelled_at=at)
                self.run("give_back", reference=reference, given_back_at=at)
        for booking in rebooked:
            self.run("forget_seats_of_booking", reference=booking.reference)
        if new:
            self.put("add_booking", (rows.booking_row(b, self.numbers[b.reference]) for b in new))
        for booking in (*new, *rebooked):
            self.put("add_booked_seat", rows.booked_seat_rows(booking))
        self.put("add_history", (rows.entry_row(self.event, each, mark) for each in self.entries))


def write_rows(transaction: Transaction, journals: Sequence[Journal]) -> None:
    """Write what the journals of some events have left to be written: a statement for the rows of
    all."""
    for statement in ROWS:
        found = [row for journal in journals for row in journal.rows.pop(statement, ())]
        if found:
            transaction.run_for_each(statement, found)
    versions = [row for journal in journals for row in journal.rows.pop("set_version", ())]
    if len(versions) == 1:
        transaction.run("set_version", **versions[0])
    elif versions:
        transaction.run_for_each("set_versions", versions)


class DatabaseBookings(Bookings):
    """The bookings of an event, all of them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __contains__(self, reference: object) -> bool:
        # That it was given in an earlier transaction, the database finds out by itself, in which
        # case the calls are carried out once more. To ask each time would take a round trip.
        return reference in self._journal.bookings or reference in self._journal.doubtful

    def find(self, reference: str) -> Booking | None:
        if reference in self._journal.bookings:
            return self._journal.bookings[reference]
        found = self._journal.run("find_booking", reference=reference)
        return rows.booking_of(self._journal.event, found[0]) if found else None

    def add(self, number: int, booking: Booking) -> None:
        self._journal.bookings[booking.reference] = booking
        self._journal.numbers[booking.reference] = number

    def cancel(self, booking: Booking) -> None:
        self._journal.bookings[booking.reference] = booking

    def change(self, booking: Booking) -> None:
        self._journal.bookings[booking.reference] = booking
        self._journal.rebooked.add(booking.reference)

    def page(self, after: int, most: int) -> BookingPage:
        found = self._journal.run("list_bookings", after=after, most=most + 1)
        bookings = tuple(rows.booking_of(self._journal.event, row) for row in found[:most])
        last = found[most - 1]["number"] if len(found) > most else None
        details = {
            row["reference"]: rows.details_of(row["details"])
            for row in found[:most]
            if row["details"] is not None
        }
        return BookingPage(bookings, last, details)

    def details(self, reference: str) -> Details | None:
        if reference in self._journal.details:
            return self._journal.details[reference]
        found = self._journal.run("find_details", reference=reference)
        return rows.details_of(found[0]["details"]) if found else None

    def keep_details(self, reference: str, details: Details | None) -> None:
        self._journal.details[reference] = details
        if details is None:
            notices = self._journal.notices
            notices[:] = [notice for notice in notices if notice.reference != reference]


class DatabaseHistory(History):
    """What became of the seats of an event, all of it."""

    def __init__(self, journal: Journal, opened_at: int) -> None:
        self._journal = journal
        self._opened_at = opened_at

    def extend(self, entries: Iterable[HistoryEntry]) -> None:
        self._journal.entries.extend(entries)

    def has(self, version: int) -> bool:
        return bool(self._journal.run("has_history", version=version))

    def since(self, version: int, most: int) -> HistoryPage:
        found = self._journal.run("history_since", version=version, most=most)
        last = self._journal.run("last_history")[0]["version"]
        return HistoryPage(
            entries=tuple(map(rows.entry_of, found)),
            more=bool(found) and found[-1]["version"] < last,
            complete=version == 0 or version >= self._opened_at,
            limit=None,
        )
