"""Plans as documents: a number of seats, a grid, or what pretix writes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, ValidationError

from booking import mistakes
from booking.plans import grid, limits, same_labels
from booking.plans.fields import FocalPoint, Own, Text
from booking.plans.model import MAX_SEATS, Plan
from booking.plans.pretix import Context, PretixPlan

_SEAT = re.compile(r"([A-Z]+)([1-9][0-9]{0,5})")

Mistakes = Iterator[tuple[tuple[int | str, ...], str]]
"""Places, and what is wrong there."""


class PlanError(Exception):
    """A document that is no plan. ``mistakes`` are all that were found, each with its place."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


def read(
    document: object, within: Sequence[int | str] = (), *, allow_same_labels: bool = False
) -> Plan:
    """The plan that a document, as :mod:`json` reads it, describes.

    It has one of the members ``count``, ``grid`` and ``zones``. ``within`` is the place of the
    document in a larger one, for the mistakes. With ``allow_same_labels``, people may read two
    seats as the same one.

    Raises:
        PlanError: it describes none.
    """
    plan = read_kept(document, within)
    if not allow_same_labels:
        same = (mistakes.line([*within, *at], what) for at, what in same_labels.found(plan, within))
        if told := mistakes.first(same):
            raise PlanError(told)
    return plan


def read_kept(document: object, within: Sequence[int | str] = ()) -> Plan:
    """As :func:`read`, for a plan that was accepted earlier: its labels are not looked at."""
    if not isinstance(document, Mapping):
        raise PlanError([mistakes.line(within, "must be a JSON object")])
    given = [kind for kind in _KINDS if kind in document]
    if len(given) != 1:
        what = "a plan has one of the members count, grid and zones (as pretix writes them)"
        raise PlanError([mistakes.line(within, what)])
    try:
        described = _KINDS[given[0]].model_validate(document, context=Context(document))
    except ValidationError as error:
        raise PlanError(mistakes.lines(error, within)) from None
    if isinstance(described, _GridPlan):
        wrong = (mistakes.line([*within, *at], what) for at, what in described.mistakes())
        if told := mistakes.first(wrong):
            raise PlanError(told)
    plan = described.plan()
    if not plan.seats:
        raise PlanError([mistakes.line(within, "the plan has no seats")])
    if len(plan.seats) > MAX_SEATS:
        raise PlanError([mistakes.line(within, _too_many(len(plan.seats)))])
    too_far = _too_far(plan, given[0])
    if told := mistakes.first(mistakes.line([*within, *at], what) for at, what in too_far):
        raise PlanError(told)
    return plan


def _too_far(plan: Plan, kind: str) -> Mistakes:
    for place in limits.beyond(plan):
        if kind != "zones":
            yield (kind,), f"the plan is larger than {limits.FARTHEST:,} from one end to the other"
            return
        yield place, f"is more than {limits.FARTHEST:,} away, zone, row and seat added up"


def _too_many(seats: int) -> str:
    return f"the plan has {seats:,} seats; {MAX_SEATS:,} is the most"


class _OwnPlan(Own):
    """What a plan that is told by numbers can have besides."""

    name: Text = ""
    focal_point: FocalPoint | None = None

    def _besides(self) -> dict[str, Any]:
        return {"name": self.name, "focal_point": self.focal_point and self.focal_point.point()}


class _CountPlan(_OwnPlan):
    count: Annotated[int, Field(ge=1, le=MAX_SEATS)]

    def plan(self) -> Plan:
        return grid.count(self.count, **self._besides())


class _Grid(Own):
    rows: Annotated[int, Field(ge=1, le=limits.MOST_IN_LINE)]
    seats_per_row: Annotated[int, Field(ge=1, le=limits.MOST_IN_LINE)]
    categories: dict[Text, list[str]] = Field(default_factory=dict)
    aisle_after: list[Annotated[int, Field(ge=1, le=MAX_SEATS)]] = Field(default_factory=list)
    skip: list[str] = Field(default_factory=list)


class _GridPlan(_OwnPlan):
    grid: _Grid

    def mistakes(self) -> Mistakes:
        told = self.grid
        if told.rows * told.seats_per_row > MAX_SEATS:
            yield ("grid",), _too_many(told.rows * told.seats_per_row)
            return
        labels = {grid.row_label(number) for number in range(told.rows)}
        category_of: dict[str, str] = {}
        for name, rows in told.categories.items():
            for number, row in enumerate(rows):
                where = ("grid", "categories", name, number)
                if row not in labels:
                    yield where, f'there is no row "{row[:64]}"'
                elif category_of.setdefault(row, name) != name:
                    yield where, f'row "{row}" is in category "{category_of[row]}" already'
        for number, aisle in enumerate(told.aisle_after):
            if not 1 <= aisle < told.seats_per_row:
                yield ("grid", "aisle_after", number), f"there is no aisle after seat {aisle}"
        for number, seat in enumerate(told.skip):
            parts = _SEAT.fullmatch(seat)
            if not parts or parts[1] not in labels or int(parts[2]) > told.seats_per_row:
                yield ("grid", "skip", number), f'there is no seat "{seat[:64]}"'

    def plan(self) -> Plan:
        told = self.grid
        return grid.grid(
            told.rows,
            told.seats_per_row,
            categories=told.categories,
            aisle_after=set(told.aisle_after),
            skip=set(told.skip),
            **self._besides(),
        )


_KINDS: dict[str, type[_CountPlan | _GridPlan | PretixPlan]] = {
    "count": _CountPlan,
    "grid": _GridPlan,
    "zones": PretixPlan,
}
