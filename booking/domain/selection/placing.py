"""Where in a section a block of some size is best placed."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from booking.domain.selection import seat_sets, single_seats
from booking.plans.model import SEAT, Plan
from booking.plans.sections import Point


class Block(NamedTuple):
    """The seats from ``start`` to before ``end`` of a section."""

    cost: int
    section: int
    start: int
    end: int


class Placing:
    """Places blocks among the free seats of a plan."""

    def __init__(self, plan: Plan, free: Sequence[int]) -> None:
        """``free`` are the free seats by section, see :mod:`booking.domain.selection.seat_sets`."""
        self.plan = plan
        self.free = free

    def best(
        self, section: int, within: int, size: int, *, clean: bool, near: Point | None = None
    ) -> Block | None:
        """The best block of the free seats ``within`` a section, None if there is none. With
        ``near``, it is the one whose middle is nearest to there. With ``clean``, only blocks that
        leave no single seat."""
        sums = self.plan.distances[section]
        best: tuple[int, int, int] | None = None
        for starts, penalty in zip(self.starts(section, within, size), (0, SEAT), strict=True):
            if penalty and clean:
                continue
            for start in seat_sets.ones(starts):
                cost = far = sums[start + size] - sums[start] + size * penalty
                if near is not None:
                    away = self.distance(near, self.middle(section, start, start + size))
                    far = size * (away + penalty)
                if best is None or (far, start) < best[:2]:
                    best = far, start, cost
        if best is None:
            return None
        _, start, cost = best
        return Block(cost, section, start, start + size)

    def starts(self, section: int, within: int, size: int) -> tuple[int, int]:
        """Where blocks begin that leave no single seat, and where such that do."""
        free = self.free[section]
        starts = seat_sets.blocks(free & within, size)
        leaving = single_seats.leaving_single(free, size)
        return starts & ~leaving, starts & leaving

    def middle(self, section: int, start: int, end: int) -> Point:
        """The middle of some seats next to each other."""
        positions = self.plan.sections[section].positions
        first, last = positions[start], positions[end - 1]
        return Point((first.x + last.x) / 2, (first.y + last.y) / 2)

    def distance(self, a: Point, b: Point) -> int:
        """How far two places are from each other, in the unit of costs."""
        return round(math.dist(a, b) / self.plan.spacing * SEAT)
