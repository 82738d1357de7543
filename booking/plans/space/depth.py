"""Which rows stand one behind the other, and which beside each other: by where they are, not by the
order of the file."""

import math
from collections.abc import Sequence

from booking.plans.sections import Point

_PARALLEL = 0.8
"""How far the directions of rows agree that are lines one behind the other: 1 is all of them, 0 is
rows on all sides of a square."""
_BESIDE = 0.3
"""Rows whose depths differ by less than this part of the distance between seats stand beside each
other."""

Row = Sequence[Sequence[Point]]
"""A row in stretches."""


def lines(rows: Sequence[Row], front: Point, spacing: float) -> list[int]:
    """By row, the number of the line that it stands in, counted from the front to the back."""
    depths = _depths(rows, front)
    number, first = -1, -math.inf
    line_of = [0] * len(rows)
    for row in sorted(range(len(rows)), key=depths.__getitem__):
        if depths[row] - first > _BESIDE * spacing:
            number, first = number + 1, depths[row]
        line_of[row] = number
    return line_of


def _depths(rows: Sequence[Row], front: Point) -> list[float]:
    """How far back each row stands: square to the rows, if they are parallel; else from the
    front."""
    middles = [_middle([point for stretch in row for point in stretch]) for row in rows]
    ends = [(stretch[0], stretch[-1]) for row in rows for stretch in row if len(stretch) > 1]
    xx = sum((b.x - a.x) ** 2 for a, b in ends)
    yy = sum((b.y - a.y) ** 2 for a, b in ends)
    xy = sum((b.x - a.x) * (b.y - a.y) for a, b in ends)
    if math.hypot(xx - yy, 2 * xy) < _PARALLEL * (xx + yy) or not xx + yy:
        return [math.dist(middle, front) for middle in middles]
    angle = math.atan2(2 * xy, xx - yy) / 2
    across = Point(-math.sin(angle), math.cos(angle))
    depths = [middle.x * across.x + middle.y * across.y for middle in middles]
    at_front = front.x * across.x + front.y * across.y
    turned = sum(depths) < at_front * len(depths)
    return [-depth for depth in depths] if turned else depths


def _middle(points: Sequence[Point]) -> Point:
    return Point(
        sum(point.x for point in points) / len(points),
        sum(point.y for point in points) / len(points),
    )
