"""Strict JSON: UTF-8, no duplicate members, no NaN."""

import json
import re
from contextlib import nullcontext
from typing import Any, NoReturn

from booking.plans.collector import paused
from booking.plans.texts import printable

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONG = 100_000
"""From so many characters on, a document has so many values that the garbage collector matters."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)


def loads(data: bytes, *, with_places: bool = False) -> Any:
    """Parse a document. A byte order mark before it is skipped.

    ``with_places`` tells of more mistakes where they are. Finding out costs 0.5 µs a character, so
    it is for documents of those who are trusted.

    Raises:
        ValueError: it is not strict JSON; the message says why, and where.
    """
    try:
        text = data.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not in UTF-8") from None
    try:
        with paused() if len(text) > _LONG else nullcontext():
            return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_reject)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg}: {_place(text, error.pos)}") from None
    except RecursionError:
        where = f": {_place(text, _deepest(text))}" if with_places else ""
        raise ValueError(f"it is nested too deeply{where}") from None
    except _NoJson as error:
        raise ValueError(_no_json(text) if with_places else str(error)) from None
    except ValueError:
        # Nothing else is refused by Python, whose words for it are of no use here.
        where = f": {_place(text, _longest(text))}" if with_places else ""
        raise ValueError(f"a number has too many digits{where}") from None


class _NoJson(Exception):
    """The parser of Python would take it."""


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _NoJson("an object has the same member twice")
    return members


def _reject(word: str) -> NoReturn:
    raise _NoJson(f"{word} is no number of JSON")


def _no_json(text: str) -> str:
    """The first member that an object has twice, or the first number that is none, and where."""
    # By object that is open, its members; None for a list.
    open_objects: list[set[str] | None] = []
    before = ""
    at = 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in ("NaN", "Infinity", "-Infinity"):
            return f"{word} is no number of JSON: {_place(text, token.start())}"
        if word == ":" and open_objects and (names := open_objects[-1]) is not None:
            if (name := json.loads(before)) in names:
                what = f'an object has the member "{printable(name[:64])}" twice'
                return f"{what}: {_place(text, at)}"
            names.add(name)
        elif word in ("{", "["):
            open_objects.append(set() if word == "{" else None)
        elif word in ("}", "]"):
            open_objects.pop()
        before, at = word, token.start()
    raise AssertionError("The parser has found something, and the tokens have not.")


def _deepest(text: str) -> int:
    """Where the text is nested most deeply for the first time."""
    depth = deepest = at = 0
    for token in _TOKEN.finditer(text):
        depth += (token[0] in ("{", "[")) - (token[0] in ("}", "]"))
        if depth > deepest:
            deepest, at = depth, token.start()
    return at


def _longest(text: str) -> int:
    """Where the first number with the most digits begins."""
    numbers = (token for token in _TOKEN.finditer(text) if token[0].lstrip("-").isdigit())
    return max(numbers, key=lambda token: len(token[0])).start()


def _place(text: str, at: int) -> str:
    line_start = text.rfind("\n", 0, at)
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - line_start}"
