"""Which seats are best, in pictures that a person who goes to the theatre has looked at.

After a change of the rules, draw them anew, look at each, and keep those that convince:
``python -m tests.plans.test_best_seats``.
"""

import math
import random
from collections.abc import Collection
from pathlib import Path

import pytest

from booking.domain import errors
from booking.domain.model import BestAvailable
from booking.domain.selection.free_seats import FreeSeats
from booking.plans.model import Plan
from booking.plans.reading import read
from tests.plans.houses_of_the_world import HOUSES

FOLDER = Path(__file__).with_name("best_seats")
COUNTS = (2, 4, 6)


def best(free: FreeSeats, count: int) -> list[str]:
    try:
        return free.best(BestAvailable(count, split=True))
    except errors.NotEnoughSeats:
        return []


def sell_half(free: FreeSeats) -> set[str]:
    """Two of three buyers take what is best for them, the others whatever they like."""
    chance = random.Random(3)
    every = [seat.id for seat in free.plan.seats]
    taken: set[str] = set()
    while len(taken) < len(every) // 2:
        some = best(free, chance.choice((2, 2, 2, 3, 4, 4, 5)))
        for seat in some if chance.random() < 0.67 else chance.sample(every, 1):
            taken.add(seat)
            free.replace(seat, free=False)
    return taken


def picture(plan: Plan) -> str:
    """The empty house, and the same half sold (x is sold): 2 are the best two seats, 4 and 6 those
    that four and six have besides; + is the front."""
    free = FreeSeats(plan)
    empty = drawn(plan, {count: best(free, count) for count in COUNTS}, ())
    taken = sell_half(free)
    half = drawn(plan, {count: best(free, count) for count in COUNTS}, taken)
    return f"The front is {plan.front.in_words}.\n\n{empty}\n\nHalf sold:\n\n{half}\n"


def drawn(plan: Plan, chosen: dict[int, list[str]], taken: Collection[str]) -> str:
    marks = {seat.id: ("x" if seat.id in taken else ".", seat.position) for seat in plan.seats}
    for count in sorted(chosen, reverse=True):
        marks |= {seat: (str(count), marks[seat][1]) for seat in chosen[count]}
    left = min(at.x for _, at in marks.values())
    lines: dict[int, dict[int, str]] = {}
    for mark, at in [*marks.values(), ("+", plan.focus)]:
        line = lines.setdefault(math.floor(at.y / plan.spacing + 0.5), {})
        line.setdefault(math.floor(2 * (at.x - left) / plan.spacing + 0.5), mark)
    return "\n".join(
        "".join(
            lines.get(y, {}).get(x, " ") for x in range(max(lines.get(y, {0: ""})) + 1)
        ).rstrip()
        for y in range(min(lines), max(lines) + 1)
    )


@pytest.mark.parametrize("name", HOUSES)
def test_the_best_seats_are_those_that_a_person_would_choose(name: str) -> None:
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert picture(read(HOUSES[name]())) == kept


if __name__ == "__main__":
    for house, make in HOUSES.items():
        (FOLDER / f"{house}.txt").write_text(picture(read(make())), encoding="utf-8")
