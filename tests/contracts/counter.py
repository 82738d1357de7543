"""What every engine must do for the box office: book for others, move, swap, give back, take."""

from dataclasses import replace

import pytest

from booking.domain import errors
from booking.domain.history import SeatChange
from booking.domain.model import Block, Override, SeatStatus
from booking.domain.questions import Details, Kind, Question
from booking.engines.contract import Registry
from booking.plans import grid
from tests.contracts.registry import RegistryContract
from tests.support.clocks import START, ManualClock
from tests.support.engine import ANN, BOB, POLICY, OpenRegistry, event_of, statuses

CAT = b"c" * 32
PHONE = Question(id="phone", kind=Kind.PHONE, required=True)
AVAILABLE, BOOKED = SeatStatus.AVAILABLE, SeatStatus.BOOKED


def changes(registry: Registry) -> list[tuple[str, SeatChange, str | None]]:
    return [(each.seat, each.change, each.actor) for each in registry.history().entries]


def book(registry: Registry, *seats: str, holder: bytes = ANN) -> str:
    registry.lock(seats, holder)
    return registry.confirm(seats, holder)[1].reference


class CounterContract(RegistryContract):
    """The part of the contract that is for the box office."""

    # Book for someone else

    def test_seats_are_booked_for_someone_else_in_one_step(
        self, open_registry: OpenRegistry
    ) -> None:
        registry = open_registry(event_of(5, replace(POLICY, ask=(PHONE,))))
        # A caller who has no phone can book, too.
        seats, booking = registry.sell(["1", "2"], CAT, Details(note="At the door"), "till")
        assert [seat.status for seat in seats] == [BOOKED, BOOKED]
        assert registry.booking(booking.reference) == booking
        assert registry.details(booking.reference) == Details(note="At the door")
        assert registry.basket(CAT).bookings == (booking,)
        assert changes(registry) == [(seat, SeatChange.SOLD, "till") for seat in ("1", "2")]
        with pytest.raises(errors.BadDetails):
            registry.sell(["3"], CAT, Details({"phone": "none"}), "till")
        with pytest.raises(errors.SeatsUnavailable):
            registry.sell(["1", "3"], CAT, Details(), "till")
        assert registry.seat("3").status is AVAILABLE

    def test_a_rule_is_broken_only_by_who_says_so(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        registry = open_registry(event_of(6, on_sale_until=START.wall + 60))
        registry.block(["1"])
        clock.advance(60)
        many = ["1", "2", "3", "4", "5"]
        every = {Override.BLOCKED, Override.CLOSED, Override.LIMIT}
        for missing, refusal in (
            (Override.CLOSED, errors.NotOnSale),
            (Override.LIMIT, errors.HolderLimitReached),
            (Override.BLOCKED, errors.SeatsUnavailable),
        ):
            with pytest.raises(refusal):
                registry.sell(many, CAT, Details(), "till", every - {missing})
        assert registry.summary().seats[BOOKED] == 0
        registry.sell(many, CAT, Details(), "till", every)
        assert registry.summary().seats[BOOKED] == 5
        entries = registry.history().entries
        assert [(each.seat, each.change) for each in entries][1:3] == [
            ("1", SeatChange.UNBLOCKED),
            ("1", SeatChange.SOLD),
        ]
        assert {each.note for each in entries[1:]} == {"override: blocked, closed, limit"}

    def test_a_seat_that_someone_has_locked_is_not_sold_to_another(
        self, registry: Registry
    ) -> None:
        registry.lock(["1"], ANN)
        with pytest.raises(errors.SeatsUnavailable):
            registry.sell(["1"], CAT, Details(), "till", set(Override))

    # Give a part back

    def test_a_part_of_a_booking_is_given_back(self, registry: Registry) -> None:
        reference = book(registry, "1", "2", "3")
        freed, left = registry.cancel(reference, ANN, ["2"])
        assert [seat.id for seat in freed] == ["2"]
        assert (left.seats, left.cancelled_at) == (("1", "3"), None)
        assert registry.booking(reference) == left
        assert registry.basket(ANN).bookings == (left,)
        assert registry.bookings().bookings == (left,)
        assert book(registry, "2", holder=BOB) != reference
        with pytest.raises(errors.NotInBooking):
            registry.cancel(reference, ANN, ["1", "2"])
        _, gone = registry.cancel(reference, ANN, ["1", "3"])
        assert gone.cancelled_at is not None
        assert registry.booking(reference) == gone
        assert registry.seat("2").status is BOOKED

    # Move

    def test_a_booking_moves_in_one_step(self, registry: Registry) -> None:
        reference = book(registry, "1", "2")
        registry.lock(["3"], BOB)
        with pytest.raises(errors.SeatsUnavailable):
            registry.move(reference, {"1": "4", "2": "3"}, "till")
        assert registry.booking(reference).seats == ("1", "2")
        registry.move(reference, {"1": "4"}, "till")
        moved = registry.booking(reference)
        assert moved.seats == ("4", "2")
        assert registry.basket(ANN).bookings == (moved,)
        assert statuses(registry)["1"] is AVAILABLE
        assert changes(registry)[-3:] == [
            ("1", SeatChange.CANCELLED, "till"),
            ("4", SeatChange.SOLD, "till"),
            ("2", SeatChange.CHANGED, "till"),
        ]
        book(registry, "1", holder=BOB)
        registry.cancel(reference, ANN)
        assert [statuses(registry)[seat] for seat in ("1", "2", "4")] == [
            BOOKED,
            AVAILABLE,
            AVAILABLE,
        ]

    def test_a_holder_moves_within_the_policy(
        self, open_registry: OpenRegistry, clock: ManualClock
    ) -> None:
        plan = grid.grid(2, 4, categories={"front": ["A"]})
        policy = replace(POLICY, cancel_until=START.wall + 30)
        registry = open_registry(event_of(plan, policy))
        reference = book(registry, "B1")
        with pytest.raises(errors.OtherCategory) as error:
            registry.move(reference, {"B1": "A1"}, ANN)
        assert error.value.seats == ("A1",)
        registry.lock(["B2"], ANN)
        registry.move(reference, {"B1": "B2"}, ANN)
        assert registry.booking(reference).seats == ("B2",)
        assert registry.basket(ANN).seats == ()
        clock.advance(30)
        with pytest.raises(errors.CancellationClosed):
            registry.move(reference, {"B2": "B3"}, ANN)
        registry.move(reference, {"B2": "A1"}, "till")

    # Swap

    def test_a_holder_leaves_no_seat_single_by_a_move_but_the_box_office_may(
        self, open_registry: OpenRegistry
    ) -> None:
        registry = open_registry(event_of(8, replace(POLICY, forbid_single_seats=True)))
        reference = book(registry, "1")
        with pytest.raises(errors.LeavesSingleSeat) as refusal:
            registry.move(reference, {"1": "7"}, ANN)
        assert refusal.value.seats == ("8",)
        assert registry.booking(reference).seats == ("1",)
        # The seat that is given up is free then: seat 1 is not left alone.
        registry.move(reference, {"1": "3"}, "till")
        registry.move(reference, {"3": "8"}, ANN)
        assert registry.booking(reference).seats == ("8",)

    def test_two_bookings_exchange_seats(self, registry: Registry) -> None:
        ann, bob = book(registry, "1", "2"), book(registry, "3", holder=BOB)
        with pytest.raises(errors.NotInBooking):
            registry.swap(ann, bob, {"1": "4"}, "till")
        registry.swap(ann, bob, {"2": "3"}, "till")
        assert registry.booking(ann).seats == ("1", "3")
        assert registry.booking(bob).seats == ("2",)
        assert [each.seats for each in registry.basket(ANN).bookings] == [("1", "3")]
        assert [each.seats for each in registry.basket(BOB).bookings] == [("2",)]
        registry.cancel(bob, BOB)
        assert [statuses(registry)[seat] for seat in ("1", "2", "3")] == [
            BOOKED,
            AVAILABLE,
            BOOKED,
        ]

    # Take a lock

    def test_a_lock_is_taken_and_its_holder_is_told_why(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1", "2"], ANN)
        registry.take(["1"], "For a wheelchair.", "till")
        assert registry.seat("1").status is AVAILABLE
        for call in (
            lambda: registry.confirm(["1"], ANN),
            lambda: registry.extend(["1"], ANN),
        ):
            with pytest.raises(errors.LockTaken, match="For a wheelchair") as error:
                call()
            assert error.value.reason == "For a wheelchair."
        with pytest.raises(errors.SeatsUnavailable) as refused:
            registry.lock(["1"], ANN)
        assert isinstance(refused.value.refusals[0], errors.LockTaken)
        registry.confirm(["2"], ANN)
        assert changes(registry)[2] == ("1", SeatChange.TAKEN, "till")
        for seat, refusal in (("2", errors.SeatBooked), ("3", errors.SeatNotLocked)):
            with pytest.raises(refusal):
                registry.take([seat], "Why not?", "till")
        registry.sell(["1"], CAT, Details(), "till")
        assert registry.seat("1").status is BOOKED

    def test_after_a_while_a_lock_that_was_taken_is_forgotten(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        registry.take(["1"], "For a wheelchair.", "till")
        clock.advance(60)
        registry.lock(["1"], ANN)
        registry.confirm(["1"], ANN)

    # Blocks

    def test_blocked_seats_say_what_for(self, registry: Registry) -> None:
        press = Block("press", "until 7 pm")
        registry.block(["1", "2"], press, "till")
        registry.block(["3"])
        assert [(seat.id, seat.block) for seat in registry.blocked()] == [
            ("1", press),
            ("2", press),
            ("3", None),
        ]
        registry.block(["2", "3"], Block("sponsor"), "till")
        assert [seat.block for seat in registry.blocked()] == [
            press,
            Block("sponsor"),
            Block("sponsor"),
        ]
        registry.block(["1"])
        registry.unblock(["2", "3"], "till")
        assert [seat.block for seat in registry.blocked()] == [press]
        assert [change for _, change, _ in changes(registry)] == [
            *[SeatChange.BLOCKED] * 3,
            *[SeatChange.CHANGED] * 2,
            *[SeatChange.UNBLOCKED] * 2,
        ]
