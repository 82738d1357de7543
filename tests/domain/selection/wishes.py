"""Wishes for the best seats of a house, some of which are taken."""

from collections.abc import Collection

from booking.domain.model import BestAvailable
from booking.domain.selection.free_seats import FreeSeats
from booking.plans.model import Plan


def free_but(plan: Plan, taken: Collection[str]) -> FreeSeats:
    free = FreeSeats(plan)
    for seat_id in taken:
        free.replace(seat_id, free=False)
    return free


def best(
    plan: Plan,
    count: int,
    taken: Collection[str] = (),
    *,
    category: str | None = None,
    zone: str | None = None,
    split: bool = False,
    forbid: bool = False,
) -> list[str]:
    wanted = BestAvailable(count, category, zone, split)
    return free_but(plan, taken).best(wanted, forbid_single_seats=forbid)
