"""An event for the calendar of its guests: iCalendar (RFC 5545), as mail brings it (RFC 5546)."""

from datetime import UTC, datetime

from booking.domain.notices import Notice, Occasion

_LONGEST_LINE = 75
"""In bytes, without the line break."""


def entry(notice: Notice, *, title: str, description: str, organizer: str) -> str | None:
    """The calendar entry of a booking; None if the event has no date. A later one for the same
    booking replaces it, and one that is cancelled takes it away."""
    if notice.starts_at is None:
        return None
    cancelled = notice.occasion is Occasion.CANCELLED
    host = organizer.rpartition("@")[2]
    properties = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Booking//Booking//EN"),
        ("METHOD", "CANCEL" if cancelled else "PUBLISH"),
        ("BEGIN", "VEVENT"),
        ("UID", f"{notice.reference}.{notice.event}@{host}"),
        # In minutes: a number that only grows, and that stays below 2^31.
        ("SEQUENCE", str(int(notice.written_at // 60))),
        ("DTSTAMP", _time(notice.written_at)),
        ("DTSTART", _time(notice.starts_at)),
        *([] if notice.ends_at is None else [("DTEND", _time(notice.ends_at))]),
        ("SUMMARY", _text(title)),
        *([("LOCATION", _text(notice.place))] if notice.place else []),
        ("DESCRIPTION", _text(description)),
        ("ORGANIZER", f"mailto:{organizer}"),
        ("STATUS", "CANCELLED" if cancelled else "CONFIRMED"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]
    return "".join(f"{_folded(f'{name}:{value}')}\r\n" for name, value in properties)


def _time(unix_time: float) -> str:
    return datetime.fromtimestamp(int(unix_time), UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    for special in ("\\", ";", ","):
        text = text.replace(special, f"\\{special}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line, broken where it becomes too long, and within no character."""
    parts, part, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += width
    return "\r\n".join([*parts, part])
