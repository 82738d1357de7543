"""Where the first rows of a house are: rows are counted from the front to the back."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

from booking.plans.sections import Point

_NUMBER = re.compile(r"\D*(\d{1,4})\D*")
_ACROSS = 0.5
"""The cosine of the least angle between a row and the way to the next one: 60 degrees. What is
beside a row is not in front of it."""
_AGREE = 0.6
"""How far the ways from row to row must agree: 1 is all of them, 0 is rows all around a pitch."""
_ONE_LINE = 0.8
"""How far the ways from row to row must lie along one line, whichever way they go: 1 is all of
them, 0 is as many along it as across."""
_NEXT = 2.0
"""From row to row of a stand it is no further than so many times the usual way."""
_MOST_PIECES = 50
"""A zone in which more rows than these have one number is not numbered from the front."""

Row = tuple[str, Sequence[Point]]
"""The label of a row, and its seats."""


def to_the_first_rows(zones: Sequence[Sequence[Row]]) -> Point | None:
    """The direction from each row to the one before it, of length 1; None if the rows of a house
    are not numbered, or not one way."""
    ways = [step.way for zone in zones for step in _steps(zone)]
    x, y = sum(way.x for way in ways), sum(way.y for way in ways)
    length = math.hypot(x, y)
    return Point(x / length, y / length) if length > _AGREE * len(ways) else None


def between_stands(zones: Sequence[Sequence[Row]]) -> Point | None:
    """The middle between two stands that face each other: in both, the first row is the nearest to
    the other stand. None if the rows are not counted like that."""
    steps = [step for zone in zones for step in _steps(zone)]
    usual = median_low([step.length for step in steps] or [0.0])
    # The count of one stand may go on in the other.
    steps = [step for step in steps if step.length <= _NEXT * usual]
    # Twice the angle is the same for both ways along a line.
    cos = sum(step.way.x**2 - step.way.y**2 for step in steps)
    sin = sum(2 * step.way.x * step.way.y for step in steps)
    if math.hypot(cos, sin) <= _ONE_LINE * len(steps):
        return None
    angle = math.atan2(sin, cos) / 2
    line, aside = Point(math.cos(angle), math.sin(angle)), Point(-math.sin(angle), math.cos(angle))
    here = [seat for step in steps if _dot(step.way, line) > 0 for seat in step.seats]
    there = [seat for step in steps if _dot(step.way, line) < 0 for seat in step.seats]
    if not here or not there:
        return None
    near, far = max(_dot(seat, line) for seat in here), min(_dot(seat, line) for seat in there)
    sides = [sorted(_dot(seat, aside) for seat in stand) for stand in (here, there)]
    left, right = max(side[0] for side in sides), min(side[-1] for side in sides)
    if near >= far or left >= right:
        return None
    along, across = (near + far) / 2, (left + right) / 2
    return Point(line.x * along + aside.x * across, line.y * along + aside.y * across)


class _Step(NamedTuple):
    """From a row to the one before it: the way, of length 1, its real length, the seats of both."""

    way: Point
    length: float
    seats: Sequence[Point]


def _steps(rows: Sequence[Row]) -> Iterator[_Step]:
    """From each row of a zone to the row with the number before, or the nearest of several."""
    by_number: dict[int, list[Sequence[Point]]] = defaultdict(list)
    for label, seats in rows:
        if seats and (number := _number(label)) is not None:
            by_number[number].append(seats)
    for before, number in pairwise(sorted(by_number)):
        if max(len(by_number[before]), len(by_number[number])) > _MOST_PIECES:
            continue
        for seats in by_number[number]:
            here = _middle(seats)
            first = min(by_number[before], key=lambda each: math.dist(here, _middle(each)))
            way, length = _direction(here, _middle(first)), math.dist(here, _middle(first))
            along = _direction(seats[0], seats[-1]) or Point(0, 0)
            if way and abs(_dot(way, along)) <= _ACROSS:
                yield _Step(way, length, [*seats, *first])


def _number(label: str) -> int | None:
    """The number of a row by its label: 7, “Row 7” or a letter. AA may be before A, or after Z."""
    if found := _NUMBER.fullmatch(label):
        return int(found[1])
    return ord(label.upper()[0]) if len(label) == 1 and label.isalpha() else None


def _middle(seats: Sequence[Point]) -> Point:
    (ax, ay), (bx, by) = seats[0], seats[-1]
    return Point((ax + bx) / 2, (ay + by) / 2)


def _dot(a: Point, b: Point) -> float:
    return a.x * b.x + a.y * b.y


def _direction(here: Point, there: Point) -> Point | None:
    length = math.dist(here, there)
    return Point((there.x - here.x) / length, (there.y - here.y) / length) if length else None
