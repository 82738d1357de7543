"""Where the front of a house is: the place that everybody looks at.

It is the first of these that there is: the focal point that the plan names; the area that is the
stage, by its text, or because it is the only large one without seats; the place that the rows are
turned to, such as the middle between two stands; the middle of the side from which the rows are
counted; the middle of the upper edge.
"""

import math
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice, pairwise
from typing import NamedTuple

from booking.plans.areas import Area
from booking.plans.sections import Point
from booking.plans.space.stage_words import names_something_else, names_the_stage

_LARGE = 16
"""From so many seats on, an area may be a stage though nothing says so."""
_ONLY = 3
"""It has to be so many times as large as the next."""
_LOOKED_AT = 50
"""So many of the largest areas are looked at."""
_FEWEST = 4
"""A line of fewer seats does not tell where it is turned to."""
_SHORT = 8
"""A line is looked at in pieces of about so many seats."""
_STRAIGHT = 0.999
"""The cosine of the angle between its ends, about 2.5 degrees, up to which a line is straight."""
_TURNED = 0.002
"""The least spread of the directions in which rows look: a few degrees. It is the mean square of
their sines from the mean direction."""
_AGREE = 0.2
"""How far rows may look past the place that they are turned to, as a part of their distance."""
_AROUND = 180
"""If no angle of more degrees is without seats, they stand around a place, be it on three sides."""
_CLEAR = 1.5
"""So far from a stage is the nearest seat, as a multiple of the distance between seats."""

_UPWARDS = 0.9
"""The least cosine of an angle with the way up at which first rows are simply at the top."""


class Reason(StrEnum):
    """Why a place is taken to be the front."""

    GIVEN = "given"
    STAGE = "stage"
    LARGE_AREA = "large_area"
    TURNED = "turned"
    FIRST_ROWS = "first_rows"
    TOP = "top"


class Front(NamedTuple):
    """A place, why it is the front, and the text on the area, if it is one."""

    point: Point
    reason: Reason
    text: str = ""

    @property
    def in_words(self) -> str:
        """The reason in words, to go after “is”."""
        named = f" “{' '.join(self.text.split())}”" if self.text.strip() else ""
        return {
            Reason.GIVEN: "the focal point of the plan",
            Reason.STAGE: f"the area{named}",
            Reason.LARGE_AREA: f"the only large area without seats{named}",
            Reason.TURNED: "the place that the rows are turned to",
            Reason.FIRST_ROWS: "the side from which the rows are counted",
            Reason.TOP: "the upper edge, for nothing tells where the stage is",
        }[self.reason]


def find(
    given: Point | None,
    seats: Sequence[Point],
    lines: Sequence[Sequence[Point]],
    areas: Sequence[tuple[Area, str]],
    spacing: float,
    first_rows: Point | None,
    between_stands: Point | None = None,
) -> Front:
    """The front of a house with these seats, in these lines. Areas come with what is known of them
    in words; ``spacing`` is the usual distance between seats, ``first_rows`` the direction in which
    the first rows are, and ``between_stands`` the middle of two stands whose first rows face each
    other, as far as these are known."""
    if given is not None:
        return Front(given, Reason.GIVEN)
    if stages := [each for each in areas if names_the_stage(each[1])]:
        area, text = max(stages, key=lambda each: each[0].extent)
        return Front(area.middle, Reason.STAGE, text)
    for area, text in _only_large(seats, areas, spacing):
        return Front(area.middle, Reason.LARGE_AREA, text)
    if (place := _turned_to(seats, lines, spacing)) is not None:
        return Front(place, Reason.TURNED)
    if between_stands is not None and _is_clear(between_stands, seats, spacing):
        return Front(between_stands, Reason.TURNED)
    if first_rows is not None and first_rows.y > -_UPWARDS:
        return Front(_edge(seats, first_rows), Reason.FIRST_ROWS)
    return Front(_edge(seats, Point(0, -1)), Reason.TOP)


def _edge(seats: Sequence[Point], way: Point) -> Point:
    """The middle of that side of the house that is in a direction."""
    x, y = way
    far = max([seat_x * x + seat_y * y for seat_x, seat_y in seats])
    sideways = [seat_x * -y + seat_y * x for seat_x, seat_y in seats]
    middle = (min(sideways) + max(sideways)) / 2
    return Point(x * far + -y * middle, y * far + x * middle)


def _only_large(
    seats: Sequence[Point], areas: Sequence[tuple[Area, str]], spacing: float
) -> Iterator[tuple[Area, str]]:
    """The area that is the only large one without seats, if there is one."""
    large = _LARGE * spacing**2
    # The second is compared with the first, however small it is.
    candidates = sorted(
        (each for each in areas if each[0].extent >= large / _ONLY),
        key=lambda each: -each[0].extent,
    )
    free = (
        each
        for each in candidates[:_LOOKED_AT]
        if not names_something_else(each[1]) and next(each[0].holding(seats), None) is None
    )
    first, second = [*islice(free, 2), None, None][:2]
    if first and first[0].extent >= max(large, _ONLY * second[0].extent if second else 0):
        yield first


def _turned_to(
    seats: Sequence[Point], lines: Sequence[Sequence[Point]], spacing: float
) -> Point | None:
    """The place that the rows are turned to, be they curved or at an angle to each other.

    If they stand on one side of it, the middle of the foremost row: the centre of a curve may be
    far away.
    """
    pieces = [piece for line in lines if len(line) >= _FEWEST for piece in _pieces(line)]
    middle = _meeting(pieces)
    if middle is None or not _is_clear(middle, seats, spacing):
        return None
    if _widest_gap(middle, seats) <= _AROUND:
        return middle
    nearest = min(math.dist(middle, seat) for seat in seats)
    crowd = Point(
        sum(seat.x for seat in seats) / len(seats), sum(seat.y for seat in seats) / len(seats)
    )
    away = math.dist(middle, crowd)
    share = nearest / away
    return Point(middle.x + (crowd.x - middle.x) * share, middle.y + (crowd.y - middle.y) * share)


def _is_clear(place: Point, seats: Sequence[Point], spacing: float) -> bool:
    """Whether a stage may be there: among seats is none."""
    return min(math.dist(place, seat) for seat in seats) >= _CLEAR * spacing


def _widest_gap(place: Point, seats: Sequence[Point]) -> float:
    """The widest angle in degrees, seen from a place, in which no seat is."""
    found = {round(math.degrees(math.atan2(seat.y - place.y, seat.x - place.x))) for seat in seats}
    ways = sorted(found)
    return max(after - way for way, after in pairwise([*ways, ways[0] + 360]))


class _Piece(NamedTuple):
    """Some seats of a line: their middle, their direction, and how many they are."""

    middle: Point
    along: Point
    seats: int


def _pieces(line: Sequence[Point]) -> list[_Piece]:
    """A line in short pieces, which look in different directions if it is curved. All of it, if it
    is straight."""
    number = max(2, len(line) // _SHORT)
    cuts = [len(line) * cut // number for cut in range(number + 1)]
    pieces = [piece for a, b in pairwise(cuts) for piece in _piece(line[a:b])]
    if len(pieces) > 1 and _dot(pieces[0].along, pieces[-1].along) > _STRAIGHT:
        return list(_piece(line))
    return pieces


def _piece(seats: Sequence[Point]) -> Iterator[_Piece]:
    (ax, ay), (bx, by) = seats[0], seats[-1]
    length = math.dist(seats[0], seats[-1])
    if length > 0:
        along = Point((bx - ax) / length, (by - ay) / length)
        yield _Piece(Point((ax + bx) / 2, (ay + by) / 2), along, len(seats))


def _dot(a: Point, b: Point) -> float:
    return a.x * b.x + a.y * b.y


def _meeting(pieces: Sequence[_Piece]) -> Point | None:
    """Where those meet who look straight ahead: the point with the least squares of distances to
    their lines of sight. None if they all look the same way, or past each other."""
    # A line of sight are the points p with along · (p - middle) = 0.
    weight = sum(piece.seats for piece in pieces)
    if not weight:
        return None
    xx = sum(p.seats * p.along.x * p.along.x for p in pieces) / weight
    xy = sum(p.seats * p.along.x * p.along.y for p in pieces) / weight
    yy = sum(p.seats * p.along.y * p.along.y for p in pieces) / weight
    # The smaller eigenvalue: the spread of the directions.
    if (xx + yy) / 2 - math.hypot((xx - yy) / 2, xy) < _TURNED:
        return None
    x = sum(p.seats * p.along.x * _dot(p.along, p.middle) for p in pieces) / weight
    y = sum(p.seats * p.along.y * _dot(p.along, p.middle) for p in pieces) / weight
    determinant = xx * yy - xy * xy
    point = Point((x * yy - y * xy) / determinant, (y * xx - x * xy) / determinant)
    past = sum(p.seats * abs(_dot(p.along, point) - _dot(p.along, p.middle)) for p in pieces)
    away = sum(p.seats * math.dist(point, p.middle) for p in pieces)
    return point if past <= _AGREE * away else None
