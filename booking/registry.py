"""One event's seats in memory, safe for any number of threads."""

import math
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from booking import errors, references
from booking.clock import Clock, Moment, system_clock
from booking.expiry import ExpiryTimer
from booking.idempotency import Answers
from booking.model import (
    BestAvailable,
    Booking,
    BookingPage,
    Changes,
    Event,
    Held,
    HistoryPage,
    Seat,
    Summary,
)
from booking.sale import Sale
from booking.seat_table import SeatTable

HISTORY_LIMIT = 100_000
"""How many changes an event remembers, and how many cancelled bookings."""

_SWEEP_INTERVAL = 0.01
"""Seconds at least between two sweeps by the timer. Each costs a thread; locks that run out one by
one are swept in company instead."""

T = TypeVar("T")


class SeatRegistry:
    """Sees, locks, confirms, releases and extends the seats of one event.

    Every call is atomic: it is carried out for all the seats that it names or, if it raises, for
    none. A holder is the digest of a holder token, see :mod:`booking.holders`. Once the registry is
    closed, each call raises EventNotFound.

    The clock decides what is locked. Each call first turns the locks that have run out into
    available seats, so that the timer only has to wake up a registry that nobody calls.
    """

    def __init__(
        self,
        event: Event,
        *,
        clock: Clock = system_clock,
        expiry: ExpiryTimer | None = None,
        mint_reference: Callable[[], str] = references.mint,
        history_limit: int = HISTORY_LIMIT,
        least_version: int = 0,
    ) -> None:
        """Start with every seat available, at ``least_version`` or later. Without an ``expiry``
        timer, what runs out shows when somebody looks."""
        self._clock = clock
        self._expiry = expiry
        self._mint_reference = mint_reference
        self.answers = Answers(clock)
        """Answers that are given again to requests that are sent again."""

        # Guards all that follows. Held for memory work only: no I/O, no encoding, no waiting.
        self._lock = threading.Lock()
        self._closed = False
        self._sale = Sale(
            event,
            # A restart forgets the versions that were given; the wall clock leads beyond them.
            version=max(least_version, int(clock().wall * 1000)),
            history_limit=history_limit,
            mint_reference=mint_reference,
        )
        # When the sweep that is scheduled will be.
        self._sweep_at = math.inf

    def __repr__(self) -> str:
        with self._lock:
            event, seats = self._sale.event, self._sale.seats
            counts = f"{len(seats)} seats, {seats.locked} locked, version {seats.version}"
        return f"<{type(self).__name__} {event.id!r} [{counts}]>"

    @property
    def event(self) -> Event:
        """What is sold, and how."""
        return self._sale.event

    # What there is to see

    def summary(self) -> Summary:
        """The event and the number of its seats by status."""
        return self._look(lambda sale: sale.summary())

    def seat(self, seat_id: str) -> Seat:
        """The seat as it is now. Raises SeatNotFound."""
        return self._look(lambda sale: sale.seats.find([seat_id])[0])

    def changes(self, since: int | None = None) -> Changes:
        """The seats that changed after version ``since``: a call costs what it returns.

        All seats without ``since``, or with one that this registry has not given out.
        """
        return self._look(lambda sale: sale.seats.changes(since))

    # What a holder can do

    def lock(self, choice: Sequence[str] | BestAvailable, holder: bytes) -> Held:
        """Lock seats for the holder, all of them: those of the given ids, or the best available.

        Raises:
            SeatNotFound: some are not part of the event.
            NotInPlan: the plan has no such category or zone.
            NotOnSale: it is too early, or too late.
            SeatsUnavailable: some are locked (be it by the same holder), booked or blocked.
            HolderLimitReached: the holder would have more than the policy allows.
            NotEnoughSeats: there are not as many next to each other.
            LeavesSingleSeat: the policy forbids it.
        """
        return self._carry_out(lambda sale, now: sale.lock(choice, holder, now))

    def confirm(
        self, seat_ids: Sequence[str] | None, holder: bytes | None
    ) -> tuple[tuple[Seat, ...], Booking]:
        """Book the seats that the holder has locked, all together under one reference.

        ``None`` stands for all that the holder has locked, in plan order.

        Raises:
            SeatNotFound: some are not part of the event.
            SeatUnavailable, TokenRequired, NotYourLock, LockExpired, SeatNotLocked: the first
                seat that is not the holder's to confirm; see :func:`booking.seats.lock_of`.
        """
        reference = self._mint_reference()
        return self._carry_out(lambda sale, now: sale.confirm(seat_ids, holder, reference, now))

    def release(self, seat_ids: Sequence[str], holder: bytes | None) -> tuple[Seat, ...]:
        """Make seats that the holder has locked available. Raises what :meth:`confirm` raises."""
        return self._carry_out(lambda sale, now: sale.release(seat_ids, holder, now))

    def extend(self, seat_ids: Sequence[str], holder: bytes | None) -> Held:
        """Let the holder's locks run for the policy's ``lock_seconds`` from now, within its
        ``max_lock_seconds`` from when they were made. Raises what :meth:`confirm` raises."""
        return self._carry_out(lambda sale, now: sale.extend(seat_ids, holder, now))

    # Bookings

    def has_booking(self, reference: str) -> bool:
        """Whether there is such a booking. Does not wait for other calls."""
        return reference in self._sale.bookings

    def booking(self, reference: str) -> Booking:
        """The booking of that reference. Raises BookingNotFound."""
        return self._look(lambda sale: sale.booking(reference))

    def bookings(self, after: int = 0, most: int = 100) -> BookingPage:
        """Bookings in the order in which they were made, cancelled ones included, from after the
        page that ended at ``after``."""
        return self._look(lambda sale: sale.bookings.page(after, most))

    def cancel(self, reference: str, by: bytes | None) -> tuple[tuple[Seat, ...], Booking]:
        """Cancel a booking and make its seats available. ``by`` is the holder whose doing it is,
        None the administrator; that they may is for the caller to know.

        Raises:
            BookingNotFound: there is none of that reference.
            BookingCancelled, CancellationClosed: see :func:`booking.terms.cancel`.
        """
        return self._carry_out(lambda sale, now: sale.cancel(reference, by, now))

    # What the organiser can do

    def block(self, seat_ids: Sequence[str]) -> tuple[Seat, ...]:
        """Take seats off sale. Those that are off sale already stay so.

        Raises:
            SeatNotFound: some are not part of the event.
            SeatsUnavailable: some are locked or booked.
        """
        return self._carry_out(lambda sale, now: sale.block(seat_ids, now))

    def unblock(self, seat_ids: Sequence[str]) -> tuple[Seat, ...]:
        """Put seats that are off sale on sale again; others stay as they are.

        Raises:
            SeatNotFound: some are not part of the event.
        """
        return self._carry_out(lambda sale, now: sale.unblock(seat_ids, now))

    def history(self, since: int = 0, most: int = 1000) -> HistoryPage:
        """What became of the seats after version ``since``, the oldest first."""
        return self._look(lambda sale: sale.history(since, most))

    def update(self, event: Event) -> None:
        """Change what is sold, and how. Seats that stay, locks and bookings stay as they are.

        To be called by one thread at a time.

        Raises:
            SeatsInUse: the plan lacks seats that are locked or booked.
        """
        table = None
        if event.plan != self.event.plan:
            # Beforehand, for many seats take long.
            table = SeatTable(event.plan, self._sale.seats.history)
        self._carry_out(lambda sale, now: sale.update(event, table, now))

    def close(self) -> int:
        """End the sale for good: from now on, there is no such event. Returns the last version.

        Raises:
            SeatsInUse: some seats are locked or booked.
        """

        def close(sale: Sale, _: Moment) -> int:
            sale.seats.expect_unused()
            self._closed = True
            return sale.seats.version

        return self._carry_out(close)

    # What happens by itself

    def sweep(self) -> None:
        """Release the locks that have run out, and see to it that the next one is released in time.

        May be called at any moment and any number of times.
        """
        with self._lock:
            now = self._clock()
            self._sale.seats.expire(now)
            if now.monotonic < self._sweep_at:
                # A later sweep is scheduled and will do the rest. To schedule one more here would
                # double them each time.
                return
            self._sweep_at = math.inf
            sweep_at = self._plan_sweep(now)
        self._schedule_sweep(sweep_at)

    def _look(self, call: Callable[[Sale], T]) -> T:
        with self._lock:
            self._begin()
            return call(self._sale)

    def _carry_out(self, call: Callable[[Sale, Moment], T]) -> T:
        with self._lock:
            now = self._begin()
            result = call(self._sale, now)
            sweep_at = self._plan_sweep(now)
        self._schedule_sweep(sweep_at)
        return result

    def _begin(self) -> Moment:
        """The moment of a call, to which the seats are brought up. The caller holds the lock."""
        if self._closed:
            raise errors.EventNotFound(self._sale.event.id)
        now = self._clock()
        self._sale.seats.expire(now)
        return now

    def _plan_sweep(self, now: Moment) -> float | None:
        """When to sweep, if the sweep that is scheduled comes too late for the first deadline, or
        has not come when it should. The caller holds the lock."""
        deadline = self._sale.seats.next_deadline()
        if deadline is None:
            return None
        deadline = max(deadline, now.monotonic + _SWEEP_INTERVAL)
        if now.monotonic < self._sweep_at <= deadline:
            return None
        self._sweep_at = deadline
        return deadline

    def _schedule_sweep(self, sweep_at: float | None) -> None:
        # Called with the lock released: the timer has a lock of its own and may start a thread.
        if sweep_at is not None and self._expiry is not None:
            self._expiry.schedule(sweep_at, self.sweep)
