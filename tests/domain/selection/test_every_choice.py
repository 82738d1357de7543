"""The choice of the best seats against looking at every choice that there is."""

import contextlib
import math
from collections.abc import Collection, Sequence
from itertools import combinations, groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain import errors
from booking.domain.model import BestAvailable
from booking.domain.selection import single_seats
from booking.domain.selection.free_seats import FreeSeats
from booking.plans.grid import grid
from booking.plans.model import Plan
from booking.plans.sections import Section
from tests.domain.selection.wishes import best, free_but
from tests.support.houses import plans


@st.composite
def houses(draw: st.DrawFn) -> tuple[Plan, list[str]]:
    """A small house with aisles, gaps and categories, some of whose seats are taken."""
    rows, across = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    every = [seat.id for seat in grid(rows, across).seats]
    plan = grid(
        rows,
        across,
        categories={"front": ["A"]},
        aisle_after=draw(st.sets(st.integers(1, across - 1), max_size=2)) if across > 1 else (),
        skip=draw(st.sets(st.sampled_from(every), max_size=min(3, len(every) - 1))),
    )
    taken = draw(st.sets(st.sampled_from([seat.id for seat in plan.seats])))
    return plan, sorted(taken)


def blocks(section: Section, count: int) -> list[tuple[str, ...]]:
    return [section.seats[i : i + count] for i in range(len(section.seats) - count + 1)]


def cost(plan: Plan, section: Section, block: Sequence[str], taken: Collection[str]) -> float:
    """The cost of a block in seats, as the room says it is."""
    at = dict(zip(section.seats, section.positions, strict=True))
    far = sum(math.dist(at[seat], plan.focus) for seat in block) / plan.spacing
    return far + (len(block) if leaves_single(section, block, taken) else 0)


def leaves_single(section: Section, block: Collection[str], taken: Collection[str]) -> bool:
    return bool(single_seats.left_single(_bits(section, taken), _set(section, block)))


def _bits(section: Section, taken: Collection[str]) -> int:
    return _set(section, [seat for seat in section.seats if seat not in taken])


def _set(section: Section, seats: Collection[str]) -> int:
    return sum(1 << number for number, seat in enumerate(section.seats) if seat in seats)


@settings(max_examples=300)
@given(houses(), st.integers(1, 5), st.sampled_from([None, "front", "standard"]), st.booleans())
def test_the_best_block_is_one_of_all_blocks_and_none_is_better(
    house: tuple[Plan, list[str]], count: int, category: str | None, forbid: bool
) -> None:
    plan, taken = house
    if category not in (None, *(each.name for each in plan.categories)):
        category = None
    wanted = {s.id for s in plan.seats if category in (None, s.category)} - set(taken)
    possible = {
        block: cost(plan, section, block, taken)
        for section in plan.sections
        for block in blocks(section, count)
        if wanted.issuperset(block)
    }
    clean = {
        block: its
        for section in plan.sections
        for block, its in possible.items()
        if block[0] in section.seats and not leaves_single(section, block, taken)
    }
    if forbid and clean:
        possible = clean
    try:
        chosen = tuple(best(plan, count, taken, category=category, forbid=forbid))
    except errors.NotEnoughSeats:
        assert not possible
    else:
        assert possible[chosen] <= min(possible.values()) + 0.01


Run = tuple[int, tuple[str, ...]]
"""The line of rows that it is in, and seats that are free, next to each other."""


def runs(plan: Plan, among: Collection[str]) -> list[Run]:
    """The runs of some seats, row by row."""
    found: list[Run] = []
    for section, (_, line) in zip(plan.sections, plan.lines, strict=True):
        for is_among, seats in groupby(section.seats, key=lambda seat: seat in among):
            if is_among:
                found.append((line, tuple(seats)))
    return found


def fewest_alone(lengths: Sequence[int], blocks: int, count: int) -> float:
    """How many people sit alone at least if a party takes a block in as many runs at most."""
    # By the number of blocks and of people: how many of them sit alone.
    least = {(0, 0): 0}
    for length in lengths:
        for (taken, people), alone in list(least.items()):
            for share in range(1, min(length, count - people) + 1):
                key, its = (taken + 1, people + share), alone + (share == 1)
                if key[0] <= blocks and its < least.get(key, count + 1):
                    least[key] = its
    return min((its for (_, people), its in least.items() if people == count), default=math.inf)


@settings(max_examples=200)
@given(houses(), st.integers(2, 12), st.booleans())
def test_a_divided_party_is_near_each_other_and_as_few_as_can_be_sit_alone(
    house: tuple[Plan, list[str]], count: int, forbid: bool
) -> None:
    plan, taken = house
    free = {seat.id for seat in plan.seats} - set(taken)
    found = runs(plan, free)
    longest = max((len(seats) for _, seats in found), default=0)
    try:
        chosen = best(plan, count, taken, split=True, forbid=forbid)
    except errors.NotEnoughSeats as error:
        assert len(free) < count
        assert error.largest_block == longest  # noqa: PT017
        return
    assert len(set(chosen)) == count
    assert free.issuperset(chosen)
    parts = runs(plan, chosen)
    if longest >= count:
        assert len(parts) == 1
        return
    # By spread: how many sit alone at the least.
    alone = {
        spread: min(
            fewest_alone(
                [len(seats) for row, seats in found if first <= row < first + spread],
                spread,
                count,
            )
            for first in range(len(plan.zones[0].rows))
        )
        for spread in range(2, 13)
    }
    spread = min(spread for spread, its in alone.items() if its < math.inf)
    if forbid and not leaves_any_single(plan, chosen, taken):
        return  # For that, it may be farther apart.
    assert len(parts) <= spread
    assert parts[-1][0] - parts[0][0] < spread
    assert sum(len(seats) == 1 for _, seats in parts) == alone[spread]


def leaves_any_single(plan: Plan, chosen: Collection[str], taken: Collection[str]) -> bool:
    return any(leaves_single(section, chosen, taken) for section in plan.sections)


@settings(max_examples=200)
@given(houses(), st.integers(3, 10))
def test_the_two_blocks_of_a_party_are_about_as_near_as_any_two_could_be(
    house: tuple[Plan, list[str]], count: int
) -> None:
    plan, taken = house
    free = {seat.id for seat in plan.seats} - set(taken)
    at = {
        seat: place for s in plan.sections for seat, place in zip(s.seats, s.positions, strict=True)
    }

    def middle(block: Sequence[str]) -> tuple[float, float]:
        (ax, ay), (bx, by) = at[block[0]], at[block[-1]]
        return (ax + bx) / 2, (ay + by) / 2

    def apart(one: Sequence[str], other: Sequence[str]) -> float:
        return math.dist(middle(one), middle(other)) / plan.spacing

    found = runs(plan, free)
    if max((len(seats) for _, seats in found), default=0) >= count or len(free) < count:
        return
    parts = [seats for _, seats in runs(plan, best(plan, count, taken, split=True))]
    if len(parts) != 2:
        return
    halves = {len(part) for part in parts}
    possible = [
        apart(one, other)
        for (row, seats), (behind, others) in combinations(found, 2)
        if behind - row < 2
        for sizes in {(min(halves), max(halves)), (max(halves), min(halves))}
        for one in windows(seats, sizes[0])
        for other in windows(others, sizes[1])
    ]
    # Two blocks farther apart are only taken where none are in one row or in the next.
    assert apart(*parts) <= min(possible, default=math.inf) + 1


def windows(seats: Sequence[str], size: int) -> list[Sequence[str]]:
    return [seats[i : i + size] for i in range(len(seats) - size + 1)]


@given(houses(), st.integers(1, 4))
def test_the_choice_depends_on_what_is_free_and_on_nothing_else(
    house: tuple[Plan, list[str]], count: int
) -> None:
    plan, taken = house
    straight = free_but(plan, taken)
    roundabout = free_but(plan, plan.places)
    for seat_id in sorted(set(plan.places) - set(taken), reverse=True):
        with contextlib.suppress(errors.NotEnoughSeats):
            roundabout.best(BestAvailable(count, split=True))
        roundabout.replace(seat_id, free=True)

    def ask(free: FreeSeats) -> object:
        try:
            return free.best(BestAvailable(count, split=True))
        except errors.NotEnoughSeats as error:
            return error.largest_block

    assert ask(straight) == ask(roundabout)


@given(plans(), st.integers(1, 3), st.booleans())
def test_seats_are_found_in_any_plan(plan: Plan, count: int, split: bool) -> None:
    try:
        chosen = best(plan, count, split=split)
    except errors.NotEnoughSeats as error:
        assert error.largest_block < count  # noqa: PT017
    else:
        assert len(set(chosen)) == count
