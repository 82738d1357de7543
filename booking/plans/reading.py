"""Plans as documents: a number of seats, a grid, or what pretix writes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, ValidationError

from booking.plans import grid, limits, mistakes, same_labels, seat_columns, seats_of_document
from booking.plans.collector import paused
from booking.plans.fields import FocalPoint, Own, Text
from booking.plans.mistakes import Mistakes
from booking.plans.model import MAX_SEATS, Plan
from booking.plans.pretix import Context, PretixPlan

_SEAT = re.compile(r"([A-Z]+)([1-9][0-9]{0,5})")


class PlanError(Exception):
    """A document that is no plan. ``mistakes`` are the first that were found, each with its place;
    there are ``count`` of them."""

    def __init__(self, found: Iterable[str]) -> None:
        self.mistakes, self.count = mistakes.first(found)
        super().__init__("\n".join(self.mistakes))


@paused()
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
    document, within = _unwrapped(document, within)
    plan = read_kept(document, within)
    if not allow_same_labels:
        _refuse(same_labels.found(plan, within), within)
    return plan


@paused()
def read_kept(document: object, within: Sequence[int | str] = ()) -> Plan:
    """As :func:`read`, for a plan that was accepted earlier: its labels are not looked at."""
    document, within = _unwrapped(document, within)
    if not isinstance(document, Mapping):
        raise PlanError([mistakes.line(within, "must be a JSON object")])
    given = [kind for kind in _READERS if kind in document]
    if len(given) != 1:
        what = "a plan has one of the members count, grid and zones (as pretix writes them)"
        raise PlanError([mistakes.line(within, what)])
    plan = _READERS[given[0]](document, within)
    if not plan.seats:
        raise PlanError([mistakes.line(within, "the plan has no seats")])
    if len(plan.seats) > MAX_SEATS:
        raise PlanError([mistakes.line(within, _too_many(len(plan.seats)))])
    _refuse(_too_far(plan, given[0]), within)
    return plan


def _unwrapped(document: object, within: Sequence[int | str]) -> tuple[object, Sequence[int | str]]:
    """The plan in what the API of pretix answers, and its place there; else the document itself."""
    if not isinstance(document, Mapping) or document.keys() & _READERS.keys():
        return document, within
    layout = document.get("layout")
    if not isinstance(layout, Mapping):
        return document, within
    name = document.get("name")
    named = {} if layout.get("name") or not isinstance(name, str) else {"name": name}
    return {**layout, **named}, [*within, "layout"]


def _refusal(found: Mistakes, within: Sequence[int | str]) -> PlanError:
    return PlanError(mistakes.line([*within, *at], what) for at, what in found)


def _refuse(found: Mistakes, within: Sequence[int | str]) -> None:
    """Raises PlanError if there is any mistake."""
    error = _refusal(found, within)
    if error.count:
        raise error


def _read_count(document: Mapping[str, Any], within: Sequence[int | str]) -> Plan:
    try:
        return _CountPlan.model_validate(document).plan()
    except ValidationError as error:
        raise _refusal(mistakes.of(error), within) from None


def _read_grid(document: Mapping[str, Any], within: Sequence[int | str]) -> Plan:
    try:
        described = _GridPlan.model_validate(document)
    except ValidationError as error:
        raise _refusal(mistakes.of(error), within) from None
    _refuse(described.mistakes(), within)
    return described.plan()


def _read_zones(document: Mapping[str, Any], within: Sequence[int | str]) -> Plan:
    try:
        described = PretixPlan.model_validate(document, context=Context())
    except ValidationError as error:
        raise _unreadable(document, mistakes.of(error), within) from None
    seats = seat_columns.read(document)
    if seats is None:
        raise _unreadable(document, (), within)
    try:
        return described.plan(document, seats)
    except RecursionError:
        raise PlanError([mistakes.line(within, "is nested too deeply")]) from None
    except ValueError:
        raise PlanError([mistakes.line(within, "has a number that is not finite")]) from None


def _unreadable(
    document: Mapping[str, Any], found: Mistakes, within: Sequence[int | str]
) -> PlanError:
    """What was found, and all that is wrong with the seats."""
    form = [*found, *seat_columns.mistakes_of(document)]
    together = seats_of_document.mistakes_of(document, within)
    return _refusal(mistakes.in_order(document, [*form, *together]) if form else together, within)


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


_READERS = {"count": _read_count, "grid": _read_grid, "zones": _read_zones}
