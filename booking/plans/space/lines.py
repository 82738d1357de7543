"""The lines in which the seats of one row stand, whatever the order of the file.

Most rows are listed as one walks past them. The others are put in order: first along their longer
side. Where that is no walk either, as around a horseshoe or along both sides of a bench, seats are
joined one by one, the nearest first. No seat gets more than two neighbours, and those two stand on
opposite sides of it.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise, product
from statistics import median_low

from booking.plans.sections import GAP, LEAST, Point

_AHEAD = 0.5
"""The cosine of the sharpest turn on a walk past seats: 60 degrees."""
_OPPOSITE = -0.17
"""The cosine of the least angle between the two neighbours of a seat: 100 degrees. At the corner of
a table, nobody sits side by side."""
_ALONG = 0.82
"""The cosine of the greatest angle between a line and the side of a bench: 35 degrees."""
_FEW = 30
"""So few seats are compared each with each, more only with those around them."""
_LONGEST = 5000
"""Of what is longer and in no order at all, the order of the file has to do."""
_CROWD = 64
"""If more seats than this stand as if in one place, the order of the file has to do."""

Vector = tuple[float, float]


def lines(row: Sequence[Point]) -> list[list[int]]:
    """The seats of a row, by their numbers: line by line, each in the order of a walk past it."""
    if (walk := in_line(row)) is not None:
        return [walk] if walk else []
    pairs = _pairs(row) if len(row) <= _LONGEST else None
    if pairs is None:
        return [list(range(len(row)))]
    axis = _axis(row)
    across = (-axis[1], axis[0])
    ways = [_joined(row, _directed(row, pairs, way)) for way in (None, axis, across)]
    return min(ways, key=lambda way: _pieces(row, way))


def in_line(row: Sequence[Point]) -> list[int] | None:
    """The seats of a row in the order of a walk past all of them: as they are listed or, if that is
    to and fro, along its longer side. None if that is no walk either."""
    listed = list(range(len(row)))
    if is_walk(row):
        return listed
    axis = _axis(row)
    along = sorted(listed, key=lambda number: row[number].x * axis[0] + row[number].y * axis[1])
    return _as_listed(along) if is_walk([row[number] for number in along]) else None


def is_walk(points: Sequence[Point]) -> bool:
    """Whether one who walks from each point to the next never turns sharply."""
    # Most rows are straight across, and need no look at angles.
    if len({y for _, y in points}) == 1:
        xs = [x for x, _ in points]
        if xs in (sorted(xs), sorted(xs, reverse=True)):
            return True
    before: Vector | None = None
    # As by _direction and _dot, which take twice as long: this is asked of every seat of a plan.
    for (ax, ay), (bx, by) in pairwise(points):
        x, y = bx - ax, by - ay
        length = math.hypot(x, y)
        if length < LEAST:
            continue
        x, y = x / length, y / length
        if before is not None and before[0] * x + before[1] * y < _AHEAD:
            return False
        before = x, y
    return True


def goes_on(before: Point | None, end: Point, other: Point, after: Point | None) -> bool:
    """Whether a line that ends with ``before, end`` goes on in one that begins ``other, after``."""
    walk = [point for point in (before, end, other, after) if point is not None]
    return is_walk(walk)


def _direction(here: Point, there: Point) -> Vector | None:
    length = math.dist(here, there)
    return ((there.x - here.x) / length, (there.y - here.y) / length) if length >= LEAST else None


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1]


def _axis(points: Sequence[Point]) -> Vector:
    """The direction in which the points are spread most."""
    x = sum(point.x for point in points) / len(points)
    y = sum(point.y for point in points) / len(points)
    xx = sum((point.x - x) ** 2 for point in points)
    yy = sum((point.y - y) ** 2 for point in points)
    xy = sum((point.x - x) * (point.y - y) for point in points)
    angle = math.atan2(2 * xy, xx - yy) / 2
    return math.cos(angle), math.sin(angle)


def _pairs(points: Sequence[Point]) -> list[tuple[float, int, int]] | None:
    """Points that may be neighbours, the nearest first; None if too many are in one place."""
    found: Iterable[tuple[int, int]]
    if len(points) <= _FEW:
        found = combinations(range(len(points)), 2)
    else:
        cells = _cells(points)
        if max(map(len, cells.values())) > _CROWD:
            return None
        found = _around(cells)
    pairs = sorted((math.dist(points[a], points[b]), a, b) for a, b in found)
    # Lines need fewer pairs than there are points. What is much farther apart than these is never
    # side by side.
    reach = GAP * pairs[min(len(points), len(pairs)) - 1][0] if pairs else 0.0
    return pairs[: bisect_right(pairs, reach, key=lambda pair: pair[0])]


def _cells(points: Sequence[Point]) -> dict[tuple[int, int], list[int]]:
    left, right = min(point.x for point in points), max(point.x for point in points)
    top, bottom = min(point.y for point in points), max(point.y for point in points)
    longest = max(right - left, bottom - top)
    size = 1.3 * max(
        math.sqrt((right - left) * (bottom - top) / len(points)), longest / len(points), LEAST
    )
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, point in enumerate(points):
        cells[int((point.x - left) / size), int((point.y - top) / size)].append(number)
    return cells


def _around(cells: dict[tuple[int, int], list[int]]) -> Iterator[tuple[int, int]]:
    for (x, y), here in cells.items():
        for dx, dy in product((-1, 0, 1), repeat=2):
            for other in cells.get((x + dx, y + dy), ()):
                yield from ((number, other) for number in here if number < other)


def _directed(
    points: Sequence[Point], pairs: Iterable[tuple[float, int, int]], way: Vector | None
) -> Iterator[tuple[int, int]]:
    """The pairs that stand along a way, either way around; all, without one."""
    for _, a, b in pairs:
        step = _direction(points[a], points[b])
        if way is None or step is None or abs(_dot(step, way)) >= _ALONG:
            yield a, b


def _joined(points: Sequence[Point], pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Lines of the pairs, the first of which count most."""
    beside: list[list[int]] = [[] for _ in points]
    # By the number of a point: one of its line; the same for the whole line, followed to its end.
    line_of = list(range(len(points)))

    def line(number: int) -> int:
        while line_of[number] != number:
            line_of[number] = line_of[line_of[number]]
            number = line_of[number]
        return number

    def has_room(number: int, other: int) -> bool:
        if not beside[number]:
            return True
        if len(beside[number]) > 1:
            return False
        here = points[number]
        one, two = _direction(here, points[beside[number][0]]), _direction(here, points[other])
        return one is None or two is None or _dot(one, two) <= _OPPOSITE

    for a, b in pairs:
        if has_room(a, b) and has_room(b, a) and line(a) != line(b):
            beside[a].append(b)
            beside[b].append(a)
            line_of[line(a)] = line(b)
    return sorted(_walks(beside), key=min)


def _walks(beside: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    seen: set[int] = set()
    for start, neighbours in enumerate(beside):
        if start in seen or len(neighbours) > 1:
            continue
        walk, following = [start], list(neighbours)
        while following:
            walk.append(following[0])
            following = [each for each in beside[walk[-1]] if each != walk[-2]]
        seen.update(walk)
        yield _as_listed(walk)


def _as_listed(walk: list[int]) -> list[int]:
    """The walk in that direction which the file has, as far as it has one."""
    return walk if walk[0] <= walk[-1] else walk[::-1]


def _pieces(points: Sequence[Point], way: Sequence[Sequence[int]]) -> int:
    """How many lines there are once those are divided where one sees a gap."""
    steps = [math.dist(points[a], points[b]) for line in way for a, b in pairwise(line)]
    usual = median_low([step for step in steps if step >= LEAST] or [0.0])
    return len(way) + sum(step > GAP * usual for step in steps)
