"""What the single-seat rule promises of bookings, in every state that a small row can come to.

However the holders lock, release, confirm and let locks run out, a row ends up in one of these
states. So to try all of them, and every choice to confirm in each, is to try every sequence.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, product

import pytest

from booking.domain import errors
from booking.domain.model import Policy, SeatStatus
from booking.engines.memory.registry import SeatRegistry
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB, event_of

FREE, LOCKED, BOOKED = "free", "locked by Ann", "booked by Ann"
LOCKED_BY_BOB, BOOKED_BY_BOB = "locked by Bob", "booked by Bob"
ALL = (FREE, LOCKED, BOOKED, LOCKED_BY_BOB, BOOKED_BY_BOB)

Row = tuple[str, ...]


def which(row: Row, *states: str) -> set[int]:
    return {number for number, state in enumerate(row) if state in states}


def registry_with(row: Row, *, forbid: bool = True) -> SeatRegistry:
    """A registry whose seats are in these states, which it came to before there was the rule."""
    clock = ManualClock()
    generous = Policy(max_seats_per_holder=len(row))
    registry = SeatRegistry(event_of(len(row), generous), clock=clock)
    for holder, booked, locked in (
        (ANN, BOOKED, LOCKED),
        (BOB, BOOKED_BY_BOB, LOCKED_BY_BOB),
    ):
        if numbers := which(row, booked):
            registry.lock(ids(numbers), holder)
            registry.confirm(None, holder)
        if numbers := which(row, locked):
            registry.lock(ids(numbers), holder)
    policy = Policy(max_seats_per_holder=len(row), forbid_single_seats=forbid)
    registry.update(event_of(len(row), policy))
    return registry


def ids(numbers: Iterable[int]) -> list[str]:
    return [str(number + 1) for number in sorted(numbers)]


def single(free: set[int]) -> set[int]:
    return {seat for seat in free if not {seat - 1, seat + 1} & free}


def blocks(seats: Iterable[int]) -> int:
    chosen = set(seats)
    return sum(seat - 1 not in chosen for seat in chosen)


def promised(row: Row, chosen: set[int]) -> set[int]:
    """The seats that Ann may not leave single by booking the chosen ones, in the words of the rule.

    A seat counts that was not single before. Nothing counts if she could not have had as many
    seats, those that she has booked included, in no more blocks, without leaving a single one.
    """
    before = which(row, FREE, LOCKED)
    made_single = single(before - chosen) - single(before)
    hers = chosen | which(row, BOOKED)
    free = before | hers
    otherwise = (
        set(choice)
        for choice in combinations(sorted(free), len(hers))
        if blocks(choice) <= blocks(hers)
    )
    avoidable = any(single(free - choice) <= single(free) for choice in otherwise)
    return made_single if avoidable else set()


def states(seats: int) -> Iterator[tuple[Row, set[int]]]:
    """Every state of a row of so many seats, with every choice of the seats that Ann has locked."""
    for row in product(ALL, repeat=seats):
        locked = sorted(which(row, LOCKED))
        for number in range(1, len(locked) + 1):
            for chosen in combinations(locked, number):
                yield row, set(chosen)


@pytest.mark.parametrize("seats", [1, 2, 3, 4, 5])
def test_exactly_what_the_rule_promises_is_refused_and_nothing_is_booked_then(seats: int) -> None:
    for row, chosen in states(seats):
        registry = registry_with(row)
        expected = promised(row, chosen)
        try:
            registry.confirm(ids(chosen), ANN)
        except errors.LeavesSingleSeat as error:
            assert list(error.seats) == ids(expected), (row, chosen)  # noqa: PT017
            assert registry.summary().seats[SeatStatus.BOOKED] == len(
                which(row, BOOKED, BOOKED_BY_BOB)
            )
        else:
            assert not expected, (row, chosen)


@pytest.mark.parametrize("seats", [1, 2, 3, 4, 5])
def test_a_basket_warns_of_exactly_what_confirming_it_all_would_be_refused_for(seats: int) -> None:
    for row in product((FREE, LOCKED, BOOKED, BOOKED_BY_BOB), repeat=seats):
        warned = registry_with(row).basket(ANN).leaves_single
        assert list(warned) == ids(promised(row, which(row, LOCKED))), row


@pytest.mark.parametrize("seats", [3, 4, 5, 6, 7])
def test_to_add_the_seats_that_would_be_left_single_always_mends_it(seats: int) -> None:
    for row in product((FREE, LOCKED, BOOKED_BY_BOB), repeat=seats):
        chosen = which(row, LOCKED)
        mended = chosen | promised(row, chosen)
        assert not promised(row, mended) or chosen == mended


def test_the_tests_above_find_a_service_that_does_not_keep_to_the_rule() -> None:
    row = (LOCKED, FREE, LOCKED, FREE, FREE)
    assert promised(row, {0, 2}) == {1}
    registry_with(row, forbid=False).confirm(["1", "3"], ANN)
