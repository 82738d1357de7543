"""What there is to see, whatever engine keeps the seats: all of them, or what changed."""

import pytest

from booking.domain import errors
from booking.domain.model import SeatStatus
from booking.engines.contract import Registry
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB, Engine, OpenRegistry, event_of, statuses


class ListingContract(Engine):
    """Seats, versions and changes."""

    def test_all_seats_are_available_at_first_in_plan_order(self, registry: Registry) -> None:
        changes = registry.changes()
        assert [seat.id for seat in changes.seats] == ["1", "2", "3", "4", "5"]
        assert set(statuses(registry).values()) == {SeatStatus.AVAILABLE}
        assert changes.full

    def test_a_seat_of_another_event_is_not_found(self, registry: Registry) -> None:
        for call in (
            lambda: registry.seat("6"),
            lambda: registry.lock(["1", "6"], ANN),
            lambda: registry.confirm(["6"], ANN),
            lambda: registry.release(["6"], None),
            lambda: registry.extend(["6"], ANN),
        ):
            with pytest.raises(errors.SeatNotFound) as error:
                call()
            assert error.value.seats == ("6",)
        assert registry.seat("1").status is SeatStatus.AVAILABLE

    def test_versions_grow_with_every_visible_change(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        versions = [registry.changes().version]

        def note() -> None:
            versions.append(registry.changes().version)

        registry.lock(["1"], ANN)
        note()
        clock.advance(1)
        registry.extend(["1"], ANN)
        note()
        registry.release(["1"], ANN)
        note()
        registry.lock(["1", "2"], ANN)
        note()
        registry.confirm(["1"], ANN)
        note()
        clock.advance(60)  # The lock on seat 2 runs out.
        note()
        assert versions == sorted(set(versions))

    def test_versions_stand_still_when_nothing_changes(self, registry: Registry) -> None:
        registry.lock(["1"], ANN)
        before = registry.changes()
        with pytest.raises(errors.SeatsUnavailable):
            registry.lock(["1"], ANN)
        with pytest.raises(errors.NotYourLock):
            registry.release(["1"], BOB)
        assert registry.changes() == before

    def test_changes_are_those_after_the_version_in_plan_order(self, registry: Registry) -> None:
        registry.lock(["4"], ANN)
        since = registry.changes().version
        assert registry.changes(since).seats == ()
        registry.lock(["5"], BOB)
        registry.lock(["2"], BOB)
        registry.confirm(["5"], BOB)
        changes = registry.changes(since)
        assert [(seat.id, seat.status) for seat in changes.seats] == [
            ("2", SeatStatus.LOCKED),
            ("5", SeatStatus.BOOKED),
        ]
        assert not changes.full

    def test_all_seats_are_given_if_more_have_changed_than_are_wanted(
        self, registry: Registry
    ) -> None:
        since = registry.changes().version
        registry.lock(["1", "2"], ANN)
        assert [seat.id for seat in registry.changes(since, most=2).seats] == ["1", "2"]
        registry.lock(["3"], BOB)
        changes = registry.changes(since, most=2)
        assert changes.full
        assert len(changes.seats) == 5

    @pytest.mark.parametrize("since", [0, -1, 10**17])
    def test_all_seats_are_given_since_a_version_that_is_unknown(
        self, registry: Registry, since: int
    ) -> None:
        changes = registry.changes(since)
        assert changes.full
        assert len(changes.seats) == 5

    def test_a_later_start_leads_beyond_the_versions_of_an_earlier_one(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        first = open_registry(event_of(1))
        for _ in range(500):
            first.lock(["1"], ANN)
            first.release(["1"], ANN)
        given = first.changes().version
        clock.advance(1)
        assert open_registry(event_of(1)).changes().version >= given
