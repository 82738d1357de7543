"""Plans as pretix writes them down.

pretix is open-source ticketing, whose free editor draws seating plans. The shape of its files is
described by ``src/pretix/static/seating/seating-plan.schema.json`` in its repository
(https://github.com/pretix/pretix). A plan keeps the document that it was read from, with all its
members, known here or not.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from booking.plans.areas import Area, Caption, Shape
from booking.plans.fields import (
    AreaText,
    Color,
    Coordinate,
    FocalPoint,
    Foreign,
    Label,
    Length,
    OptionalText,
    Text,
    wrong,
    zero_if_null,
)
from booking.plans.model import Category, Plan, PlannedSeat, Row, Zone
from booking.plans.pretix_form import built
from booking.plans.seat_columns import SeatColumns
from booking.plans.sections import Point


class Context:
    """What the categories of a document are compared with while it is read."""

    def __init__(self) -> None:
        self.named: set[str] = set()


def _new_category(name: str, info: ValidationInfo[Context]) -> str:
    if name in info.context.named:
        raise wrong(f'"{name}" is the name of another category already')
    info.context.named.add(name)
    return name


def _empty_if_null(value: object) -> object:
    return [] if value is None else value


def _caption(value: object) -> object:
    """Older exports have the text alone."""
    return {"text": value} if isinstance(value, str) else value


class _Position(Foreign):
    x: Coordinate
    y: Coordinate

    def point(self) -> Point:
        return Point(self.x, self.y)

    def below(self, parent: Point) -> Point:
        """The absolute position of what stands here relative to its parent."""
        return Point(parent.x + self.x, parent.y + self.y)


_ORIGIN = _Position(x=0, y=0)


class _Row(Foreign):
    row_number: Label
    row_label: OptionalText = ""
    seat_label: OptionalText = ""
    row_number_position: str | None = "both"
    position: _Position = _ORIGIN
    # See booking.plans.seat_columns.
    seats: list[Any]

    def row(self, seats: tuple[PlannedSeat, ...]) -> Row:
        where = self.row_number_position
        return Row(
            self.row_number,
            seats,
            name=self.row_label.replace("%s", self.row_number),
            seat_name=self.seat_label,
            labelled_at=where if where in ("start", "end") else "both" if where else "",
        )


class _Size(Foreign):
    width: Length
    height: Length


class _Radius(Foreign):
    radius: Length


class _Radii(Foreign):
    x: Length
    y: Length


class _Ellipse(Foreign):
    radius: _Radii


class _Polygon(Foreign):
    points: Annotated[list[_Position], Field(max_length=10_000)]


class _Caption(Foreign):
    text: AreaText = ""
    position: _Position | None = None
    size: Annotated[Length, BeforeValidator(zero_if_null)] = 0
    color: Color = ""

    def caption(self) -> Caption:
        offset = self.position.point() if self.position else None
        return Caption(self.text, offset, self.size, self.color)


class _Area(Foreign):
    position: _Position = _ORIGIN
    shape: str | None = None
    rectangle: _Size | None = None
    circle: _Radius | None = None
    ellipse: _Ellipse | None = None
    polygon: _Polygon | None = None
    # Older exports know rectangles alone.
    width: Annotated[Length, BeforeValidator(zero_if_null)] = 0
    height: Annotated[Length, BeforeValidator(zero_if_null)] = 0
    rotation: Annotated[Coordinate, BeforeValidator(zero_if_null)] = 0
    color: Color = ""
    border_color: Color = ""
    text: Annotated[_Caption | None, BeforeValidator(_caption)] = None

    def area(self, zone: Point) -> Area:
        shape: Shape = "rectangle"
        width, height = self.width, self.height
        points: tuple[Point, ...] = ()
        if self.shape == "text":
            shape = "text"
        elif self.circle is not None and self.shape in ("circle", None):
            shape, width, height = "circle", 2 * self.circle.radius, 2 * self.circle.radius
        elif self.ellipse is not None and self.shape in ("ellipse", None):
            radius = self.ellipse.radius
            shape, width, height = "ellipse", 2 * radius.x, 2 * radius.y
        elif self.polygon is not None and self.shape in ("polygon", None):
            shape, points = "polygon", tuple(point.point() for point in self.polygon.points)
        elif self.rectangle is not None:
            width, height = self.rectangle.width, self.rectangle.height
        return Area(
            self.position.below(zone),
            width,
            height,
            self.rotation,
            self.color,
            self.border_color,
            self.text.caption() if self.text and self.text.text else None,
            shape,
            points,
        )


class _Zone(Foreign):
    name: OptionalText = ""
    position: _Position
    rows: list[_Row]
    areas: Annotated[list[_Area], BeforeValidator(_empty_if_null)] = Field(default_factory=list)

    def zone(self, seats: Iterator[tuple[PlannedSeat, ...]]) -> Zone:
        """The zone; ``seats`` has those of its rows next."""
        origin = self.position.point()
        return Zone(
            self.name,
            tuple(row.row(next(seats)) for row in self.rows),
            tuple(area.area(origin) for area in self.areas),
        )


class _Category(Foreign):
    name: Annotated[Text, AfterValidator(_new_category)]
    color: Color = ""
    label: OptionalText = ""


class PretixPlan(Foreign):
    """A whole document, and ``focal_point``, which is ours. Validated with a :class:`Context`."""

    name: OptionalText = ""
    categories: list[_Category]
    zones: list[_Zone]
    size: _Size | None = None
    focal_point: FocalPoint | None = None

    def plan(self, document: Mapping[str, Any], seats: SeatColumns) -> Plan:
        """The plan that the document describes, with the seats of it."""
        rows = seats.in_rows(
            (row.position.below(zone.position.point()), len(row.seats))
            for zone in self.zones
            for row in zone.rows
        )
        zones = tuple(zone.zone(rows) for zone in self.zones)
        categories = [Category(each.name, each.color, each.label) for each in self.categories]
        # The editor begins without categories: its seats are all in one without a name.
        if all(each.name for each in categories) and "" in seats.categories:
            categories.append(Category(""))
        plan = Plan(
            categories=tuple(categories),
            zones=zones,
            name=self.name,
            size=None if self.size is None else (self.size.width, self.size.height),
            focal_point=None if self.focal_point is None else self.focal_point.point(),
        )
        return plan if _says_all(plan, document) else replace(plan, document=_kept(document))


def _says_all(plan: Plan, document: Mapping[str, Any]) -> bool:
    """Whether the document is what :func:`write` makes of the plan. So a plan that was told by
    numbers is the same after it was stored."""
    # Editors place their zones and rows, which is quickly seen.
    origin = {"x": 0, "y": 0}
    placed = (part for zone in document["zones"] for part in (zone, *zone["rows"]))
    return all(part.get("position") == origin for part in placed) and built(plan) == document


def _kept(document: Mapping[str, Any]) -> bytes:
    return zlib.compress(_encoded(document), 1)


def _encoded(document: Mapping[str, Any]) -> bytes:
    # json takes 80 ms for 50,000 seats, orjson 10. What is no finite number it writes as null.
    with suppress(TypeError):  # It takes no whole numbers of more than 64 bits.
        encoded = orjson.dumps(document)
        if b"null" not in encoded:
            return encoded
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def patched(plan: Plan, members: dict[str, Any]) -> dict[str, Any]:
    """The document of a plan with other members; what is None is taken away."""
    changed = write(plan) | members
    return {name: value for name, value in changed.items() if value is not None}


def write(plan: Plan) -> dict[str, Any]:
    """A plan as such a document: the one that it was read from, if there is one."""
    if plan.document:
        read: dict[str, Any] = json.loads(zlib.decompress(plan.document))
        return read
    return built(plan)


def text(plan: Plan) -> str:
    """What :func:`write` makes of a plan, as JSON."""
    if plan.document:
        return zlib.decompress(plan.document).decode()
    # Only a document of others can hold what orjson does not take.
    return orjson.dumps(built(plan)).decode()
