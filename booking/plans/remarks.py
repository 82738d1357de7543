"""What is odd in a plan, and no mistake: it can be sold, but may not be what was meant."""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise, product

from booking.plans import mistakes
from booking.plans.areas import Area
from booking.plans.mistakes import Mistakes, Place
from booking.plans.model import Plan
from booking.plans.seats_of_document import seat_place
from booking.plans.sections import GAP, Point, distances, divide

_OVERLAP = 0.3
"""Seats that are nearer to each other than this part of the usual distance cannot be pressed."""
_SEEN = 1.25
"""One sees a gap from this many times the usual distance on. Up to ``GAP`` it is none for us."""
_EXAMPLES = 3
_MOST_AREAS = 200


def remarks(plan: Plan) -> Mistakes:
    """What is odd, each with its place."""
    yield from _unnamed(plan)
    yield from _overlapping(plan)
    yield from _covered(plan)
    yield from _gaps(plan)


def _unnamed(plan: Plan) -> Mistakes:
    for number, zone in enumerate(plan.zones):
        if len(plan.zones) > 1 and not zone.name and any(row.seats for row in zone.rows):
            yield ("zones", number), "has no name, so nobody can tell its seats from others"


def _seats(plan: Plan) -> Iterator[tuple[tuple[int, int, int], Point]]:
    for z, zone in enumerate(plan.zones):
        for r, row in enumerate(zone.rows):
            for s, seat in enumerate(row.seats):
                yield (z, r, s), seat.position


def _overlapping(plan: Plan) -> Mistakes:
    """The seats that lie on top of an earlier one."""
    reach = _OVERLAP * plan.spacing
    cells: dict[tuple[int, int], list[tuple[tuple[int, int, int], Point]]] = defaultdict(list)
    found: list[tuple[Place, Place]] = []
    for place, at in _seats(plan):
        x, y = int(at.x // reach), int(at.y // reach)
        near = (
            other
            for dx, dy in product((-1, 0, 1), repeat=2)
            for other, there in cells.get((x + dx, y + dy), ())
            if math.dist(at, there) < reach
        )
        if (other := next(near, None)) is not None:
            found.append((seat_place(*place), seat_place(*other)))
        else:
            cells[x, y].append((place, at))
    for above, under in found[:_EXAMPLES]:
        yield above, f"lies on {mistakes.place(under)}, and cannot be pressed"
    if len(found) > _EXAMPLES:
        yield (), f"{len(found):,} seats in all lie on others"


def _covered(plan: Plan) -> Mistakes:
    """The areas that have seats on them, though they are no room around all of them."""
    areas: list[tuple[Place, Area]] = [
        (("zones", z, "areas", a), area)
        for z, zone in enumerate(plan.zones)
        for a, area in enumerate(zone.areas)
        if area.extent and area.color.lower() not in ("", "none", "transparent")
    ]
    areas.sort(key=lambda each: -each[1].extent)
    for place, area in areas[:_MOST_AREAS]:
        inside = sum(1 for _ in area.holding(seat.position for seat in plan.seats))
        if 0 < inside < len(plan.seats) / 2:
            stand = "a seat stands" if inside == 1 else f"{inside:,} seats stand"
            yield place, f"{stand} on it"


def _gaps(plan: Plan) -> Mistakes:
    """The rows in which one sees a gap that is none for us."""
    by_row: dict[int, list[str]] = defaultdict(list)
    label_of = {seat.id: seat.label for seat in plan.seats}
    for section in plan.sections:
        if len(section.seats) < 4:
            continue
        apart = distances(section.positions)
        usual = sorted(apart)[(len(apart) - 1) // 2]
        if not usual:
            continue
        # The same rule with a narrower gap.
        cuts = list(divide(apart, usual * _SEEN / GAP))
        for before, after in pairwise(cuts):
            ends = section.seats[before.stop - 1], section.seats[after.start]
            by_row[section.row].append(" and ".join(f'"{label_of[end]}"' for end in ends))
    places = [
        ("zones", z, "rows", r) for z, zone in enumerate(plan.zones) for r in range(len(zone.rows))
    ]
    for row, gaps in sorted(by_row.items()):
        yield (
            places[row],
            f"one sees a gap between seats {gaps[0]}, but it is too narrow to divide the row",
        )
