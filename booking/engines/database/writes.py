"""The calls that write, in the steps of a transaction, which several events may share."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from booking.domain.errors import BookingError, EventNotFound
from booking.domain.moment import Moment
from booking.engines.database.answers import DatabaseAnswers
from booking.engines.database.batches import PATIENCE_SECONDS, Pending, Waiting, stuck
from booking.engines.database.client_locks import LocksElsewhere
from booking.engines.database.connection import Database, Row, Transaction
from booking.engines.database.journal import Journal, write_rows
from booking.engines.database.kept_sale import Found, KeptSale, Written
from booking.engines.errors import EventUnreadable, Unavailable
from booking.engines.meter import Meter
from booking.sale.sale import Sale

_READERS_SECONDS = 0.05
"""How long a transaction that must not wait for others waits for calls that read the event."""
_SHARED_SECONDS = 0.5
"""An event is left out of a transaction if others have taken so long: the server would take it for
one that has stopped."""


class Behind(Exception):
    """Others have written so much that it is to be read before the event is locked."""


class Taken(Exception):
    """Others have the event. Whoever wants to wait for it has a transaction for it alone."""


class KeptEvent:
    """What this process has of an event, and the lock that guards it: held from when the database
    has let a transaction have the event until that is committed."""

    def __init__(
        self,
        journal: Journal,
        sale: KeptSale,
        next_sweep: Callable[[Sale, Moment], float | None],
    ) -> None:
        """``next_sweep`` says when to sweep, in monotonic seconds, if that is to be scheduled."""
        self.id = journal.event
        self.journal = journal
        self.sale = sale
        self.answers = DatabaseAnswers(journal.event)
        self.elsewhere = LocksElsewhere(journal.event)
        self.next_sweep = next_sweep
        self.lock = threading.Lock()
        self.alone_since = 0.0
        """When it last turned out that it has to be written alone, in monotonic seconds. Not
        guarded."""

    @contextmanager
    def locked(self, *, waits: bool = True) -> Iterator[None]:
        """Have the event, unless another call has it for too long: one that the database keeps
        waiting."""
        if not self.lock.acquire(timeout=PATIENCE_SECONDS if waits else _READERS_SECONDS):
            raise stuck() if waits else Taken
        try:
            yield
        finally:
            self.lock.release()

    def load(self, database: Database) -> None:
        """Read the sale, beforehand: 100,000 seats take 2 s, in which others can go on writing."""
        with database.transaction(writing=False) as transaction, self.locked():
            self.catch_up(transaction)

    # Below, the caller holds the lock

    def catch_up(self, transaction: Transaction) -> tuple[Sale, Moment]:
        """The sale as it is in the database, and the moment."""
        found = self.sale.ask(transaction, "find_version")
        return self.sale.catch_up(transaction, found())


class Write(Waiting):
    """The calls of one event that are carried out in one transaction."""

    def __init__(self, event: KeptEvent, calls: Sequence[Pending]) -> None:
        super().__init__()
        self.event = event
        self.calls = calls
        self.clients = {call.client for call in calls if call.client is not None}
        """Whose locks are counted."""
        self.sweep_at: float | None = None
        """When to sweep, by the clock of this machine, if that is to be scheduled."""
        self._answers: Callable[[], list[Row]] = list
        self._elsewhere: Callable[[], list[Row]] = list
        # The sale, the moment, and what the database will have.
        self._begun: tuple[Sale, Moment] | None = None
        self._written = Written(0, 0)
        self._broke_off = False

    def ask(self, transaction: Transaction) -> None:
        """Ask what the calls want to know, after the event was locked."""
        requests = [call.request for call in self.calls if call.request is not None]
        self._answers = self.event.answers.ask(transaction, requests)
        self._elsewhere = self.event.elsewhere.ask(transaction, self.clients)

    @contextmanager
    def begun(
        self, transaction: Transaction, found: Found, *, waits: bool, long: bool
    ) -> Iterator[None]:
        """Bring the sale up to what was found, and have the event locked.

        Raises:
            Taken, Behind: see :func:`write_in_transaction`.
            EventNotFound: there is no such event.
            EventUnreadable: what the database has of it makes no sense.
        """
        if not found.rows and not waits:
            raise Taken
        with self.event.locked(waits=waits):
            if self.event.sale.is_behind(found) and not long:
                raise Behind
            self._begun = self.event.sale.catch_up(transaction, found)
            yield

    def carry_out(self, meter: Meter) -> None:
        """Carry out the calls, and leave what they change to the journal."""
        assert self._begun is not None
        event, (sale, now) = self.event, self._begun
        self._broke_off = True
        event.answers.begin(self._answers)
        event.elsewhere.begin(self._elsewhere)
        event.sale.restart_versions(sale, now)
        if late := sale.seats.expire(now):
            meter.expired(late)
        for call in self.calls:
            if event.journal.ended:
                call.error = EventNotFound(event.id)
            else:
                call.carry_out(sale, now)
        self._written = event.sale.write(sale)
        event.answers.write(event.journal)
        self._broke_off = False

    def undo(self, error: BaseException, *, alone: bool) -> None:
        """The transaction was not committed, or that is not known."""
        sale = self.event.sale
        if isinstance(error, Unavailable):
            # Of several, whoever is to blame is aborted once more, alone.
            if error.aborted and alone:
                self.event.journal.doubt()
                sale.drop()
            else:
                sale.revert()
        elif alone or self._broke_off:
            # It broke off where nobody foresaw it, and may have left anything behind.
            sale.drop()
        else:
            sale.revert()

    def commit(self, meter: Meter) -> None:
        """The transaction is committed."""
        assert self._begun is not None
        sale, now = self._begun
        self.event.sale.commit(self._written)
        meter.changed(self.event.journal.entries)
        sweep_at = self.event.next_sweep(sale, now)
        # The timer goes by the clock of this machine.
        self.sweep_at = None if sweep_at is None else sweep_at + time.monotonic() - now.monotonic


def write_in_transaction(
    database: Database,
    writes: Sequence[Write],
    meter: Meter,
    *,
    waits: bool,
    long: bool = False,
) -> None:
    """Carry out the calls of some events in one transaction. The ``error`` of a write is set if it
    has no part in that: there is no such event; it is Behind, which only a ``long`` transaction
    makes up for; or it is Taken, or the others take long, and the transaction does not wait for it.

    Raises:
        Unavailable: the transaction failed.
    """
    begun: list[Write] = []
    with ExitStack() as until_committed:
        try:
            with timed(database, meter, writing=True, long=long) as transaction:
                versions = _lock(transaction, writes, waits=waits)
                for write in writes:
                    write.ask(transaction)
                # Other processes are waited for here, where calls that read go on.
                founds = versions()
                late = time.monotonic() + _SHARED_SECONDS
                for write, found in zip(writes, founds, strict=True):
                    write.error = None
                    if begun and time.monotonic() > late:
                        write.error = Taken()
                        continue
                    try:
                        its = write.begun(transaction, found, waits=waits, long=long)
                        until_committed.enter_context(its)
                    except (Taken, Behind, BookingError, EventUnreadable) as error:
                        write.error = error
                        continue
                    begun.append(write)
                    write.carry_out(meter)
                write_rows(transaction, [write.event.journal for write in begun])
        except BaseException as error:
            for write in begun:
                write.undo(error, alone=len(writes) == 1)
            raise
        meter.carried_out(sum(len(write.calls) for write in begun))
        for write in begun:
            write.commit(meter)


def _lock(
    transaction: Transaction, writes: Sequence[Write], *, waits: bool
) -> Callable[[], list[Found]]:
    """Lock the events; without ``waits``, those that nobody else has. What is returned says what
    the database has of each."""
    if len(writes) == 1:
        statement = "lock_version" if waits else "lock_version_if_free"
        ask = writes[0].event.sale.ask(transaction, statement)
        return lambda: [ask()]
    known = {write.event.id: write.event.sale.committed for write in writes}
    wanted: list[dict[str, str | int]] = [
        {"event": event, "known_version": it.version, "known_mark": it.mark}
        for event, it in known.items()
    ]
    rows = transaction.send_for_each("lock_version_if_free", wanted)

    def by_event() -> list[Found]:
        found = {row["event"]: [row] for row in rows()}
        return [Found(it, found.get(event, [])) for event, it in known.items()]

    return by_event


@contextmanager
def timed(
    database: Database, meter: Meter, *, writing: bool, long: bool = False
) -> Iterator[Transaction]:
    """A transaction whose duration the meter is told."""
    began = time.perf_counter()
    try:
        with database.transaction(writing=writing, long=long) as transaction:
            yield transaction
    finally:
        meter.waited(time.perf_counter() - began, writing=writing)
