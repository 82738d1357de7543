"""Which seats are next to each other: what an aisle or a gap leaves of a row."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

_GAP = 1.5
"""Seats that are this many times the usual distance apart are not next to each other."""


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
    """The median distance between one seat and the next, over all rows; 1 where there is none.

    Over all rows and not each for itself, or a row of which every other seat is missing would pass
    for one whose seats are wide.
    """
    distances = [math.dist(a, b) for row in rows for a, b in pairwise(row)]
    return (median_low(distances) if distances else 0.0) or 1.0


def divide(row: Sequence[Point], usual: float) -> Iterator[slice]:
    """The parts of a row whose seats are next to each other."""
    start = 0
    for number, (here, there) in enumerate(pairwise(row), 1):
        if math.dist(here, there) > _GAP * usual:
            yield slice(start, number)
            start = number
    if row:
        yield slice(start, len(row))
