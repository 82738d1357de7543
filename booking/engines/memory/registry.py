"""One event's seats in memory, safe for any number of threads."""

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from booking.domain import notices, references, terms
from booking.domain.errors import EventNotFound
from booking.domain.history import HistoryEntry
from booking.domain.model import Booking, Event
from booking.domain.moment import Moment
from booking.engines.clock import Clock, system_clock
from booking.engines.contract import Act, Registry
from booking.engines.expiry import ExpiryTimer
from booking.engines.idempotency import KeyedRequest
from booking.engines.memory.answers import AnswersInMemory
from booking.engines.meter import Meter
from booking.engines.outbox import OutboxInMemory
from booking.plans.names import SeatNames
from booking.sale import organising
from booking.sale.bookings import BookingsInMemory
from booking.sale.history import RecentHistory
from booking.sale.sale import Sale
from booking.sale.seat_table import SeatTable
from booking.sale.tickets import TicketsInMemory

HISTORY_LIMIT = 100_000
"""How many changes an event remembers, and how many cancelled bookings."""

T = TypeVar("T")


class ClientLocks:
    """What each client has locked in all events. Calls that are limited by client take turns, so
    that each counts what the others have locked."""

    def __init__(self, registries: Callable[[], Iterable["SeatRegistry"]]) -> None:
        self._registries = registries
        # Held while a client locks, before the Lock of any registry. Guards what follows.
        self.turn = threading.Lock()
        self.elsewhere = 0

    def count(self, client: bytes, but: "SeatRegistry") -> None:
        """Count what the client has locked, but for one event: ``elsewhere``."""
        others = (registry for registry in self._registries() if registry is not but)
        self.elsewhere = sum(registry.locked_by_client(client) for registry in others)


class _Metered(RecentHistory):
    """Tells the meter what it is told."""

    def __init__(self, limit: int, version: int, meter: Meter) -> None:
        super().__init__(limit, version)
        self._meter = meter

    def extend(self, entries: Iterable[HistoryEntry]) -> None:
        super().extend(entries)
        self._meter.changed(entries)


class SeatRegistry(Registry):
    """Keeps the seats in memory, under one Lock."""

    def __init__(
        self,
        event: Event,
        *,
        clock: Clock = system_clock,
        expiry: ExpiryTimer | None = None,
        mint_reference: Callable[[], str] = references.mint,
        history_limit: int = HISTORY_LIMIT,
        least_version: int = 0,
        outbox: OutboxInMemory | None = None,
        clients: ClientLocks | None = None,
        meter: Meter | None = None,
    ) -> None:
        """Start with every seat available, at ``least_version`` or later. Without an ``expiry``
        timer, the next call releases the locks that have run out. What the people of bookings are
        to be told is put into the ``outbox``. Without ``clients``, there are no other events."""
        super().__init__(expiry, mint_reference)
        self._clock = clock
        self._clients = clients or ClientLocks(tuple)
        self._meter = meter or Meter()
        # A restart forgets the versions that were given; the wall clock leads beyond them.
        version = max(least_version, int(clock().wall * 1000))

        # Guards all that follows. Held for memory work only: no I/O, no encoding, no waiting.
        self._lock = threading.Lock()
        self._closed = False
        self._answers: AnswersInMemory = AnswersInMemory()
        self._outbox = outbox
        self._bookings = BookingsInMemory(history_limit, self._on_erased)
        self._sale = Sale(
            event,
            SeatTable(event.plan, _Metered(history_limit, version, self._meter), version),
            self._bookings,
            TicketsInMemory(void_kept=history_limit),
            mint_reference,
            None if outbox is None else outbox.put,
        )
        # The start of which everybody has been reminded.
        self._reminded_of: float | None = None

    def __repr__(self) -> str:
        with self._lock:
            event, seats = self._sale.event, self._sale.seats
            counts = f"{len(seats)} seats, {seats.locked} locked, version {seats.version}"
        return f"<{type(self).__name__} {event.id!r} [{counts}]>"

    @property
    def event(self) -> Event:
        """What is sold, and how."""
        return self._sale.event

    @property
    def names(self) -> SeatNames:
        """See the base class."""
        return self._sale.seats.names

    def has_booking(self, reference: str) -> bool:
        """Whether there is such a booking. Does not wait for other calls."""
        return reference in self._sale.bookings

    def locked_by_client(self, client: bytes) -> int:
        """How many seats the client has locked. Waits for other calls only if there may be some."""
        if client not in self._sale.seats.locked_by_client:
            return 0
        try:
            return self._read(lambda sale, _: sale.seats.locked_by_client.get(client, 0))
        except EventNotFound:  # It was ended just now.
            return 0

    def forget_details(self, before: float) -> None:
        """Forget the details of bookings whose time of keeping began before a Unix time."""

        def forget(sale: Sale, _: Moment) -> None:
            for booking in self._bookings.with_details():
                if terms.details_kept_from(sale.event, booking.booked_at) <= before:
                    self._bookings.keep_details(booking.reference, None)

        self._write(forget)

    def _on_erased(self, reference: str) -> None:
        if self._outbox is not None:
            self._outbox.forget(self.event.id, reference)

    def bookings_of(self, email: str) -> list[Booking]:
        """The live bookings of an address."""
        return self._read(
            lambda sale, now: [
                booking
                for booking in self._bookings.with_details()
                if sale.event.over_at > now.wall
                and booking.cancelled_at is None
                and notices.is_of(self._bookings.details(booking.reference), email)
            ]
        )

    def remind(self, ahead: float) -> None:
        """See the base class."""

        def remind(sale: Sale, now: Moment) -> None:
            soon = notices.is_to_be_reminded(sale.event, now.wall, ahead)
            if soon and self._reminded_of != sale.event.starts_at:
                self._reminded_of = sale.event.starts_at
                sale.mailing.remind(sale.event, sale.seats.names, now)

        self._write(remind)

    def update(
        self, event: Event, *, expect: int | None = None, move_booked: bool = False
    ) -> tuple[str, ...]:
        """See the base class. Called by one thread at a time."""
        table = None
        if event.plan != self.event.plan:
            # Beforehand, for many seats take long.
            table = SeatTable(event.plan, self._sale.seats.history)

        def update(sale: Sale, now: Moment) -> tuple[str, ...]:
            organising.expect_described(sale, expect)
            return organising.update(sale, event, table, now, move_booked=move_booked)

        return self._write(update)

    def close(self, *, expect: int | None = None) -> int:
        """See the base class."""

        def close(sale: Sale, now: Moment) -> int:
            organising.expect_described(sale, expect)
            organising.expect_endable(sale, now)
            self._closed = True
            return sale.seats.version

        return self._write(close)

    def _read(self, act: Act[T]) -> T:
        with self._lock:
            now = self._begin()
            return act(self._sale, now)

    def _write(
        self, act: Act[T], request: KeyedRequest | None = None, client: bytes | None = None
    ) -> T:
        if client is None:
            return self._write_now(act)
        with self._clients.turn:
            self._clients.count(client, but=self)
            return self._write_now(act)

    def _locked_elsewhere(self, client: bytes, now: Moment) -> int:
        return self._clients.elsewhere

    def _write_now(self, act: Act[T]) -> T:
        with self._lock:
            now = self._begin()
            result = act(self._sale, now)
            sweep_at = self._next_sweep(self._sale, now)
        self._schedule_sweep(sweep_at)
        return result

    def _begin(self) -> Moment:
        """The moment of a call, to which the seats are brought up. The caller holds the lock."""
        if self._closed:
            raise EventNotFound(self._sale.event.id)
        now = self._clock()
        if late := self._sale.seats.expire(now):
            self._meter.expired(late)
        return now
