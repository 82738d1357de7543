"""One event's seats in a database, safe for any number of threads and processes."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from booking.domain import notices, references
from booking.domain.model import Event
from booking.domain.moment import Moment
from booking.engines.contract import Act, Registry
from booking.engines.database.attempts import attempt
from booking.engines.database.batches import Batches, Pending
from booking.engines.database.connection import Database
from booking.engines.database.journal import Journal
from booking.engines.database.kept_sale import (
    DatabaseClock,
    KeptSale,
    database_clock,
    minted_marks,
)
from booking.engines.database.plans import Plans
from booking.engines.database.writers import Writers
from booking.engines.database.writes import KeptEvent, timed
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
        writers: Writers | None = None,
        mails: bool = False,
        meter: Meter | None = None,
    ) -> None:
        """``clock`` makes a moment of the time of the database; ``plans`` and ``writers`` are those
        that events share. With ``mails``, what the people of bookings are to be told is kept for
        the mail."""
        super().__init__(expiry, mint_reference)
        self._database = database
        self._journal = Journal(event)
        self._meter = meter or Meter()
        self._writers = writers or Writers(database, self._meter)
        self.used_at = time.monotonic()
        """When it was last asked for something, in monotonic seconds."""

        # Calls that only read, and calls that may write: each kind shares transactions.
        self._reads = Batches(self._read_together)
        self._writes = Batches(self._write_together)

        self._kept = KeptSale(
            self._journal,
            clock,
            mint_reference,
            mint_mark or minted_marks(),
            plans or Plans(),
            mails=mails,
        )
        self._event = KeptEvent(self._journal, self._kept, self._next_sweep)
        self._answers = self._event.answers

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._event.id!r} in {self._database!r}>"

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
        return self._event.elsewhere.count(client, now)

    def _read_together(self, batch: Sequence[Pending]) -> None:
        def read(sale: Sale, now: Moment) -> None:
            for pending in batch:
                pending.carry_out(sale, now)

        def read_unless_late() -> bool:
            with timed(self._database, self._meter, writing=False) as it, self._event.locked():
                sale, now = self._event.catch_up(it)
                late = sale.seats.is_late(now) or self._kept.is_another_history
                if not late:
                    read(sale, now)
                return late

        if attempt(read_unless_late):
            # Some locks have run out, or versions have to be restarted: that is written first.
            self._writes.submit(read)

    def _write_together(self, batch: Sequence[Pending]) -> None:
        self._schedule_sweep(self._writers.carry_out(self._event, batch))

    def _write_alone(self, act: Act[T]) -> T:
        """Do something that may take long, in a transaction of its own."""
        pending = Pending(act)
        self._schedule_sweep(self._writers.carry_out_long(self._event, pending))
        if pending.error is not None:
            raise pending.error
        result: T = pending.result
        return result
