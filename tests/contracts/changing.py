"""What every engine must do with an event that changes while it is sold."""

import pytest

from booking.domain import errors
from booking.domain.model import BestAvailable, Policy, SeatStatus
from booking.engines.contract import Registry
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB, Engine, event_of, statuses


class ChangingContract(Engine):
    """Another plan, another policy, the end."""

    def test_seats_that_stay_in_the_plan_keep_their_state(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        reference = registry.confirm(["1"], ANN)[1].reference
        registry.block(["2"])
        registry.lock(["3"], BOB)
        registry.update(event_of(12))
        assert list(statuses(registry).values()) == [
            SeatStatus.BOOKED,
            SeatStatus.BLOCKED,
            SeatStatus.LOCKED,
            *[SeatStatus.AVAILABLE] * 9,
        ]
        assert list(registry.summary().seats.values()) == [9, 1, 1, 1]
        registry.confirm(["3"], BOB)
        registry.cancel(reference, ANN)
        assert [seat.id for seat in registry.lock(BestAvailable(4), ANN).seats] == [
            "4",
            "5",
            "6",
            "7",
        ]
        clock.advance(60)
        assert registry.seat("4").status is SeatStatus.AVAILABLE

    def test_a_lock_runs_out_in_the_new_plan_as_it_would_have_in_the_old(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1", "2"], ANN)
        clock.advance(59)
        registry.update(event_of(3))
        clock.advance(1)
        assert registry.changes().seats == tuple(registry.seat(i) for i in "123")
        with pytest.raises(errors.LockExpired):
            registry.confirm(None, ANN)

    def test_a_plan_without_seats_that_somebody_has_is_refused(self, registry: Registry) -> None:
        registry.lock(["4", "5"], ANN)
        registry.confirm(["5"], ANN)
        before = registry.changes()
        with pytest.raises(errors.SeatsInUse) as error:
            registry.update(event_of(3))
        assert error.value.seats == ("4", "5")
        assert registry.changes() == before
        registry.release(["4"], ANN)
        registry.block(["4"])
        with pytest.raises(errors.SeatsInUse):
            registry.update(event_of(4))

    def test_after_a_change_of_plan_all_seats_are_given_whatever_version_is_known(
        self, registry: Registry
    ) -> None:
        registry.lock(["1"], ANN)
        since = registry.changes().version
        registry.update(event_of(6))
        changes = registry.changes(since)
        assert changes.full
        assert len(changes.seats) == 6
        assert changes.version > since

    def test_another_policy_holds_from_then_on(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        version = registry.changes().version
        registry.update(event_of(5, Policy(lock_seconds=10, max_seats_per_holder=2)))
        assert registry.changes().version > version
        registry.lock(["2"], ANN)
        with pytest.raises(errors.HolderLimitReached):
            registry.lock(["3"], ANN)
        clock.advance(10)
        assert registry.seat("1").status is SeatStatus.LOCKED
        assert registry.seat("2").status is SeatStatus.AVAILABLE

    def test_an_update_that_changes_nothing_has_no_version(self, registry: Registry) -> None:
        before = registry.changes()
        registry.update(event_of(5))
        assert registry.changes() == before

    def test_once_it_is_closed_there_is_no_such_event(self, registry: Registry) -> None:
        registry.lock(["1"], ANN)
        with pytest.raises(errors.SeatsInUse):
            registry.close()
        registry.release(["1"], ANN)
        registry.close()
        for call in (
            registry.summary,
            registry.changes,
            registry.close,
            lambda: registry.seat("1"),
            lambda: registry.lock(["1"], ANN),
            lambda: registry.update(event_of(5)),
        ):
            with pytest.raises(errors.EventNotFound):
                call()
        registry.sweep()
