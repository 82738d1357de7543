"""The ids of events."""

import re

FORM = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
IN_WORDS = "a letter or digit, then up to 63 of letters, digits, “.”, “_” and “-”"
"""What the id of an event is."""

_ID = re.compile(FORM)


def is_event_id(text: str) -> bool:
    """Whether a text can be the id of an event."""
    return _ID.fullmatch(text) is not None
