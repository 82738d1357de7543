"""A moment on two clocks: the one that decides and the one that people read."""

from typing import NamedTuple


class Moment(NamedTuple):
    """A point in time, in seconds on each clock.

    Deadlines are compared on ``monotonic``, which no one can set back or forward.
    ``wall`` is Unix time, for answers, versions and the times of a sale; it may jump, and no lock
    depends on it.
    """

    monotonic: float
    wall: float
