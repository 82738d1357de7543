"""The choice of the best seats, by example and against looking at every choice that there is."""

import contextlib
import copy
import math
import random
from collections.abc import Collection, Sequence
from itertools import combinations, groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain import errors
from booking.domain.model import BestAvailable
from booking.domain.selection import single_seats
from booking.domain.selection.free_seats import FreeSeats
from booking.plans import pretix
from booking.plans.grid import grid
from booking.plans.model import Plan
from booking.plans.reading import read
from booking.plans.sections import Section
from tests.support.houses import plans, theatre


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


def test_an_excluded_category_is_only_chosen_from_if_the_wish_names_it() -> None:
    plan = grid(2, 4, categories={"wheelchair": ["A"], "standard": ["B"]})
    free = FreeSeats(plan)
    ours = ("wheelchair",)
    assert free.best(BestAvailable(2), excluded=ours) == ["B1", "B2"]
    assert free.best(BestAvailable(2, zone="main"), excluded=ours) == ["B1", "B2"]
    assert free.best(BestAvailable(2, "wheelchair"), excluded=ours) == ["A1", "A2"]
    for split in (False, True):
        with pytest.raises(errors.NotEnoughSeats, match="“wheelchair” are only chosen if you name"):
            free.best(BestAvailable(5, split=split), excluded=ours)
    # The organiser thinks better of it.
    assert free.best(BestAvailable(2)) == ["A1", "A2"]
    free.replace("A1", free=False)
    assert free.best(BestAvailable(3)) == ["A2", "A3", "A4"]


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


def rows_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the first zone of a document."""
    rows: list[dict[str, Any]] = document["zones"][0]["rows"]
    return rows


def with_rows_shuffled(document: dict[str, Any], seed: int) -> dict[str, Any]:
    shuffled = copy.deepcopy(document)
    random.Random(seed).shuffle(rows_of(shuffled))
    return shuffled


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("count", [14, 30, 50])
def test_a_divided_party_has_the_best_rows_whatever_the_order_of_the_file(
    count: int, seed: int
) -> None:
    document = theatre(rows=20, seats_per_row=25)
    taken = random.Random(seed).sample([seat.id for seat in read(document).seats], 100)
    listed, shuffled = read(document), read(with_rows_shuffled(document, seed))
    chosen = best(listed, count, taken, split=True)
    assert sorted(best(shuffled, count, taken, split=True)) == sorted(chosen)


def test_a_row_in_two_pieces_is_one_row_to_a_divided_party() -> None:
    """The file has all left halves first, and then all right ones."""
    document = pretix.write(grid(5, 8, aisle_after=[4]))
    rows = rows_of(document)
    right = [row | {"seats": row["seats"][4:]} for row in rows]
    document["zones"][0]["rows"] = [row | {"seats": row["seats"][:4]} for row in rows] + right
    taken = [seat.id for seat in grid(5, 8).seats if seat.id[0] != "C"]
    assert sorted(best(read(document), 6, taken, split=True)) == [f"C{n}" for n in range(2, 8)]


def test_zones_of_one_name_are_one_zone_to_a_divided_party() -> None:
    document = theatre(rows=4, seats_per_row=4)
    stalls = document["zones"][0]
    document["zones"] = [stalls | {"rows": [row]} for row in rows_of(document)]
    chosen = best(read(document), 6, split=True)
    assert len(chosen) == 6


def test_those_in_the_next_row_sit_near() -> None:
    plan = grid(2, 9)
    taken = ["A1", "A2", "A3", "A4", "A5", "A6", "B5"]
    assert best(plan, 6, taken, split=True) == ["A7", "A8", "A9", "B7", "B8", "B9"]


def test_a_party_sits_on_both_sides_of_an_aisle() -> None:
    assert best(grid(1, 10, aisle_after=[5]), 6, split=True) == ["A3", "A4", "A5", "A6", "A7", "A8"]


def test_rows_with_sold_out_ones_between_are_better_than_none() -> None:
    taken = [f"{row}{number}" for row in "BCD" for number in range(1, 5)]
    chosen = best(grid(5, 4), 6, taken, split=True)
    assert [seat[0] for seat in chosen] == ["A", "A", "A", "E", "E", "E"]


def test_where_only_single_seats_are_left_the_nearest_to_each_other_are_taken() -> None:
    taken = [f"{row}{number}" for row in "ABC" for number in (2, 4, 6)]
    assert best(grid(3, 6), 2, taken, split=True) == ["A3", "B3"]
    assert best(grid(3, 6), 4, taken, split=True) == ["A3", "B1", "B3", "C3"]


def test_nobody_sits_alone_if_two_can_sit_together() -> None:
    taken = ["A4", "A7"]
    assert best(grid(1, 8), 5, taken, split=True) == ["A1", "A2", "A3", "A5", "A6"]


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


def test_of_two_places_as_good_the_larger_block_has_the_one_beside_the_smaller() -> None:
    plan = grid(3, 8)
    taken = ["A5", "B3"]
    assert best(plan, 9, taken, split=True) == [
        *("B4", "B5", "B6", "B7"),
        *("C4", "C5", "C6", "C7", "C8"),
    ]


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
