"""The best block of seats in one row, by example."""

import pytest

from booking.domain import errors
from booking.domain.model import BestAvailable
from booking.domain.selection.free_seats import FreeSeats
from booking.plans.grid import grid
from booking.plans.reading import read
from tests.domain.selection.wishes import best, free_but
from tests.support.houses import theatre


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
