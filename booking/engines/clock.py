"""What tells the time."""

import time
from collections.abc import Callable

from booking.domain.moment import Moment

Clock = Callable[[], Moment]
"""What tells the time. Passed in wherever time matters, so that a test can be at any moment."""


def system_clock() -> Moment:
    """The moment it is now on this machine."""
    return Moment(time.monotonic(), time.time())
