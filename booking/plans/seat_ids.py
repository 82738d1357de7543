"""The ids of seats, as editors of plans write them."""

import unicodedata
from collections.abc import Sequence

MAX_SEAT_ID = 190
"""The most characters of a seat's id; pretix keeps as many."""

SEAT_IN_WORDS = (
    f"1 to {MAX_SEAT_ID} characters: letters, digits, marks, punctuation, symbols, and spaces"
    " that are neither first nor last"
)

_JOINERS = "\u200c\u200d"
"""Without them, some words of Persian and Hindi cannot be written."""


def normal_seat_id(text: str) -> str:
    """The one spelling of a seat's id, whichever way accents were composed (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_seat_id(text: str) -> bool:
    """Whether a text, in its one spelling, can be the id of a seat."""
    if not 1 <= len(text) <= MAX_SEAT_ID or text != text.strip():
        return False
    return text.isprintable() or all(map(_is_in_seat_id, text))


def are_usual(texts: Sequence[str]) -> bool:
    """Whether all texts are in their one spelling, and can be ids of seats for what is usual. (One
    by one, they take ten times as long.)"""
    whole = "".join(texts)
    return (
        whole.isprintable()
        and unicodedata.is_normalized("NFC", whole)
        and set(map(len, texts)).issubset(range(1, MAX_SEAT_ID + 1))
        and (" " not in whole or all(map(str.__eq__, map(str.strip, texts), texts)))
    )


def _is_in_seat_id(character: str) -> bool:
    # Of what has no look of its own, only the joiners: ids that look alike must be alike.
    category = unicodedata.category(character)
    return character in _JOINERS or category == "Zs" or category[0] not in "CZ"
