"""One moment on two clocks: the one that decides and the one that people read."""

import time
from collections.abc import Callable
from typing import NamedTuple


class Moment(NamedTuple):
    """A point in time, in seconds on each clock.

    Deadlines are compared on ``monotonic``, which no one can set back or forward.
    ``wall`` is Unix time, for answers, versions and the times of a sale; it may jump, and no lock
    depends on it.
    """

    monotonic: float
    wall: float


Clock = Callable[[], Moment]
"""What tells the time. Passed in wherever time matters, so that a test can be at any moment."""


def system_clock() -> Moment:
    """The moment it is now on this machine."""
    return Moment(time.monotonic(), time.time())
