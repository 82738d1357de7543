"""A plan in characters, for a terminal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median_low

from booking.plans.model import Plan, Row
from booking.plans.sections import Point

_MARKS = "●○◆◇■□▲△▼▽"
_STEP = 0.25
"""What is nearer to each other, as a part of the distance between seats, is at one place."""
_LONGEST_LABEL = 12
_MOST_EMPTY_LINES = 3
"""A wider gap between rows is cut short."""


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
    unit = plan.spacing
    across = _usual((abs(b.x - a.x) for _, each in rows for a, b in pairwise(each)), unit)
    deep = _usual((abs(b[0].y - a[0].y) for (_, a), (_, b) in pairwise(rows)), unit)
    labels = _labels((round((each[0].y - top) / deep), each[0].x, row.label) for row, each in rows)
    indent = max(map(len, labels.values())) + 2
    room = max(columns - indent - 1, 10)
    a_seat = min(2.0, room * across / width) if width else 2.0
    canvas: dict[int, dict[int, str]] = {}

    def at(point: Point) -> tuple[dict[int, str], int]:
        line = canvas.setdefault(round((point.y - top) / deep), {})
        return line, indent + round((point.x - left) / across * a_seat)

    for row, positions in rows:
        for seat, position in zip(row.seats, positions, strict=True):
            line, column = at(position)
            line[column] = marks[seat.category]
    for number, label in labels.items():
        _write(canvas[number], 0, label)
    for area in (area for zone in plan.zones for area in zone.areas):
        text = " ".join(area.text.split())
        line, column = at(area.caption_place)
        start = column - len(text) // 2
        if 0 <= start <= columns - len(text):
            _write(line, start, text)
    lines: list[str] = []
    for number, before in zip(sorted(canvas), [min(canvas), *sorted(canvas)], strict=False):
        lines += [""] * min(number - before - 1, _MOST_EMPTY_LINES)
        lines.append(_line(canvas[number]))
    return "\n".join([*lines, "", *_legend(plan, marks, merged=a_seat < 1)])


def _on_a_line(row: Row) -> list[Point]:
    """Where to draw the seats of a row: on one line, be it curved or askew, unless it runs from the
    front to the back."""
    points = [seat.position for seat in row.seats]
    across, deep = ([point[axis] for point in points] or [0.0] for axis in (0, 1))
    if max(deep) - min(deep) > max(across) - min(across):
        return points
    middle = sum(deep) / len(deep)
    return [Point(point.x, middle) for point in points]


def _usual(distances: Iterable[float], unit: float) -> float:
    """The median of those that are worth a step; without any, the ``unit``."""
    return median_low([each for each in distances if each >= _STEP * unit] or [unit])


def _labels(rows: Iterable[tuple[int, float, str]]) -> dict[int, str]:
    """By line, the labels of the rows that are drawn in it, from the left to the right; each row
    comes with its line and where it begins."""
    labels: dict[int, dict[str, None]] = defaultdict(dict)
    for line, _, label in sorted(rows):
        labels[line][label] = None
    return {line: _short(" ".join(found)) for line, found in labels.items()}


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"


def _write(line: dict[int, str], column: int, text: str) -> None:
    """Write a text where there is room for it: it is no use in pieces."""
    if line.keys().isdisjoint(range(column - 1, column + len(text) + 1)):
        line.update(enumerate(text, column))


def _line(characters: dict[int, str]) -> str:
    return "".join(characters.get(i, " ") for i in range(max(characters, default=-1) + 1))


def _legend(plan: Plan, marks: dict[str, str], *, merged: bool) -> Iterator[str]:
    for category in plan.categories:
        number = sum(seat.category == category.name for seat in plan.seats)
        seats = "1 seat" if number == 1 else f"{number:,} seats"
        yield f"{marks[category.name]} {category.called or '(no category)'}: {seats}"
    yield f"The front is {plan.front.in_words}."
    if merged:
        yield "The house is wider than the picture: where seats are close, one mark is several."
