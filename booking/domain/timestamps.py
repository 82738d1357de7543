"""Times as people and programs write them: RFC 3339, in UTC with milliseconds."""

import contextlib
import functools
import re
from datetime import UTC, datetime

_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)

# Formatting three digits takes 0.5 µs, two fifths of what writing a time took.
_THOUSANDTHS = [f".{number:03d}" for number in range(1000)]


def write(unix_time: float) -> str:
    """A Unix time as text: ``2026-11-22T16:00:00.123Z``."""
    whole, milliseconds = divmod(round(unix_time * 1000), 1000)
    return f"{_second(whole)}{_THOUSANDTHS[milliseconds]}Z"


# Most answers name a second that an answer before them has named: 0.9 µs instead of 3.3.
@functools.lru_cache(maxsize=256)
def _second(unix_time: int) -> str:
    return datetime.fromtimestamp(unix_time, UTC).isoformat()[:19]


def read(text: str) -> float:
    """The Unix time that a text means, whatever its offset from UTC.

    Raises:
        ValueError: it is no RFC 3339 time, or none that there is.
    """
    if _FORM.fullmatch(text):
        with contextlib.suppress(ValueError, OverflowError):
            unix_time = datetime.fromisoformat(text.upper()).timestamp()
            write(unix_time)  # Not every time in years 1 to 9999 is in one of these in UTC.
            return unix_time
    raise ValueError("a time such as 2027-01-31T19:30:00Z or 2027-01-31T20:30:00+01:00")
