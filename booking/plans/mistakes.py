"""Mistakes in a document, each with its place in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from booking.plans.texts import printable

_MOST = 100
"""How many mistakes are worth telling at once."""

Place = tuple[int | str, ...]
Mistakes = Iterable[tuple[Place, str]]
"""Places, and what is wrong there."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def place(location: Sequence[int | str]) -> str:
    """Where something is in a document: ``zones[0].rows[3].seats[7].category``."""
    text = ""
    for step in location:
        if step == "[key]":  # pydantic's word for: the name of this very member.
            continue
        if isinstance(step, int):
            text += f"[{step}]"
        elif _NAME.fullmatch(step) and len(step) <= 64:
            text += f".{step}" if text else step
        else:
            text += f"[{step[:64]!r}]"
    return text


def line(location: Sequence[int | str], what: str) -> str:
    """One mistake: where, and what is wrong."""
    where = place(location)
    return printable(f"{where}: {what}" if where else what)


def first(found: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """The first hundred mistakes, with a line that says how many more there are; and how many there
    are in all."""
    told = list(islice(iterator := iter(found), _MOST))
    more = sum(1 for _ in iterator)
    count = len(told) + more
    if more:
        told.append(f"… and {more:,} more")
    return tuple(told), count


def told(found: Mistakes, within: Sequence[int | str] = ()) -> tuple[tuple[str, ...], int]:
    """As :func:`first`, for mistakes with their places; the document is itself at the place
    ``within`` a larger one."""
    return first(line([*within, *at], what) for at, what in found)


def of(error: ValidationError) -> Mistakes:
    """What pydantic found."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return ((detail["loc"], _what(detail)) for detail in found)


def lines(error: ValidationError) -> tuple[str, ...]:
    """What pydantic found, each mistake as ``place: what is wrong``; a hundred at most."""
    return told(of(error))[0]


def in_order(document: Mapping[str, Any], found: Mistakes) -> list[tuple[Place, str]]:
    """Mistakes in the order of their places in a document. What is missing is last in its place."""

    def order(mistake: tuple[Place, str]) -> list[int]:
        numbers: list[int] = []
        at: Any = document
        for step in mistake[0]:
            if isinstance(at, dict) and step in at:
                numbers.append(list(at).index(str(step)))
                at = at[step]
            elif isinstance(at, list) and isinstance(step, int) and step < len(at):
                numbers.append(step)
                at = at[step]
            else:
                return [*numbers, len(at) if isinstance(at, dict | list) else 0]
        return numbers

    return sorted(found, key=order)


def _what(detail: ErrorDetails) -> str:
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not known here"
        case "model_type" | "dict_type":
            return "must be a JSON object"
        case "list_type":
            return "must be a list"
        case _:
            what = detail["msg"].replace("Input should be", "must be")
            return what[:1].lower() + what[1:]
