"""The choice of the best seats, by example and against looking at every choice that there is."""

import contextlib
import math
from collections.abc import Collection, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking import errors
from booking.model import BestAvailable
from booking.plans.grid import grid
from booking.plans.model import Plan
from booking.plans.reading import read
from booking.plans.sections import Section
from booking.selection import single_seats
from booking.selection.free_seats import FreeSeats
from tests.houses import plans, theatre


def free_but(plan: Plan, taken: Collection[str]) -> FreeSeats:
    free = FreeSeats(plan)
    for seat_id in taken:
        free.replace(seat_id, free=False)
    return free


def best(
    plan: Plan,
    count: int,
    taken: Collection[str] = (),
    *,
    category: str | None = None,
    zone: str | None = None,
    split: bool = False,
    forbid: bool = False,
) -> list[str]:
    wanted = BestAvailable(count, category, zone, split)
    return free_but(plan, taken).best(wanted, forbid_single_seats=forbid)


# By example


def test_the_middle_of_the_front_is_best() -> None:
    assert best(grid(5, 9), 3) == ["A4", "A5", "A6"]


def test_of_blocks_that_are_equally_near_the_first_is_taken() -> None:
    assert best(grid(5, 8), 3) == ["A3", "A4", "A5"]


def test_the_focal_point_of_the_plan_says_what_is_best() -> None:
    assert best(read({"count": 30, "focal_point": {"x": 250, "y": 75}}), 2) == ["29", "30"]


def test_seats_are_next_to_each_other_though_single_ones_would_be_nearer() -> None:
    assert best(grid(2, 6), 2, ["A2", "A4", "A6"]) == ["B3", "B4"]


def test_an_aisle_is_not_sat_across() -> None:
    plan = grid(3, 6, aisle_after=[3])
    assert best(plan, 3) == ["A1", "A2", "A3"]
    assert best(plan, 2, ["A3"]) != ["A2", "A4"]


def test_no_single_seat_is_left_where_another_block_is_as_good() -> None:
    # B2 and B3 would be nearest, and leave B1.
    assert best(grid(1, 4), 2) == ["A1", "A2"]


def test_no_single_seat_is_left_where_another_block_is_a_little_farther() -> None:
    # In the middle of row A is room for three; to take two of it would leave one.
    taken = ["A1", "A2", "A6", "A7"]
    assert best(grid(3, 7), 2, taken) == ["B3", "B4"]


def test_a_single_seat_is_left_where_any_other_block_is_much_farther() -> None:
    taken = ["A1", "A2", "A6", "A7", *(f"{row}{n}" for row in "BCDE" for n in range(1, 8))]
    assert best(grid(9, 7), 2, taken) == ["A3", "A4"]


def test_a_category_and_a_zone_can_be_asked_for() -> None:
    plan = read(theatre(rows=4, seats_per_row=9))
    assert {i.split("-")[0] for i in best(plan, 4, category="balcony")} == {"Balcony"}
    assert {i.split("-")[0] for i in best(plan, 4, zone="Stalls")} == {"Stalls"}
    with pytest.raises(errors.NotEnoughSeats) as error:
        best(plan, 1, category="balcony", zone="Stalls")
    assert error.value.largest_block == 0


@pytest.mark.parametrize(("kind", "name"), [("category", "royal"), ("zone", "roof")])
def test_what_the_plan_has_not_is_told(kind: str, name: str) -> None:
    with pytest.raises(errors.NotInPlan, match=f"The plan has no {kind} “{name}”. It has"):
        best(grid(1, 1), 1, category=name if kind == "category" else None, zone=name)


def test_without_room_the_largest_block_is_told() -> None:
    with pytest.raises(errors.NotEnoughSeats) as error:
        best(grid(2, 6), 4, ["A3", "B4"])
    assert error.value.largest_block == 3


def test_neighbouring_rows_are_taken_only_if_the_caller_allows_it() -> None:
    plan = grid(3, 4)
    with pytest.raises(errors.NotEnoughSeats):
        best(plan, 6)
    assert best(plan, 6, split=True) == ["A1", "A2", "A3", "B1", "B2", "B3"]


def test_neighbouring_rows_are_taken_only_if_no_row_has_enough() -> None:
    assert best(grid(3, 4), 4, ["A1", "B1"], split=True) == ["C1", "C2", "C3", "C4"]


def test_rows_of_different_zones_are_not_neighbours() -> None:
    plan = read(theatre(rows=2, seats_per_row=4))
    with pytest.raises(errors.NotEnoughSeats) as error:
        best(plan, 5, split=True)
    assert error.value.largest_block == 2


def test_those_in_the_next_row_sit_near() -> None:
    plan = grid(2, 9)
    taken = ["A1", "A2", "A3", "A4", "A5", "A6", "B5"]
    assert best(plan, 6, taken, split=True) == ["A7", "A8", "A9", "B7", "B8", "B9"]


def test_a_seat_that_is_free_again_is_found_again() -> None:
    free = free_but(grid(1, 5), ["A3"])
    with pytest.raises(errors.NotEnoughSeats):
        free.best(BestAvailable(5))
    free.replace("A3", free=True)
    assert len(free.best(BestAvailable(5))) == 5


# Single seats forbidden


def test_forbidden_a_single_seat_is_not_left_however_far_the_others_are() -> None:
    taken = ["A4", "A6", *(f"{row}{n}" for row in "BCDE" for n in range(1, 8))]
    assert best(grid(9, 7), 2, taken) == ["A2", "A3"]
    assert best(grid(9, 7), 2, taken, forbid=True) == ["F3", "F4"]


def test_forbidden_a_single_seat_is_left_where_it_cannot_be_avoided() -> None:
    assert best(grid(1, 3), 2, forbid=True) == ["A1", "A2"]


def test_forbidden_a_party_is_not_torn_apart_for_a_single_seat() -> None:
    # Two of the three leave one. The single seats at the end could be had, but not together.
    assert best(grid(1, 7), 2, ["A4", "A6"], forbid=True, split=True) == ["A2", "A3"]


def left(free: FreeSeats, chosen: str, locked: str = "", booked: str = "") -> list[str]:
    return free.left_single(chosen.split(), (locked or chosen).split(), booked.split())


def test_seats_left_single_are_told_section_by_section() -> None:
    free = free_but(grid(2, 6, aisle_after=[3]), [])
    assert left(free, "A2 B1 B5") == ["A1", "A3", "B4", "B6"]
    assert left(free, "A1 A2") == []  # Of three, one is left whichever two are taken.


def test_what_the_holder_has_locked_and_does_not_book_counts_as_free() -> None:
    free = free_but(grid(1, 6), ["A1", "A2", "A3"])
    assert left(free, "A1 A3", locked="A1 A2 A3") == ["A2"]
    assert left(free, "A1 A2", locked="A1 A2 A3") == []


def test_what_the_holder_booked_before_counts_as_chosen_with_it() -> None:
    # Of two and two seats, one leaves another. Whoever has the one between could sit together.
    free = free_but(grid(1, 5), ["A1", "A3"])
    assert left(free, "A1") == []
    assert left(free, "A1", booked="A3") == ["A2"]


# Against every choice that there is


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


def leaves_single(section: Section, block: Sequence[str], taken: Collection[str]) -> bool:
    return bool(single_seats.lonely(_bits(section, taken), _set(section, block)))


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


def permitted(plan: Plan, row: int, taken: Collection[str], *, forbid: bool) -> list[int]:
    """The sizes that a block in a row can have."""
    return [
        size
        for size in range(1, 9)
        if any(
            not set(block) & set(taken) and not (forbid and leaves_single(section, block, taken))
            for section in plan.sections
            if section.row == row
            for block in blocks(section, size)
        )
    ]


@settings(max_examples=300)
@given(houses(), st.integers(2, 12), st.booleans())
def test_split_or_not_seats_are_free_together_and_in_as_few_rows_as_can_be(
    house: tuple[Plan, list[str]], count: int, forbid: bool
) -> None:
    plan, taken = house
    longest = [
        max(
            (
                len(block)
                for section in plan.sections
                if section.row == row
                for length in range(1, 9)
                for block in blocks(section, length)
                if not set(block) & set(taken)
            ),
            default=0,
        )
        for row in range(len(plan.zones[0].rows))
    ]
    fewest = 1 if max(longest) >= count else None
    for clean in (True, False) if forbid else (False,):
        sizes = [permitted(plan, row, taken, forbid=clean) for row in range(len(longest))]
        fewest = fewest or min(
            (
                end - start
                for start in range(len(longest))
                for end in range(start + 1, len(longest) + 1)
                if any(sum(shares) == count for shares in product(*sizes[start:end]))
            ),
            default=None,
        )
    try:
        chosen = best(plan, count, taken, split=True, forbid=forbid)
    except errors.NotEnoughSeats as error:
        assert (fewest, error.largest_block) == (None, max(longest))  # noqa: PT017
    else:
        assert len(set(chosen)) == count
        assert not set(chosen) & set(taken)
        parts = [
            (section.row, tuple(seat for seat in section.seats if seat in chosen))
            for section in plan.sections
            if set(section.seats) & set(chosen)
        ]
        rows = [row for row, _ in parts]
        assert rows == list(range(rows[0], rows[0] + len(rows)))
        assert len(rows) == fewest
        for section in plan.sections:
            for row, part in parts:
                if row == section.row and part[0] in section.seats:
                    assert part in blocks(section, len(part))


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
