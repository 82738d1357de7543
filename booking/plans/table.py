"""Plans from a table: a seat in each line, as spreadsheets write them (CSV)."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any, NamedTuple

from booking.plans import seat_ids, texts
from booking.plans.grid import SPACING, STANDARD, colored_categories
from booking.plans.reading import PlanError

_COLUMNS = {
    "section": ("section", "zone", "block", "area", "bereich", "rang"),
    "row": ("row", "reihe"),
    "seat": ("seat", "number", "platz", "sitz", "nummer"),
    "category": ("category", "price category", "kategorie", "preiskategorie"),
    "x": ("x",),
    "y": ("y",),
}
_NEEDED = ("row", "seat")
_ROOM = 10
"""The id of a seat is shorter by this than it may be, so that a number can be added."""


class _Line(NamedTuple):
    number: int
    section: str
    row: str
    seat: str
    category: str
    at: tuple[float, float] | None


def document_of(text: str, name: str = "") -> dict[str, Any]:
    """The plan of a table, as pretix writes it. It has the columns ``section``, ``row``, ``seat``,
    ``category``, ``x`` and ``y``, in any order; only ``row`` and ``seat`` are needed. Without
    ``x`` and ``y``, the seats are laid out in rows.

    Raises:
        PlanError: it is no such table.
    """
    found: list[str] = []
    lines = list(_lines(text, found))
    first: dict[tuple[str, str, str], int] = {}
    for line in lines:
        before = first.setdefault(line[1:4], line.number)
        if before != line.number:
            found.append(
                f'line {line.number}: is seat "{line.seat}" in row "{line.row}" of'
                f' "{line.section}", and so is line {before}'
            )
    placed = sum(line.at is not None for line in lines)
    if 0 < placed < len(lines) and not found:
        number = next(line.number for line in lines if line.at is None)
        found.append(f"line {number}: has no x and y, which other lines have")
    if not lines and not found:
        found.append("the table has no seats")
    if found:
        raise PlanError(found)
    return _document(lines if placed else list(_laid_out(lines)), name)


def _lines(text: str, found: list[str]) -> Iterator[_Line]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(reader, []))
        missing = [name for name in _NEEDED if name not in columns]
        if missing:
            found.append(
                f"line 1: has no column {' and no column '.join(missing)}; the first line names"
                " the columns: section, row, seat, x, y, category"
            )
            return
        for cells in reader:
            cell = {
                name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()
            }
            if not any(cell.values()):
                continue
            number = reader.line_num
            found += (f"line {number}: has no {name}" for name in _NEEDED if not cell[name])
            found += (f"line {number}: {what}" for what in _faults(cell))
            try:
                at = _place(cell.get("x", ""), cell.get("y", ""))
            except ValueError as error:
                found.append(f"line {number}: {error}")
                at = None
            section, category = cell.get("section", ""), cell.get("category", "") or STANDARD
            yield _Line(number, section, cell["row"], cell["seat"], category, at)
    except csv.Error as error:
        found.append(f"line {reader.line_num}: is no line of a table ({error})")


def _faults(cell: Mapping[str, str]) -> Iterator[str]:
    """What people could not read, or what is too long to be told from other seats."""
    for name in ("section", "row", "seat", "category"):
        if what := texts.fault(cell.get(name, "")):
            yield f"{name}: {what}"
    longest = seat_ids.MAX_SEAT_ID - _ROOM
    if len(_seat_id(cell.get("section", ""), cell["row"], cell["seat"])) > longest:
        yield f"section, row and seat are longer than {longest} characters together"


def _seat_id(*parts: str) -> str:
    return "-".join(filter(None, parts))


def _columns(head: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().casefold() for cell in head]
    return {
        column: names.index(name)
        for column, known in _COLUMNS.items()
        for name in names
        if name in known
    }


def _place(x: str, y: str) -> tuple[float, float] | None:
    if not x and not y:
        return None
    numbers = []
    for name, text in (("x", x), ("y", y)):
        # With a comma, as half the world writes it.
        if not re.fullmatch(r"-?[0-9]{1,9}([.,][0-9]{1,9})?", text):
            raise ValueError(f'"{text[:64]}" is no number for {name}, such as 12.5')
        numbers.append(float(text.replace(",", ".")))
    return numbers[0], numbers[1]


def _natural(text: str) -> list[tuple[int, str]]:
    """What to sort labels by: 2 before 10."""
    return [
        (int(part), "") if part.isascii() and part.isdigit() else (-1, part)
        for part in re.split(r"([0-9]{1,18})", text.casefold())
    ]


def _laid_out(lines: Sequence[_Line]) -> Iterator[_Line]:
    """The seats in rows one behind the other, section by section, as they come; within a row by
    number. All rows have their middle in one line."""
    rows: dict[tuple[str, str], list[_Line]] = {}
    for section in dict.fromkeys(line.section for line in lines):
        for line in lines:
            if line.section == section:
                rows.setdefault((section, line.row), []).append(line)
    longest = max(map(len, rows.values()))
    y, before = 0.0, None
    for (section, _), row in rows.items():
        y += SPACING * (3 if before not in (None, section) else 1)
        before = section
        left = SPACING * (1 + (longest - len(row)) / 2)
        for number, line in enumerate(sorted(row, key=lambda line: _natural(line.seat))):
            yield line._replace(at=(left + SPACING * number, y))


def _document(lines: Sequence[_Line], name: str) -> dict[str, Any]:
    zones: dict[str, dict[str, list[dict[str, Any]]]] = {}
    taken: set[str] = set()
    for line in lines:
        assert line.at is not None
        x, y = line.at
        seat_id = seat_ids.normal_seat_id(_seat_id(line.section, line.row, line.seat))
        # Sections, rows and seats with a “-” in them can be told apart by a number alone.
        numbered = (f"{seat_id}-{number}" for number in count(2))
        seat_id = next(each for each in chain([seat_id], numbered) if each not in taken)
        taken.add(seat_id)
        seat = {
            "seat_guid": seat_id,
            "seat_number": line.seat,
            "category": line.category,
            "position": {"x": x, "y": y},
        }
        zones.setdefault(line.section, {}).setdefault(line.row, []).append(seat)
    categories = dict.fromkeys(line.category for line in lines)
    return {
        "name": name,
        "size": {
            "width": round(max(line.at[0] for line in lines if line.at) + SPACING),
            "height": round(max(line.at[1] for line in lines if line.at) + SPACING),
        },
        "categories": [
            {"name": each.name, "color": each.color} for each in colored_categories(categories)
        ],
        "zones": [
            {
                "name": zone,
                "position": {"x": 0, "y": 0},
                "rows": [
                    {"row_number": row, "row_number_position": "both", "seats": seats}
                    for row, seats in rows.items()
                ],
                "areas": [],
            }
            for zone, rows in zones.items()
        ],
    }
