"""Seats as people read them."""

import pytest

from booking.plans import grid, reading
from booking.plans.model import Plan
from booking.plans.names import BY_ID
from tests.support.houses import theatre

HOUSE = reading.read(theatre(rows=4, seats_per_row=12)).names


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        (["Stalls-1-1"], "Stalls, row 1 seat 1 is"),
        (["Stalls-1-10", "Stalls-1-2"], "Stalls, row 1 seats 2 and 10 are"),
        (
            ["Balcony-3-1", "Stalls-2-1", "Stalls-1-1"],
            "Stalls, row 1 seat 1, Stalls, row 2 seat 1 and Balcony, row 3 seat 1 are",
        ),
        (
            [f"Stalls-1-{number}" for number in range(12, 0, -1)],
            "Stalls, row 1 seats 1, 2, 3, 4, 5, 6, 7, 8 and 9 and 3 more are",
        ),
        (["Stalls-1-1", "nowhere"], "Seats nowhere and Stalls-1-1 are"),
    ],
)
def test_seats_are_named_row_by_row(seats: list[str], said: str) -> None:
    assert HOUSE.are(seats) == said


@pytest.mark.parametrize("plan", [grid.count(30), grid.grid(3, 12)])
def test_ids_that_say_row_and_number_are_names_already(plan: Plan) -> None:
    first, second, *_, last = (seat.id for seat in plan.seats)
    assert plan.names.are([last, second, first]) == f"Seats {first}, {second} and {last} are"
    assert plan.names.name(first) == f"seat {first}"


def test_without_a_plan_seats_go_by_their_ids() -> None:
    assert BY_ID.are(["10", "2"]) == "Seats 2 and 10 are"
    assert BY_ID.name("x" * 200) == f"seat {'x' * 64}…"
