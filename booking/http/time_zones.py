"""The time zones of venues: names of the IANA database, such as Europe/Berlin, or offsets from UTC,
such as +01:00."""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache

OFFSET = re.compile(r"([+-])([01][0-9]|2[0-3]):([0-5][0-9])")

# On some systems these are files in the database, and no place has them.
_NO_PLACES = frozenset({"Factory", "localtime"})


def is_time_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    return bool(OFFSET.fullmatch(name)) or name in _names()


def offset_of(time: str) -> str | None:
    """The offset in an RFC 3339 time. ``Z`` tells the time and says nothing of the place (RFC 9557,
    section 2), nor does ``-00:00``."""
    found = re.search(r"[+-][0-9]{2}:[0-9]{2}\Z", time)
    return None if found is None or found[0] == "-00:00" else found[0]


def local_time(unix_time: float, name: str | None) -> str:
    """A Unix time as the clock at the venue shows it, in RFC 3339 with the offset from UTC; in UTC
    for a venue whose time zone is not known."""
    text = local_datetime(unix_time, name).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z") if name is None else text


def local_datetime(unix_time: float, name: str | None) -> datetime:
    """The same as a value, to the millisecond."""
    whole, milliseconds = divmod(round(unix_time * 1000), 1000)
    zone = UTC if name is None else _zone(name)
    return datetime.fromtimestamp(whole, zone).replace(microsecond=1000 * milliseconds)


@cache
def _names() -> frozenset[str]:
    # Takes 20 ms. Where the system has no database, that of the package tzdata is read.
    return frozenset(zoneinfo.available_timezones() - _NO_PLACES)


@cache
def _zone(name: str) -> tzinfo:
    offset = OFFSET.fullmatch(name)
    if offset is None:
        return zoneinfo.ZoneInfo(name)
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return timezone(-ahead if offset[1] == "-" else ahead)
