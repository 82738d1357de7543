"""What a process keeps of a sale, for as long as the database has the same history."""

import itertools
import logging
import secrets
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from booking.domain.errors import EventNotFound
from booking.domain.model import Event, Seat
from booking.domain.moment import Moment
from booking.engines.database import rows
from booking.engines.database.connection import Row, Transaction
from booking.engines.database.journal import DatabaseBookings, DatabaseHistory, Journal
from booking.engines.database.plans import UNREADABLE, Plans
from booking.engines.database.tickets import DatabaseTickets
from booking.engines.errors import EventUnreadable, Unavailable
from booking.plans.names import BY_ID
from booking.sale.sale import Sale
from booking.sale.seat_table import CLOCK_STEP, SeatTable

logger = logging.getLogger(__name__)

DatabaseClock = Callable[[float], Moment]
"""Makes a moment of the time of the database."""


def database_clock(now: float) -> Moment:
    """The time that all processes have, and that goes on while none is there."""
    return Moment(now, now)


def minted_marks() -> Callable[[], int]:
    """Makes marks for transactions that nobody else makes: from a random number on. (To ask the
    system for each costs 2 µs.)"""
    return partial(next, itertools.count(secrets.randbits(62)))


class Written(NamedTuple):
    """A version of an event, and the mark of the transaction that wrote it, which no other has. A
    database that has both is one with that very history."""

    version: int
    mark: int


class Found(NamedTuple):
    """What the database says of an event: its version, and whether it has what was known then. No
    row if there is no such event."""

    known: Written
    rows: list[Row]


class KeptSale:
    """A sale that is read from the database once, and then only brought up to what is new.

    It is kept as long as the database still has the history that it was read from. A standby that
    lacks the last transactions, or a dump or a copy that was put back, has another history: then
    the sale is read anew, and versions go on from beyond those that were given out.

    Not safe for threads: its registry has a lock.
    """

    def __init__(
        self,
        journal: Journal,
        clock: DatabaseClock,
        mint_reference: Callable[[], str],
        mint_mark: Callable[[], int],
        plans: Plans,
        *,
        mails: bool = False,
    ) -> None:
        """With ``mails``, what the people of bookings are to be told is written, too."""
        self._journal = journal
        self._plans = plans
        self._mail = journal.notices.append if mails else None
        self._clock = clock
        self._mint_reference = mint_reference
        self._mint_mark = mint_mark
        self._sale: Sale | None = None
        self.names = BY_ID
        """How people read the seats, by the plan as this process knows it."""
        # The version up to which the sale is that of the database, and when it was described.
        self._version = 0
        self._described = Written(0, 0)
        # The version of the row of each seat that has one.
        self._rows: dict[str, int] = {}
        # Seats that may not be as the database has them, after a transaction that failed.
        self._doubtful: set[str] = set()
        # What was committed last, as far as this process knows.
        self._committed = Written(0, 0)
        # The last version of a history that the database no longer has, until the versions go on
        # from beyond it.
        self._lost: int | None = None
        # The version and the time in milliseconds at which this process first saw the history.
        # Other versions before that may be of a history that nobody remembers.
        self._first_seen: tuple[int, int] | None = None
        self._last = Moment(0, 0)
        self._complained = False

    @property
    def is_kept(self) -> bool:
        """Whether there is a sale to go on from."""
        return self._sale is not None

    @property
    def committed(self) -> Written:
        """What was committed last, as far as this process knows."""
        return self._committed

    @property
    def is_another_history(self) -> bool:
        """Whether versions have to be restarted, in the next transaction that writes."""
        return self._lost is not None

    def drop(self) -> None:
        """Read the whole sale anew next time: something about it is not as it was believed."""
        self._sale = None

    def revert(self) -> None:
        """The transaction may not have been committed: read anew what it changed, next time."""
        if self._journal.described or self._journal.restarted or self._journal.ended:
            self._sale = None
        self._doubtful.update(entry.seat for entry in self._journal.entries)
        self._version = self._committed.version

    def ask(self, transaction: Transaction, statement: str) -> Callable[[], Found]:
        """Ask the database for the version of the event, with a statement that finds it. Needs no
        lock."""
        known = self._committed
        rows = transaction.send(
            statement,
            event=self._journal.event,
            known_version=known.version,
            known_mark=known.mark,
        )
        return lambda: Found(known, rows())

    def is_behind(self, found: Found) -> bool:
        """Whether to catch up takes so long that others should not have to wait for it: the plan
        has to be read."""
        return self._sale is None or any(
            not row["known"] or (row["described_at"], row["described_mark"]) != self._described
            for row in found.rows
        )

    def catch_up(self, transaction: Transaction, found: Found) -> tuple[Sale, Moment]:
        """The sale as it is in the database, by what was found in the same transaction, and the
        moment.

        Raises:
            EventNotFound: there is no such event.
            EventUnreadable: what the database has of it makes no sense.
            Unavailable: the tables are being restored.
        """
        self._journal.begin(transaction)
        known = self._committed
        if known != found.known:
            # A call that reads has caught up in between.
            found = self.ask(transaction, "find_version")()
        if not found.rows:
            self._sale = None
            raise EventNotFound(self._journal.event)
        row = found.rows[0]
        now = self._moment(row["now"])
        # An event that was opened anew begins a history of its own.
        if not row["known"] and known.version >= row["opened_at"]:
            logger.warning(
                "Event %s: the database no longer has version %d. It was put back to an earlier"
                " state, or is another one. Its seats are read anew.",
                self._journal.event,
                known.version,
            )
            self._lost = max(self._lost or 0, known.version)
        if not row["known"]:
            self._sale = self._first_seen = None
        described = row["described_at"], row["described_mark"]
        version = row["version"]
        if self._sale is None or described != self._described:
            self._sale = self._read_description(version, now)
            self._sale.described_at = row["described_at"]
            self._described = Written(*described)
        elif version != self._version:
            self._take(self._sale, self._journal.seats_since(self._version, version))
        for seat_id in self._doubtful:
            stored = self._journal.run("find_seat", seat=seat_id)
            seat = rows.seat_of(self._journal.event, stored[0]) if stored else Seat(seat_id)
            self._sale.seats.restore(seat, version)
            self._rows[seat_id] = stored[0]["version"] if stored else 0
        self._doubtful.clear()
        self._sale.seats.version = self._version = version
        self.names = self._sale.seats.names
        if row["mark"] != known.mark or version != known.version:
            self._committed = Written(version, row["mark"])
        return self._sale, now

    def restart_versions(self, sale: Sale, now: Moment) -> None:
        """If the database has another history, let the versions go on from beyond those that were
        given out: what clients know of them is not so any more."""
        if self._lost is not None:
            sale.seats.restart_versions(now, beyond=self._lost)
            self._journal.restarted = True

    def write(self, sale: Sale) -> Written:
        """Write what the calls have changed, or leave it to the journal. Returns what the database
        has once that is committed."""
        if self._journal.ended:
            self._sale = None
            return Written(0, 0)
        self._journal.write_details()
        self._journal.write_tickets()
        seats, version = sale.seats, sale.seats.version
        self._journal.write_notices(version, self._mint_mark)
        if version == self._version:
            return self._committed
        event, mark = self._journal.event, self._mint_mark()
        changed = dict.fromkeys(entry.seat for entry in self._journal.entries)
        if self._journal.described:
            self._journal.run("put_description", **self._plans.description_row(sale.event))
        if self._journal.described or self._journal.restarted:
            self._journal.run(
                "set_described", described_at=version, begun_at=seats.first_version, mark=mark
            )
            self._journal.run("remember_description", version=version, mark=mark)
            self._described = Written(version, mark)
            sale.described_at = version
        if self._journal.replanned:
            # Seats that are no longer in the plan go, and those that stay have another version.
            self._journal.run("forget_seats")
            self._rows = {}
            changed = dict.fromkeys(seats.ever_changed())
        versions = {seat_id: seats.version_of(seat_id) for seat_id in changed}
        self._journal.put(
            "put_seat",
            [
                rows.seat_row(event, seat, versions[seat.id], self._rows.get(seat.id, 0))
                for seat in seats.find(list(changed))
            ],
        )
        self._rows.update(versions)
        self._journal.write(mark)
        self._journal.put("set_version", [{"event": event, "version": version, "mark": mark}])
        self._version = version
        return Written(version, mark)

    def commit(self, written: Written) -> None:
        """What was written is committed."""
        self._committed, self._lost = written, None

    def _moment(self, now: float) -> Moment:
        """The moment of a time of the database: not before the last one, unless the clock was set
        back."""
        moment = self._clock(now)
        if self._last.monotonic - CLOCK_STEP <= moment.monotonic:
            moment = max(self._last, moment)
        self._last = moment
        return moment

    def _read_description(self, version: int, now: Moment) -> Sale:
        """The sale after the event was described anew. With the plan that is known, only what is
        new has to be read: 100,000 seats would take 2 s."""
        if not self._journal.is_whole():
            raise Unavailable("The database is being restored.")
        sale = self._sale
        try:
            found = self._journal.run("find_event")[0]
            event = self._plans.event_of(self._journal.event, found["document"])
            begun_at = None if sale is None else sale.seats.first_version
            if sale is None or event.plan != sale.event.plan or found["begun_at"] != begun_at:
                return self._load(event, found, version, now)
        except UNREADABLE as error:
            raise self._unreadable(error) from error
        sale.event = event
        self._take(sale, self._journal.seats_since(self._version, version))
        return sale

    def _load(self, event: Event, found: Row, version: int, now: Moment) -> Sale:
        seat_rows = self._journal.run("find_seats")
        booked_otherwise = self._journal.run("seats_booked_otherwise")
        history = DatabaseHistory(self._journal, found["opened_at"])
        table = SeatTable(event.plan, history, found["begun_at"])
        bookings, tickets = DatabaseBookings(self._journal), DatabaseTickets(self._journal)
        sale = Sale(event, table, bookings, tickets, self._mint_reference, self._mail)
        self._rows, self._doubtful = {}, set()
        self._take(sale, seat_rows)
        # The bookings decide: nobody else may have a seat that is in one.
        for row in booked_otherwise:
            table.restore(rows.seat_of(self._journal.event, row), version)
            self._rows[row["seat"]] = row["version"]
        if self._first_seen is None:
            self._first_seen = version, int(now.wall * 1000)
        table.loaded(version, *self._first_seen)
        return sale

    def _unreadable(self, error: Exception) -> EventUnreadable:
        if not self._complained:
            self._complained = True
            logger.error(
                "Event %s cannot be read from the database, and is not sold: %s: %s",
                self._journal.event,
                type(error).__name__,
                str(error)[:500],
            )
        return EventUnreadable(self._journal.event)

    def _take(self, sale: Sale, found: list[Row]) -> None:
        """Bring seats up to their rows."""
        for row in found:
            sale.seats.restore(rows.seat_of(self._journal.event, row), row["version"])
            self._rows[row["seat"]] = row["version"]
