"""The form of the ids of seats and events."""

import re
import unicodedata

FORM = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
IN_WORDS = "a letter or digit, then up to 63 of letters, digits, “.”, “_” and “-”"
"""What the id of an event is."""

MAX_SEAT_ID = 190
"""The most characters of a seat's id; pretix keeps as many."""

SEAT_IN_WORDS = (
    f"1 to {MAX_SEAT_ID} characters: letters, digits, marks, punctuation, symbols, and spaces"
    " that are neither first nor last"
)

_ID = re.compile(FORM)
_JOINERS = "\u200c\u200d"
"""Without them, some words of Persian and Hindi cannot be written."""


def is_id(text: str) -> bool:
    """Whether a text can be the id of an event."""
    return _ID.fullmatch(text) is not None


def normal_seat_id(text: str) -> str:
    """The one spelling of a seat's id, whichever way accents were composed (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_seat_id(text: str) -> bool:
    """Whether a text, in its one spelling, can be the id of a seat."""
    if not 1 <= len(text) <= MAX_SEAT_ID or text != text.strip():
        return False
    return text.isprintable() or all(map(_is_in_seat_id, text))


def _is_in_seat_id(character: str) -> bool:
    # Of what has no look of its own, only the joiners: ids that look alike must be alike.
    category = unicodedata.category(character)
    return character in _JOINERS or category == "Zs" or category[0] not in "CZ"
