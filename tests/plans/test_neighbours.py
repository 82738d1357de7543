"""Who sits next to whom: by where the seats are, not by the order of the file."""

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.plans.sections import Point
from booking.plans.space.neighbours import Neighbourhood, Row

At = tuple[float, float]


def house(*zones: Sequence[tuple[str, Sequence[At]]]) -> list[list[tuple[str, list[At]]]]:
    """The stretches of each zone: the label of the first seat's row, and where the seats are."""
    rows = [[Row(label, [Point(*at) for at in seats]) for label, seats in zone] for zone in zones]
    found: list[list[tuple[str, list[At]]]] = [[] for _ in zones]
    for number, stretches in enumerate(Neighbourhood(rows).stretches):
        zone = rows[number]
        found[number] = [
            (zone[stretch.seats[0][0]].label, [zone[r].seats[s] for r, s in stretch.seats])
            for stretch in stretches
        ]
    return found


def row(*seats: At) -> list[list[At]]:
    """The stretches of a row that is all there is."""
    return [seats for _, seats in house([("A", seats)])[0]]


def line(count: int, step: float = 25, x: float = 0, y: float = 0) -> list[At]:
    return [(x + step * number, y) for number in range(count)]


@pytest.mark.parametrize("order", [(4, 0, 2, 1, 3, 5), (2, 3, 4, 5, 1, 0), (0, 9, 1, 2, 8, 3)])
def test_a_row_is_read_by_place_whatever_the_order_of_the_file(order: tuple[int, ...]) -> None:
    seats = line(10)
    [found] = row(*(seats[number] for number in order[: max(order) + 1] if number < 6))
    assert sorted(found) == seats[: len(found)]
    assert found in (sorted(found), sorted(found, reverse=True))


def test_a_row_that_is_in_order_keeps_its_direction() -> None:
    assert row(*reversed(line(5))) == [line(5)[::-1]]


def test_two_halves_of_a_row_without_an_aisle_are_one() -> None:
    assert house([("A", line(3)), ("A", line(3, x=75))]) == [[("A", line(6))]]
    assert house([("A", line(3, x=75)), ("A", line(3))]) == [[("A", line(6))]]


def test_two_halves_of_a_row_with_an_aisle_stay_two() -> None:
    assert len(house([("A", line(3)), ("A", line(3, x=110))])[0]) == 2


@pytest.mark.parametrize("pieces", [2, 3])
@pytest.mark.parametrize("turn", [0.0, 0.4])
def test_pieces_of_a_row_that_take_turns_are_one(pieces: int, turn: float) -> None:
    """As where a file has the odd numbers first, and then the even ones."""
    seats = [(x * math.cos(turn), x * math.sin(turn)) for x, _ in line(12)]
    behind = [(x, y + 30) for x, y in seats]
    interleaved = [("A", seats[first::pieces]) for first in range(pieces)]
    interleaved += [("B", behind[first::pieces]) for first in range(pieces)]
    assert house(interleaved) == [[("A", seats), ("B", behind)]]


def test_pieces_that_take_turns_are_still_divided_by_an_aisle() -> None:
    seats = line(6) + line(6, x=175)
    assert house([("A", seats[::2]), ("A", seats[1::2])]) == [[("A", seats[:6]), ("A", seats[6:])]]


def test_two_floors_drawn_over_each_other_do_not_take_turns() -> None:
    floors = [("A", line(6)), ("A", line(6, x=5)), ("A", line(6))]
    assert house(floors) == [floors]


def test_halves_of_different_rows_are_not_joined() -> None:
    assert len(house([("A", line(3)), ("B", line(3, x=75))])[0]) == 2


def test_rows_of_one_label_behind_each_other_are_not_joined() -> None:
    assert len(house([("", line(3)), ("", line(3, y=25)), ("", line(3, y=50))])[0]) == 3
    assert len(house([("", line(1)), ("", line(1, y=25)), ("", line(2, y=50))])[0]) == 3


def test_zones_are_not_joined() -> None:
    assert house([("A", line(3))], [("A", line(3, x=75))]) == [
        [("A", line(3))],
        [("A", line(3, x=75))],
    ]


def test_a_few_seats_far_apart_are_measured_by_the_seats_around() -> None:
    stalls = [(str(number), line(20, y=30 * number)) for number in range(5)]
    distant = [(0.0, 300.0), (475.0, 300.0)]
    assert house(stalls, [("W", distant)])[1] == [("W", distant[:1]), ("W", distant[1:])]


def test_a_zone_of_wide_seats_is_measured_by_itself() -> None:
    stalls = [(str(number), line(20, step=20, y=30 * number)) for number in range(5)]
    boxes = [(f"Box {number}", line(3, step=50, y=500 + 60 * number)) for number in range(4)]
    assert [seats for _, seats in house(stalls, boxes)[1]] == [seats for _, seats in boxes]


@pytest.mark.parametrize("unit", [0.02, 1, 1000])
def test_the_unit_of_the_plan_makes_no_difference(unit: float) -> None:
    assert row(*line(4, unit), *line(2, unit, x=5 * unit)) == [
        line(4, unit),
        line(2, unit, x=5 * unit),
    ]


@pytest.mark.parametrize("across", [15, 20, 24, 60])
@pytest.mark.parametrize("turn", [0.0, 0.7, math.pi / 2])
@pytest.mark.parametrize("by_side", [True, False])
def test_seats_along_a_bench_are_side_by_side_those_across_are_not(
    across: float, turn: float, by_side: bool
) -> None:
    def at(along: float, aside: float) -> At:
        cos, sin = math.cos(turn), math.sin(turn)
        return (along * cos - aside * sin, along * sin + aside * cos)

    sides = [[at(25 * number, aside) for number in range(4)] for aside in (0, across)]
    zigzag = [seat for pair in zip(*sides, strict=True) for seat in pair]
    assert sorted(map(sorted, row(*([*sides[0], *sides[1]] if by_side else zigzag)))) == sorted(
        map(sorted, sides)
    )


def test_a_horseshoe_is_one_row() -> None:
    arc = [(200 * math.cos(math.pi * n / 25), 200 * math.sin(math.pi * n / 25)) for n in range(26)]
    seats = [(200.0, -25.0 * n) for n in range(5, 0, -1)] + arc
    seats += [(-200.0, -25.0 * n) for n in range(1, 6)]
    shuffled = random.Random(1).sample(seats, len(seats))
    [found] = row(*shuffled)
    assert found in (seats, seats[::-1])


def test_a_house_that_is_all_one_row_is_read_line_by_line() -> None:
    rows = [line(20, y=32 * number) for number in range(12)]
    shuffled = random.Random(2).sample(seats := [each for one in rows for each in one], len(seats))
    assert sorted(map(sorted, row(*shuffled))) == rows


def test_seats_around_a_table_go_round() -> None:
    seats = [(30 * math.cos(n), 30 * math.sin(n)) for n in (math.pi / 4 * k for k in range(8))]
    [found] = row(*seats)
    assert len(found) == 8


@given(st.permutations(line(9)))
def test_any_order_of_a_straight_row_gives_the_same_neighbours(seats: list[At]) -> None:
    [found] = row(*seats)
    assert found in (line(9), line(9)[::-1])


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=60))
def test_every_seat_of_any_row_is_in_one_stretch(seats: list[tuple[int, int]]) -> None:
    assert sorted(each for found in row(*seats) for each in found) == sorted(seats)
