"""What every engine must do with a sale. An engine inherits the class, as
:class:`tests.contracts.registry.RegistryContract`."""

import pytest

from booking.domain import errors
from booking.domain.model import BestAvailable, SeatStatus
from booking.engines.contract import Registry
from tests.contracts.answers import AnswersContract
from tests.contracts.bookings import BookingsContract
from tests.contracts.changing import ChangingContract
from tests.contracts.choosing import ChoosingContract
from tests.contracts.counter import CounterContract
from tests.contracts.door import DoorContract
from tests.contracts.expired_locks import ExpiredLocksContract
from tests.support.clocks import START, ManualClock
from tests.support.engine import ANN, BOB, OpenRegistry, event_of, statuses


class SaleContract(
    ChoosingContract,
    BookingsContract,
    ChangingContract,
    CounterContract,
    DoorContract,
    AnswersContract,
    ExpiredLocksContract,
):
    """All the contract, with what it inherits."""

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
