"""Mistakes in a document, each with its place in it."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from booking.texts import printable

_MOST = 100
"""How many mistakes are worth telling at once."""

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


def first(found: Iterable[str]) -> list[str]:
    """The first hundred mistakes, and how many more there are."""
    told = list(islice(iterator := iter(found), _MOST))
    if more := sum(1 for _ in iterator):
        told.append(f"… and {more:,} more")
    return told


def lines(error: ValidationError, within: Sequence[int | str] = ()) -> list[str]:
    """Each mistake as ``place: what is wrong``, a hundred of them at most; the document is itself
    at the place ``within`` a larger one."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return first(line([*within, *detail["loc"]], _what(detail)) for detail in found)


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
