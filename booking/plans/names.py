"""How people read the seats of a plan: by section, row and number, and never by an id that an
editor made up."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, repeat
from typing import NamedTuple, Protocol

_MOST_NAMED = 10
_MOST_ORDERED = 500
"""To put a seat in its place costs 5 µs. Whoever names more seats is told of the first few."""
_MOST_CHARACTERS = 64
_DIGITS = re.compile(r"(\d+)")


class SeatLabel(NamedTuple):
    """What is written on a seat and around it. ``order`` is that of the sections and rows."""

    section: str
    row: str
    seat: str
    category: str
    order: tuple[int, int]


class Place(NamedTuple):
    """Where somebody sits, as it is written on a ticket. What goes without saying is empty."""

    section: str
    row: str
    seat: str


class _Seat(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def category(self) -> str: ...


class _Row(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def seat_name(self) -> str: ...
    @property
    def seats(self) -> Sequence[_Seat]: ...


class _Zone(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[_Row]: ...


class SeatNames:
    """The names of the seats of some zones. A seat that is in none goes by its id."""

    def __init__(self, zones: Sequence[_Zone]) -> None:
        # Of each seat, the zone and the row that it is in, by number, and the seat itself.
        self._seats: dict[str, tuple[tuple[int, int], _Seat]] = {}
        self._zones = zones
        by_id = by_row = True
        # A file may have a row in pieces, and a zone too: people read one.
        first: dict[tuple[str | int, str, str], tuple[int, int]] = {}
        for z, zone in enumerate(zones):
            for r, row in enumerate(zone.rows):
                order = (z, r)
                if row.label:
                    order = first.setdefault((zone.name or z, row.label, row.name), order)
                if row.name or row.seat_name:
                    by_id = by_row = False
                ids = [seat.id for seat in row.seats]
                self._seats.update(zip(ids, zip(repeat(order), row.seats), strict=False))
                by_id = by_id and all(seat.id == seat.label for seat in row.seats)
                by_row = by_row and all(seat.id == row.label + seat.label for seat in row.seats)
        # As in the plans that are told by numbers: seat 7, seat C7.
        self._by_id = by_id or by_row
        self.has_sections = sum(any(row.seats for row in zone.rows) for zone in zones) > 1
        """Whether there are several: of one, nobody has to say which it is."""

    def label(self, seat_id: str) -> SeatLabel | None:
        """What is written on a seat; None if it is not part of the plan."""
        found = self._seats.get(seat_id)
        if found is None:
            return None
        order, seat = found
        zone = self._zones[order[0]]
        return SeatLabel(zone.name, zone.rows[order[1]].label, seat.label, seat.category, order)

    def places(self, seat_ids: Iterable[str]) -> tuple[Place, ...]:
        """Where seats are, in the order in which people list them. The section goes without saying
        where there is but one."""
        return tuple(map(self._place, self.ordered(seat_ids)))

    def _place(self, seat_id: str) -> Place:
        label = self.label(seat_id)
        if label is None:
            return Place("", "", shorten(seat_id))
        return Place(label.section if self.has_sections else "", label.row, label.seat)

    def ordered(self, seat_ids: Iterable[str]) -> list[str]:
        """Seats as people list them: section by section, row by row, and 2 before 10."""
        return sorted(seat_ids, key=self._key)

    def name(self, seat_id: str) -> str:
        """A seat within a sentence: ``seat C7``, or ``Balcony, row B seat 1``."""
        if self._by_id or seat_id not in self._seats:
            return f"seat {shorten(seat_id)}"
        return self._in_row([seat_id])

    def are(self, seat_ids: Sequence[str]) -> str:
        """Seats at the start of a sentence: ``Seat 7 is``, ``Row B seats 1, 2 and 10 are``."""
        if len(seat_ids) == 1 and self._by_id:  # Most sentences are, and take 2 µs less like this.
            return f"Seat {shorten(seat_ids[0])} is"
        ordered = self.ordered(seat_ids) if len(seat_ids) <= _MOST_ORDERED else list(seat_ids)
        shown, more = ordered, 0
        if len(ordered) > _MOST_NAMED:
            shown, more = ordered[: _MOST_NAMED - 1], len(ordered) - _MOST_NAMED + 1
        if self._by_id or not all(seat_id in self._seats for seat_id in shown):
            names = list(map(shorten, shown))
            names[0] = f"Seat{'s' if len(seat_ids) > 1 else ''} {names[0]}"
        else:
            rows = groupby(shown, key=lambda seat_id: self._seats[seat_id][0])
            names = [self._in_row(list(seats)) for _, seats in rows]
        text = _listed([*names, f"{more:,} more"] if more else names)
        return f"{text[0].upper()}{text[1:]} {'is' if len(seat_ids) == 1 else 'are'}"

    def _in_row(self, seat_ids: Sequence[str]) -> str:
        (z, r), _ = self._seats[seat_ids[0]]
        zone, row = self._zones[z], self._zones[z].rows[r]
        section = f"{zone.name}, " if self.has_sections and zone.name else ""
        labels = [self._seats[seat_id][1].label for seat_id in seat_ids]
        seats = f"seat{'s' if len(labels) > 1 else ''} {_listed(labels)}"
        if row.seat_name:
            seats = _listed([filled(row.seat_name, label) for label in labels])
        where = row.name or (f"row {row.label}" if row.label else "")
        if not where:
            return f"{section}{seats}"
        return f"{section}{where}{', ' if row.name or row.seat_name else ' '}{seats}"

    def _key(self, seat_id: str) -> tuple[tuple[int, int], list[tuple[bool, int, str]]]:
        if seat_id not in self._seats:
            return (-1, -1), _natural(seat_id)
        order, seat = self._seats[seat_id]
        return order, _natural(seat.label)


BY_ID = SeatNames(())
"""The names of seats whose plan is not known."""


def filled(pattern: str, label: str) -> str:
    """A name of pretix with what it is the name of: “Stuhl %s” is “Stuhl 7”."""
    return pattern.replace("%s", label) if "%s" in pattern else f"{pattern} {label}"


def shorten(seat_id: str) -> str:
    """Keep what a stranger sent from flooding a message. Few ids are longer than 64 characters."""
    return seat_id if len(seat_id) <= _MOST_CHARACTERS else seat_id[:_MOST_CHARACTERS] + "…"


def _listed(things: Sequence[str]) -> str:
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)


def _natural(text: str) -> list[tuple[bool, int, str]]:
    """Sorts numbers in a text by their value."""
    parts = _DIGITS.split(text)
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
