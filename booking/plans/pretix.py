"""Plans as pretix writes them down.

pretix is open-source ticketing, whose free editor draws seating plans. The shape of its files is
described by ``src/pretix/static/seating/seating-plan.schema.json`` in its repository
(https://github.com/pretix/pretix). Members that newer exports add are left aside.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from booking import ids
from booking.plans.fields import (
    Color,
    Coordinate,
    FocalPoint,
    Foreign,
    Label,
    Length,
    OptionalText,
    Text,
    wrong,
)
from booking.plans.model import Area, Category, Plan, PlannedSeat, Row, Zone
from booking.plans.sections import Point


class Context:
    """What the seats of a document are compared with while it is read."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.seat_ids: set[str] = set()
        self.named: set[str] = set()
        self.categories: set[str] = set()
        categories = document.get("categories")
        for category in categories if isinstance(categories, list) else ():
            if isinstance(category, dict) and isinstance(category.get("name"), str):
                self.categories.add(category["name"])


def _unique_id(seat_id: str, info: ValidationInfo[Context]) -> str:
    seat_id = ids.normal_seat_id(seat_id)
    if not ids.is_seat_id(seat_id):
        raise wrong(f'"{seat_id[:64]}" cannot be the id of a seat, which is {ids.SEAT_IN_WORDS}')
    if seat_id in info.context.seat_ids:
        raise wrong(f'"{seat_id}" is the id of another seat already')
    info.context.seat_ids.add(seat_id)
    return seat_id


def _new_category(name: str, info: ValidationInfo[Context]) -> str:
    if name in info.context.named:
        raise wrong(f'"{name}" is the name of another category already')
    info.context.named.add(name)
    return name


def _known_category(category: str, info: ValidationInfo[Context]) -> str:
    if category not in info.context.categories:
        raise wrong(f'no category "{category[:64]}"')
    return category


def _text(value: object) -> object:
    """Newer exports have an object with the text in it."""
    return value.get("text") if isinstance(value, dict) else value


class _Position(Foreign):
    x: Coordinate
    y: Coordinate

    def below(self, parent: Point) -> Point:
        """The absolute position of what stands here relative to its parent."""
        return Point(parent.x + self.x, parent.y + self.y)


_ORIGIN = _Position(x=0, y=0)


class _Seat(Foreign):
    seat_guid: Annotated[str, AfterValidator(_unique_id)]
    seat_number: Label
    category: Annotated[str, AfterValidator(_known_category)]
    position: _Position


class _Row(Foreign):
    row_number: Label
    position: _Position = _ORIGIN
    seats: list[_Seat]

    def row(self, zone: Point) -> Row:
        origin = self.position.below(zone)
        seats = [
            PlannedSeat(
                seat.seat_guid, seat.seat_number, seat.category, seat.position.below(origin)
            )
            for seat in self.seats
        ]
        return Row(self.row_number, tuple(seats))


class _Area(Foreign):
    position: _Position
    width: Length = 0
    height: Length = 0
    rotation: Coordinate = 0
    color: Color = ""
    border_color: Color = ""
    text: Annotated[OptionalText, BeforeValidator(_text)] = ""

    @model_validator(mode="before")
    @classmethod
    def _with_size(cls, value: object) -> object:
        """Newer exports have the size of a rectangle in an object of its own."""
        if isinstance(value, dict) and isinstance(value.get("rectangle"), dict):
            return value["rectangle"] | value
        return value

    def area(self, zone: Point) -> Area:
        return Area(
            self.position.below(zone),
            self.width,
            self.height,
            self.rotation,
            self.color,
            self.border_color,
            self.text,
        )


class _Zone(Foreign):
    name: OptionalText = ""
    position: _Position
    rows: list[_Row]
    areas: list[_Area] = Field(default_factory=list)

    def zone(self) -> Zone:
        origin = Point(self.position.x, self.position.y)
        return Zone(
            self.name,
            tuple(row.row(origin) for row in self.rows),
            tuple(area.area(origin) for area in self.areas),
        )


class _Category(Foreign):
    name: Annotated[Text, AfterValidator(_new_category)]
    color: Color = ""


class _Size(Foreign):
    width: Length
    height: Length


class PretixPlan(Foreign):
    """A whole document, and ``focal_point``, which is ours. Validated with a :class:`Context`."""

    name: OptionalText = ""
    categories: list[_Category]
    zones: list[_Zone]
    size: _Size | None = None
    focal_point: FocalPoint | None = None

    def plan(self) -> Plan:
        return Plan(
            categories=tuple(Category(each.name, each.color) for each in self.categories),
            zones=tuple(zone.zone() for zone in self.zones),
            name=self.name,
            size=None if self.size is None else (self.size.width, self.size.height),
            focal_point=None if self.focal_point is None else self.focal_point.point(),
        )


def write(plan: Plan) -> dict[str, Any]:
    """A plan as such a document. Zones and rows are at the origin in it, so that the positions of
    seats and areas are absolute."""
    origin = _position(Point(0, 0))
    document: dict[str, Any] = {
        "name": plan.name,
        "categories": [{"name": each.name, "color": each.color} for each in plan.categories],
        "zones": [
            {
                "name": zone.name,
                "position": origin,
                "rows": [
                    {
                        "row_number": row.label,
                        "position": origin,
                        "seats": [
                            {
                                "seat_guid": seat.id,
                                "seat_number": seat.label,
                                "category": seat.category,
                                "position": _position(seat.position),
                            }
                            for seat in row.seats
                        ],
                    }
                    for row in zone.rows
                ],
                "areas": [
                    {
                        "position": _position(area.position),
                        "width": _number(area.width),
                        "height": _number(area.height),
                        "rotation": _number(area.rotation),
                        "color": area.color,
                        "border_color": area.border_color,
                        "text": area.text,
                    }
                    for area in zone.areas
                ],
            }
            for zone in plan.zones
        ],
    }
    if plan.size is not None:
        document["size"] = {"width": _number(plan.size[0]), "height": _number(plan.size[1])}
    if plan.focal_point is not None:
        document["focal_point"] = _position(plan.focal_point)
    return document


def _position(point: Point) -> dict[str, float]:
    return {"x": _number(point.x), "y": _number(point.y)}


def _number(value: float) -> float:
    return int(value) if value == int(value) else value
