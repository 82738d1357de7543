"""What is drawn of a house besides its seats: a stage, a bar, a table, or merely a text."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from booking.plans.sections import Point

Shape = Literal["rectangle", "circle", "ellipse", "polygon", "text"]

_SIDES = 24
"""A round area counts as a polygon of so many sides."""


class Box(NamedTuple):
    """A rectangle with upright sides."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, points: Sequence[Point]) -> "Box":
        """The smallest with all the points."""
        xs, ys = [point.x for point in points], [point.y for point in points]
        return cls(min(xs), min(ys), max(xs), max(ys))

    @property
    def middle(self) -> Point:
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)


@dataclass(frozen=True, slots=True)
class Caption:
    """The text of an area. ``offset`` is from the position of the area, and turned with it; without
    one, the text is in the middle. ``size`` 0 is one that fits."""

    text: str
    offset: Point | None = None
    size: float = 0.0
    color: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Something that is no seat.

    ``position`` is the upper left corner of a rectangle, and the centre of a circle or an ellipse;
    ``points`` are those of a polygon, from there. The area is turned around it by ``rotation``
    degrees, clockwise. ``width`` and ``height`` are those of the whole shape.
    """

    position: Point
    width: float = 0.0
    height: float = 0.0
    rotation: float = 0.0
    color: str = ""
    border_color: str = ""
    caption: Caption | None = None
    shape: Shape = "rectangle"
    points: tuple[Point, ...] = ()

    @property
    def text(self) -> str:
        """What is written on it, if anything."""
        return self.caption.text if self.caption else ""

    @property
    def box(self) -> Box:
        """How far it reaches from its position, before it is turned."""
        if self.points:
            return Box.of(self.points)
        if self.shape in ("circle", "ellipse"):
            return Box(-self.width / 2, -self.height / 2, self.width / 2, self.height / 2)
        return Box(0, 0, self.width, self.height)

    @property
    def outline(self) -> list[Point]:
        """The corners of it, where they are in the plan. A text alone has a point."""
        left, top, right, bottom = self.box
        if self.shape == "polygon" and self.points:
            corners = list(self.points)
        elif self.shape in ("circle", "ellipse"):
            angles = [2 * math.pi * side / _SIDES for side in range(_SIDES)]
            corners = [Point(right * math.cos(a), bottom * math.sin(a)) for a in angles]
        elif self.shape == "text":
            return [self.middle]
        else:
            corners = [
                Point(left, top),
                Point(right, top),
                Point(right, bottom),
                Point(left, bottom),
            ]
        return [self._placed(corner) for corner in corners]

    @property
    def middle(self) -> Point:
        """Where its text is, or else the middle of the shape."""
        if self.shape == "text" and self.caption and self.caption.offset:
            return self._placed(self.caption.offset)
        return self._placed(self.box.middle)

    @property
    def caption_at(self) -> Point:
        """Where the middle of its text is, from its position and before it is turned."""
        return (self.caption and self.caption.offset) or self.box.middle

    @property
    def caption_place(self) -> Point:
        """Where the middle of its text is in the plan."""
        return self._placed(self.caption_at)

    @property
    def extent(self) -> float:
        """How large it is: the area of the box around it."""
        left, top, right, bottom = self.box
        return 0.0 if self.shape == "text" else (right - left) * (bottom - top)

    def holding(self, points: Iterable[Point]) -> Iterator[Point]:
        """Those of the points that are in it."""
        corners = self.outline
        box = Box.of(corners)
        for point in points:
            if (
                box.left <= point.x <= box.right
                and box.top <= point.y <= box.bottom
                and _is_inside(point, corners)
            ):
                yield point

    def _placed(self, offset: Point) -> Point:
        angle = math.radians(self.rotation)
        cos, sin = math.cos(angle), math.sin(angle)
        return Point(
            self.position.x + offset.x * cos - offset.y * sin,
            self.position.y + offset.x * sin + offset.y * cos,
        )


def _is_inside(point: Point, corners: Sequence[Point]) -> bool:
    """Whether a line from the point to the right crosses the sides an odd number of times."""
    inside = False
    ax, ay = corners[-1]
    for bx, by in corners:
        crosses = (ay > point.y) != (by > point.y)
        if crosses and point.x < (bx - ax) * (point.y - ay) / (by - ay) + ax:
            inside = not inside
        ax, ay = bx, by
    return inside
