"""Pictures of a plan: in characters for a terminal, and as SVG."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise
from statistics import median_low

from booking.plans.areas import Area
from booking.plans.model import Plan, PlannedSeat, Row, Zone
from booking.plans.sections import Point

_MARKS = "●○◆◇■□▲△▼▽"
_MARGIN = 1.0
"""Around an SVG picture, in seats."""
_LEAST = 0.001
_LONGEST_LABEL = 12
_MOST_EMPTY_LINES = 3
"""In characters, a wider gap between rows is cut short."""


def in_characters(plan: Plan, columns: int) -> str:
    """The plan in lines of about ``columns`` characters, with a legend.

    A seat takes two characters or, in a house that is too wide for that, one or less: then several
    seats are drawn as one, and the legend says so.
    """
    marks = {each.name: _MARKS[i % len(_MARKS)] for i, each in enumerate(plan.categories)}
    rows = [(row, _on_a_line(row)) for zone in plan.zones for row in zone.rows if row.seats]
    points = [point for _, positions in rows for point in positions]
    left, top = (min(point[axis] for point in points) for axis in (0, 1))
    width = max(point.x for point in points) - left
    across = _usual(abs(b.x - a.x) for _, each in rows for a, b in pairwise(each))
    deep = _usual(abs(b[0].y - a[0].y) for (_, a), (_, b) in pairwise(rows))
    indent = max(min(len(row.label), _LONGEST_LABEL) for row, _ in rows) + 2
    room = max(columns - indent - 1, 10)
    a_seat = min(2.0, room * across / width) if width else 2.0
    canvas: dict[int, dict[int, str]] = {}

    def at(point: Point) -> tuple[dict[int, str], int]:
        line = canvas.setdefault(round((point.y - top) / deep), {})
        return line, indent + round((point.x - left) / across * a_seat)

    for row, positions in rows:
        _write(at(positions[0])[0], 0, _short(row.label))
        for seat, position in zip(row.seats, positions, strict=True):
            line, column = at(position)
            line[column] = marks[seat.category]
    for area in (area for zone in plan.zones for area in zone.areas):
        line, column = at(_middle(area))
        start = column - len(area.text) // 2
        if 0 <= start <= columns - len(area.text):
            _write(line, start, area.text)
    lines: list[str] = []
    for number, before in zip(sorted(canvas), [min(canvas), *sorted(canvas)], strict=False):
        lines += [""] * min(number - before - 1, _MOST_EMPTY_LINES)
        lines.append(_line(canvas[number]))
    return "\n".join([*lines, "", *_legend(plan, marks, merged=a_seat < 1)])


def in_svg(plan: Plan) -> str:
    """The plan as an SVG document. Seats and areas have their names as titles."""
    unit = plan.spacing
    points = [seat.position for seat in plan.seats]
    for zone in plan.zones:
        for area in zone.areas:
            points += [
                area.position,
                Point(area.position.x + area.width, area.position.y + area.height),
            ]
    left, top = (min(point[axis] for point in points) - _MARGIN * unit for axis in (0, 1))
    width = max(point.x for point in points) + _MARGIN * unit - left
    height = max(point.y for point in points) + _MARGIN * unit - top
    box = f"{left:.12g} {top:.12g} {width:.12g} {height:.12g}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"'
        f' font-family="sans-serif" font-size="{unit * 0.5:.12g}" text-anchor="middle">'
    )
    parts = [head, f"<title>{escape(plan.name or 'Seat plan')}</title>"]
    colors = {each.name: each.color or "#888888" for each in plan.categories}
    for zone in plan.zones:
        parts += map(_svg_area, zone.areas)
        parts += _svg_seats(zone, colors, unit)
    return "\n".join([*parts, "</svg>", ""])


def _on_a_line(row: Row) -> list[Point]:
    """Where to draw the seats of a row: on one line, be it curved or askew, unless it runs from the
    front to the back."""
    points = [seat.position for seat in row.seats]
    across, deep = ([point[axis] for point in points] or [0.0] for axis in (0, 1))
    if max(deep) - min(deep) > max(across) - min(across):
        return points
    middle = sum(deep) / len(deep)
    return [Point(point.x, middle) for point in points]


def _usual(distances: Iterable[float]) -> float:
    """The median of those that are any, 1 if none is."""
    return median_low([distance for distance in distances if distance >= _LEAST] or [1.0])


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"


def _write(line: dict[int, str], column: int, text: str) -> None:
    for offset, character in enumerate(text):
        line.setdefault(column + offset, character)


def _line(characters: dict[int, str]) -> str:
    return "".join(characters.get(i, " ") for i in range(max(characters, default=-1) + 1))


def _legend(plan: Plan, marks: dict[str, str], *, merged: bool) -> Iterator[str]:
    for category in plan.categories:
        number = sum(seat.category == category.name for seat in plan.seats)
        seats = "1 seat" if number == 1 else f"{number:,} seats"
        yield f"{marks[category.name]} {category.name}: {seats}"
    if merged:
        yield "The house is wider than the picture: where seats are close, one mark is several."


def _middle(area: Area) -> Point:
    return Point(area.position.x + area.width / 2, area.position.y + area.height / 2)


def _svg_area(area: Area) -> str:
    x, y = area.position
    turned = f' transform="rotate({area.rotation:.12g} {x:.12g} {y:.12g})"' if area.rotation else ""
    middle = _middle(area)
    return (
        f'<g{turned}><rect x="{x:.12g}" y="{y:.12g}"'
        f' width="{area.width:.12g}" height="{area.height:.12g}"'
        f' fill="{escape(area.color or "none")}" stroke="{escape(area.border_color or "none")}"/>'
        f'<text x="{middle.x:.12g}" y="{middle.y:.12g}" dominant-baseline="central">'
        f"{escape(area.text)}</text></g>"
    )


def _svg_seats(zone: Zone, colors: dict[str, str], unit: float) -> Iterator[str]:
    for row in zone.rows:
        for seat in row.seats:
            yield _svg_seat(row.label, seat, colors[seat.category], unit)


def _svg_seat(row: str, seat: PlannedSeat, color: str, unit: float) -> str:
    return (
        f'<circle cx="{seat.position.x:.12g}" cy="{seat.position.y:.12g}" r="{unit * 0.4:.12g}"'
        f' fill="{escape(color)}"><title>Row {escape(row)}, seat {escape(seat.label)},'
        f" {escape(seat.category)}</title></circle>"
    )
