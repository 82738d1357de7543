"""One event's seats in a database, safe for any number of threads and processes."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from booking.domain import notices, references
from booking.domain.errors import EventNotFound
from booking.domain.model import Event
from booking.domain.moment import Moment
from booking.engines.contract import Act, Registry
from booking.engines.database.answers import DatabaseAnswers
from booking.engines.database.attempts import attempt
from booking.engines.database.batches import PATIENCE_SECONDS, Batches, Pending, stuck
from booking.engines.database.client_locks import LocksElsewhere
from booking.engines.database.connection import Database, Transaction
from booking.engines.database.journal import Journal
from booking.engines.database.kept_sale import (
    DatabaseClock,
    Found,
    KeptSale,
    database_clock,
    minted_marks,
)
from booking.engines.database.plans import Plans
from booking.engines.errors import Unavailable
from booking.engines.expiry import ExpiryTimer
from booking.engines.idempotency import KeyedRequest
from booking.engines.meter import Meter
from booking.plans.names import SeatNames
from booking.sale import organising
from booking.sale.sale import Sale
from booking.sale.seat_table import SeatTable

T = TypeVar("T")

_FORGOTTEN = (
    "description",
    "described",
    "seats",
    "bookings",
    "booked_seats",
    "details",
    "tickets",
)
"""What goes at once with an event that ends."""


class _Behind(Exception):
    """Others have written so much that it is read before the event is locked."""


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
        plans: Plans | None = None,
        mails: bool = False,
        meter: Meter | None = None,
    ) -> None:
        """``clock`` makes a moment of the time of the database; ``plans`` are those that events
        share. With ``mails``, what the people of bookings are to be told is kept for the mail."""
        super().__init__(expiry, mint_reference)
        self._database = database
        self._event_id = event
        self._journal = Journal(event)
        self._meter = meter or Meter()
        self.used_at = time.monotonic()
        """When it was last asked for something, in monotonic seconds."""

        # Calls that only read, and calls that may write: each kind shares transactions.
        self._reads = Batches(self._read_together)
        self._writes = Batches(self._write_together)

        # Guards the journal, the sale and the answers. Held from when the database has let a
        # transaction have the event until it is committed.
        self._lock = threading.Lock()
        self._answers: DatabaseAnswers = DatabaseAnswers(event)
        self._elsewhere = LocksElsewhere(event)
        self._kept = KeptSale(
            self._journal,
            clock,
            mint_reference,
            mint_mark or minted_marks(),
            plans or Plans(),
            mails=mails,
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._event_id!r} in {self._database!r}>"

    @property
    def event(self) -> Event:
        """What is sold, and how."""
        return self._read(lambda sale, _: sale.event)

    @property
    def names(self) -> SeatNames:
        """See the base class."""
        return self._kept.names

    def update(
        self, event: Event, *, expect: int | None = None, move_booked: bool = False
    ) -> tuple[str, ...]:
        """See the base class."""

        def update(sale: Sale, now: Moment) -> tuple[str, ...]:
            organising.expect_described(sale, expect)
            if event == sale.event:
                return ()
            another = event.plan != sale.event.plan
            table = SeatTable(event.plan, sale.seats.history) if another else None
            gone = organising.update(sale, event, table, now, move_booked=move_booked)
            self._journal.described = True
            # An earlier call of the same transaction may have changed the plan.
            self._journal.replanned |= another
            return gone

        return self._write_alone(update)

    def remind(self, ahead: float) -> None:
        """See the base class."""

        def remind(sale: Sale, now: Moment) -> None:
            soon = notices.is_to_be_reminded(sale.event, now.wall, ahead)
            if soon and self._journal.run("set_reminded"):
                sale.mailing.remind(sale.event, sale.seats.names, now)

        self._write_alone(remind)

    def close(self, *, expect: int | None = None) -> int:
        """See the base class. The history and the answers are left to be deleted little by little,
        see :mod:`booking.engines.database.upkeep.tidying`."""

        def close(sale: Sale, now: Moment) -> int:
            organising.expect_described(sale, expect)
            organising.expect_endable(sale, now)
            version = sale.seats.version
            for what in _FORGOTTEN:
                self._journal.run(f"forget_{what}")
            self._journal.run("end_event")
            self._journal.ended = True
            self._journal.run("remember_ended", version=version)
            return version

        return self._write_alone(close)

    def _read(self, act: Act[T]) -> T:
        self.used_at = time.monotonic()
        result: T = self._reads.submit(act)
        return result

    def _write(
        self, act: Act[T], request: KeyedRequest | None = None, client: bytes | None = None
    ) -> T:
        self.used_at = time.monotonic()
        result: T = self._writes.submit(act, request, client)
        return result

    def _locked_elsewhere(self, client: bytes, now: Moment) -> int:
        return self._elsewhere.count(client, now)

    def _read_together(self, batch: Sequence[Pending]) -> None:
        def read(sale: Sale, now: Moment) -> None:
            for pending in batch:
                pending.carry_out(sale, now)

        def read_unless_late() -> bool:
            with self._transaction(writing=False) as transaction, self._locked():
                sale, now = self._catch_up(transaction)
                late = sale.seats.is_late(now) or self._kept.is_another_history
                if not late:
                    read(sale, now)
                return late

        if attempt(read_unless_late):
            # Some locks have run out, or versions have to be restarted: that is written first.
            self._writes.submit(read)

    def _write_together(self, batch: Sequence[Pending]) -> None:
        def write() -> float | None:
            try:
                return self._write_in_transaction(batch)
            except _Behind:
                self._load()
                return self._write_in_transaction(batch, long=True)

        self._meter.carried_out(len(batch))
        self._schedule_sweep(attempt(write))

    def _write_alone(self, act: Act[T]) -> T:
        """Do something that may take long, in a transaction of its own."""
        pending = Pending(act)
        self._schedule_sweep(attempt(lambda: self._write_in_transaction([pending], long=True)))
        if pending.error is not None:
            raise pending.error
        result: T = pending.result
        return result

    def _write_in_transaction(
        self, batch: Sequence[Pending], *, long: bool = False
    ) -> float | None:
        """Carry out calls. Returns when to sweep, if that is to be scheduled.

        Raises:
            _Behind: much has to be read first, which is only done here if it may take ``long``.
        """
        if not self._kept.is_kept:
            self._load()
        requests = [pending.request for pending in batch if pending.request is not None]
        clients = [pending.client for pending in batch if pending.client is not None]
        with ExitStack() as until_committed:
            changed = False
            try:
                with self._transaction(writing=True, long=long) as transaction:
                    version = self._kept.ask(transaction, "lock_version")
                    answers = self._answers.ask(transaction, requests)
                    elsewhere = self._elsewhere.ask(transaction, clients)
                    # Other processes are waited for here, where calls that read go on.
                    found = version()
                    until_committed.enter_context(self._locked())
                    if not long:
                        self._expect_to_be_near(found)
                    sale, now = self._kept.catch_up(transaction, found)
                    changed = True
                    self._answers.begin(answers)
                    self._elsewhere.begin(elsewhere)
                    self._carry_out(batch, sale, now)
                    written = self._kept.write(transaction, sale)
                    self._answers.write(transaction)
            except BaseException as error:
                if changed:
                    self._undo(error)
                raise
            self._kept.commit(written)
            self._meter.changed(self._journal.entries)
            sweep_at = self._next_sweep(sale, now)
        # The timer goes by the clock of this machine.
        return None if sweep_at is None else sweep_at + time.monotonic() - now.monotonic

    @contextmanager
    def _transaction(self, *, writing: bool, long: bool = False) -> Iterator[Transaction]:
        began = time.perf_counter()
        try:
            with self._database.transaction(writing=writing, long=long) as transaction:
                yield transaction
        finally:
            self._meter.waited(time.perf_counter() - began, writing=writing)

    def _load(self) -> None:
        """Read the sale, beforehand: 100,000 seats take 2 s, in which others can go on writing."""
        with self._database.transaction(writing=False) as transaction, self._locked():
            self._catch_up(transaction)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Have the sale, unless another call has it for too long: one that the database keeps
        waiting."""
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            raise stuck()
        try:
            yield
        finally:
            self._lock.release()

    # Below, the caller holds the lock

    def _catch_up(self, transaction: Transaction) -> tuple[Sale, Moment]:
        version = self._kept.ask(transaction, "find_version")
        return self._kept.catch_up(transaction, version())

    def _expect_to_be_near(self, found: Found) -> None:
        if self._kept.is_behind(found):
            raise _Behind

    def _carry_out(self, batch: Sequence[Pending], sale: Sale, now: Moment) -> None:
        self._kept.restart_versions(sale, now)
        if late := sale.seats.expire(now):
            self._meter.expired(late)
        for pending in batch:
            if self._journal.ended:
                pending.error = EventNotFound(self._event_id)
            else:
                pending.carry_out(sale, now)

    def _undo(self, error: BaseException) -> None:
        """The transaction was not committed, or that is not known."""
        if not isinstance(error, Unavailable):
            # A call broke off where nobody foresaw it, and may have left anything behind.
            self._kept.drop()
        elif error.aborted:
            self._journal.doubt()
            self._kept.drop()
        else:
            self._kept.revert()
