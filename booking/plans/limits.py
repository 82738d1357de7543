"""How far a plan may reach. The whole plan is checked: offsets of zones, rows and seats add up, and
so do the seats of a grid.

A plan is stored with absolute positions. A plan beyond these limits could not be read again.
"""

from collections.abc import Iterator

from booking.plans.model import Plan

FARTHEST = 1_100_000
"""The greatest coordinate, and the greatest length. It was a million once, for each offset alone:
some more lets plans be read again whose offsets made it just over a million together."""

MOST_IN_LINE = 40_000
"""The most rows of a grid, and the most seats of one of its rows."""

Place = tuple[int | str, ...]


def beyond(plan: Plan) -> Iterator[Place]:
    """The places, as in a document of pretix, that are too far from the origin."""
    if plan.size is not None and max(plan.size) > FARTHEST:
        yield ("size",)
    for z, zone in enumerate(plan.zones):
        for r, row in enumerate(zone.rows):
            for s, seat in enumerate(row.seats):
                x, y = seat.position
                if not (-FARTHEST <= x <= FARTHEST and -FARTHEST <= y <= FARTHEST):
                    yield "zones", z, "rows", r, "seats", s, "position"
        for a, area in enumerate(zone.areas):
            if max(map(abs, area.position)) > FARTHEST:
                yield "zones", z, "areas", a, "position"
