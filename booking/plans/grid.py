"""Plans that are told by numbers: rows of equal length, or merely how many seats there are."""

import math
from collections.abc import Collection, Mapping
from itertools import accumulate, repeat

from booking.plans.model import COLORS, Category, Plan, PlannedSeat, Row, Zone
from booking.plans.sections import Point
from booking.plans.tuples import tuples

SPACING = 25.0
"""From one seat to the next, and from one row to the next, in the unit that drawings use."""

STANDARD = "standard"
"""The category of seats that are given none."""

ZONE = "main"


def row_label(number: int) -> str:
    """The label of a row, counted from 0: A to Z, then AA, AB and so on."""
    label = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        label = chr(ord("A") + letter) + label
    return label


def colored_categories(names: Collection[str]) -> tuple[Category, ...]:
    """Categories of these names, in colours that differ as long as there are any."""
    return tuple(Category(name, COLORS[number % len(COLORS)]) for number, name in enumerate(names))


def grid(
    rows: int,
    seats_per_row: int,
    *,
    categories: Mapping[str, Collection[str]] | None = None,
    aisle_after: Collection[int] = (),
    skip: Collection[str] = (),
    name: str = "",
    focal_point: Point | None = None,
) -> Plan:
    """Rows A, B, C … of seats 1, 2, 3 …: the seventh of row C is ``C7``.

    ``categories`` has the rows of each category, the others are standard. There is room to walk
    after the seats of ``aisle_after``, and room to stand where the seats of ``skip`` would be.
    """
    category_of = {label: name for name, labels in (categories or {}).items() for label in labels}
    skipped, before_aisle = frozenset(skip), frozenset(aisle_after)
    aisles = accumulate(number - 1 in before_aisle for number in range(1, seats_per_row + 1))
    across = [SPACING * (number + before) for number, before in enumerate(aisles, 1)]
    planned: list[Row] = []
    for number in range(rows):
        label = row_label(number)
        category = category_of.get(label, STANDARD)
        seats = tuple(
            PlannedSeat(f"{label}{seat}", str(seat), category, Point(x, SPACING * (number + 1)))
            for seat, x in enumerate(across, 1)
            if f"{label}{seat}" not in skipped
        )
        planned.append(Row(label, seats))
    used = [*(categories or {})]
    if any(row.label not in category_of for row in planned) and STANDARD not in used:
        used.append(STANDARD)
    return Plan(
        categories=colored_categories(used),
        zones=(Zone(ZONE, tuple(planned)),),
        name=name,
        size=(max(across) + SPACING, SPACING * (rows + 1)),
        focal_point=focal_point,
    )


def count(seats: int, *, name: str = "", focal_point: Point | None = None) -> Plan:
    """Seats 1, 2, 3 … in rows of ten, or more in a house that is large: about twice as wide as it
    is deep."""
    per_row = max(10, math.isqrt(2 * seats))
    across = [SPACING * number for number in range(1, per_row + 1)]
    planned: list[Row] = []
    for start in range(0, seats, per_row):
        ids = list(map(str, range(start + 1, min(start + per_row, seats) + 1)))
        y = SPACING * (len(planned) + 1)
        points = tuples(Point, across, repeat(y))
        row = tuples(PlannedSeat, ids, ids, repeat(STANDARD), points, repeat(0.0))
        planned.append(Row(row_label(len(planned)), tuple(row)))
    return Plan(
        categories=colored_categories([STANDARD]),
        zones=(Zone(ZONE, tuple(planned)),),
        name=name,
        size=(SPACING * (min(seats, per_row) + 1), SPACING * (len(planned) + 1)),
        focal_point=focal_point,
    )
