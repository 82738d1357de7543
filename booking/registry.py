"""One event's seats in memory, safe for any number of threads."""

import math
import threading
from collections.abc import Callable, Sequence

from booking import errors, references, sales, seats
from booking.booking_ledger import BookingLedger
from booking.clock import Clock, Moment, system_clock
from booking.expiry import ExpiryTimer
from booking.history import History
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
    SeatChange,
    Summary,
)
from booking.seat_table import SeatTable

HISTORY_LIMIT = 100_000
"""How many changes an event remembers, and how many cancelled bookings."""

_SWEEP_INTERVAL = 0.01
"""Seconds at least between two sweeps by the timer. Each costs a thread; locks that run out one by
one are swept in company instead."""


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
        # A restart forgets the versions that were given; the wall clock leads beyond them.
        version = max(least_version, int(clock().wall * 1000))

        # Guards all that follows. Held for memory work only: no I/O, no encoding, no waiting.
        self._lock = threading.Lock()
        self._event = event
        self._closed = False
        self._table = SeatTable(event.plan, History(history_limit, version), version)
        self._bookings = BookingLedger(cancelled_kept=history_limit)
        # When the sweep that is scheduled will be.
        self._sweep_at = math.inf

    def __repr__(self) -> str:
        with self._lock:
            total, table = len(self._event.plan.places), self._table
            counts = f"{total} seats, {table.locked} locked, version {table.version}"
        return f"<{type(self).__name__} {self.event.id!r} [{counts}]>"

    @property
    def event(self) -> Event:
        """What is sold, and how."""
        return self._event

    # What there is to see

    def summary(self) -> Summary:
        """The event and the number of its seats by status."""
        with self._lock:
            self._begin()
            return Summary(self._event, self._table.version, self._table.counts())

    def seat(self, seat_id: str) -> Seat:
        """The seat as it is now. Raises SeatNotFound."""
        with self._lock:
            self._begin()
            return self._table.find([seat_id])[0]

    def changes(self, since: int | None = None) -> Changes:
        """The seats that changed after version ``since``: a call costs what it returns.

        All seats without ``since``, or with one that this registry has not given out.
        """
        with self._lock:
            self._begin()
            return self._table.changes(since)

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
        with self._lock:
            now = self._begin()
            table, policy = self._table, self._event.policy
            held = len(table.holders.held_by(holder))
            found = [] if isinstance(choice, BestAvailable) else table.find(choice)
            sales.expect_on_sale(self._event, now.wall)
            if isinstance(choice, BestAvailable):
                sales.expect_within_limit(policy, held, choice.count)
                choice = table.free.best(choice, forbid_single_seats=policy.forbid_single_seats)
                found = table.find(choice)
            seconds = policy.lock_seconds
            locked = seats.all_or_none(lambda seat: seats.lock(seat, holder, now, seconds), found)
            sales.expect_within_limit(policy, held, len(locked), choice)
            if policy.forbid_single_seats and (lonely := table.free.lonely(choice)):
                raise errors.LeavesSingleSeat(lonely)
            table.store(locked, SeatChange.LOCKED, holder, now)
            sweep_at = self._plan_sweep(now)
        self._schedule_sweep(sweep_at)
        return Held(tuple(locked), seconds)

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
        with self._lock:
            now = self._begin()
            if seat_ids is None:
                seat_ids = self._locked_by(holder)
            found = self._table.find(seat_ids)
            while reference in self._bookings:
                reference = self._mint_reference()
            booking = Booking(
                reference=reference,
                event=self._event.id,
                seats=tuple(seat_ids),
                booked_at=now.wall,
                # Without a holder, the rule refuses to confirm any seat.
                holder=holder or b"",
            )
            booked = [seats.confirm(seat, holder, now, booking) for seat in found]
            self._table.store(booked, SeatChange.BOOKED, holder, now)
            self._bookings.add(self._table.version, booking)
        return tuple(booked), booking

    def release(self, seat_ids: Sequence[str], holder: bytes | None) -> tuple[Seat, ...]:
        """Make seats that the holder has locked available. Raises what :meth:`confirm` raises."""
        with self._lock:
            now = self._begin()
            released = [seats.release(seat, holder, now) for seat in self._table.find(seat_ids)]
            self._table.store(released, SeatChange.RELEASED, holder, now)
        return tuple(released)

    def extend(self, seat_ids: Sequence[str], holder: bytes | None) -> Held:
        """Let the holder's locks run for the policy's ``lock_seconds`` from now, within its
        ``max_lock_seconds`` from when they were made. Raises what :meth:`confirm` raises."""
        with self._lock:
            now = self._begin()
            policy = self._event.policy
            seconds, max_seconds = policy.lock_seconds, policy.max_lock_seconds
            found = self._table.find(seat_ids)
            extended = [seats.extend(seat, holder, now, seconds, max_seconds) for seat in found]
            # A lock that has come to its limit stays as it is, and so does its version.
            self._table.store(seats.changed(found, extended), SeatChange.EXTENDED, holder, now)
            sweep_at = self._plan_sweep(now)
        self._schedule_sweep(sweep_at)
        deadline = min(seat.lock.deadline for seat in extended if seat.lock is not None)
        return Held(tuple(extended), deadline - now.monotonic)

    # Bookings

    def has_booking(self, reference: str) -> bool:
        """Whether there is such a booking. Does not wait for other calls."""
        return reference in self._bookings

    def booking(self, reference: str) -> Booking:
        """The booking of that reference. Raises BookingNotFound."""
        with self._lock:
            self._begin()
            return self._find_booking(reference)

    def bookings(self, after: int = 0, most: int = 100) -> BookingPage:
        """Bookings in the order in which they were made, cancelled ones included, from after the
        page that ended at ``after``."""
        with self._lock:
            self._begin()
            return self._bookings.page(after, most)

    def cancel(self, reference: str, by: bytes | None) -> tuple[tuple[Seat, ...], Booking]:
        """Cancel a booking and make its seats available. ``by`` is the holder whose doing it is,
        None the organiser; that they may is for the caller to know.

        Raises:
            BookingNotFound: there is none of that reference.
            BookingCancelled, CancellationClosed: see :func:`booking.sales.cancel`.
        """
        with self._lock:
            now = self._begin()
            booking = sales.cancel(self._event, self._find_booking(reference), now.wall)
            freed = [seats.cancel(seat) for seat in self._table.find(booking.seats)]
            self._table.store(freed, SeatChange.CANCELLED, by, now)
            self._bookings.cancel(booking)
        return tuple(freed), booking

    # What the organiser can do

    def block(self, seat_ids: Sequence[str]) -> tuple[Seat, ...]:
        """Take seats off sale. Those that are off sale already stay so.

        Raises:
            SeatNotFound: some are not part of the event.
            SeatsUnavailable: some are locked or booked.
        """
        with self._lock:
            now = self._begin()
            found = self._table.find(seat_ids)
            blocked = seats.all_or_none(lambda seat: seats.block(seat, now), found)
            self._table.store(seats.changed(found, blocked), SeatChange.BLOCKED, None, now)
        return tuple(blocked)

    def unblock(self, seat_ids: Sequence[str]) -> tuple[Seat, ...]:
        """Put seats that are off sale on sale again; others stay as they are.

        Raises:
            SeatNotFound: some are not part of the event.
        """
        with self._lock:
            now = self._begin()
            found = self._table.find(seat_ids)
            unblocked = [seats.unblock(seat) for seat in found]
            self._table.store(seats.changed(found, unblocked), SeatChange.UNBLOCKED, None, now)
        return tuple(unblocked)

    def history(self, since: int = 0, most: int = 1000) -> HistoryPage:
        """What became of the seats after version ``since``, the oldest first."""
        with self._lock:
            self._begin()
            return self._table.history.since(since, most)

    def update(self, event: Event) -> None:
        """Change what is sold, and how. Seats that stay, locks and bookings stay as they are.

        To be called by one thread at a time.

        Raises:
            SeatsInUse: the plan lacks seats that are locked or booked.
        """
        # Beforehand, for many seats take long.
        table = None
        if event.plan != self._event.plan:
            table = SeatTable(event.plan, self._table.history)
        with self._lock:
            now = self._begin()
            if table is not None:
                table.take_over(self._table, now)
                self._table = table
            elif event != self._event:
                self._table.advance(now)
            self._event = event

    def close(self) -> int:
        """End the sale for good: from now on, there is no such event. Returns the last version.

        Raises:
            SeatsInUse: some seats are locked or booked.
        """
        with self._lock:
            self._begin()
            self._table.expect_unused()
            self._closed = True
            return self._table.version

    # What happens by itself

    def sweep(self) -> None:
        """Release the locks that have run out, and see to it that the next one is released in time.

        May be called at any moment and any number of times.
        """
        with self._lock:
            now = self._clock()
            self._table.expire(now)
            if now.monotonic < self._sweep_at:
                # A later sweep is scheduled and will do the rest. To schedule one more here would
                # double them each time.
                return
            self._sweep_at = math.inf
            sweep_at = self._plan_sweep(now)
        self._schedule_sweep(sweep_at)

    # Below, the caller holds the lock, but for _schedule_sweep()

    def _begin(self) -> Moment:
        """The moment of a call, to which the seats are brought up."""
        if self._closed:
            raise errors.EventNotFound(self._event.id)
        now = self._clock()
        self._table.expire(now)
        return now

    def _locked_by(self, holder: bytes | None) -> list[str]:
        if holder is None:
            raise errors.TokenRequired
        locked = self._table.locked_by(holder)
        if not locked:
            for seat_id in self._table.holders.lapsed_of(holder):
                raise errors.LockExpired(seat_id)
            raise errors.SeatNotLocked
        return locked

    def _find_booking(self, reference: str) -> Booking:
        booking = self._bookings.find(reference)
        if booking is None:
            raise errors.BookingNotFound(reference)
        return booking

    def _plan_sweep(self, now: Moment) -> float | None:
        """When to sweep, if the sweep that is scheduled comes too late for the first deadline, or
        has not come when it should."""
        deadline = self._table.next_deadline()
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
