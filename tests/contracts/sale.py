"""What every engine must do with a sale: choose seats, keep to its times and its policy, cancel,
remember. An engine inherits the class, as :class:`tests.registry_contract.RegistryContract`."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from booking.domain import errors
from booking.domain.model import BestAvailable, HistoryEntry, Policy, SeatChange, SeatStatus
from booking.domain.questions import Details, Kind, Question
from booking.engines.contract import Registry
from booking.plans import grid
from tests.contracts.answers import AnswersContract
from tests.contracts.counter import CounterContract
from tests.contracts.door import DoorContract
from tests.contracts.expired_locks import ExpiredLocksContract
from tests.support.clocks import START, ManualClock
from tests.support.engine import ANN, BOB, POLICY, OpenRegistry, event_of, statuses

SINGLE_SEATS_FORBIDDEN = replace(POLICY, forbid_single_seats=True)
NAME = Question(id="name", kind=Kind.NAME, required=True)
ASKING = replace(POLICY, ask=(NAME,))
HALL = grid.grid(3, 6, aisle_after=[3], categories={"front": ["A"]})


class SaleContract(CounterContract, DoorContract, AnswersContract, ExpiredLocksContract):
    """All the contract, with what it inherits."""

    # Details

    def test_a_booking_without_the_answers_that_are_required_is_refused(
        self, open_registry: OpenRegistry
    ) -> None:
        registry = open_registry(event_of(5, ASKING))
        registry.lock(["1"], ANN)
        with pytest.raises(errors.BadDetails) as error:
            registry.confirm(["1"], ANN)
        assert error.value.faults == {"name": "is required"}
        assert registry.seat("1").status is SeatStatus.LOCKED
        _, booking = registry.confirm(["1"], ANN, details=Details({"name": "Ann"}))
        assert registry.details(booking.reference) == Details({"name": "Ann"})

    def test_details_are_listed_with_their_bookings_until_they_are_erased(
        self, open_registry: OpenRegistry
    ) -> None:
        registry = open_registry(event_of(5, replace(ASKING, ask=(replace(NAME, required=False),))))
        references = []
        for seat, details in (("1", Details({"name": "Ann"})), ("2", Details())):
            registry.lock([seat], ANN)
            references.append(registry.confirm([seat], ANN, details=details)[1].reference)
        assert registry.bookings().details == {references[0]: Details({"name": "Ann"})}
        before = registry.changes().version
        registry.erase_details(references[0])
        registry.erase_details(references[1])
        assert registry.bookings().details == {}
        assert registry.details(references[0]) is None
        assert registry.booking(references[0]).seats == ("1",)
        assert registry.changes().version == before
        with pytest.raises(errors.BookingNotFound):
            registry.erase_details("00000-00000")

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

    # When it is on sale

    def test_seats_are_locked_while_the_event_is_on_sale(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        begins, ends = START.wall + 100, START.wall + 200
        registry = open_registry(event_of(5, on_sale_from=begins, on_sale_until=ends))
        with pytest.raises(errors.NotOnSale) as error:
            registry.lock(["1"], ANN)
        assert error.value.retry_after == pytest.approx(100)
        clock.advance(100)
        registry.lock(["1"], ANN)
        clock.advance(99)
        registry.lock(["2"], ANN)
        clock.advance(1)
        with pytest.raises(errors.NotOnSale) as error:
            registry.lock(BestAvailable(1), BOB)
        assert error.value.retry_after is None

    @pytest.mark.parametrize(
        ("starts_at", "on_sale_until", "ends"), [(50, None, 50), (50, 20, 20), (50, 70, 70)]
    )
    def test_the_sale_ends_when_the_event_starts_unless_it_says_otherwise(
        self,
        open_registry: OpenRegistry,
        clock: ManualClock,
        starts_at: float,
        on_sale_until: float | None,
        ends: float,
    ) -> None:
        until = None if on_sale_until is None else START.wall + on_sale_until
        event = event_of(2, starts_at=START.wall + starts_at, on_sale_until=until)
        registry = open_registry(event)
        clock.advance(ends - 1)
        registry.lock(["1"], ANN)
        clock.advance(1)
        with pytest.raises(errors.NotOnSale):
            registry.lock(["2"], ANN)

    def test_what_was_locked_in_time_can_be_confirmed_when_the_sale_is_over(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        registry = open_registry(event_of(1, on_sale_until=START.wall + 10))
        registry.lock(["1"], ANN)
        clock.advance(30)
        registry.extend(["1"], ANN)
        registry.confirm(["1"], ANN)

    # Bookings

    def test_a_basket_has_what_its_holder_locked_and_booked_and_no_one_elses(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["3"], ANN)
        booking = registry.confirm(["3"], ANN)[1]
        registry.lock(["2"], ANN)
        clock.advance(10)
        registry.lock(["1"], ANN)
        registry.lock(["4"], BOB)
        basket = registry.basket(ANN)
        assert [seat.id for seat in basket.seats] == ["1", "2"]
        assert basket.bookings == (booking,)
        left = [seat.lock.deadline - basket.now.monotonic for seat in basket.seats if seat.lock]
        assert left == [60, 50]
        clock.advance(50)
        assert [seat.id for seat in registry.basket(ANN).seats] == ["1"]
        registry.cancel(booking.reference, ANN)
        assert registry.basket(ANN).bookings == ()

    def test_a_booking_is_found_by_its_reference(self, registry: Registry) -> None:
        registry.lock(["1"], ANN)
        booking = registry.confirm(["1"], ANN)[1]
        assert registry.booking(booking.reference) == booking
        with pytest.raises(errors.BookingNotFound):
            registry.booking("AAAAA-AAAAA")

    def test_cancelling_frees_the_seats_and_the_booking_is_remembered(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1", "2"], ANN)
        booking = registry.confirm(["1", "2"], ANN)[1]
        clock.advance(5)
        freed, cancelled = registry.cancel(booking.reference, ANN)
        assert [seat.status for seat in freed] == [SeatStatus.AVAILABLE] * 2
        assert cancelled == booking._replace(cancelled_at=clock.now.wall)
        assert registry.booking(booking.reference) == cancelled
        registry.lock(["1", "2"], BOB)

    def test_a_booking_is_cancelled_once(self, registry: Registry) -> None:
        registry.lock(["1"], ANN)
        reference = registry.confirm(["1"], ANN)[1].reference
        registry.cancel(reference, ANN)
        registry.lock(["1"], BOB)
        with pytest.raises(errors.BookingCancelled):
            registry.cancel(reference, ANN)
        assert registry.seat("1").status is SeatStatus.LOCKED

    @pytest.mark.parametrize(
        ("cancel_until", "starts_at", "possible"),
        [
            (None, None, 1e9),
            (None, START.wall + 50, 50),
            (START.wall + 20, START.wall + 50, 20),
            (START.wall + 70, START.wall + 50, 70),
        ],
    )
    def test_a_booking_can_be_cancelled_until_the_policy_says_or_the_event_starts(
        self,
        open_registry: OpenRegistry,
        clock: ManualClock,
        cancel_until: float | None,
        starts_at: float | None,
        possible: float,
    ) -> None:
        policy = replace(POLICY, cancel_until=cancel_until)
        registry = open_registry(event_of(2, policy, starts_at=starts_at))
        references = []
        for seat_id in ("1", "2"):
            registry.lock([seat_id], ANN)
            references.append(registry.confirm([seat_id], ANN)[1].reference)
        clock.advance(possible - 1)
        registry.cancel(references[0], ANN)
        clock.advance(1)
        if possible < 1e9:
            with pytest.raises(errors.CancellationClosed):
                registry.cancel(references[1], ANN)
            assert registry.seat("2").status is SeatStatus.BOOKED

    def test_the_deadline_to_cancel_does_not_bind_the_administrator(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        registry = open_registry(event_of(2, starts_at=START.wall + 50))
        registry.lock(["1"], ANN)
        reference = registry.confirm(["1"], ANN)[1].reference
        clock.advance(1000)
        with pytest.raises(errors.CancellationClosed):
            registry.cancel(reference, ANN)
        freed, cancelled = registry.cancel(reference, None)
        assert [seat.status for seat in freed] == [SeatStatus.AVAILABLE]
        assert cancelled.cancelled_at == clock.now.wall
        with pytest.raises(errors.BookingCancelled):
            registry.cancel(reference, None)

    def test_cancelled_seats_do_not_count_against_the_limit(self, registry: Registry) -> None:
        registry.lock(["1", "2", "3", "4"], ANN)
        registry.cancel(registry.confirm(None, ANN)[1].reference, ANN)
        registry.lock(["1", "2", "3", "4"], ANN)

    def test_bookings_are_listed_in_the_order_in_which_they_were_made(
        self, registry: Registry
    ) -> None:
        made = []
        for seat_id in ("3", "1", "2"):
            registry.lock([seat_id], ANN)
            made.append(registry.confirm([seat_id], ANN)[1])
        made[1] = registry.cancel(made[1].reference, ANN)[1]
        first = registry.bookings(most=2)
        assert list(first.bookings) == made[:2]
        assert first.next is not None
        second = registry.bookings(first.next, most=2)
        assert (list(second.bookings), second.next) == (made[2:], None)

    # What the organiser can do

    def test_a_blocked_seat_is_not_for_sale_until_it_is_unblocked(self, registry: Registry) -> None:
        registry.block(["1", "2"])
        with pytest.raises(errors.SeatsUnavailable) as error:
            registry.lock(["1", "3"], ANN)
        assert isinstance(error.value.refusals[0], errors.SeatBlocked)
        with pytest.raises(errors.SeatBlocked):
            registry.confirm(["1"], ANN)
        registry.unblock(["1"])
        registry.lock(["1", "3"], ANN)
        assert statuses(registry)["2"] is SeatStatus.BLOCKED

    def test_seats_that_somebody_has_are_not_blocked_and_then_none_is(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        registry.confirm(["1"], ANN)
        registry.lock(["2"], BOB)
        with pytest.raises(errors.SeatsUnavailable) as error:
            registry.block(["1", "2", "3"])
        assert error.value.seats == ("1", "2")
        assert statuses(registry)["3"] is SeatStatus.AVAILABLE
        clock.advance(60)
        registry.block(["2", "3"])

    def test_to_block_or_unblock_again_changes_nothing(self, registry: Registry) -> None:
        registry.block(["1"])
        registry.lock(["2"], ANN)
        before = registry.changes()
        registry.block(["1"])
        registry.unblock(["2", "3"])
        assert registry.changes() == before

    def test_counts_follow_the_seats(self, registry: Registry, clock: ManualClock) -> None:
        registry.lock(["1", "2"], ANN)
        registry.confirm(["1"], ANN)
        registry.block(["3"])
        summary = registry.summary()
        assert summary.version == registry.changes().version
        assert list(summary.seats.values()) == [2, 1, 1, 1]
        assert list(summary.seats) == list(SeatStatus)
        clock.advance(60)
        assert list(registry.summary().seats.values()) == [3, 0, 1, 1]

    # Another plan, another policy

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

    # History

    def test_every_change_of_a_seat_is_written_down(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1", "2"], ANN)
        clock.advance(1)
        registry.extend(["1"], ANN)
        registry.release(["2"], ANN)
        reference = registry.confirm(["1"], ANN)[1].reference
        registry.cancel(reference, None)
        registry.lock(["3"], BOB)
        clock.advance(60)
        registry.block(["4"])
        registry.unblock(["4"])
        page = registry.history()
        assert [(entry.seat, entry.change, entry.holder) for entry in page.entries] == [
            ("1", SeatChange.LOCKED, ANN),
            ("2", SeatChange.LOCKED, ANN),
            ("1", SeatChange.EXTENDED, ANN),
            ("2", SeatChange.RELEASED, ANN),
            ("1", SeatChange.BOOKED, ANN),
            ("1", SeatChange.CANCELLED, None),
            ("3", SeatChange.LOCKED, BOB),
            ("3", SeatChange.EXPIRED, BOB),
            ("4", SeatChange.BLOCKED, None),
            ("4", SeatChange.UNBLOCKED, None),
        ]
        assert [entry.at - START.wall for entry in page.entries] == [
            0,
            0,
            1,
            1,
            1,
            1,
            1,
            61,
            61,
            61,
        ]
        assert (page.more, page.complete) == (False, True)
        versions = [entry.version for entry in page.entries]
        assert versions[0] == versions[1]
        assert versions[1:] == sorted(set(versions))
        assert versions[-1] == registry.changes().version

    def test_history_is_read_on_from_a_version(self, registry: Registry) -> None:
        for _ in range(4):
            registry.lock(["1", "2", "3"], ANN)
            registry.release(["1", "2", "3"], ANN)
        read: list[HistoryEntry] = []
        more = True
        while more:
            page = registry.history(read[-1].version if read else 0, most=4)
            assert 4 <= len(page.entries) <= 6
            read += page.entries
            more = page.more
        assert read == list(registry.history().entries)
        assert len(read) == 24

    def test_history_since_a_version_that_is_unknown_is_not_complete(
        self, registry: Registry
    ) -> None:
        begun = registry.changes().version
        registry.lock(["1"], ANN)
        assert registry.history(begun).complete
        assert not registry.history(begun - 1).complete
        assert not registry.history(10**17).complete
