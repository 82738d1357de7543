"""A seat plan: zones, rows, seats in order, with coordinates and categories. Values that never
change."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, count, repeat
from typing import NamedTuple

from booking.plans.areas import Area
from booking.plans.names import SeatNames, filled
from booking.plans.sections import Point, Section
from booking.plans.space import depth
from booking.plans.space.front import Front, find
from booking.plans.space.neighbours import Neighbourhood
from booking.plans.space.neighbours import Row as RowAsRead
from booking.plans.space.numbering import between_stands, to_the_first_rows
from booking.plans.texts import as_read

MAX_SEATS = 100_000
"""The most seats that a plan may have."""

COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
"""Told apart by the colour-blind too: Okabe and Ito, https://jfly.uni-koeln.de/color/."""

SEAT = 1000
"""The usual distance from a seat to the next one, in the unit of :attr:`Plan.distances`."""


class PlannedSeat(NamedTuple):
    """A place to sit. ``label`` is what people read on it; ``id`` is unique in the plan. A
    ``radius`` of 0 follows from the seats around."""

    # A tuple is made in a third of the time of a dataclass, and there are up to 100,000.

    id: str
    label: str
    category: str
    position: Point
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """Seats, in the order of the file. ``labelled_at`` says where the label is drawn: at the
    ``start``, the ``end``, ``both`` or, if it is empty, nowhere."""

    label: str
    seats: tuple[PlannedSeat, ...]
    name: str = ""
    """What the row is called in words, such as “Box 3”; empty if it has its label alone."""
    seat_name: str = ""
    """What its seats are called in words, with ``%s`` for the label of a seat."""
    labelled_at: str = "both"

    def called(self, seat: PlannedSeat) -> str:
        """The row and a seat of it in words: ``Row C, seat 7``."""
        row = self.name or f"Row {self.label}"
        return f"{row}, {filled(self.seat_name or 'seat %s', seat.label)}"


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the house, such as a balcony. Its rows stand one behind the other, in order."""

    name: str
    rows: tuple[Row, ...]
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """Seats that are sold alike. ``color`` is a CSS colour, or empty. ``label`` is what people call
    it, if its name is one that an editor made up."""

    name: str
    color: str = ""
    label: str = ""

    @property
    def called(self) -> str:
        """What people call it."""
        return self.label or self.name


@dataclass(frozen=True)
class Plan:
    """The seats of a house. Coordinates grow to the right and to the back, in any unit; all are
    counted from one origin, the upper left corner of a drawing of ``size`` (width, height)."""

    categories: tuple[Category, ...]
    zones: tuple[Zone, ...]
    name: str = ""
    size: tuple[float, float] | None = None
    focal_point: Point | None = None
    """Where the eyes go; the nearer to it, the better the seat. None leaves it to :attr:`front`."""
    document: bytes = field(default=b"", repr=False)
    """What it was read from, for :mod:`booking.plans.pretix`; empty if that says no more
    than the plan itself, such as one that was told by numbers."""

    @cached_property
    def seats(self) -> tuple[PlannedSeat, ...]:
        """All seats, in order."""
        return tuple(seat for zone in self.zones for row in zone.rows for seat in row.seats)

    @cached_property
    def colors(self) -> dict[str, str]:
        """The colour of each category, by its name: its own, or one that is given out."""
        return {
            each.name: each.color or COLORS[number % len(COLORS)]
            for number, each in enumerate(self.categories)
        }

    @cached_property
    def front(self) -> Front:
        """Where everybody looks, and why there."""
        rows = [
            [(row.label, [seat.position for seat in row.seats]) for row in zone.rows]
            for zone in self.zones
        ]
        return find(
            self.focal_point,
            [seat.position for seat in self.seats],
            [section.positions for section in self.sections],
            [
                # A zone without seats may be the stage, too.
                (area, area.text or ("" if any(row.seats for row in zone.rows) else zone.name))
                for zone in self.zones
                for area in zone.areas
            ],
            self.spacing,
            to_the_first_rows(rows),
            between_stands(rows),
        )

    @property
    def focus(self) -> Point:
        """The place that the best seats are nearest to."""
        return self.front.point

    @cached_property
    def spacing(self) -> float:
        """The usual distance from a seat to the next one in its row."""
        return self._neighbourhood.usual

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The seats again, divided where a row has an aisle or a gap; in order."""
        return tuple(sorted(self._divide(), key=lambda section: section.row))

    @cached_property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """By section: the part of the house that it is in, and the line of rows there, both by
        number. Lines of one part stand one behind the other, and have numbers that run on by one.
        Zones of one name are one part."""
        rows: list[dict[int, list[int]]] = [{} for _ in self._parts]
        part_of = {zone: part for part, zones in enumerate(self._parts) for zone in zones}
        for number, section in enumerate(self.sections):
            rows[part_of[section.zone]].setdefault(section.row, []).append(number)
        found = [(0, 0)] * len(self.sections)
        first = 0
        for part, by_row in enumerate(rows):
            positions = [[self.sections[n].positions for n in row] for row in by_row.values()]
            numbers = depth.lines(positions, self.focus, self.spacing)
            for line, row in zip(numbers, by_row.values(), strict=True):
                for section_number in row:
                    found[section_number] = part, first + line
            first += 1 + max(numbers, default=-1)
        return tuple(found)

    @cached_property
    def distances(self) -> tuple[list[int], ...]:
        """By section: the distances from the focal point, of the first 0, 1, 2, … seats together.

        They are whole numbers, in thousandths of :attr:`spacing`, so that sums of them are the same
        in whatever order they are made.
        """
        focus, scale = self.focus, SEAT / self.spacing
        return tuple(
            list(accumulate([round(math.dist(focus, at) * scale) for at in each], initial=0))
            for each in (section.positions for section in self.sections)
        )

    @cached_property
    def kinds(self) -> frozenset[tuple[str | None, str | None]]:
        """The pairs of a category and a zone of which there are seats; None stands for any."""
        pairs = {
            (category, self.zones[section.zone].name)
            for section in self.sections
            for category in set(section.categories)
        }
        return frozenset(
            kind for c, z in pairs for kind in ((c, z), (c, None), (None, z), (None, None))
        )

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Of each seat, in the order of the plan, the number of its section and its own number in
        there."""
        places: dict[str, tuple[int, int]] = {}
        for section, stretch in enumerate(self.sections):
            places.update(zip(stretch.seats, zip(repeat(section), count()), strict=False))
        ids = [seat.id for seat in self.seats]
        return places if list(places) == ids else {seat_id: places[seat_id] for seat_id in ids}

    @cached_property
    def _parts(self) -> list[list[int]]:
        """The zones by number, those of one name together: to people, they are one."""
        parts: dict[str | int, list[int]] = {}
        for number, zone in enumerate(self.zones):
            parts.setdefault(as_read(zone.name) or number, []).append(number)
        return list(parts.values())

    @cached_property
    def _neighbourhood(self) -> Neighbourhood:
        return Neighbourhood(
            [
                [
                    RowAsRead(as_read(row.label), [s.position for s in row.seats])
                    for zone in part
                    for row in self.zones[zone].rows
                ]
                for part in self._parts
            ]
        )

    @cached_property
    def names(self) -> SeatNames:
        """How people read the seats."""
        return SeatNames(self.zones)

    def _divide(self) -> Iterator[Section]:
        rows_before = [0, *accumulate(len(zone.rows) for zone in self.zones)]
        for part, stretches in zip(self._parts, self._neighbourhood.stretches, strict=True):
            numbers = [(z, row) for z in part for row in range(len(self.zones[z].rows))]
            rows = [row.seats for z in part for row in self.zones[z].rows]
            for stretch in stretches:
                zone, row = numbers[min([row for row, _ in stretch.seats])]
                seats = [rows[number][seat] for number, seat in stretch.seats]
                ids, _, categories, positions, _ = zip(*seats, strict=True)
                yield Section(zone, rows_before[zone] + row, ids, positions, categories)
