"""Strict JSON: UTF-8, no duplicate members, no NaN."""

import json
from typing import Any, NoReturn


def loads(data: bytes) -> Any:
    """Parse a document.

    Raises:
        ValueError: it is not strict JSON; the message says why.
    """
    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_reject
        )
    except RecursionError as error:
        raise ValueError(str(error)) from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("an object has the same member twice")
    return members


def _reject(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
