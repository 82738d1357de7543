"""The best seats for a party that no row has room for, by example."""

import copy
import random
from typing import Any

import pytest

from booking.domain import errors
from booking.plans import pretix
from booking.plans.grid import grid
from booking.plans.reading import read
from tests.domain.selection.wishes import best
from tests.support.houses import theatre


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


def test_of_two_places_as_good_the_larger_block_has_the_one_beside_the_smaller() -> None:
    plan = grid(3, 8)
    taken = ["A5", "B3"]
    assert best(plan, 9, taken, split=True) == [
        *("B4", "B5", "B6", "B7"),
        *("C4", "C5", "C6", "C7", "C8"),
    ]
