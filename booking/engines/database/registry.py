"""One event's seats in a database, safe for any number of threads and processes."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from booking.domain import references
from booking.domain.errors import EventNotFound
from booking.domain.model import Event
from booking.domain.moment import Moment
from booking.engines.contract import Registry
from booking.engines.database.answers import DatabaseAnswers
from booking.engines.database.attempts import attempt
from booking.engines.database.batches import Batches, Pending
from booking.engines.database.connection import Database
from booking.engines.database.journal import Journal
from booking.engines.database.kept_sale import DatabaseClock, KeptSale, database_clock, minted_marks
from booking.engines.errors import Unavailable
from booking.engines.expiry import ExpiryTimer
from booking.engines.idempotency import KeyedRequest
from booking.plans.names import SeatNames
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

    answers: DatabaseAnswers

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
        self.answers = DatabaseAnswers(database, event, clock)
        self._database = database
        self._event_id = event
        self._journal = Journal(event)

        # Calls that look, and calls that change something: each kind shares transactions.
        self._looks = Batches(self._look_together)
        self._changes = Batches(self._change_together)
        # The request with a key that a thread carries out, and how its answer is written.
        self._keyed = threading.local()

        # Guards the journal and the sale. Held during a transaction: this process has one at a time
        # for each event.
        self._lock = threading.Lock()
        self._kept = KeptSale(self._journal, clock, mint_reference, mint_mark or minted_marks())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._event_id!r} in {self._database!r}>"

    @property
    def event(self) -> Event:
        """What is sold, and how."""
        return self._look(lambda sale, _: sale.event)

    @property
    def names(self) -> SeatNames:
        """See the base class."""
        return self._kept.names

    def update(
        self, event: Event, *, expect: int | None = None, move_booked: bool = False
    ) -> tuple[str, ...]:
        """See the base class."""

        def update(sale: Sale, now: Moment) -> tuple[str, ...]:
            sale.expect_described(expect)
            if event == sale.event:
                return ()
            another = event.plan != sale.event.plan
            table = SeatTable(event.plan, sale.seats.history) if another else None
            gone = sale.update(event, table, now, move_booked=move_booked)
            self._journal.described = True
            # An earlier call of the same transaction may have changed the plan.
            self._journal.replanned |= another
            return gone

        return self._carry_out(update)

    def close(self, *, expect: int | None = None) -> int:
        """See the base class. The history and the answers are left to be deleted little by little,
        see :mod:`booking.engines.database.upkeep.tidying`."""

        def close(sale: Sale, now: Moment) -> int:
            sale.expect_described(expect)
            sale.expect_endable(now)
            version = sale.seats.version
            for what in ("description", "seats", "bookings", "booked_seats", "details"):
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
        """See the base class. The answer is written in the transaction of what it tells, so that
        one is never there without the other, whatever becomes of this process."""
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
                sale, now = self._kept.catch_up(transaction, "find_version")
                late = sale.seats.is_late(now) or self._kept.is_another_history
                if not late:
                    look(sale, now)
                return late

        if attempt(look_unless_late):
            # Some locks have run out, or versions have to be restarted: that is written first.
            self._changes.submit(look)

    def _change_together(self, batch: list[Pending]) -> None:
        def change() -> float | None:
            with self._lock:
                return self._change_in_transaction(batch)

        self._schedule_sweep(attempt(change))

    # Below, the caller holds the lock

    def _change_in_transaction(self, batch: list[Pending]) -> float | None:
        """Carry out calls. Returns when to sweep, if that is to be scheduled."""
        changed = False
        try:
            if not self._kept.is_kept:
                # To begin with 100,000 seats takes 2 s, in which others can go on writing.
                with self._database.transaction(writing=False) as transaction:
                    self._kept.catch_up(transaction, "find_version")
            with self._database.transaction(writing=True) as transaction:
                sale, now = self._kept.catch_up(transaction, "lock_version")
                changed = True
                self._kept.restart_versions(sale, now)
                sale.seats.expire(now)
                for pending in batch:
                    if self._journal.ended:
                        pending.error = EventNotFound(self._event_id)
                    else:
                        pending.carry_out(sale, now)
                written = self._kept.write(transaction, sale)
        except BaseException as error:
            if isinstance(error, Unavailable) and error.aborted:
                self._journal.doubt()
                self._kept.drop()
            elif changed:
                self._kept.revert()
            raise
        self._kept.commit(written)
        sweep_at = self._plan_sweep(sale, now)
        # The timer goes by the clock of this machine.
        return None if sweep_at is None else sweep_at + time.monotonic() - now.monotonic
