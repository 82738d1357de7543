"""Seats as people read them."""

import pytest

from booking.plans import grid, pretix, reading
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


def test_a_row_in_pieces_is_named_as_one() -> None:
    document = theatre(rows=4, seats_per_row=8)
    rows = document["zones"][0]["rows"]
    document["zones"][0]["rows"] = [
        row | {"seats": row["seats"][half : half + 4]} for half in (0, 4) for row in rows
    ]
    names = reading.read(document).names
    assert names.are(["Stalls-1-4", "Stalls-2-1", "Stalls-1-5"]) == (
        "Stalls, row 1 seats 4 and 5 and Stalls, row 2 seat 1 are"
    )


def named(row_label: str | None, seat_label: str | None) -> Plan:
    document = theatre(rows=2, seats_per_row=3)
    document["zones"][0]["rows"][0] |= {"row_label": row_label, "seat_label": seat_label}
    return reading.read(document)


@pytest.mark.parametrize(
    ("row_label", "seat_label", "said"),
    [
        ("Loge %s", "Stuhl %s", "Stalls, Loge 1, Stuhl 1 and Stuhl 3 are"),
        ("Loge %s", None, "Stalls, Loge 1, seats 1 and 3 are"),
        (None, "Stuhl", "Stalls, row 1, Stuhl 1 and Stuhl 3 are"),
        (None, None, "Stalls, row 1 seats 1 and 3 are"),
    ],
)
def test_the_names_of_the_file_are_used(
    row_label: str | None, seat_label: str | None, said: str
) -> None:
    assert named(row_label, seat_label).names.are(["Stalls-1-3", "Stalls-1-1"]) == said


def test_the_names_of_the_file_are_used_though_ids_say_row_and_number() -> None:
    document = pretix.write(grid.grid(2, 3))
    document["zones"][0]["rows"][0]["row_label"] = "Loge %s"
    assert reading.read(document).names.name("A2") == "Loge A, seat 2"
