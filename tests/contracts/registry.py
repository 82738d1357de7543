"""What every engine that keeps seats must do, as tests. An engine inherits the class and provides
the ``open_registry`` fixture."""

from collections.abc import Callable

import pytest

from booking.domain import errors
from booking.domain.model import BestAvailable, Policy, SeatStatus
from booking.engines.contract import Registry
from tests.contracts.listing import ListingContract
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB, OpenRegistry, event_of, statuses

NAMING_CALLS: list[Callable[[Registry, list[str]], object]] = [
    lambda registry, seat_ids: registry.lock(seat_ids, ANN),
    lambda registry, seat_ids: registry.confirm(seat_ids, ANN),
    lambda registry, seat_ids: registry.release(seat_ids, ANN),
    lambda registry, seat_ids: registry.extend(seat_ids, ANN),
    lambda registry, seat_ids: registry.block(seat_ids),
    lambda registry, seat_ids: registry.unblock(seat_ids),
]


class RegistryContract(ListingContract):
    """What a holder can do, and what time does. All the contract, with what it inherits."""

    # Every call

    @pytest.mark.parametrize("call", NAMING_CALLS)
    def test_a_call_names_at_least_one_seat_and_each_once(
        self, registry: Registry, call: Callable[[Registry, list[str]], object]
    ) -> None:
        registry.lock(["1"], ANN)
        before = registry.changes()
        for seat_ids in ([], ["1", "1"]):
            with pytest.raises(errors.BadChoice):
                call(registry, seat_ids)
        assert registry.changes() == before

    def test_no_seat_at_all_is_no_wish(self, registry: Registry) -> None:
        with pytest.raises(errors.BadChoice):
            registry.lock(BestAvailable(0), ANN)

    def test_more_seats_than_a_holder_can_have_are_refused_before_they_are_looked_up(
        self, registry: Registry
    ) -> None:
        with pytest.raises(errors.HolderLimitReached):
            registry.lock([f"no-{number}" for number in range(5)], ANN)

    # Lock

    def test_a_lock_belongs_to_its_holder_for_the_seconds_of_the_policy(
        self, registry: Registry
    ) -> None:
        held = registry.lock(["2"], ANN)
        assert held.expires_in == 60
        assert [seat.id for seat in held.seats] == ["2"]
        assert registry.seat("2") == held.seats[0]

    def test_a_locked_seat_is_locked_for_all_its_holder_included(self, registry: Registry) -> None:
        registry.lock(["1"], ANN)
        for holder, yours in ((ANN, True), (BOB, False)):
            with pytest.raises(errors.SeatsUnavailable) as error:
                registry.lock(["1"], holder)
            assert [refusal.yours for refusal in error.value.refusals] == [yours]

    def test_a_failed_lock_does_not_prolong(self, registry: Registry, clock: ManualClock) -> None:
        registry.lock(["1"], ANN)
        clock.advance(59)
        with pytest.raises(errors.SeatsUnavailable):
            registry.lock(["1"], ANN)
        clock.advance(1)
        assert registry.seat("1").status is SeatStatus.AVAILABLE

    def test_several_seats_are_locked_together_or_not_at_all(self, registry: Registry) -> None:
        registry.lock(["2"], BOB)
        registry.confirm(["2"], BOB)
        registry.lock(["4"], BOB)
        with pytest.raises(errors.SeatsUnavailable) as error:
            registry.lock(["1", "2", "4"], ANN)
        assert error.value.seats == ("2", "4")
        assert statuses(registry)["1"] is SeatStatus.AVAILABLE
        registry.lock(["3", "1"], ANN)
        assert statuses(registry)["1"] is statuses(registry)["3"] is SeatStatus.LOCKED

    def test_a_holder_has_no_more_seats_than_the_policy_allows_booked_ones_included(
        self, registry: Registry
    ) -> None:
        registry.lock(["1", "2"], ANN)
        registry.confirm(["1", "2"], ANN)
        registry.lock(["3"], ANN)
        with pytest.raises(errors.HolderLimitReached):
            registry.lock(["4", "5"], ANN)
        registry.lock(["4"], ANN)
        with pytest.raises(errors.HolderLimitReached):
            registry.lock(["5"], ANN)
        registry.lock(["5"], BOB)

    def test_what_ran_out_or_was_released_does_not_count_against_the_limit(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1", "2", "3", "4"], ANN)
        registry.release(["1"], ANN)
        registry.lock(["5"], ANN)
        clock.advance(60)
        registry.lock(["1", "2", "3", "4"], ANN)

    # The deadline

    @pytest.mark.parametrize(
        ("seconds", "confirmed"), [(59.999, True), (60, False), (60.001, False)]
    )
    def test_a_lock_can_be_confirmed_before_its_deadline_and_not_from_then_on(
        self, registry: Registry, clock: ManualClock, seconds: float, confirmed: bool
    ) -> None:
        registry.lock(["1"], ANN)
        clock.advance(seconds)
        if confirmed:
            registry.confirm(["1"], ANN)
        else:
            with pytest.raises(errors.LockExpired):
                registry.confirm(["1"], ANN)
            assert registry.seat("1").status is SeatStatus.AVAILABLE

    def test_at_the_deadline_the_seat_is_there_for_everyone(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        clock.advance(60)
        registry.lock(["1"], BOB)
        with pytest.raises(errors.NotYourLock):
            registry.confirm(["1"], ANN)

    def test_a_late_call_for_an_earlier_lock_leaves_the_new_one_untouched(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        clock.advance(60)
        new = registry.lock(["1"], BOB).seats[0]
        for call in (registry.confirm, registry.release, registry.extend):
            with pytest.raises(errors.NotYourLock):
                call(["1"], ANN)
        clock.advance(59)
        assert registry.seat("1") == new

    def test_a_wall_clock_that_jumps_changes_nothing(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        for wall in (0, 4e9):
            clock.set_wall(wall)
            assert registry.seat("1").status is SeatStatus.LOCKED
        before = registry.changes().version
        clock.set_wall(0)
        registry.confirm(["1"], ANN)
        assert registry.changes().version > before

    # Confirm

    def test_seats_confirmed_together_are_one_booking(self, registry: Registry) -> None:
        registry.lock(["3", "1"], ANN)
        booked, booking = registry.confirm(["3", "1"], ANN)
        assert [seat.status for seat in booked] == [SeatStatus.BOOKED] * 2
        assert {seat.booking for seat in booked} == {booking}
        assert (booking.seats, booking.holder) == (("3", "1"), ANN)

    def test_bookings_have_references_of_their_own(self, open_registry: OpenRegistry) -> None:
        minted = iter(["AAAAA-AAAAA", "AAAAA-AAAAA", "BBBBB-BBBBB"])
        registry = open_registry(event_of(2), mint_reference=lambda: next(minted))
        references = []
        for seat_id in ("1", "2"):
            registry.lock([seat_id], ANN)
            references.append(registry.confirm([seat_id], ANN)[1].reference)
        assert references == ["AAAAA-AAAAA", "BBBBB-BBBBB"]

    def test_a_booked_seat_stays_booked(self, registry: Registry, clock: ManualClock) -> None:
        registry.lock(["1"], ANN)
        registry.confirm(["1"], ANN)
        clock.advance(1000)
        with pytest.raises(errors.SeatBooked) as error:
            registry.confirm(["1"], ANN)
        assert error.value.yours
        with pytest.raises(errors.SeatBooked):
            registry.release(["1"], ANN)
        assert registry.seat("1").status is SeatStatus.BOOKED

    def test_several_seats_are_confirmed_together_or_not_at_all(self, registry: Registry) -> None:
        registry.lock(["1"], ANN)
        registry.lock(["2"], BOB)
        before = registry.changes()
        for refused in (["1", "2"], ["1", "3"]):
            with pytest.raises(errors.BookingError):
                registry.confirm(refused, ANN)
        assert registry.changes() == before

    def test_confirming_all_books_what_the_holder_has_locked_and_nothing_else(
        self, registry: Registry
    ) -> None:
        registry.lock(["5"], ANN)
        registry.confirm(["5"], ANN)
        registry.lock(["4"], ANN)
        registry.lock(["2"], ANN)
        registry.lock(["3"], BOB)
        _, booking = registry.confirm(None, ANN)
        assert booking.seats == ("2", "4")
        assert statuses(registry)["3"] is SeatStatus.LOCKED

    def test_confirming_all_of_nothing_says_why_there_is_nothing(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        with pytest.raises(errors.TokenRequired):
            registry.confirm(None, None)
        with pytest.raises(errors.SeatNotLocked):
            registry.confirm(None, ANN)
        registry.lock(["1"], ANN)
        clock.advance(60)
        with pytest.raises(errors.LockExpired):
            registry.confirm(None, ANN)

    def test_whoever_expects_a_number_of_seats_books_that_many_or_none(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["2"], ANN)
        clock.advance(30)
        registry.lock(["4"], ANN)
        for expect, held in ((1, 2), (3, 2)):
            with pytest.raises(errors.WrongNumberOfLocks) as error:
                registry.confirm(None, ANN, expect)
            assert error.value.seats == ()
            assert f"{expect} seat" in str(error.value)
            assert f"have {held} locked" in str(error.value)
        assert set(statuses(registry).values()) == {SeatStatus.AVAILABLE, SeatStatus.LOCKED}
        assert registry.confirm(None, ANN, 2)[1].seats == ("2", "4")

    def test_whoever_expects_more_seats_than_are_left_is_told_which_ran_out(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)  # In a basket that was given up long ago.
        clock.advance(1000)
        registry.lock(["5", "2"], ANN)
        clock.advance(30)
        registry.lock(["4"], ANN)
        clock.advance(30)
        with pytest.raises(errors.WrongNumberOfLocks) as error:
            registry.confirm(None, ANN, 3)
        assert set(error.value.seats) == {"5", "2"}
        assert registry.seat("4").status is SeatStatus.LOCKED
        registry.lock(["2"], BOB)
        clock.advance(30)
        with pytest.raises(errors.WrongNumberOfLocks) as error:
            registry.confirm(None, ANN, 2)
        assert set(error.value.seats) == {"5", "4"}

    def test_without_expecting_a_number_what_is_left_is_booked(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        clock.advance(30)
        registry.lock(["2"], ANN)
        clock.advance(30)
        assert registry.confirm(None, ANN)[1].seats == ("2",)

    # Release and extend

    def test_a_released_seat_is_available_at_once(self, registry: Registry) -> None:
        registry.lock(["1", "2"], ANN)
        (released,) = registry.release(["1"], ANN)
        assert (released.id, released.status) == ("1", SeatStatus.AVAILABLE)
        registry.lock(["1"], BOB)
        with pytest.raises(errors.NotYourLock):
            registry.release(["2", "1"], ANN)
        assert statuses(registry)["2"] is SeatStatus.LOCKED

    def test_an_extended_lock_runs_from_now_and_at_most_for_the_longest_lock(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        for _ in range(5):
            clock.advance(50)
            remaining = registry.extend(["1"], ANN).expires_in
        assert remaining == 50
        clock.advance(49.999)
        assert registry.seat("1").status is SeatStatus.LOCKED
        clock.advance(0.001)
        with pytest.raises(errors.LockExpired):
            registry.extend(["1"], ANN)

    @pytest.mark.parametrize("released", [True, False])
    def test_nobody_holds_a_seat_for_longer_by_locking_it_again_and_again(
        self, registry: Registry, clock: ManualClock, released: bool
    ) -> None:
        for minute in range(5):
            assert registry.lock(["1", "2"], ANN).expires_in == 60, minute
            clock.advance(59 if released else 60)
            if released:
                registry.release(["1"], ANN)
                clock.advance(1)
        with pytest.raises(errors.SeatsUnavailable) as error:
            registry.lock(["1", "3"], ANN)
        (refusal,) = error.value.refusals
        assert isinstance(refusal, errors.LockedTooLong)
        assert refusal.retry_after == pytest.approx(59 if released else 60)
        assert registry.seat("3").status is SeatStatus.AVAILABLE
        registry.lock(["1"], BOB)
        clock.advance(60)
        # Bob had seat 1, and seat 2 was there for everyone.
        registry.lock(["1", "2"], ANN)

    def test_the_best_seats_are_others_than_those_that_the_holder_had_for_too_long(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        policy = Policy(lock_seconds=60, max_lock_seconds=60)
        registry = open_registry(event_of(5, policy))
        (best,) = registry.lock(BestAvailable(1), ANN).seats
        clock.advance(60)
        assert registry.lock(BestAvailable(1), ANN).seats[0].id != best.id
        assert registry.lock(BestAvailable(1), BOB).seats[0].id == best.id

    def test_an_extension_that_fails_prolongs_nothing(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        registry.lock(["2"], BOB)
        clock.advance(30)
        with pytest.raises(errors.NotYourLock):
            registry.extend(["1", "2"], ANN)
        clock.advance(30)
        assert registry.seat("1").status is SeatStatus.AVAILABLE

    def test_the_time_left_is_that_of_the_first_lock_to_run_out(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        clock.advance(59)
        for _ in range(5):
            registry.extend(["1"], ANN)
            clock.advance(45)
        registry.lock(["2"], ANN)
        assert registry.extend(["1", "2"], ANN).expires_in == pytest.approx(300 - 59 - 5 * 45)
