"""Requests that are answered so soon that a thread of their own would be a waste."""

import re

_ONE_SEAT = re.compile(r"(?:/events/[^/]++)?+/(?:seats|lock|confirm|release)/[^/]++")


def is_brief(path: str) -> bool:
    """Whether a path is that of a call on one seat. In memory, it takes a tenth of a millisecond,
    however large the house, and waits for nobody who waits."""
    return _ONE_SEAT.fullmatch(path) is not None
