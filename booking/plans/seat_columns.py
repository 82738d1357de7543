"""The seats of a document of pretix, in columns.

There are up to 100,000. Each column is checked as a whole and, only if something in one is unusual,
each seat. With 50,000 seats, that takes 60 ms instead of 95.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any, NamedTuple, NotRequired

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from booking.plans import mistakes, seat_ids
from booking.plans.fields import MAX_TEXT, Coordinate, Label, Length, zero_if_null
from booking.plans.limits import FARTHEST
from booking.plans.mistakes import Mistakes
from booking.plans.model import PlannedSeat
from booking.plans.seats_of_document import category_names, every_seat, seat_place
from booking.plans.sections import Point
from booking.plans.tuples import tuples

# pydantic takes those of ``typing`` from Python 3.12 on.


class _Position(TypedDict):
    __pydantic_config__ = ConfigDict(strict=True)  # type: ignore[misc]

    x: Coordinate
    y: Coordinate


class _Seat(TypedDict):
    __pydantic_config__ = ConfigDict(strict=True)  # type: ignore[misc]

    seat_guid: str
    seat_number: Label
    category: str
    position: _Position
    radius: NotRequired[Annotated[Length, BeforeValidator(zero_if_null)]]


_SEAT = TypeAdapter(_Seat)


class SeatColumns(NamedTuple):
    """Of each seat its id, its label and its category, its position in its row, and its radius."""

    ids: Sequence[str] = ()
    labels: Sequence[str] = ()
    categories: Sequence[str] = ()
    xs: Sequence[float] = ()
    ys: Sequence[float] = ()
    radii: Sequence[float] = ()

    def in_rows(self, rows: Iterable[tuple[Point, int]]) -> Iterator[tuple[PlannedSeat, ...]]:
        """The seats, row by row, of rows at these places and of so many seats."""
        start = 0
        for (left, top), number in rows:
            part = slice(start, start + number)
            xs, ys = [left + x for x in self.xs[part]], [top + y for y in self.ys[part]]
            said = self.ids[part], self.labels[part], self.categories[part]
            yield tuple(tuples(PlannedSeat, *said, tuples(Point, xs, ys), self.radii[part]))
            start += number


def read(document: Mapping[str, Any]) -> SeatColumns | None:
    """The seats of a document whose rows have lists of seats; None if there is any mistake in
    them."""
    seats = [seat for zone in document["zones"] for row in zone["rows"] for seat in row["seats"]]
    categories = category_names(document)
    with suppress(AttributeError, KeyError, TypeError):  # It is no seat at all.
        found = _columns(seats)
        if _are_usual(found, categories):
            return found
    try:
        found = _columns(list(map(_SEAT.validate_python, seats)))
    except ValidationError:
        return None
    ids = list(map(seat_ids.normal_seat_id, found.ids))
    sound = (
        len(set(ids)) == len(ids)
        and all(map(seat_ids.is_seat_id, ids))
        and categories.issuperset(found.categories)
    )
    return found._replace(ids=ids) if sound else None


def mistakes_of(document: Mapping[str, Any]) -> Mistakes:
    """What is wrong with the form of the seats, in a document that may have any other mistake."""
    for z, r, s, seat in every_seat(document):
        yield from _mistakes_of(seat, (z, r, s))


def _mistakes_of(seat: object, at: tuple[int, int, int]) -> Iterator[tuple[mistakes.Place, str]]:
    try:
        _SEAT.validate_python(seat)
    except ValidationError as error:
        for place, what in mistakes.of(error):
            yield (*seat_place(*at), *place), what


def _columns(seats: Iterable[Any]) -> SeatColumns:
    told = [
        (
            seat["seat_guid"],
            seat["seat_number"],
            seat["category"],
            (position := seat["position"])["x"],
            position["y"],
            seat.get("radius", 0.0),
        )
        for seat in seats
    ]
    return SeatColumns(*zip(*told, strict=True))


def _are_usual(seats: SeatColumns, categories: set[str]) -> bool:
    """Whether there is no mistake in any column, and nothing that has to be read otherwise.

    Raises:
        TypeError: what should be a text, or a number, is none.
    """
    ids, labels, named, xs, ys, radii = seats
    return (
        len(set(ids)) == len(ids)
        and seat_ids.are_usual(ids)
        and "".join(labels).isprintable()
        and max(map(len, labels), default=0) <= MAX_TEXT
        and categories.issuperset(named)
        and {*map(type, xs), *map(type, ys)} <= {int, float}
        and set(map(type, radii)) <= {float}
        and _are_within(-FARTHEST, xs)
        and _are_within(-FARTHEST, ys)
        and _are_within(0, radii)
    )


def _are_within(least: float, numbers: Sequence[float]) -> bool:
    if not numbers:
        return True
    # What is no number at all (NaN) may be neither the least nor the greatest.
    return least <= min(numbers) and max(numbers) <= FARTHEST and math.isfinite(sum(numbers))
