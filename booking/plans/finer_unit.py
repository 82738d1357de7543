"""Plans in metres, in a unit so fine that nothing is lost when their lengths are rounded.

The editor of pretix counts in pixels: radii, and the sizes of areas and texts, are whole numbers. A
plan in metres, in which a seat has a radius of 0.2, becomes one in centimetres.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from booking.plans import pretix
from booking.plans.model import Plan
from booking.plans.reading import PlanError, read_kept

_LOST = 0.05
"""What is lost in rounding is nothing up to this part of the distance between seats."""
_ENOUGH = 0.5 / _LOST
"""A distance between seats at which no rounding matters."""
_LENGTHS = {"x", "y", "width", "height", "radius", "size"}


def in_finer_unit(plan: Plan) -> Plan:
    """The plan, with all its lengths multiplied by a power of ten if they could not be rounded
    otherwise."""
    if not plan.document or plan.spacing >= _ENOUGH:
        return plan
    document = pretix.write(plan)
    lost = max((abs(each - round(each)) for each in _to_be_whole(document)), default=0)
    if lost <= _LOST * plan.spacing:
        return plan
    factor = 10
    while plan.spacing * factor < _ENOUGH:
        factor *= 10
    try:
        return read_kept(_times(document, factor))
    except PlanError:
        return plan  # It would be larger than a plan can be.


def _to_be_whole(document: Mapping[str, Any]) -> Iterator[float]:
    """The lengths that have to be whole for the editor of pretix."""
    parts: list[tuple[Any, ...]] = [(document.get("size"), "width", "height")]
    for zone in document["zones"]:
        parts += [(seat, "radius") for row in zone["rows"] for seat in row["seats"]]
        for area in zone.get("areas") or ():
            parts += [(area, "width", "height"), (area.get("rectangle"), "width", "height")]
            parts += [(area.get("circle"), "radius"), (area.get("text"), "size")]
    for part, *names in parts:
        if isinstance(part, Mapping):
            yield from (part[name] for name in names if isinstance(part.get(name), float))


def _times(value: Any, factor: int, *, is_length: bool = False) -> Any:
    if isinstance(value, dict):
        return {k: _times(each, factor, is_length=k in _LENGTHS) for k, each in value.items()}
    if isinstance(value, list):
        return [_times(each, factor) for each in value]
    if is_length and isinstance(value, int | float):
        # Without the last digits, which are those of the machine.
        return value * factor if isinstance(value, int) else round(value * factor, 9)
    return value
