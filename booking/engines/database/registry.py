"""One event's seats in a database, safe for any number of threads and processes."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from booking.domain import references
from booking.domain.errors import EventNotFound
from booking.domain.model import Event
from booking.domain.moment import Moment
from booking.engines.contract import Act, Registry
from booking.engines.database.answers import DatabaseAnswers
from booking.engines.database.attempts import attempt
from booking.engines.database.batches import Batches, Pending
from booking.engines.database.connection import Database
from booking.engines.database.journal import Journal
from booking.engines.database.kept_sale import DatabaseClock, KeptSale, database_clock, minted_marks
from booking.engines.errors import EngineError, Unavailable
from booking.engines.expiry import ExpiryTimer
from booking.engines.idempotency import KeyedRequest
from booking.sale.sale import Sale
from booking.sale.seat_table import SeatTable

T = TypeVar("T")


class DatabaseRegistry(Registry):
    """Keeps a sale of its own. Each transaction first brings it up to what other processes wrote,
    then makes the calls, then writes what they changed. So the rules are those of the sale, and the
    database is only asked for what is new.

    Calls that wait for each other share a transaction, one after the other: what takes long is to
    make sure that it is on the disk.
    """

    def __init__(
        self,
        database: Database,
        event: str,
        *,
        clock: DatabaseClock = database_clock,
        expiry: ExpiryTimer | None = None,
        mint_reference: Callable[[], str] = references.mint,
        mint_mark: Callable[[], int] | None = None,
    ) -> None:
        """``clock`` makes a moment of the time of the database."""
        super().__init__(expiry, mint_reference)
        self._database = database
        self._event_id = event
        self._journal = Journal(event)

        # Calls that only read, and calls that may write: each kind shares transactions.
        self._reads = Batches(self._read_together)
        self._writes = Batches(self._write_together)

        # Guards the journal, the sale and the answers. Held during a transaction: this process has
        # one at a time for each event.
        self._lock = threading.Lock()
        self._answers: DatabaseAnswers = DatabaseAnswers(event)
        self._kept = KeptSale(self._journal, clock, mint_reference, mint_mark or minted_marks())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._event_id!r} in {self._database!r}>"

    @property
    def event(self) -> Event:
        """What is sold, and how."""
        return self._read(lambda sale, _: sale.event)

    def update(self, event: Event, *, expect: int | None = None) -> None:
        """See the base class."""

        def update(sale: Sale, now: Moment) -> None:
            sale.expect_described(expect)
            if event == sale.event:
                return
            another = event.plan != sale.event.plan
            table = SeatTable(event.plan, sale.seats.history) if another else None
            sale.update(event, table, now)
            self._journal.described = True
            # An earlier call of the same transaction may have changed the plan.
            self._journal.replanned |= another

        self._write(update)

    def close(self, *, expect: int | None = None) -> int:
        """See the base class. The history and the answers are left to be deleted little by little,
        see :mod:`booking.engines.database.upkeep.tidying`."""

        def close(sale: Sale, _: Moment) -> int:
            sale.expect_described(expect)
            sale.seats.expect_unused()
            version = sale.seats.version
            for what in ("description", "seats", "bookings", "booked_seats"):
                self._journal.run(f"forget_{what}")
            self._journal.run("end_event")
            self._journal.ended = True
            self._journal.run("remember_ended", version=version)
            return version

        return self._write(close)

    def _read(self, act: Act[T]) -> T:
        result: T = self._reads.submit(act)
        return result

    def _write(self, act: Act[T], request: KeyedRequest | None = None) -> T:
        result: T = self._writes.submit(act, request)
        return result

    def _read_together(self, batch: Sequence[Pending]) -> None:
        def read(sale: Sale, now: Moment) -> None:
            for pending in batch:
                pending.carry_out(sale, now)

        def read_unless_late() -> bool:
            with self._lock, self._database.transaction(writing=False) as transaction:
                version = self._kept.ask(transaction, "find_version")
                sale, now = self._kept.catch_up(transaction, version())
                late = sale.seats.is_late(now) or self._kept.is_another_history
                if not late:
                    read(sale, now)
                return late

        if attempt(read_unless_late):
            # Some locks have run out, or versions have to be restarted: that is written first.
            self._writes.submit(read)

    def _write_together(self, batch: Sequence[Pending]) -> None:
        def write() -> float | None:
            with self._lock:
                return self._write_in_transaction(batch)

        self._schedule_sweep(attempt(write))

    # Below, the caller holds the lock

    def _write_in_transaction(self, batch: Sequence[Pending]) -> float | None:
        """Carry out calls. Returns when to sweep, if that is to be scheduled."""
        changed = False
        try:
            if not self._kept.is_kept:
                # To begin with 100,000 seats takes 2 s, in which others can go on writing.
                with self._database.transaction(writing=False) as transaction:
                    version = self._kept.ask(transaction, "find_version")
                    self._kept.catch_up(transaction, version())
            with self._database.transaction(writing=True) as transaction:
                version = self._kept.ask(transaction, "lock_version")
                requests = [each.request for each in batch if each.request is not None]
                self._answers.look_up(transaction, requests)
                sale, now = self._kept.catch_up(transaction, version())
                changed = True
                self._kept.restart_versions(sale, now)
                sale.seats.expire(now)
                for pending in batch:
                    if self._journal.ended:
                        pending.error = EventNotFound(self._event_id)
                    else:
                        pending.carry_out(sale, now)
                written = self._kept.write(transaction, sale)
                self._answers.write(transaction)
        except BaseException as error:
            if isinstance(error, Unavailable) and error.aborted:
                self._journal.doubt()
                self._kept.drop()
            elif changed and isinstance(error, EngineError):
                self._kept.revert()
            elif changed:
                # A call broke off where nobody foresaw it, and may have left anything behind.
                self._kept.drop()
            raise
        self._kept.commit(written)
        sweep_at = self._next_sweep(sale, now)
        # The timer goes by the clock of this machine.
        return None if sweep_at is None else sweep_at + time.monotonic() - now.monotonic
