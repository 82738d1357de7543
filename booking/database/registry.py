"""One event's seats in a database, safe for any number of threads and processes."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from booking import references
from booking.clock import Moment
from booking.database import rows
from booking.database.answers import DatabaseAnswers
from booking.database.batches import Batches, Pending
from booking.database.connection import Database, Transaction
from booking.database.journal import DatabaseHistory, DatabaseLedger, Journal
from booking.engine import Registry
from booking.errors import EventNotFound, Unavailable
from booking.expiry import ExpiryTimer
from booking.idempotency import KeyedRequest
from booking.model import Event
from booking.sale import Sale
from booking.seat_table import SeatTable

T = TypeVar("T")

DatabaseClock = Callable[[float], Moment]


def database_clock(now: float) -> Moment:
    """The time that all processes have, and that goes on while none is there."""
    return Moment(now, now)


_ATTEMPTS = 3
"""How often a batch of calls is carried out that the database aborts."""


class DatabaseRegistry(Registry):
    """Keeps a sale of its own and, in each transaction, first brings it up to what others wrote
    meanwhile, then calls, and writes what that changed. So rules are those of the sale, and the
    database is asked for what is new.

    Calls that wait for each other are carried out in one transaction, one after the other: what
    takes long is to make sure that it is on the disk.
    """

    answers: DatabaseAnswers

    def __init__(
        self,
        database: Database,
        event: str,
        *,
        clock: DatabaseClock = database_clock,
        expiry: ExpiryTimer | None = None,
        mint_reference: Callable[[], str] = references.mint,
    ) -> None:
        """``clock`` makes a moment of the time of the database."""
        super().__init__(expiry, mint_reference)
        self.answers = DatabaseAnswers(database, event, clock)
        self._database = database
        self._event_id = event
        self._clock = clock
        self._journal = Journal(event)

        # Calls that look, and calls that change something: each kind shares transactions.
        self._looks = Batches(self._look_together)
        self._changes = Batches(self._change_together)
        # The request with a key that a thread carries out, and how its answer is written.
        self._keyed = threading.local()

        # Guards all that follows. Held during a transaction: this process has one at a time for
        # each event.
        self._lock = threading.Lock()
        self._sale: Sale | None = None
        # The version up to which the sale is that of the database, and that of its description.
        self._version = self._described_at = 0
        self._last = Moment(0, 0)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._event_id!r} in {self._database!r}>"

    @property
    def event(self) -> Event:
        """What is sold, and how."""
        return self._look(lambda sale, _: sale.event)

    def update(self, event: Event, *, keep_plan: bool = False) -> None:
        """As told there."""

        def update(sale: Sale, now: Moment) -> None:
            new = replace(event, plan=sale.event.plan) if keep_plan else event
            if new == sale.event:
                return
            another = new.plan != sale.event.plan
            table = SeatTable(new.plan, sale.seats.history) if another else None
            sale.update(new, table, now)
            self._journal.described, self._journal.replanned = True, another

        self._carry_out(update)

    def close(self) -> int:
        """As told there."""

        def close(sale: Sale, _: Moment) -> int:
            sale.seats.expect_unused()
            version = sale.seats.version
            for what in ("description", "seats", "bookings", "history", "answers"):
                self._journal.run(f"forget_{what}")
            self._journal.run("end_event")
            self._journal.ended = True
            self._journal.run("remember_ended", version=version)
            return version

        return self._carry_out(close)

    def _look(self, call: Callable[[Sale, Moment], T]) -> T:
        result: T = self._looks.submit(call)
        return result

    def _carry_out(self, call: Callable[[Sale, Moment], T]) -> T:
        keyed: tuple[KeyedRequest, Callable[[T], bytes]] | None = self._keyed.__dict__.get("now")

        def answered(sale: Sale, now: Moment) -> T:
            result = call(sale, now)
            if keyed is not None:
                request, write = keyed
                values = self.answers.values(request, write(result))
                self._journal.run("finish_answer", **values)
            return result

        result: T = self._changes.submit(answered)
        return result

    def answer(self, request: KeyedRequest, act: Callable[[], T], write: Callable[[T], bytes]) -> T:
        """As told there. The answer is written in the transaction of what it tells: so it is known
        whether that was done, whatever becomes of this process."""
        self._keyed.now = request, write
        try:
            return act()
        except BaseException:
            # Whoever waits is to know why there is no answer, whatever becomes of the key.
            with suppress(Unavailable):
                self.answers.forget(request)
            raise
        finally:
            del self._keyed.now

    def _look_together(self, batch: list[Pending]) -> None:
        def look(sale: Sale, now: Moment) -> None:
            for pending in batch:
                pending.carry_out(sale, now)

        def look_unless_late() -> bool:
            with self._lock, self._database.transaction(writing=False) as transaction:
                sale, now = self._catch_up(transaction, "find_version")
                deadline = sale.seats.next_deadline()
                late = deadline is not None and deadline <= now.monotonic
                if not late:
                    look(sale, now)
                return late

        if _attempt(look_unless_late):
            # Some locks have run out, and that is to be written first.
            self._changes.submit(look)

    def _change_together(self, batch: list[Pending]) -> None:
        def change() -> float | None:
            with self._lock:
                return self._change_in_transaction(batch)

        self._schedule_sweep(_attempt(change))

    # Below, the caller holds the lock

    def _change_in_transaction(self, batch: list[Pending]) -> float | None:
        """Carry out calls. When to sweep, if that is to be scheduled."""
        changed = False
        try:
            if self._sale is None:
                # To begin with 100,000 seats takes 2 s, in which others can go on writing.
                with self._database.transaction(writing=False) as transaction:
                    self._catch_up(transaction, "find_version")
            with self._database.transaction(writing=True) as transaction:
                sale, now = self._catch_up(transaction, "lock_version")
                changed = True
                sale.seats.expire(now)
                for pending in batch:
                    if self._journal.ended:
                        pending.error = EventNotFound(self._event_id)
                    else:
                        pending.carry_out(sale, now)
                self._write(transaction, sale)
        except BaseException as error:
            if changed:
                # The sale may be ahead of the database: begin anew.
                self._sale = None
            if isinstance(error, Unavailable) and error.aborted:
                self._journal.doubt()
            raise
        sweep_at = self._plan_sweep(sale, now)
        # The timer goes by the clock of this machine.
        return None if sweep_at is None else sweep_at + time.monotonic() - now.monotonic

    def _catch_up(self, transaction: Transaction, statement: str) -> tuple[Sale, Moment]:
        """The sale as it is in the database, and the moment, which is never before the last; the
        statement finds the version. Raises EventNotFound."""
        self._journal.begin(transaction)
        found = self._journal.run(statement)
        if not found:
            self._sale = None
            raise EventNotFound(self._event_id)
        version, described_at = found[0]["version"], found[0]["described_at"]
        # A database that was put back to an earlier state is described anew, too.
        if self._sale is None or described_at != self._described_at:
            self._sale = self._load()
            self._described_at = described_at
            self._version = 0
        if version != self._version:
            for row in self._journal.run("seats_since", version=self._version):
                self._sale.seats.restore(rows.seat_of(self._event_id, row), row["version"])
            self._sale.seats.version = self._version = version
        self._last = max(self._last, self._clock(found[0]["now"]))
        return self._sale, self._last

    def _load(self) -> Sale:
        """The sale as it was when its plan was new."""
        found = self._journal.run("find_event")[0]
        event = rows.event_of(self._event_id, found["document"])
        history = DatabaseHistory(self._journal, found["opened_at"])
        table = SeatTable(event.plan, history, found["begun_at"])
        return Sale(event, table, DatabaseLedger(self._journal), self._mint_reference)

    def _write(self, transaction: Transaction, sale: Sale) -> None:
        """Write what the calls have changed."""
        if self._journal.ended:
            self._sale = None
            return
        seats, version = sale.seats, sale.seats.version
        changed = dict.fromkeys(entry.seat for entry in self._journal.entries)
        if self._journal.described:
            self._journal.run("put_description", document=rows.describe(sale.event))
            self._journal.run(
                "note_description", described_at=version, begun_at=seats.first_version
            )
            self._described_at = version
        if self._journal.replanned:
            # Seats that are no longer in the plan go, and those that stay have another version.
            self._journal.run("forget_seats")
            changed = dict.fromkeys(seats.ever_changed())
        transaction.run_for_each(
            "put_seat",
            [
                rows.seat_row(self._event_id, seat, seats.version_of(seat.id))
                for seat in seats.find(list(changed))
            ],
        )
        self._journal.write()
        if version != self._version:
            self._journal.run("set_version", version=version)
            self._version = version


def _attempt(task: Callable[[], T]) -> T:
    """Do something in a transaction; again, if the database aborts it."""
    attempts = _ATTEMPTS
    while True:
        try:
            return task()
        except Unavailable as error:
            attempts -= 1
            if not (error.aborted and attempts):
                raise
