"""A registry and a model of it, taken through the same random calls on the same clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from booking.domain import errors
from booking.domain.history import SeatChange
from booking.domain.model import BestAvailable, Booking, Policy, SeatStatus
from booking.engines.contract import Registry
from booking.engines.memory.registry import SeatRegistry
from booking.plans import grid
from tests.support.clocks import ManualClock
from tests.support.engine import event_of

PLAN = grid.grid(3, 2, skip={"C2"})
SEATS = ["A1", "A2", "B1", "B2", "C1"]
HOLDERS = [b"ann", b"bob", b"eve"]
POLICY = Policy(lock_seconds=60, max_lock_seconds=150, max_seats_per_holder=3)

BECOMES = {
    SeatChange.LOCKED: SeatStatus.LOCKED,
    SeatChange.EXTENDED: SeatStatus.LOCKED,
    SeatChange.RELEASED: SeatStatus.AVAILABLE,
    SeatChange.EXPIRED: SeatStatus.AVAILABLE,
    SeatChange.BOOKED: SeatStatus.BOOKED,
    SeatChange.CANCELLED: SeatStatus.AVAILABLE,
    SeatChange.BLOCKED: SeatStatus.BLOCKED,
    SeatChange.UNBLOCKED: SeatStatus.AVAILABLE,
}

TICK = 1 / 1024
"""A short time, of which any number add up exactly."""

some_seats = st.lists(st.sampled_from(SEATS), min_size=1, max_size=3, unique=True)
a_holder = st.sampled_from(HOLDERS)


@dataclass
class Expected:
    """What is known of one seat: who has it, since when and until when, and whether for good."""

    holder: bytes | None = None
    locked_at: float = 0
    deadline: float = 0
    booked: bool = False
    blocked: bool = False
    had: bytes | None = None
    """Who had it last, from ``locked_at`` until ``deadline``."""
    ran_out: bool = False


class RegistryModel(RuleBasedStateMachine):
    """The machine; its invariants are checked after each call."""

    offset = 0.0
    """How far the clock of deadlines is ahead of the monotonic one."""

    def open(self, clock: ManualClock) -> Registry:
        """The registry to be tested. Another engine overrides this."""
        return SeatRegistry(event_of(PLAN, POLICY), clock=clock)

    @initialize()
    def start(self) -> None:
        self.clock = ManualClock()
        self.registry = self.open(self.clock)
        self.expected = {seat_id: Expected() for seat_id in SEATS}
        # Every version that was seen, and the seats as they were then.
        self.seen: dict[int, dict[str, Any]] = {}
        self.bookings: list[Booking] = []

    @property
    def now(self) -> float:
        return self.clock.now.monotonic

    def settle(self) -> None:
        """What time does by itself."""
        for seat in self.expected.values():
            if seat.holder is not None and not seat.booked and seat.deadline <= self.now:
                seat.holder, seat.had, seat.ran_out = None, seat.holder, True

    def goes_on(self, seat: Expected, holder: bytes) -> bool:
        """Whether time that the holder has had counts, for others had no fair chance yet."""
        return seat.had == holder and self.now < seat.deadline + POLICY.lock_seconds

    def held_too_long(self, seat_id: str, holder: bytes) -> bool:
        seat = self.expected[seat_id]
        time_is_up = self.now >= seat.locked_at + POLICY.max_lock_seconds
        return self.goes_on(seat, holder) and time_is_up

    def take(self, seat_id: str, holder: bytes) -> None:
        seat = self.expected[seat_id]
        since = seat.locked_at if self.goes_on(seat, holder) else self.now
        until = min(self.now + POLICY.lock_seconds, since + POLICY.max_lock_seconds)
        self.expected[seat_id] = Expected(holder, since, until)

    def held(self, holder: bytes) -> list[str]:
        return [i for i, seat in self.expected.items() if seat.holder == holder]

    @property
    def free(self) -> set[str]:
        return {i for i, seat in self.expected.items() if seat.holder is None and not seat.blocked}

    def error_for(self, seat_ids: list[str], holder: bytes) -> type[Exception] | None:
        """Why the holder cannot confirm, release or extend: the first seat that is in the way."""
        for seat_id in seat_ids:
            seat = self.expected[seat_id]
            if seat.booked:
                return errors.SeatBooked
            if seat.blocked:
                return errors.SeatBlocked
            if seat.holder is None:
                ran_out = seat.ran_out and seat.had == holder
                return errors.LockExpired if ran_out else errors.SeatNotLocked
            if seat.holder != holder:
                return errors.NotYourLock
        return None

    def call(self, error: type[Exception] | None, call: Callable[[], object]) -> bool:
        """Call, expect the error or none, and tell whether it went well."""
        if error is None:
            call()
            return True
        with pytest.raises(error):
            call()
        return False

    @rule(seconds=st.sampled_from([TICK, 1, 29, 30, 60 - TICK, 60, 61, 150]))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.settle()

    @rule(wall=st.floats(0, 4e9))
    def somebody_sets_the_wall_clock(self, wall: float) -> None:
        self.clock.set_wall(wall)

    @rule()
    def the_timer_runs(self) -> None:
        self.registry.sweep()

    @rule(seat_ids=some_seats, holder=a_holder)
    def lock(self, seat_ids: list[str], holder: bytes) -> None:
        error: type[Exception] | None = None
        if not self.free >= set(seat_ids) or any(
            self.held_too_long(seat_id, holder) for seat_id in seat_ids
        ):
            error = errors.SeatsUnavailable
        elif len(self.held(holder)) + len(seat_ids) > POLICY.max_seats_per_holder:
            error = errors.HolderLimitReached
        if self.call(error, lambda: self.registry.lock(seat_ids, holder)):
            for seat_id in seat_ids:
                self.take(seat_id, holder)

    @rule(seat_ids=some_seats, holder=a_holder)
    def confirm(self, seat_ids: list[str], holder: bytes) -> None:
        error = self.error_for(seat_ids, holder)
        if error is not None:
            with pytest.raises(error):
                self.registry.confirm(seat_ids, holder)
            return
        self.book(self.registry.confirm(seat_ids, holder)[1])

    @rule(holder=a_holder)
    def confirm_all(self, holder: bytes) -> None:
        seat_ids = [i for i in self.held(holder) if not self.expected[i].booked]
        if seat_ids:
            booking = self.registry.confirm(None, holder)[1]
            assert booking.seats == tuple(seat_ids)
            self.book(booking)
        else:
            with pytest.raises((errors.SeatNotLocked, errors.LockExpired)):
                self.registry.confirm(None, holder)

    def book(self, booking: Booking) -> None:
        self.bookings.append(booking)
        for seat_id in booking.seats:
            self.expected[seat_id].booked = True

    @rule(count=st.integers(1, 3), holder=a_holder)
    def lock_the_best(self, count: int, holder: bytes) -> None:
        if len(self.held(holder)) + count > POLICY.max_seats_per_holder:
            with pytest.raises(errors.HolderLimitReached):
                self.registry.lock(BestAvailable(count), holder)
            return
        try:
            free = {i for i in self.free if not self.held_too_long(i, holder)}
            chosen = [seat.id for seat in self.registry.lock(BestAvailable(count), holder).seats]
        except errors.NotEnoughSeats as error:
            pairs = ({"A1", "A2"}, {"B1", "B2"})
            together = any(pair <= free for pair in pairs)
            largest = 2 if together else min(1, len(free))
            assert error.largest_block == largest < count  # noqa: PT017
        else:
            assert free.issuperset(chosen)
            for seat_id in chosen:
                self.take(seat_id, holder)

    @precondition(lambda self: self.bookings)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        booking = self.bookings.pop(data.draw(st.integers(0, len(self.bookings) - 1)))
        self.registry.cancel(booking.reference, booking.holder)
        for seat_id in booking.seats:
            self.expected[seat_id] = Expected()

    @rule(seat_ids=some_seats)
    def block(self, seat_ids: list[str]) -> None:
        taken = any(self.expected[seat_id].holder is not None for seat_id in seat_ids)
        error = errors.SeatsUnavailable if taken else None
        if self.call(error, lambda: self.registry.block(seat_ids)):
            for seat_id in seat_ids:
                self.expected[seat_id] = Expected(blocked=True)

    @rule(seat_ids=some_seats)
    def unblock(self, seat_ids: list[str]) -> None:
        self.registry.unblock(seat_ids)
        for seat_id in seat_ids:
            self.expected[seat_id].blocked = False

    @rule(seat_ids=some_seats, holder=a_holder)
    def release(self, seat_ids: list[str], holder: bytes) -> None:
        error = self.error_for(seat_ids, holder)
        if self.call(error, lambda: self.registry.release(seat_ids, holder)):
            for seat_id in seat_ids:
                since = self.expected[seat_id].locked_at
                self.expected[seat_id] = Expected(locked_at=since, deadline=self.now, had=holder)

    @rule(seat_ids=some_seats, holder=a_holder)
    def extend(self, seat_ids: list[str], holder: bytes) -> None:
        error = self.error_for(seat_ids, holder)
        if self.call(error, lambda: self.registry.extend(seat_ids, holder)):
            for seat_id in seat_ids:
                seat = self.expected[seat_id]
                latest = seat.locked_at + POLICY.max_lock_seconds
                seat.deadline = max(seat.deadline, min(self.now + POLICY.lock_seconds, latest))

    @invariant()
    def seats_are_as_expected(self) -> None:
        """One owner at most; booked stays booked; locked exactly while the deadline is ahead."""
        for seat in self.registry.changes().seats:
            expected = self.expected[seat.id]
            if expected.booked:
                assert seat.status is SeatStatus.BOOKED
                assert seat.booking is not None
                assert (seat.booking.holder, seat.id in seat.booking.seats) == (
                    expected.holder,
                    True,
                )
            elif expected.holder is not None:
                assert seat.status is SeatStatus.LOCKED
                assert seat.lock is not None
                assert seat.lock.holder == expected.holder
                assert seat.lock.deadline - self.offset == expected.deadline
            elif expected.blocked:
                assert seat.status is SeatStatus.BLOCKED
            else:
                assert seat.status is SeatStatus.AVAILABLE

    @invariant()
    def counts_are_those_of_the_seats(self) -> None:
        statuses = [seat.status for seat in self.registry.changes().seats]
        assert self.registry.summary().seats == {
            status: statuses.count(status) for status in SeatStatus
        }

    @invariant()
    def history_leads_to_where_the_seats_are(self) -> None:
        last = {entry.seat: entry for entry in self.registry.history(most=10_000).entries}
        for seat_id, entry in last.items():
            status = self.registry.seat(seat_id).status
            assert status is BECOMES[entry.change]

    @invariant()
    def versions_grow_with_what_changes(self) -> None:
        changes = self.registry.changes()
        seats = {seat.id: seat for seat in changes.seats}
        assert changes.version >= max(self.seen, default=0)
        assert self.seen.setdefault(changes.version, seats) == seats

    @invariant()
    def changes_lead_from_every_version_to_the_latest(self) -> None:
        latest = {seat.id: seat for seat in self.registry.changes().seats}
        for version, seats in self.seen.items():
            changes = self.registry.changes(version)
            assert not changes.full
            assert seats | {seat.id: seat for seat in changes.seats} == latest


TestRegistryModel = RegistryModel.TestCase
