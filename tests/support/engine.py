"""What the contract tests of every engine start from."""

from collections.abc import Callable
from typing import Any

import pytest

from booking.domain.model import DEFAULT_EVENT, Event, Policy, SeatStatus
from booking.engines.contract import Registry
from booking.plans import grid
from booking.plans.model import Plan
from tests.support.clocks import ManualClock

ANN, BOB = b"a" * 32, b"b" * 32
POLICY = Policy(lock_seconds=60, max_lock_seconds=300, max_seats_per_holder=4)

OpenRegistry = Callable[..., Registry]


def event_of(seats: int | Plan, policy: Policy = POLICY, **details: Any) -> Event:
    """An event with the seats 1, 2, 3 … or with those of a plan."""
    plan = grid.count(seats) if isinstance(seats, int) else seats
    return Event(**{"id": DEFAULT_EVENT, "plan": plan, "policy": policy, **details})


def statuses(registry: Registry) -> dict[str, SeatStatus]:
    return {seat.id: seat.status for seat in registry.changes().seats}


class Engine:
    """Nothing here lets a timer run: the clock alone decides."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    def open_registry(self, clock: ManualClock) -> OpenRegistry:
        raise AssertionError("an engine provides this")

    @pytest.fixture
    def registry(self, open_registry: OpenRegistry) -> Registry:
        return open_registry(event_of(5))
