"""The seats of one event as they are, and all that follows from them."""

import heapq
import itertools
import math
from collections import OrderedDict
from collections.abc import Container, Sequence

from booking.domain import errors, seats
from booking.domain.history import HistoryEntry, SeatChange
from booking.domain.model import (
    AVAILABLE,
    BLOCKED,
    BOOKED,
    LOCKED,
    Actor,
    Changes,
    Seat,
    SeatStatus,
)
from booking.domain.moment import Moment
from booking.domain.selection.free_seats import FreeSeats
from booking.plans.collector import paused
from booking.plans.model import Plan
from booking.plans.tuples import tuples
from booking.sale.history import History
from booking.sale.holder_index import HolderIndex

CLOCK_STEP = 1.0
"""Seconds that a clock may go back without having been set: that much, locks may last longer."""


class SeatTable:
    """The seats of a plan, in its order, each with the version of its last change.

    Not safe for threads: whoever owns it has a lock. It decides nothing: what a seat becomes is for
    :mod:`booking.domain.seats` to say.
    """

    @paused()
    def __init__(self, plan: Plan, history: History, version: int = 0) -> None:
        """All seats are available; the table begins at ``version``."""
        self.history = history
        self.version = self.first_version = version
        # Of the versions that clients may have: one that is known, and the first of those that this
        # table has given out. Others count if the history has them.
        self._known_from = self._known = version
        # How many seats are so; the others are available.
        self.locked = self.booked = self.blocked = 0
        self.holders = HolderIndex()
        # How many seats each client has locked, where locks are limited by client.
        self.locked_by_client: dict[bytes, int] = {}
        # Made here, before anyone waits for it: 100,000 seats take a while.
        self.names = plan.names
        self.free = FreeSeats(plan)
        ids, nothing = plan.places, itertools.repeat(None)
        available = tuples(Seat, ids, itertools.repeat(AVAILABLE), nothing, nothing, nothing)
        self._seats = dict(zip(ids, available, strict=True))
        self._positions = dict(zip(ids, itertools.count(), strict=False))
        # The version of each seat's last change, the latest change last.
        self._changed = OrderedDict.fromkeys(self._seats, version)
        # (deadline, version, seat) of every lock. The version at which it was made is what a lock
        # is known by: an entry whose seat has changed since is stale, and skipped.
        self._deadlines: list[tuple[float, int, str]] = []
        # No lock was made later than this.
        self._last_locked_at = -math.inf

    def __len__(self) -> int:
        return len(self._seats)

    def find(self, seat_ids: Sequence[str]) -> list[Seat]:
        """The seats of these ids. Raises SeatNotFound."""
        try:
            return [self._seats[seat_id] for seat_id in seat_ids]
        except KeyError:
            raise errors.SeatNotFound([i for i in seat_ids if i not in self._seats]) from None

    def counts(self) -> dict[SeatStatus, int]:
        """The number of seats by status."""
        taken = self.locked + self.booked + self.blocked
        return {
            AVAILABLE: len(self._seats) - taken,
            LOCKED: self.locked,
            BOOKED: self.booked,
            BLOCKED: self.blocked,
        }

    def all(self) -> tuple[Seat, ...]:
        """All seats."""
        return tuple(self._seats.values())

    def changes(self, since: int | None, most: int | None = None) -> Changes:
        """The seats that changed after a version; all, if the table does not know that version, or
        if more than ``most`` have changed."""
        if since is None or not self._knows(since):
            return Changes(self.version, self.all(), full=True)
        changed = []
        for seat_id in reversed(self._changed):
            if self._changed[seat_id] <= since:
                break
            changed.append(seat_id)
            if len(changed) - 1 == most:
                return Changes(self.version, self.all(), full=True)
        changed.sort(key=self._positions.__getitem__)
        return Changes(self.version, tuple(map(self._seats.__getitem__, changed)), full=False)

    def locked_by(self, holder: bytes) -> list[str]:
        """The ids of the seats that the holder has locked."""
        held = self.holders.held_by(holder)
        locked = [i for i in held if self._seats[i].status is LOCKED]
        return sorted(locked, key=self._positions.__getitem__)

    def ran_out_of(self, holder: bytes) -> list[str]:
        """The ids of the available seats on which the holder's lock was the last, and ran out; the
        latest last."""
        had = map(self._seats.__getitem__, self.holders.had_by(holder))
        return [seat.id for seat in had if seat.lock is not None and not seat.lock.released]

    def had_since(self, holder: bytes, monotonic: float) -> list[Seat]:
        """The available seats on which the holder's lock was the last, and ended after a time."""
        recent = []
        for seat_id in reversed(self.holders.had_by(holder)):
            seat = self._seats[seat_id]
            if seat.lock is None or seat.lock.deadline <= monotonic:
                break
            recent.append(seat)
        return recent

    def expire(self, now: Moment) -> float:
        """Make every seat available whose lock has run out. After this, what is locked is so by a
        lock that is valid now. Returns how many seconds ago the first ran out; 0 if none did."""
        if self._last_locked_at > now.monotonic + CLOCK_STEP:
            self._relock(now)
        expired, late = [], 0.0
        while self._deadlines and self._deadlines[0][0] <= now.monotonic:
            deadline, version, seat_id = heapq.heappop(self._deadlines)
            seat = self._seats[seat_id]
            if self._changed[seat_id] == version and seat.status is LOCKED:
                expired.append(seats.expire(seat, now))
                late = max(late, now.monotonic - deadline)
        if expired:
            self.store(expired, SeatChange.EXPIRED, None, now)
        return late

    def store(
        self, changed: Sequence[Seat], change: SeatChange, by: Actor, now: Moment, note: str = ""
    ) -> None:
        """Put seats in the place of what they were, all of them at one new version, and write down
        who did it; if that is None, it was whoever has or had the lock."""
        if not changed:
            return
        version = self.advance(now)
        entries = []
        for seat in changed:
            self._replace(seat)
            whose = seat.lock.holder if by is None and seat.lock else by
            holder, actor = (None, whose) if isinstance(whose, str) else (whose, None)
            entries.append(HistoryEntry(version, now.wall, seat.id, change, holder, actor, note))
        self.history.extend(entries)
        if len(self._deadlines) > 2 * self.locked + 100:
            # Mostly stale: drop what is. Rare enough to cost nothing per lock.
            self._deadlines = [entry for entry in self._deadlines if self._is_live(entry)]
            heapq.heapify(self._deadlines)

    def advance(self, now: Moment) -> int:
        """The next version."""
        # Not merely the next number: so that, on the whole, the versions do not outrun the wall
        # clock, from which the next start will count.
        self.version = max(self.version + 1, int(now.wall * 1000))
        return self.version

    def next_deadline(self) -> float | None:
        """The monotonic time at which the first lock runs out."""
        while self._deadlines and not self._is_live(self._deadlines[0]):
            heapq.heappop(self._deadlines)
        return self._deadlines[0][0] if self._deadlines else None

    def is_late(self, now: Moment) -> bool:
        """Whether there is something for :meth:`expire` to do."""
        deadline = self.next_deadline()
        run_out = deadline is not None and deadline <= now.monotonic
        return run_out or self._last_locked_at > now.monotonic + CLOCK_STEP

    def take_over(self, before: "SeatTable", now: Moment) -> None:
        """Begin, with all seats available, where another table is: at a version of which it knows
        nothing. Seats that both have become as they are there.

        Raises:
            SeatsInUse: a seat that is not here is locked or booked there.
        """
        before.expect_unused(but=self._seats)
        self.version = self.first_version = before.advance(now)
        self._known_from = self._known = self.version
        for seat in before.all():
            if seat.id in self._seats and seat != self._seats[seat.id]:
                self._replace(seat)

    def restore(self, seat: Seat, version: int) -> None:
        """Replace a seat by what it was at a version, which is not before those of the others."""
        self.version = version
        self._replace(seat)

    def loaded(self, version: int, known: int, known_from: int) -> None:
        """All seats are restored, at this version. ``known`` was given out by the history that they
        come from, and so are all versions from ``known_from`` on. Others may be of a history that
        the database has lost."""
        self.version, self._known, self._known_from = version, known, known_from

    def restart_versions(self, now: Moment, beyond: int) -> None:
        """Let versions go on from beyond one, and know nothing of those before."""
        self.version = max(self.version, beyond)
        self.first_version = self._known_from = self._known = self.advance(now)

    def version_of(self, seat_id: str) -> int:
        """The version of the last change of a seat."""
        return self._changed[seat_id]

    def ever_changed(self) -> list[str]:
        """The ids of the seats that are not as they were at first."""
        return [seat.id for seat in self._seats.values() if seat != Seat(seat.id)]

    def expect_unused(self, but: Container[str] = ()) -> None:
        """Raises SeatsInUse if seats are locked or booked, those of ``but`` aside."""
        in_use = [
            seat.id
            for seat in self._seats.values()
            if seat.status in (LOCKED, BOOKED) and seat.id not in but
        ]
        if in_use:
            raise errors.SeatsInUse(in_use)

    def _replace(self, seat: Seat) -> None:
        seat_id = seat.id
        before = self._seats[seat_id]
        self._seats[seat_id] = seat
        self._changed[seat_id] = self.version
        self._changed.move_to_end(seat_id)
        self.holders.replace(before, seat)
        self._count(before, -1)
        self._count(seat, 1)
        free = seat.status is AVAILABLE
        if free is not (before.status is AVAILABLE):
            self.free.replace(seat_id, free=free)
        if seat.lock is not None and seat.status is LOCKED:
            self._last_locked_at = max(self._last_locked_at, seat.lock.locked_at.monotonic)
            heapq.heappush(self._deadlines, (seat.lock.deadline, self.version, seat_id))

    def _count(self, seat: Seat, more: int) -> None:
        if seat.status is BOOKED:
            self.booked += more
        elif seat.status is BLOCKED:
            self.blocked += more
        elif seat.lock is not None and seat.status is LOCKED:
            self.locked += more
            if (client := seat.lock.client) is not None:
                count = self.locked_by_client.pop(client, 0) + more
                if count:
                    self.locked_by_client[client] = count

    def _knows(self, version: int) -> bool:
        if not self.first_version <= version <= self.version:
            return False
        return (
            version >= self._known_from
            or version in (self._known, self.first_version)
            or self.history.has(version)
        )

    def _relock(self, now: Moment) -> None:
        """The clock was set back: what was locked later than now counts as locked now."""
        locked = [seat for seat in self._seats.values() if seat.status is LOCKED]
        after = [seats.relock(seat, now) for seat in locked]
        self._last_locked_at = now.monotonic
        self.store(seats.changed(locked, after), SeatChange.EXTENDED, None, now)

    def _is_live(self, entry: tuple[float, int, str]) -> bool:
        return self._changed[entry[2]] == entry[1]
