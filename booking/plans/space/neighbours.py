"""Which seats of a house are next to each other, by where they are.

A row is read in lines (:mod:`booking.plans.space.lines`), and a line is divided where one sees a
gap. How wide a gap has to be follows from the distances in the same row or, if it has too few, from
those around it. Pieces of one row that a file has apart are joined where no gap is to be seen, and
where they take turns (:mod:`booking.plans.space.interleaving`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from math import dist
from typing import NamedTuple

from booking.plans import sections
from booking.plans.sections import GAP, LEAST, WIDE, Point
from booking.plans.space.interleaving import rows_with_their_pieces
from booking.plans.space.lines import goes_on, lines

_ENOUGH = 8
"""From so many distances on, a zone tells by itself what is usual in it."""

_CROWD = 16
"""If more ends than this are in one place, the others are not joined."""

Seat = tuple[int, int]
"""The number of a row in its zone, and that of a seat in the row."""


class Row(NamedTuple):
    """The label of a row, as people read it, and where its seats are."""

    label: str
    seats: Sequence[Point]


class Walk(NamedTuple):
    """Seats of a zone in the order of a walk past them, and the distances between them."""

    seats: list[Seat]
    apart: list[float]


class Stretch(NamedTuple):
    """Seats of a zone, each next to the one before it, and the usual distance there."""

    seats: list[Seat]
    usual: float


class Neighbourhood:
    """The stretches of a house, and the usual distance from one seat to the next."""

    def __init__(self, zones: Sequence[Sequence[Row]]) -> None:
        by_row = [list(_walks(zone)) for zone in zones]
        steps = [
            [[step for walk in walks for step in sections.steps(walk.apart)] for walks in walks_of]
            for walks_of in by_row
        ]
        every = [step for zone in steps for row in zone for step in row]
        self.usual = sections.usual(every) or 1.0
        """1 where no seat has a neighbour."""
        self.stretches: list[list[Stretch]] = []
        """By zone."""
        for zone, walks_of, steps_of in zip(zones, by_row, steps, strict=True):
            around = _around([step for row in steps_of for step in row], self.usual)
            parts: list[Stretch] = []
            for walks, its in zip(walks_of, steps_of, strict=True):
                here = _of_row(its, around)
                for walk in walks:
                    divided = sections.divide(walk.apart, here)
                    parts += (Stretch(walk.seats[part], here) for part in divided)
            self.stretches.append(list(_joined(zone, parts)))


def _walks(zone: Sequence[Row]) -> Iterator[list[Walk]]:
    """The lines of each row of a zone. Rows that take turns along one line are one."""
    for rows in rows_with_their_pieces(zone):
        seats = [(r, s) for r in rows for s in range(len(zone[r].seats))]
        points = [point for r in rows for point in zone[r].seats]
        yield [
            Walk(
                [seats[number] for number in walk],
                sections.distances([points[number] for number in walk]),
            )
            for walk in lines(points)
        ]


def _around(steps: Sequence[float], in_house: float) -> float:
    """The usual distance in a zone: its own, unless it has few seats, farther apart than others."""
    own = sections.usual(steps)
    if own is None:
        return in_house
    return own if len(steps) >= _ENOUGH or own <= WIDE * in_house else in_house


def _of_row(steps: Sequence[float], around: float) -> float:
    """The usual distance in a row: its own, unless it has but two seats, or seats are missing."""
    own = sections.usual(steps)
    if own is None or len(steps) < 3 or own > WIDE * around:
        return max(around, LEAST)
    return own


def _joined(zone: Sequence[Row], parts: list[Stretch]) -> Iterator[Stretch]:
    """The stretches, those joined that are pieces of one row with no gap between them."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for number, part in enumerate(parts):
        by_label[zone[part.seats[0][0]].label].append(number)
    after = list(range(len(parts)))
    joined: dict[int, Stretch] = dict(enumerate(parts))
    for label, numbers in by_label.items():
        if len({parts[number].seats[0][0] for number in numbers}) < 2:
            continue
        for _, a, b in sorted(_meetings(zone, label, [(n, parts[n]) for n in numbers])):
            one, other = _root(after, a[0]), _root(after, b[0])
            ends = parts[a[0]].seats[a[1]], parts[b[0]].seats[b[1]]
            if one == other or (whole := _whole(joined[one], joined[other], *ends)) is None:
                continue
            first, last = sorted((one, other))
            joined[first], after[last] = whole, first
            del joined[last]
    return iter(joined.values())


End = tuple[int, int]
"""The number of a stretch, and 0 or -1 for its first or its last seat."""


def _meetings(
    zone: Sequence[Row], label: str, parts: Sequence[tuple[int, Stretch]]
) -> Iterator[tuple[float, End, End]]:
    """The ends of pieces that are so near each other that one sees no gap."""
    reach = GAP * max(part.usual for _, part in parts)
    cells: dict[tuple[int, int], list[tuple[End, Stretch]]] = defaultdict(list)

    def place(part: Stretch, at: int) -> Point | None:
        if not -len(part.seats) <= at < len(part.seats):
            return None
        row, seat = part.seats[at]
        return zone[row].seats[seat]

    for number, part in parts:
        for at in (0, -1) if len(part.seats) > 1 else (0,):
            here = place(part, at)
            assert here is not None
            x, y = int(here.x // reach), int(here.y // reach)
            for dx, dy in product((-1, 0, 1), repeat=2):
                for end, other in cells[x + dx, y + dy]:
                    there = place(other, end[1])
                    assert there is not None
                    apart = dist(here, there)
                    inner = place(part, 1 if at == 0 else -2)
                    behind = place(other, 1 if end[1] == 0 else -2)
                    if (
                        end[0] != number
                        and apart <= GAP * min(part.usual, other.usual)
                        # Single seats without a label may as well stand one behind the other.
                        and (label or inner or behind)
                        and goes_on(inner, here, there, behind)
                    ):
                        yield apart, end, (number, at)
            if len(cells[x, y]) < _CROWD:
                cells[x, y].append(((number, at), part))


def _root(after: list[int], number: int) -> int:
    while after[number] != number:
        number = after[number]
    return number


def _whole(one: Stretch, other: Stretch, end: Seat, start: Seat) -> Stretch | None:
    """Two stretches as one, joined where ``end`` and ``start`` meet, which are still free ends."""
    turned = one.seats[-1] != end
    a = one.seats[::-1] if turned else one.seats
    b = other.seats if other.seats[0] == start else other.seats[::-1]
    if a[-1] != end or b[0] != start:
        return None
    whole = [*a, *b]
    return Stretch(whole[::-1] if turned else whole, one.usual)
