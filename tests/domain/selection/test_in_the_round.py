"""The best seats of houses in the round whose plan says nothing of a focal point or a stage."""

import math
from collections.abc import Sequence

import pytest

from booking.domain.model import BestAvailable
from booking.domain.selection.free_seats import FreeSeats
from booking.plans.reading import read
from tests.plans.test_front import At, arcs, house

RADII = [300 + 40 * row for row in range(21)]


def stands(*turns: float) -> list[list[At]]:
    """Stands of 15 straight rows around a field, the first row of each beside it."""
    rows = []
    for turn in map(math.radians, turns):
        for row in range(15):
            places = [(30 * (seat - 14.5), 400 + 40 * row) for seat in range(30)]
            rows.append(
                [
                    (
                        x * math.cos(turn) - y * math.sin(turn),
                        x * math.sin(turn) + y * math.cos(turn),
                    )
                    for x, y in places
                ]
            )
    return rows


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(arcs(0, 360, *RADII), id="a ring"),
        pytest.param(arcs(0, 360, *reversed(RADII)), id="a ring, told from outside"),
        pytest.param(arcs(135, 405, *RADII), id="three quarters of a ring"),
        pytest.param(arcs(0, 180, *RADII), id="half a ring"),
        pytest.param(stands(0, 90, 180, 270), id="four stands"),
        pytest.param(stands(0, 90, 180, 270)[::-1], id="four stands, told from outside"),
    ],
)
@pytest.mark.parametrize("wish", [BestAvailable(2), BestAvailable(8, split=True)])
def test_the_best_seats_are_in_a_first_row(
    rows: Sequence[Sequence[At]], wish: BestAvailable
) -> None:
    chosen = FreeSeats(read(house(rows))).best(wish)
    (row,) = {int(seat.split("-")[0]) - 1 for seat in chosen}
    nearest = min(math.hypot(x, y) for places in rows for x, y in places)
    assert min(math.hypot(x, y) for x, y in rows[row]) == pytest.approx(nearest)
