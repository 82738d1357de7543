"""The form of the ids of seats and events."""

import re

FORM = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
IN_WORDS = "a letter or digit, then up to 63 of letters, digits, “.”, “_” and “-”"

_ID = re.compile(FORM)


def is_id(text: str) -> bool:
    """Whether a text can be the id of a seat or an event."""
    return _ID.fullmatch(text) is not None
