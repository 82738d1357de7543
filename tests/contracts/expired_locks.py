"""What every engine must do with holders who let their locks run out again and again."""

from dataclasses import replace

import pytest

from booking.domain import errors
from booking.domain.model import BestAvailable
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB, POLICY, Engine, OpenRegistry, event_of

PATIENT = replace(POLICY, max_expired_locks=2)


class ExpiredLocksContract(Engine):
    """After so many locks that ran out, their holder waits before it may lock the seat anew."""

    def test_whoever_lets_two_locks_run_out_waits_and_others_do_not(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        registry = open_registry(event_of(2, PATIENT))
        for _ in range(2):
            registry.lock(["1"], ANN)
            clock.advance(61)
        with pytest.raises(errors.SeatsUnavailable) as refused:
            registry.lock(["1"], ANN)
        (refusal,) = refused.value.refusals
        assert isinstance(refusal, errors.TooManyExpiredLocks)
        assert refusal.retry_after == pytest.approx(299)
        best = registry.lock(BestAvailable(1), ANN)
        assert [seat.id for seat in best.seats] == ["2"]
        registry.lock(["1"], BOB)

    def test_after_the_wait_the_seat_can_be_locked_again(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        registry = open_registry(event_of(2, PATIENT))
        for _ in range(2):
            registry.lock(["1"], ANN)
            clock.advance(61)
        clock.advance(299)
        registry.lock(["1"], ANN)
        clock.advance(61)
        registry.lock(["1"], ANN)
