"""What is accepted can be read again: one set of limits."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.plans import pretix
from booking.plans.limits import FARTHEST, MOST_IN_LINE
from booking.plans.reading import PlanError, read

FAR = FARTHEST // 2 + 1


def house(zone: float, row: float, seat: float, area: float = 0) -> dict[str, Any]:
    """A plan of one seat and one area; the numbers are offsets to the right."""
    return {
        "categories": [{"name": "a"}],
        "zones": [
            {
                "position": {"x": zone, "y": 0},
                "rows": [
                    {
                        "row_number": "A",
                        "position": {"x": row, "y": 0},
                        "seats": [
                            {
                                "seat_guid": "A1",
                                "seat_number": "1",
                                "category": "a",
                                "position": {"x": seat, "y": 0},
                            }
                        ],
                    }
                ],
                "areas": [{"position": {"x": area, "y": 0}}],
            }
        ],
    }


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"grid": {"rows": 40_001, "seats_per_row": 1}}, "grid.rows"),
        ({"grid": {"rows": 1, "seats_per_row": 40_001}}, "grid.seats_per_row"),
        (
            {"grid": {"rows": 1, "seats_per_row": 30_000, "aisle_after": list(range(1, 30_000))}},
            "grid",
        ),
        (house(FAR, 0, FAR), "zones[0].rows[0].seats[0].position"),
        (house(-FAR, -FAR, 0), "zones[0].rows[0].seats[0].position"),
        (house(FAR, 0, 0, area=FAR), "zones[0].areas[0].position"),
    ],
)
def test_a_plan_that_reaches_too_far_is_refused(document: object, place: str) -> None:
    with pytest.raises(PlanError) as error:
        read(document)
    assert [each.partition(": ")[0] for each in error.value.mistakes] == [place]


offsets = st.sampled_from([0, FAR, -FAR, FARTHEST, 12.5])


@given(st.builds(house, offsets, offsets, offsets, offsets))
def test_what_is_accepted_can_be_read_again(document: object) -> None:
    try:
        plan = read(document)
    except PlanError:
        return
    assert read(json.loads(json.dumps(pretix.write(plan)))) == plan


@pytest.mark.parametrize(("rows", "seats_per_row"), [(MOST_IN_LINE, 1), (1, MOST_IN_LINE)])
def test_the_largest_grids_can_be_read_again(rows: int, seats_per_row: int) -> None:
    plan = read({"grid": {"rows": rows, "seats_per_row": seats_per_row}})
    assert read(json.loads(json.dumps(pretix.write(plan)))) == plan
