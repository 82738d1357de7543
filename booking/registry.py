"""One event's seats in memory, safe for any number of threads."""

import heapq
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from booking import errors, references, seats
from booking.clock import Clock, Moment, system_clock
from booking.expiry import ExpiryTimer
from booking.holder_index import HolderIndex
from booking.model import DEFAULT_EVENT, Booking, Changes, Held, Policy, Seat, SeatStatus

_SWEEP_INTERVAL = 0.01
"""Seconds at least between two sweeps by the timer. Each costs a thread; locks that run out one by
one are swept in company instead."""


class SeatRegistry:
    """Sees, locks, confirms, releases and extends the seats of one event.

    Every call is atomic: it is carried out for all the seats that it names or, if it raises, for
    none. ``seat_ids`` are one or more ids, each once. A holder is the digest of a holder token, see
    :mod:`booking.holders`.

    The clock decides what is locked. Each call first turns the locks that have run out into
    available seats, so that the timer only has to wake up a registry that nobody calls.
    """

    def __init__(
        self,
        seat_ids: Iterable[str],
        *,
        event: str = DEFAULT_EVENT,
        policy: Policy = Policy(),
        clock: Clock = system_clock,
        expiry: ExpiryTimer | None = None,
        mint_reference: Callable[[], str] = references.mint,
    ) -> None:
        """Start with every seat available. Without an ``expiry`` timer, what runs out shows when
        somebody looks."""
        self.event = event
        self.policy = policy
        self._clock = clock
        self._expiry = expiry
        self._mint_reference = mint_reference

        # Guards all that follows. Held for memory work only: no I/O, no encoding, no waiting.
        self._lock = threading.Lock()
        # In plan order.
        self._seats = {seat_id: Seat(seat_id) for seat_id in seat_ids}
        self._positions = {seat_id: position for position, seat_id in enumerate(self._seats)}
        # A restart forgets the versions that were given; the wall clock leads beyond them.
        self._version = self._first_version = int(clock().wall * 1000)
        # The version of each seat's last change, the latest change last.
        self._changed = OrderedDict.fromkeys(self._seats, self._version)
        # (deadline, version, seat) of every lock. The version at which it was made is what a lock
        # is known by: an entry whose seat has changed since is stale, and skipped.
        self._deadlines: list[tuple[float, int, str]] = []
        # The time of the sweep that is scheduled.
        self._sweep_at = math.inf
        self._holders = HolderIndex()
        self._references: set[str] = set()

    def __repr__(self) -> str:
        with self._lock:
            total, locked, version = len(self._seats), self._holders.locked, self._version
        counts = f"{total} seats, {locked} locked, version {version}"
        return f"<{type(self).__name__} {self.event!r} [{counts}]>"

    # What there is to see

    def seat(self, seat_id: str) -> Seat:
        """The seat as it is now. Raises SeatNotFound."""
        with self._lock:
            self._expire(self._clock())
            return self._find([seat_id])[0]

    def changes(self, since: int | None = None) -> Changes:
        """The seats that changed after version ``since``: a call costs what it returns.

        All seats without ``since``, or with one that this registry has not given out.
        """
        with self._lock:
            self._expire(self._clock())
            if since is None or not self._first_version <= since <= self._version:
                return Changes(self._version, tuple(self._seats.values()), full=True)
            changed = []
            for seat_id in reversed(self._changed):
                if self._changed[seat_id] <= since:
                    break
                changed.append(seat_id)
            changed.sort(key=self._positions.__getitem__)
            return Changes(self._version, tuple(map(self._seats.__getitem__, changed)), full=False)

    # What a holder can do

    def lock(self, seat_ids: Sequence[str], holder: bytes) -> Held:
        """Lock all the seats for the holder.

        Raises:
            SeatNotFound: some are not part of the event.
            SeatsUnavailable: some are locked (be it by the same holder), booked or blocked.
            HolderLimitReached: the holder would have more than the policy allows.
        """
        seconds = self.policy.lock_seconds
        with self._lock:
            now = self._clock()
            self._expire(now)
            locked, refusals = [], []
            for seat in self._find(seat_ids):
                try:
                    locked.append(seats.lock(seat, holder, now, seconds))
                except errors.SeatUnavailable as refusal:
                    refusals.append(refusal)
            if refusals:
                raise errors.SeatsUnavailable(refusals)
            held = len(self._holders.held_by(holder))
            if held + len(locked) > self.policy.max_seats_per_holder:
                raise errors.HolderLimitReached(self.policy.max_seats_per_holder, held, seat_ids)
            self._store(locked, now)
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
            now = self._clock()
            self._expire(now)
            if seat_ids is None:
                seat_ids = self._locked_by(holder)
            found = self._find(seat_ids)
            while reference in self._references:
                reference = self._mint_reference()
            booking = Booking(
                reference=reference,
                event=self.event,
                seats=tuple(seat_ids),
                booked_at=now.wall,
                # Without a holder, the rule refuses to confirm any seat.
                holder=holder or b"",
            )
            booked = [seats.confirm(seat, holder, now, booking) for seat in found]
            self._store(booked, now)
            self._references.add(reference)
        return tuple(booked), booking

    def release(self, seat_ids: Sequence[str], holder: bytes | None) -> tuple[Seat, ...]:
        """Make seats that the holder has locked available. Raises what :meth:`confirm` raises."""
        with self._lock:
            now = self._clock()
            self._expire(now)
            released = [seats.release(seat, holder, now) for seat in self._find(seat_ids)]
            self._store(released, now)
        return tuple(released)

    def extend(self, seat_ids: Sequence[str], holder: bytes | None) -> Held:
        """Let the holder's locks run for the policy's ``lock_seconds`` from now, within its
        ``max_lock_seconds`` from when they were made. Raises what :meth:`confirm` raises."""
        seconds, max_seconds = self.policy.lock_seconds, self.policy.max_lock_seconds
        with self._lock:
            now = self._clock()
            self._expire(now)
            found = self._find(seat_ids)
            extended = [seats.extend(seat, holder, now, seconds, max_seconds) for seat in found]
            # A lock that has come to its limit stays as it is, and so does its version.
            self._store([new for old, new in zip(found, extended, strict=True) if new != old], now)
            sweep_at = self._plan_sweep(now)
        self._schedule_sweep(sweep_at)
        deadline = min(seat.lock.deadline for seat in extended if seat.lock is not None)
        return Held(tuple(extended), deadline - now.monotonic)

    # What happens by itself

    def sweep(self) -> None:
        """Release the locks that have run out, and see to it that the next one is released in time.

        May be called at any moment and any number of times.
        """
        with self._lock:
            now = self._clock()
            self._expire(now)
            if now.monotonic < self._sweep_at:
                # A later sweep is scheduled and will do the rest. To schedule one more here would
                # double them each time.
                return
            self._sweep_at = math.inf
            sweep_at = self._plan_sweep(now)
        self._schedule_sweep(sweep_at)

    # Below, the caller holds the lock, but for _schedule_sweep()

    def _find(self, seat_ids: Sequence[str]) -> list[Seat]:
        try:
            return [self._seats[seat_id] for seat_id in seat_ids]
        except KeyError:
            raise errors.SeatNotFound([i for i in seat_ids if i not in self._seats]) from None

    def _locked_by(self, holder: bytes | None) -> list[str]:
        if holder is None:
            raise errors.TokenRequired
        locked = [
            i for i in self._holders.held_by(holder) if self._seats[i].status is SeatStatus.LOCKED
        ]
        if not locked:
            for seat_id in self._holders.lapsed_of(holder):
                raise errors.LockExpired(seat_id)
            raise errors.SeatNotLocked
        return sorted(locked, key=self._positions.__getitem__)

    def _expire(self, now: Moment) -> None:
        """Make every seat available whose lock has run out. After this, what is locked is so by a
        lock that is valid now."""
        expired = []
        while self._deadlines and self._deadlines[0][0] <= now.monotonic:
            _, version, seat_id = heapq.heappop(self._deadlines)
            if self._changed[seat_id] == version:
                expired.append(seats.at(self._seats[seat_id], now))
        self._store(expired, now)

    def _store(self, changed: Sequence[Seat], now: Moment) -> None:
        """Put seats in the place of what they were, all of them at one new version."""
        if not changed:
            return
        # Not merely the next number: so that, on the whole, the versions do not outrun the wall
        # clock, from which the next start will count.
        self._version = max(self._version + 1, int(now.wall * 1000))
        for seat in changed:
            self._holders.replace(self._seats[seat.id], seat)
            self._seats[seat.id] = seat
            self._changed[seat.id] = self._version
            self._changed.move_to_end(seat.id)
            if seat.lock is not None and seat.status is SeatStatus.LOCKED:
                deadline = (seat.lock.deadline, self._version, seat.id)
                heapq.heappush(self._deadlines, deadline)
        if len(self._deadlines) > 2 * self._holders.locked + 100:
            # Mostly stale: drop what is. Rare enough to cost nothing per lock.
            self._deadlines = [
                entry for entry in self._deadlines if self._changed[entry[2]] == entry[1]
            ]
            heapq.heapify(self._deadlines)

    def _plan_sweep(self, now: Moment) -> float | None:
        """When to sweep, if the sweep that is scheduled comes too late for the first deadline, or
        has not come when it should."""
        while self._deadlines and self._changed[self._deadlines[0][2]] != self._deadlines[0][1]:
            heapq.heappop(self._deadlines)
        if not self._deadlines:
            return None
        deadline = max(self._deadlines[0][0], now.monotonic + _SWEEP_INTERVAL)
        if now.monotonic < self._sweep_at <= deadline:
            return None
        self._sweep_at = deadline
        return deadline

    def _schedule_sweep(self, sweep_at: float | None) -> None:
        # Called with the lock released: the timer has a lock of its own and may start a thread.
        if sweep_at is not None and self._expiry is not None:
            self._expiry.schedule(sweep_at, self.sweep)
