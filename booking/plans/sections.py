"""What an aisle or a gap leaves of a row: the distance between seats, and where it is too great."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import NamedTuple

GAP = 1.5
"""Seats that are this many times the usual distance apart are not next to each other."""
WIDE = 1.8
"""The seats of a row may be this many times as wide as is usual around it. In a row with greater
distances, there are seats missing."""
LEAST = 0.001
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


def distances(line: Sequence[Point]) -> list[float]:
    """From each seat of a line to the next one."""
    return list(map(math.dist, line, line[1:]))


def steps(apart: Sequence[float]) -> list[float]:
    """From each seat of a line with these distances that to the nearer of its neighbours, if it has
    any."""
    if not apart:
        return []
    return [apart[0], *map(min, apart, apart[1:]), apart[-1]]


def usual(distances: Iterable[float]) -> float | None:
    """The median of those that are distances at all; None if none is."""
    found = [distance for distance in distances if distance >= LEAST]
    return median_low(found) if found else None


def divide(apart: Sequence[float], usual_here: float) -> Iterator[slice]:
    """The parts of a line with these distances whose seats are next to each other."""
    start = 0
    gap = GAP * usual_here
    for number, distance in enumerate(apart, 1):
        if distance > gap:
            yield slice(start, number)
            start = number
    yield slice(start, len(apart) + 1)
