"""Mends what can be mended in a document of pretix without guessing.

Copying a block in the editor of pretix copies the ids of its seats too: most plans have such seats.
"""

import copy
from collections import Counter
from collections.abc import Iterator
from typing import Any

from booking.plans import mistakes, seat_ids
from booking.plans.grid import STANDARD, colored_categories
from booking.plans.seats_of_document import category_names, seat_place, seats


def repaired(document: Any) -> tuple[Any, list[str]]:
    """The document with all that can be mended, and each thing that was done. One that is mended is
    left as it is."""
    mended = copy.deepcopy(document)
    done: list[str] = []
    if isinstance(mended, dict) and isinstance(layout := mended.get("layout"), dict):
        if not layout.get("name") and isinstance(mended.get("name"), str):
            layout["name"] = mended["name"]
        mended = layout
        done.append("took the plan out of what the API of pretix answers")
    if isinstance(mended, dict):
        done += _make_ids_unique(mended)
        done += _fill_categories(mended)
    return mended, done


def _make_ids_unique(document: dict[str, Any]) -> Iterator[str]:
    """Give each seat an id of its own. The first seat of several keeps it."""
    every = list(seats(document))
    taken = {
        seat_ids.normal_seat_id(written)
        for *_, seat in every
        if isinstance(written := seat.get("seat_guid"), str)
    }
    seen: set[str] = set()
    copies: Counter[str] = Counter()
    for z, r, s, seat in every:
        written = seat.get("seat_guid")
        if not isinstance(written, str) or not isinstance(seat, dict):
            continue
        seat_id = seat_ids.normal_seat_id(written)
        if seat_id not in seen:
            seen.add(seat_id)
            continue
        copies[seat_id] = max(copies[seat_id], 1)
        fresh = seat_id
        while fresh in taken:
            copies[seat_id] += 1
            # No longer than an id may be.
            end = f"-{copies[seat_id]}"
            fresh = seat_id[: seat_ids.MAX_SEAT_ID - len(end)] + end
        taken.add(fresh)
        seen.add(fresh)
        seat["seat_guid"] = fresh
        at = mistakes.place(seat_place(z, r, s))
        yield f'{at}: had the id "{seat_id}" of another seat, has "{fresh}" now'


def _fill_categories(document: dict[str, Any]) -> Iterator[str]:
    """Put seats without a category into one that has a name."""
    without = [seat for *_, seat in seats(document) if seat.get("category") in (None, "")]
    if not without:
        return
    if not isinstance(document.get("categories"), list):
        document["categories"] = []
    if STANDARD not in category_names(document):
        [category] = colored_categories([STANDARD])
        document["categories"].append({"name": category.name, "color": category.color})
    for seat in without:
        if isinstance(seat, dict):
            seat["category"] = STANDARD
    seats_in_words = "1 seat" if len(without) == 1 else f"{len(without):,} seats"
    yield f'put {seats_in_words} without a category into the category "{STANDARD}"'
