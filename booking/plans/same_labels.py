"""Seats that people would read as the same one: two buyers would be sold one place."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from booking.plans import mistakes
from booking.plans.model import Plan
from booking.plans.seats_of_document import seat_place
from booking.plans.texts import as_read

Place = tuple[int | str, ...]


def found(plan: Plan, within: Sequence[int | str] = ()) -> Iterator[tuple[Place, str]]:
    """The places of the seats, as in a document of pretix, that an earlier seat has the zone, row
    and number of, and what is wrong there. ``within`` is the place of the plan in a larger
    document."""
    if _all_differ(plan):
        return
    places: dict[tuple[str, str, str], tuple[int, int, int]] = {}
    for z, zone in enumerate(plan.zones):
        zone_name = as_read(zone.name)
        for r, row in enumerate(zone.rows):
            row_label = as_read(row.label)
            for s, seat in enumerate(row.seats):
                place = (z, r, s)
                label = (zone_name, row_label, as_read(seat.label))
                first = places.setdefault(label, place)
                if first is not place:
                    yield (
                        seat_place(*place),
                        (
                            f'is seat "{seat.label}" in row "{row.label}" of "{zone.name}",'
                            f" and so is {mistakes.place([*within, *seat_place(*first)])}"
                        ),
                    )


def _all_differ(plan: Plan) -> bool:
    """Whether there are none. Of most plans that is known in half the time."""
    labels: dict[tuple[str, str], set[str]] = defaultdict(set)
    for zone in plan.zones:
        zone_name = as_read(zone.name)
        for row in zone.rows:
            known = labels[zone_name, as_read(row.label)]
            before = len(known)
            known.update([as_read(seat.label) for seat in row.seats])
            if len(known) < before + len(row.seats):
                return False
    return True
