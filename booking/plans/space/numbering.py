"""Where the first rows of a house are: rows are counted from the front to the back."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from booking.plans.sections import Point

_NUMBER = re.compile(r"\D*(\d{1,4})\D*")
_ACROSS = 0.5
"""The cosine of the least angle between a row and the way to the next one: 60 degrees. What is
beside a row is not in front of it."""
_AGREE = 0.6
"""How far the ways from row to row must agree: 1 is all of them, 0 is rows all around a pitch."""
_MOST_PIECES = 50
"""A zone in which more rows than these have one number is not numbered from the front."""

Row = tuple[str, Sequence[Point]]
"""The label of a row, and its seats."""


def to_the_first_rows(zones: Sequence[Sequence[Row]]) -> Point | None:
    """The direction from each row to the one before it, of length 1; None if the rows of a house
    are not numbered, or not one way."""
    ways = [way for zone in zones for way in _ways(zone)]
    x, y = sum(way.x for way in ways), sum(way.y for way in ways)
    length = math.hypot(x, y)
    return Point(x / length, y / length) if length > _AGREE * len(ways) else None


def _ways(rows: Sequence[Row]) -> Iterator[Point]:
    """From each row of a zone the way to the row with the number before, which is the nearest of
    several."""
    by_number: dict[int, list[Sequence[Point]]] = defaultdict(list)
    for label, seats in rows:
        if seats and (number := _number(label)) is not None:
            by_number[number].append(seats)
    for before, number in pairwise(sorted(by_number)):
        if max(len(by_number[before]), len(by_number[number])) > _MOST_PIECES:
            continue
        for seats in by_number[number]:
            here = _middle(seats)
            there = min(map(_middle, by_number[before]), key=lambda each: math.dist(here, each))
            way = _direction(here, there)
            along = _direction(seats[0], seats[-1]) or Point(0, 0)
            if way and abs(way.x * along.x + way.y * along.y) <= _ACROSS:
                yield way


def _number(label: str) -> int | None:
    """The number of a row by its label: 7, “Row 7” or a letter. AA may be before A, or after Z."""
    if found := _NUMBER.fullmatch(label):
        return int(found[1])
    return ord(label.upper()[0]) if len(label) == 1 and label.isalpha() else None


def _middle(seats: Sequence[Point]) -> Point:
    (ax, ay), (bx, by) = seats[0], seats[-1]
    return Point((ax + bx) / 2, (ay + by) / 2)


def _direction(here: Point, there: Point) -> Point | None:
    length = math.dist(here, there)
    return Point((there.x - here.x) / length, (there.y - here.y) / length) if length else None
