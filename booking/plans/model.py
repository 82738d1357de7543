"""A seat plan: zones, rows, seats in order, with coordinates and categories. Values that never
change."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from booking.plans.names import SeatNames
from booking.plans.sections import Point, Section, divide, usual_distance

MAX_SEATS = 100_000
"""The most seats that a plan may have."""

SEAT = 1000
"""The usual distance from a seat to the next one, in the unit of :attr:`Plan.distances`."""


@dataclass(frozen=True, slots=True)
class PlannedSeat:
    """A place to sit. ``label`` is what people read on it; ``id`` is unique in the plan."""

    id: str
    label: str
    category: str
    position: Point


@dataclass(frozen=True, slots=True)
class Row:
    """Seats in the order in which one walks past them."""

    label: str
    seats: tuple[PlannedSeat, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Something that is no seat, such as a stage. ``position`` is its upper left corner, around
    which it is turned by ``rotation`` degrees."""

    position: Point
    width: float
    height: float
    rotation: float = 0.0
    color: str = ""
    border_color: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the house, such as a balcony. Its rows stand one behind the other, in order."""

    name: str
    rows: tuple[Row, ...]
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """Seats that are sold alike. ``color`` is a CSS colour, or empty."""

    name: str
    color: str = ""


@dataclass(frozen=True)
class Plan:
    """The seats of a house. Coordinates grow to the right and to the back, in any unit; all are
    counted from one origin, the upper left corner of a drawing of ``size`` (width, height)."""

    categories: tuple[Category, ...]
    zones: tuple[Zone, ...]
    name: str = ""
    size: tuple[float, float] | None = None
    focal_point: Point | None = None
    """Where the eyes go; the nearer to it, the better the seat. None is the middle of the front."""

    @cached_property
    def seats(self) -> tuple[PlannedSeat, ...]:
        """All seats, in order."""
        return tuple(seat for zone in self.zones for row in zone.rows for seat in row.seats)

    @cached_property
    def focus(self) -> Point:
        """The focal point; if the plan names none, the middle of the edge with the smallest y."""
        if self.focal_point is not None:
            return self.focal_point
        across = [seat.position.x for seat in self.seats]
        return Point((min(across) + max(across)) / 2, min(seat.position.y for seat in self.seats))

    @cached_property
    def spacing(self) -> float:
        """The usual distance from a seat to the next one in its row."""
        return usual_distance(
            [[s.position for s in row.seats] for zone in self.zones for row in zone.rows]
        )

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The seats again, divided where a row has an aisle or a gap; in order."""
        return tuple(self._divide())

    @cached_property
    def distances(self) -> tuple[list[int], ...]:
        """By section: the distances from the focal point, of the first 0, 1, 2, … seats together.

        They are whole numbers, in thousandths of :attr:`spacing`, so that sums of them are the same
        in whatever order they are made.
        """
        scale = SEAT / self.spacing
        return tuple(
            list(accumulate((round(math.dist(self.focus, at) * scale) for at in each), initial=0))
            for each in (section.positions for section in self.sections)
        )

    @cached_property
    def kinds(self) -> frozenset[tuple[str | None, str | None]]:
        """The pairs of a category and a zone of which there are seats; None stands for any."""
        pairs = {
            (category, self.zones[section.zone].name)
            for section in self.sections
            for category in section.categories
        }
        return frozenset(
            kind for c, z in pairs for kind in ((c, z), (c, None), (None, z), (None, None))
        )

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Of each seat, the number of its section and its own number in there."""
        return {
            seat_id: (section, number)
            for section, stretch in enumerate(self.sections)
            for number, seat_id in enumerate(stretch.seats)
        }

    @cached_property
    def names(self) -> SeatNames:
        """How people read the seats."""
        return SeatNames(self.zones)

    def _divide(self) -> Iterator[Section]:
        row_number = 0
        for zone_number, zone in enumerate(self.zones):
            usual = usual_distance([[s.position for s in row.seats] for row in zone.rows])
            for row in zone.rows:
                for part in divide([seat.position for seat in row.seats], usual):
                    seats = row.seats[part]
                    yield Section(
                        zone=zone_number,
                        row=row_number,
                        seats=tuple(seat.id for seat in seats),
                        positions=tuple(seat.position for seat in seats),
                        categories=tuple(seat.category for seat in seats),
                    )
                row_number += 1
