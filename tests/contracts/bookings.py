"""What every engine must do with bookings: keep, find, cancel and remember them."""

from dataclasses import replace

import pytest

from booking.domain import errors
from booking.domain.history import HistoryEntry, SeatChange
from booking.domain.model import SeatStatus
from booking.domain.questions import Details, Kind, Question
from booking.engines.contract import Registry
from tests.support.clocks import START, ManualClock
from tests.support.engine import ANN, BOB, POLICY, Engine, OpenRegistry, event_of

NAME = Question(id="name", kind=Kind.NAME, required=True)
ASKING = replace(POLICY, ask=(NAME,))


class BookingsContract(Engine):
    """Baskets and bookings, what their people told, and the history."""

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
