"""Houses of the shapes that there are, small enough to be looked at in characters."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

At = tuple[float, float]
Document = dict[str, Any]


def _row(label: str, seats: Sequence[At], numbers: Sequence[object] = ()) -> Document:
    named = zip(numbers or range(1, len(seats) + 1), seats, strict=True)
    return {
        "row_number": label,
        "seats": [
            {"seat_number": str(number), "category": "all", "position": {"x": x, "y": y}}
            for number, (x, y) in named
        ],
    }


def _house(**zones: Sequence[Document]) -> Document:
    for name, rows in zones.items():
        for r, row in enumerate(rows):
            for s, seat in enumerate(row["seats"]):
                seat["seat_guid"] = f"{name}/{r}/{s}"
    return {
        "categories": [{"name": "all"}],
        "zones": [
            {"name": name, "position": {"x": 0, "y": 0}, "rows": rows, "areas": []}
            for name, rows in zones.items()
        ],
    }


def _with_area(house: Document, x: float, y: float, size: At, text: str = "") -> Document:
    rectangle = {"width": size[0], "height": size[1]}
    area = {"shape": "rectangle", "position": {"x": x, "y": y}, "rectangle": rectangle}
    house["zones"][0]["areas"].append(area | ({"text": {"text": text}} if text else {}))
    return house


def _line(count: int, x: float, y: float, dx: float = 25, dy: float = 0) -> list[At]:
    return [(x + dx * n, y + dy * n) for n in range(count)]


def _example() -> Document:
    document: Document = json.loads(Path("booking/plans/example.json").read_text(encoding="utf-8"))
    return document


def _three_floors() -> Document:
    """No stage is drawn; it is below row AA. Blocks taper towards it, floor by floor."""
    labels = ["AA", *"ABCDEFGHIJKLMNOP"]
    rows = []
    for number, label in enumerate(labels):
        floor, within = divmod(number, 6)
        y = 900 - 25 * number - 60 * floor
        middle = _line(6 + within // 2, 500 - 12.5 * (5 + within // 2), y)
        sides = [*_line(8, 150 + 12 * (within % 2), y), *_line(8, 675 - 12 * (within % 2), y)]
        rows.append(_row(label, sorted(sides if floor == 2 else [*sides, *middle])))
    return _house(main=rows[6:] + rows[:6])


def _odd_and_even() -> Document:
    """Old theatre: odd numbers on the left, even ones on the right; balconies above each other."""

    def rows(count: int, half: int, y: float) -> list[Document]:
        numbers = [*range(2 * half - 1, 0, -2), *range(2, 2 * half + 1, 2)]
        return [
            _row(str(n + 1), _line(2 * half, 250 - 25 * half, y + 30 * n), numbers)
            for n in range(count)
        ]

    return _house(
        hall=rows(4, 6, 0), balcony=rows(1, 5, 180), second=rows(1, 5, 270), third=rows(1, 5, 360)
    )


def _stadium() -> Document:
    """A pitch in the middle, stands on four sides. Row A is the outermost one."""
    stands: dict[str, list[Document]] = {}
    for name, turn, seats, away in (
        ("north", 0, 22, 150),
        ("east", 90, 12, 300),
        ("south", 180, 22, 150),
        ("west", 270, 12, 300),
    ):
        cos, sin = round(math.cos(math.radians(turn))), round(math.sin(math.radians(turn)))
        stands[name] = [
            _row(
                label,
                [
                    (x * cos - y * sin, x * sin + y * cos)
                    for x, y in _line(seats, -12.5 * (seats - 1), -away - 25 * (3 - n))
                ],
            )
            for n, label in enumerate("ABCD")
        ]
    return _with_area(_house(**stands), -250, -110, (500, 220))


def _aircraft() -> Document:
    def seats(y: float, groups: Sequence[int]) -> list[At]:
        found: list[At] = []
        x = -sum(groups) * 12.5 - 12.5 * (len(groups) - 1)
        for group in groups:
            found += _line(group, x, y)
            x += 25 * group + 25
        return found

    rows = [_row(str(n), seats(32 * n, (2, 2)), "ABCD") for n in range(1, 5)]
    rows += [_row(str(n), seats(32 * n, (2, 3, 2)), "ABCDEFG") for n in range(5, 16)]
    return _house(cabin=rows)


def _sports_hall() -> Document:
    """One stand; the field in front of it is below."""
    rows = [_row(str(9 - n), _line(24, 0, 28 * n)) for n in range(8)]
    return _with_area(_house(stand=rows), 0, 280, (575, 250), "Spielfeld")


def _cinema() -> Document:
    """The screen is below, and the first rows are empty for wheelchairs."""
    rows = [_row(chr(ord("A") + 7 - n), [*_line(16, 0, 30 * n)]) for n in range(8)]
    rows.append(_row("W", [(0, 260), (25, 260), (350, 260), (375, 260)]))
    return _with_area(_house(hall=rows), 60, 320, (255, 20), "Leinwand 3")


def _amphitheatre() -> Document:
    """Curved rows with three blocks, and nothing that says where the stage is."""
    rows = []
    for n in range(8):
        radius = 200 + 30 * n
        angles = [a for a in range(20, 161, 7 - n // 3) if a not in range(58, 68)]
        rows.append(
            _row(
                str(n + 1),
                [
                    (radius * math.cos(math.radians(a)), radius * math.sin(math.radians(a)))
                    for a in angles
                    if a not in range(112, 122)
                ],
            )
        )
    return _house(cavea=rows)


def _two_stands() -> Document:
    """A stage across the house, which is not drawn, and a stand on each side of it."""
    north = [_row(str(4 - n), _line(16, 0, 28 * n)) for n in range(4)]
    south = [_row(str(1 + n), _line(16, 0, 280 + 28 * n)) for n in range(4)]
    return _house(north=north, south=south)


def _three_sides() -> Document:
    """A stage that juts out among the seats, and is not drawn."""
    west = [_row(str(1 + n), _line(8, -28 * n, 0, 0, 25)) for n in range(3)]
    east = [_row(str(1 + n), _line(8, 400 + 28 * n, 0, 0, 25)) for n in range(3)]
    south = [_row(str(1 + n), _line(12, 62.5, 260 + 28 * n)) for n in range(4)]
    return _house(west=west, south=south, east=east)


def _beer_benches() -> Document:
    """Tables with a bench on both sides, whose seats are listed to and fro."""
    rows = []
    for table in range(6):
        x, y = 220 * (table % 3), 120 * (table // 3)
        rows.append(
            _row(f"T{table + 1}", [(x + 25 * (n // 2), y + 40 * (n % 2)) for n in range(14)])
        )
    return _with_area(_house(tent=rows), 100, -120, (360, 60), "Bühne")


def _train() -> Document:
    """A coach with seats on both sides of the aisle."""
    rows = [
        _row(str(n + 1), [(0, 30 * n), (25, 30 * n), (75, 30 * n), (100, 30 * n)], "ABCD")
        for n in range(16)
    ]
    return _house(coach=rows)


HOUSES = {
    "example": _example,
    "three floors": _three_floors,
    "odd and even": _odd_and_even,
    "stadium": _stadium,
    "aircraft": _aircraft,
    "sports hall": _sports_hall,
    "cinema": _cinema,
    "amphitheatre": _amphitheatre,
    "two stands": _two_stands,
    "three sides": _three_sides,
    "beer benches": _beer_benches,
    "train": _train,
}
