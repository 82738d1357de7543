"""What every engine must do with a choice of seats: find the best, and leave none single."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from booking.domain import errors
from booking.domain.model import BestAvailable, SeatStatus
from booking.engines.contract import Registry
from booking.plans import grid
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB, POLICY, Engine, OpenRegistry, event_of, statuses

SINGLE_SEATS_FORBIDDEN = replace(POLICY, forbid_single_seats=True)
HALL = grid.grid(3, 6, aisle_after=[3], categories={"front": ["A"]})


class ChoosingContract(Engine):
    """The best seats, and the rule for those that would be left alone."""

    # The best seats

    def test_the_best_seats_are_chosen_and_locked_in_one(self, open_registry: OpenRegistry) -> None:
        registry = open_registry(event_of(HALL))
        held = registry.lock(BestAvailable(3), ANN)
        assert [(seat.id, seat.status) for seat in held.seats] == [
            ("A1", SeatStatus.LOCKED),
            ("A2", SeatStatus.LOCKED),
            ("A3", SeatStatus.LOCKED),
        ]
        assert [seat.id for seat in registry.lock(BestAvailable(3), BOB).seats] == [
            "A4",
            "A5",
            "A6",
        ]

    def test_seats_whose_lock_ran_out_or_whose_booking_was_cancelled_are_chosen_again(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        registry = open_registry(event_of(HALL))
        wish = BestAvailable(3, category="front")
        registry.lock(wish, ANN)
        clock.advance(60)
        assert [seat.id for seat in registry.lock(wish, BOB).seats] == ["A1", "A2", "A3"]
        reference = registry.confirm(None, BOB)[1].reference
        assert [seat.id for seat in registry.lock(wish, ANN).seats] == ["A4", "A5", "A6"]
        registry.cancel(reference, BOB)
        registry.release(["A4", "A5", "A6"], ANN)
        assert [seat.id for seat in registry.lock(wish, ANN).seats] == ["A1", "A2", "A3"]

    def test_blocked_seats_are_not_chosen(self, open_registry: OpenRegistry) -> None:
        registry = open_registry(event_of(HALL))
        registry.block(["A2"])
        assert [seat.id for seat in registry.lock(BestAvailable(3), ANN).seats] == [
            "A4",
            "A5",
            "A6",
        ]

    def test_excluded_categories_are_chosen_from_by_name_alone(
        self, open_registry: OpenRegistry
    ) -> None:
        policy = replace(POLICY, best_available_excludes=("front",))
        registry = open_registry(event_of(HALL, policy))
        assert [seat.id for seat in registry.lock(BestAvailable(2), ANN).seats] == ["B2", "B3"]
        wish = BestAvailable(2, category="front")
        assert [seat.id for seat in registry.lock(wish, BOB).seats] == ["A2", "A3"]

    def test_where_there_is_no_room_nothing_is_locked(self, open_registry: OpenRegistry) -> None:
        registry = open_registry(event_of(HALL))
        with pytest.raises(errors.NotEnoughSeats) as error:
            registry.lock(BestAvailable(4), ANN)
        assert error.value.largest_block == 3
        assert set(statuses(registry).values()) == {SeatStatus.AVAILABLE}

    def test_no_more_are_chosen_than_the_holder_can_have(self, registry: Registry) -> None:
        registry.lock(["1"], ANN)
        with pytest.raises(errors.HolderLimitReached):
            registry.lock(BestAvailable(4), ANN)

    # Single seats

    def test_a_lock_that_leaves_a_single_seat_warns_and_confirming_it_is_refused(
        self, open_registry: OpenRegistry
    ) -> None:
        registry = open_registry(event_of(5, SINGLE_SEATS_FORBIDDEN))
        assert registry.lock(["2"], ANN).leaves_single == ("1",)
        before = registry.changes()
        for seat_ids in (["2"], None):
            with pytest.raises(errors.LeavesSingleSeat) as error:
                registry.confirm(seat_ids, ANN)
            assert error.value.seats == ("1",)
        assert registry.changes() == before
        # To press seat 2 before seat 1 is no mistake.
        assert registry.lock(["1"], ANN).leaves_single == ()
        registry.confirm(None, ANN)
        assert registry.lock(["4"], BOB).leaves_single == ("3", "5")
        assert registry.lock(["3"], BOB).leaves_single == ()  # Two of three leave one anyway.
        registry.confirm(None, BOB)

    def test_where_the_policy_allows_it_no_lock_warns(self, registry: Registry) -> None:
        assert registry.lock(["2"], ANN).leaves_single == ()
        assert registry.basket(ANN).leaves_single == ()
        registry.confirm(["2"], ANN)

    def test_of_the_last_two_seats_one_can_be_had(self, open_registry: OpenRegistry) -> None:
        registry = open_registry(event_of(2, SINGLE_SEATS_FORBIDDEN))
        assert registry.lock(["1"], ANN).leaves_single == ()
        registry.confirm(["1"], ANN)
        registry.lock(["2"], BOB)
        registry.confirm(["2"], BOB)

    def test_seats_that_are_blocked_or_locked_by_others_count_as_taken(
        self, open_registry: OpenRegistry
    ) -> None:
        registry = open_registry(event_of(9, SINGLE_SEATS_FORBIDDEN))
        registry.block(["3"])
        registry.lock(["7"], BOB)
        assert registry.lock(["5"], ANN).leaves_single == ("4", "6")

    @pytest.mark.parametrize(
        ("lock", "release", "confirm"),
        [
            ((["3", "4"], ["6"]), [], None),  # In two steps.
            ((["1", "2", "3"],), ["2"], None),  # By giving the middle one back.
            ((["1", "2", "3"],), [], ["1", "3"]),  # By confirming only some.
        ],
    )
    def test_the_single_seat_rule_cannot_be_got_round(
        self,
        open_registry: OpenRegistry,
        lock: Sequence[list[str]],
        release: list[str],
        confirm: list[str] | None,
    ) -> None:
        registry = open_registry(event_of(6, SINGLE_SEATS_FORBIDDEN))
        for seat_ids in lock:
            registry.lock(seat_ids, ANN)
        if release:
            registry.release(release, ANN)
        with pytest.raises(errors.LeavesSingleSeat):
            registry.confirm(confirm, ANN)
        if confirm is None:
            assert registry.basket(ANN).leaves_single

    def test_the_single_seat_rule_cannot_be_got_round_in_two_bookings(
        self, open_registry: OpenRegistry
    ) -> None:
        registry = open_registry(event_of(5, SINGLE_SEATS_FORBIDDEN))
        for holder, allowed in ((ANN, False), (BOB, True)):
            registry.lock(["3"], ANN)
            reference = registry.confirm(["3"], ANN)[1].reference
            registry.lock(["1"], holder)
            if allowed:
                # One of two seats leaves another, whichever it is.
                registry.confirm(["1"], holder)
            else:
                # Together these are two of five seats, which could be side by side.
                with pytest.raises(errors.LeavesSingleSeat):
                    registry.confirm(["1"], holder)
                registry.release(["1"], holder)
                registry.cancel(reference, None)
