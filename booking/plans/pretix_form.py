"""The form that a document needs to go into the editor of pretix, which takes nothing else.

The rules are those of its schema, see :mod:`booking.plans.pretix`.
"""

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from booking.plans.areas import Area, Box
from booking.plans.limits import FARTHEST
from booking.plans.model import Plan
from booking.plans.sections import Point

Document = dict[str, Any]


def conforming(document: Mapping[str, Any], plan: Plan) -> Document:
    """The document of a plan with all its members, those that pretix knows in the form that it
    wants: labels are texts, lengths are whole, and an area has its size and text in objects."""
    size = plan.size or _size(plan)
    return {
        **_without_null(document, "focal_point"),
        "name": plan.name,
        "size": {**(document.get("size") or {}), "width": round(size[0]), "height": round(size[1])},
        "categories": [_without_null(each, "color", "label") for each in document["categories"]],
        "zones": [_zone(zone) for zone in document["zones"]],
    }


def _size(plan: Plan) -> tuple[float, float]:
    """How far the plan reaches from the origin, with as much room behind it as before it."""
    outlines = [point for zone in plan.zones for area in zone.areas for point in area.outline]
    left, top, right, bottom = Box.of([*(seat.position for seat in plan.seats), *outlines])
    width, height = math.ceil(right + max(left, 0)), math.ceil(bottom + max(top, 0))
    return min(max(width, 1), FARTHEST), min(max(height, 1), FARTHEST)


def _zone(zone: Mapping[str, Any]) -> Document:
    conforming = {**_without_null(zone, "name", "areas"), "rows": list(map(_row, zone["rows"]))}
    if zone.get("areas"):
        conforming["areas"] = list(map(_area_of, zone["areas"]))
    return conforming


def _row(row: Mapping[str, Any]) -> Document:
    return {
        **row,
        "row_number": str(row["row_number"]),
        "seats": [_seat(seat) for seat in row["seats"]],
    }


def _seat(seat: Mapping[str, Any]) -> Document:
    conforming = {
        **seat,
        "seat_guid": unicodedata.normalize("NFC", seat["seat_guid"]),
        "seat_number": str(seat["seat_number"]),
    }
    if "radius" in seat:
        conforming = _without_null(_whole(conforming, "radius"), "radius")
    return conforming


def _area_of(area: Mapping[str, Any]) -> Document:
    conforming = _without_null(area, "shape", "color", "border_color", "rotation", "text", *_SHAPES)
    if "rectangle" not in conforming and {"width", "height"} <= area.keys():
        # As older exports have it.
        conforming["shape"] = "rectangle"
        conforming["rectangle"] = {
            "width": conforming.pop("width") or 0,
            "height": conforming.pop("height") or 0,
        }
    if isinstance(text := conforming.get("text"), str):
        conforming["text"] = {"text": text}
    if "text" in conforming:
        text = _whole(_without_null(conforming["text"], "color", "size"), "size")
        middle = {"x": 0, "y": 0}
        if rectangle := conforming.get("rectangle"):
            middle = {"x": rectangle["width"] / 2, "y": rectangle["height"] / 2}
        conforming["text"] = {"position": middle, "text": "", **_without_null(text, "position")}
    for shape, lengths in _SHAPES.items():
        if shape in conforming:
            conforming[shape] = _whole(conforming[shape], *lengths)
    return conforming


_SHAPES: dict[str, tuple[str, ...]] = {
    "rectangle": ("width", "height"),
    "circle": ("radius",),
    "ellipse": (),
    "polygon": (),
}


def _whole(part: Mapping[str, Any], *names: str) -> Document:
    """The part with some members rounded."""
    rounded = {name: round(part[name]) for name in names if isinstance(part.get(name), float)}
    return {**part, **rounded}


def _without_null(part: Mapping[str, Any], *names: str) -> Document:
    """The part without those of some members that are null, which pretix does not take."""
    return {name: value for name, value in part.items() if value is not None or name not in names}


def built(plan: Plan) -> Document:
    """The document of a plan that was read from none."""
    # Zones and rows are at the origin, so that the positions of seats and areas are absolute.
    origin = _position(Point(0, 0))
    document: Document = {
        "name": plan.name,
        "categories": [{"name": each.name, "color": each.color} for each in plan.categories],
        "zones": [
            {
                "name": zone.name,
                "position": origin,
                "rows": [
                    {
                        "row_number": row.label,
                        "row_number_position": row.labelled_at or None,
                        "position": origin,
                        "seats": [
                            {
                                "seat_guid": seat_id,
                                "seat_number": label,
                                "category": category,
                                "position": {"x": _number(x), "y": _number(y)},
                            }
                            for seat_id, label, category, (x, y), _ in row.seats
                        ],
                    }
                    for row in zone.rows
                ],
                "areas": list(map(_area, zone.areas)),
            }
            for zone in plan.zones
        ],
    }
    if plan.size is not None:
        document["size"] = {"width": _number(plan.size[0]), "height": _number(plan.size[1])}
    if plan.focal_point is not None:
        document["focal_point"] = _position(plan.focal_point)
    return document


def _area(area: Area) -> Document:
    document: Document = {
        "shape": area.shape,
        "position": _position(area.position),
        "rotation": _number(area.rotation),
        "color": area.color,
        "border_color": area.border_color,
    }
    width, height = _number(area.width), _number(area.height)
    match area.shape:
        case "rectangle":
            document["rectangle"] = {"width": width, "height": height}
        case "circle":
            document["circle"] = {"radius": width / 2}
        case "ellipse":
            document["ellipse"] = {"radius": {"x": width / 2, "y": height / 2}}
        case "polygon":
            document["polygon"] = {"points": list(map(_position, area.points))}
        case "text":
            pass
    if caption := area.caption:
        document["text"] = {"text": caption.text, "position": _position(area.caption_at)}
        document["text"] |= {"size": _number(caption.size), "color": caption.color}
    return document


def _position(point: Point) -> dict[str, float]:
    return {"x": _number(point.x), "y": _number(point.y)}


def _number(value: float) -> float:
    return value if value % 1 else int(value)
