"""Which seats are next to each other: what an aisle or a gap leaves of a row."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

_GAP = 1.5
"""Seats that are this many times the usual distance apart are not next to each other."""
_WIDE = 1.8
"""The seats of a row may be this many times as wide as is usual in its zone. In a row with greater
distances, there are seats missing."""
_LEAST = 0.001
"""Less than this is no distance from one seat to the next."""


class Point(NamedTuple):
    """A place in a plan: ``x`` grows to the right, ``y`` to the back."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Section:
    """Seats of one row, each next to the one before it. ``zone`` and ``row`` are counted from 0
    through the whole plan."""

    zone: int
    row: int
    seats: tuple[str, ...]
    positions: tuple[Point, ...]
    categories: tuple[str, ...]


def usual_distance(rows: Sequence[Sequence[Point]]) -> float:
    """The median distance between one seat and the next, over all rows; 1 where there is none."""
    distances = [math.dist(a, b) for row in rows for a, b in pairwise(row)]
    usual = median_low(distances) if distances else 0.0
    return usual if usual >= _LEAST else 1.0


def divide(row: Sequence[Point], usual: float) -> Iterator[slice]:
    """The parts of a row whose seats are next to each other; ``usual`` is the usual distance in its
    zone."""
    distances = [math.dist(here, there) for here, there in pairwise(row)]
    if len(distances) > 1 and (own := median_low(distances)) <= _WIDE * usual:
        usual = max(own, _LEAST)
    start = 0
    for number, distance in enumerate(distances, 1):
        if distance > _GAP * usual:
            yield slice(start, number)
            start = number
    if row:
        yield slice(start, len(row))
