"""Seat plans to test with."""

import math
from typing import Any

from hypothesis import strategies as st

from booking.plans.areas import Area
from booking.plans.model import Category, Plan, PlannedSeat, Row, Zone
from booking.plans.sections import Point


def theatre(rows: int = 40, seats_per_row: int = 25) -> dict[str, Any]:
    """A plan as pretix writes it, of 1,000 seats unless told otherwise: curved rows in stalls and
    a balcony, an aisle in the middle, and a stage."""
    half = rows // 2
    return {
        "name": "Town theatre",
        "categories": [
            {"name": "stalls", "color": "#009e73"},
            {"name": "balcony", "color": "#0072b2"},
        ],
        "zones": [
            _zone("Stalls", "stalls", range(half), seats_per_row, y=120)
            | {
                "areas": [
                    {
                        "position": {"x": 100, "y": -100},
                        "width": 300,
                        "height": 60,
                        "rotation": 0,
                        "color": "#eeeeee",
                        "border_color": "#000000",
                        "text": "Stage",
                    }
                ]
            },
            _zone("Balcony", "balcony", range(half, rows), seats_per_row, y=200 + 25 * half),
        ],
        "size": {"width": 900, "height": 400 + 25 * rows},
    }


def _zone(name: str, category: str, rows: range, seats: int, y: int) -> dict[str, Any]:
    return {
        "name": name,
        "position": {"x": 50, "y": y},
        "rows": [
            {
                "row_number": str(row + 1),
                "position": {"x": 0, "y": 25 * index},
                "seats": [
                    {
                        "seat_guid": f"{name}-{row + 1}-{seat + 1}",
                        "seat_number": str(seat + 1),
                        "category": category,
                        "position": {
                            "x": 25 * seat + (50 if 2 * seat >= seats else 0),
                            "y": round(30 * math.sin(math.pi * seat / seats), 1),
                        },
                    }
                    for seat in range(seats)
                ],
            }
            for index, row in enumerate(rows)
        ],
        "areas": [],
    }


_coordinates = st.integers(-4000, 4000).map(lambda quarters: quarters / 4)
_points = st.builds(Point, _coordinates, _coordinates)
_texts = st.text(st.characters(categories=["L", "N", "P"]), max_size=8)
_colors = st.sampled_from(["", "#0072b2", "red", "rgb(1, 2, 3)"])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan: seats anywhere, rows without seats, zones without rows."""
    names = draw(st.lists(_texts, min_size=1, max_size=3, unique=True))
    sizes = draw(st.lists(st.lists(st.integers(0, 4), max_size=3), min_size=1, max_size=3))
    if not any(map(sum, sizes)):
        sizes.append([1])
    ids = iter(range(sum(map(sum, sizes))))
    zones = tuple(
        Zone(
            draw(_texts),
            tuple(
                Row(
                    draw(_texts),
                    tuple(
                        PlannedSeat(
                            f"s{next(ids)}",
                            draw(_texts),
                            draw(st.sampled_from(names)),
                            draw(_points),
                        )
                        for _ in range(seats)
                    ),
                )
                for seats in rows
            ),
            tuple(draw(st.lists(st.builds(Area, _points, st.just(2.5), st.just(3.0)), max_size=2))),
        )
        for rows in sizes
    )
    return Plan(
        categories=tuple(Category(name, draw(_colors)) for name in names),
        zones=zones,
        name=draw(_texts),
        size=draw(st.none() | st.just((100.0, 50.5))),
        focal_point=draw(st.none() | _points),
    )
