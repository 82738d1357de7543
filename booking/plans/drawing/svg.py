"""A plan as SVG. Seats and areas have their names as titles."""

import math
import re
from collections.abc import Iterator, Sequence
from html import escape
from statistics import median_low

from booking.plans.areas import Area, Box
from booking.plans.model import Plan, PlannedSeat, Row, Zone
from booking.plans.sections import LEAST, Point

_MARGIN = 1.5
"""Around the picture, in seats."""
_SHARE = 0.4
"""The radius of a seat, as a part of the distance to the nearest one."""
_SAMPLE = 40
"""How many seats of a zone tell how large its seats are."""
_ENOUGH = 8
"""A zone with fewer seats may have them far apart: there, seats are no larger than is usual."""
_TEXT = 0.7
"""The size of a text that has none, as a part of the distance between seats."""


def in_svg(plan: Plan) -> str:
    """The plan as an SVG document."""
    unit = plan.spacing
    areas = [area for zone in plan.zones for area in zone.areas]
    points = [seat.position for seat in plan.seats] + [plan.front.point]
    points += (point for area in areas for point in [*area.outline, *_caption_corners(area, unit)])
    left, top, right, bottom = Box.of(points)
    left, top = left - _MARGIN * unit, top - _MARGIN * unit
    size = right + _MARGIN * unit - left, bottom + _MARGIN * unit - top
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{_n(left, top, *size)}"'
        f' font-family="sans-serif" font-size="{_n(unit * 0.5)}" text-anchor="middle">'
    )
    parts = [head, f"<title>{escape(plan.name or 'Seat plan')}</title>"]
    parts += (_area(area, unit) for area in areas)
    called = {each.name: each.called for each in plan.categories}
    for zone in plan.zones:
        parts += _seats(zone, plan.colors, called, unit)
    parts.append(_front(plan, unit))
    return "\n".join([*parts, "</svg>", ""])


def _n(*numbers: float) -> str:
    return " ".join(f"{number:.12g}" for number in numbers)


def _front(plan: Plan, unit: float) -> str:
    """A cross where the front is."""
    (x, y), arm = plan.front.point, unit * 0.3
    return (
        f'<path d="M{_n(x - arm, y)}H{_n(x + arm)}M{_n(x, y - arm)}V{_n(y + arm)}" stroke="#d00"'
        f' stroke-width="{_n(unit * 0.08)}">'
        f"<title>The front: {escape(plan.front.in_words)}</title></path>"
    )


def _area(area: Area, unit: float) -> str:
    x, y = area.position
    turned = f" rotate({_n(area.rotation)})" if area.rotation else ""
    paint = (
        f' fill="{escape(area.color or "none")}" stroke="{escape(area.border_color or "none")}"'
        f' stroke-width="{_n(unit * 0.04)}"/>'
    )
    match area.shape:
        case "text":
            shape = ""
        case "circle" | "ellipse":
            shape = f'<ellipse rx="{_n(area.width / 2)}" ry="{_n(area.height / 2)}"{paint}'
        case "polygon":
            shape = f'<polygon points="{" ".join(_n(*point) for point in area.points)}"{paint}'
        case "rectangle":
            shape = f'<rect width="{_n(area.width)}" height="{_n(area.height)}"{paint}'
    text = "".join(_caption(area, unit))
    return f'<g transform="translate({_n(x, y)}){turned}">{shape}{text}</g>'


def _caption(area: Area, unit: float) -> Iterator[str]:
    if area.caption is None:
        return
    (x, y), size = area.caption_at, _text_size(area, unit)
    color = area.caption.color or ("#fff" if _is_dark(area) else "#222")
    lines = area.text.splitlines()
    for number, line in enumerate(lines):
        below = y + (number - (len(lines) - 1) / 2) * 1.2 * size
        yield (
            f'<text x="{_n(x)}" y="{_n(below)}" font-size="{_n(size)}" fill="{escape(color)}"'
            f' dominant-baseline="central">{escape(line)}</text>'
        )


def _text_size(area: Area, unit: float) -> float:
    assert area.caption is not None
    left, top, right, bottom = area.box
    if area.caption.size or area.shape == "text" or not right - left:
        return area.caption.size or _TEXT * unit
    # As large as there is room for, but no headline.
    lines = area.text.splitlines()
    longest = max(map(len, lines))
    return min((bottom - top) / len(lines) * 0.5, (right - left) / longest * 1.4, 1.5 * unit)


def _caption_corners(area: Area, unit: float) -> list[Point]:
    """About how far the text of an area reaches, if it is all there is of it."""
    if area.caption is None or area.shape != "text":
        return []
    size, lines = _text_size(area, unit), area.text.splitlines()
    wide, high = size * 0.32 * max(map(len, lines)), size * 0.65 * len(lines)
    x, y = area.caption_place
    return [Point(x - wide, y - high), Point(x + wide, y + high)]


def _is_dark(area: Area) -> bool:
    """Whether black would be hard to read on it: of colours in hexadecimal notation alone."""
    digits = re.fullmatch(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})", area.color)
    if area.shape == "text" or digits is None:
        return area.shape != "text" and area.color.lower() in ("black", "navy", "maroon")
    step = len(digits[1]) // 3
    red, green, blue = (
        int(digits[1][i : i + step] * (3 - step), 16) / 255 for i in range(0, 3 * step, step)
    )
    return 0.299 * red + 0.587 * green + 0.114 * blue < 0.5


def _seats(
    zone: Zone, colors: dict[str, str], called: dict[str, str], unit: float
) -> Iterator[str]:
    radius = _SHARE * _room([seat.position for row in zone.rows for seat in row.seats], unit)
    for row in zone.rows:
        for seat in row.seats:
            title = f"{row.called(seat)}, {called[seat.category]}".removesuffix(", ")
            yield (
                f'<circle cx="{_n(seat.position.x)}" cy="{_n(seat.position.y)}"'
                f' r="{_n(seat.radius or radius)}" fill="{escape(colors[seat.category])}">'
                f"<title>{escape(title)}</title></circle>"
            )
        yield from _row_labels(row, radius)


def _room(seats: Sequence[Point], unit: float) -> float:
    """How far the seats of a zone are from the nearest other one, usually."""
    nearest = [
        min(d for other in seats if other is not seat and (d := math.dist(seat, other)) >= LEAST)
        for seat in seats[:: -(-len(seats) // _SAMPLE) or 1]
        if any(math.dist(seat, other) >= LEAST for other in seats)
    ]
    room = median_low(nearest) if nearest else unit
    return room if len(seats) >= _ENOUGH else min(room, unit)


def _row_labels(row: Row, radius: float) -> Iterator[str]:
    """The label beyond the ends of the row at which it wants it."""
    ends: dict[str, tuple[PlannedSeat, ...]] = {"start": row.seats[:2], "end": row.seats[:-3:-1]}
    for side in ("start", "end") if row.labelled_at == "both" else (row.labelled_at,):
        if not ends.get(side):
            continue
        last, *inner = ends[side]
        x, y = last.position
        behind = inner[0].position if inner else last.position
        length = math.dist(behind, last.position)
        dx, dy = -1.0 if side == "start" else 1.0, 0.0
        if length >= LEAST:
            dx, dy = (x - behind.x) / length, (y - behind.y) / length
        away = (last.radius or radius) * 2.2
        yield (
            f'<text x="{_n(x + dx * away)}" y="{_n(y + dy * away)}" font-size="{_n(radius)}"'
            f' fill="#666" dominant-baseline="central">{escape(row.label)}</text>'
        )
