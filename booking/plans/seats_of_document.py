"""The seats of a document of pretix, one by one: where they are, and whether each has an id of its
own, and a category that there is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from booking.plans import mistakes, seat_ids
from booking.plans.mistakes import Mistakes, Place


def every_seat(document: Mapping[str, Any]) -> Iterator[tuple[int, int, int, object]]:
    """What should be seats in a document that may have any mistake: the number of the zone, of the
    row in it, and of the seat in that."""
    for z, zone in enumerate(_list(document.get("zones"))):
        for r, row in enumerate(_list(zone.get("rows")) if isinstance(zone, Mapping) else ()):
            for s, seat in enumerate(_list(row.get("seats")) if isinstance(row, Mapping) else ()):
                yield z, r, s, seat


def seats(document: Mapping[str, Any]) -> Iterator[tuple[int, int, int, Mapping[str, Any]]]:
    """The seats among them."""
    for z, r, s, seat in every_seat(document):
        if isinstance(seat, Mapping):
            yield z, r, s, seat


def category_names(document: Mapping[str, Any]) -> set[str]:
    """The categories of such a document, and the empty name, which the editor of pretix begins
    with."""
    categories = [each for each in _list(document.get("categories")) if isinstance(each, Mapping)]
    return {name for each in categories if isinstance(name := each.get("name"), str)} | {""}


def seat_place(z: int, r: int, s: int) -> Place:
    """Where a seat is in such a document."""
    return ("zones", z, "rows", r, "seats", s)


def mistakes_of(document: Mapping[str, Any], within: Sequence[int | str]) -> Mistakes:
    """What is wrong with the ids and the categories of the seats. ``within`` is the place of the
    document in a larger one."""
    categories = category_names(document)
    # By id, where its first seat is.
    places: dict[str, tuple[int, int, int]] = {}
    for z, r, s, seat in seats(document):
        written, category = seat.get("seat_guid"), seat.get("category")
        if isinstance(written, str):
            seat_id = seat_ids.normal_seat_id(written)
            first = places.setdefault(seat_id, (z, r, s))
            if not seat_ids.is_seat_id(seat_id):
                yield (*seat_place(z, r, s), "seat_guid"), _no_id(seat_id)
            elif first != (z, r, s):
                at = mistakes.place([*within, *seat_place(*first)])
                yield (*seat_place(z, r, s), "seat_guid"), f'"{seat_id}" is the id of {at} too'
        if isinstance(category, str) and category not in categories:
            yield (*seat_place(z, r, s), "category"), f'no category "{category[:64]}"'


def _no_id(text: str) -> str:
    return f'"{text[:64]}" cannot be the id of a seat, which is {seat_ids.SEAT_IN_WORDS}'


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
