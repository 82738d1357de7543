"""What the people of a booking are told by mail, and when.

Pure. A notice has all that is to be said, so that it can be sent whatever becomes of the booking
and of its event meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from booking.domain.model import Booking, Event, Visibility
from booking.domain.questions import Details, Kind
from booking.plans.names import Place, SeatNames


class Occasion(StrEnum):
    """Why somebody gets a mail."""

    BOOKED = "booked"
    CHANGED = "changed"
    """The booking has other seats than before."""

    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    """The event has another date, or its doors open at another time."""

    REMINDER = "reminder"
    """The event is soon."""

    LINK = "link"
    """Somebody asked for the link to the booking again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One mail about one booking. Times are Unix times."""

    occasion: Occasion
    written_at: float
    to: str = field(repr=False)
    name: str = field(repr=False)
    language: str
    """What the buyer reads, as ``Accept-Language`` says it."""

    reference: str
    event: str
    title: str
    place: str
    starts_at: float | None
    doors_at: float | None
    ends_at: float | None
    time_zone: str | None
    seats: tuple[Place, ...]
    before: tuple[Place, ...] = ()
    """The seats that the booking had before, if these are others."""

    started_at: float | None = None
    """When the event was to start, if it was postponed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequest:
    """Somebody gave an address and asks for the links to its bookings. There may be none."""

    written_at: float
    to: str = field(repr=False)
    language: str


Errand = Notice | LinkRequest
"""What waits for the mail."""


def address(details: Details | None) -> str | None:
    """Where mail about a booking goes: None if nobody said."""
    answer = None if details is None else details.answers.get(Kind.EMAIL)
    return answer if isinstance(answer, str) else None


def same_address(text: str) -> str:
    """An address as it is searched for: people write theirs in large and in small letters."""
    return text.strip().lower()


def is_of(details: Details | None, same: str) -> bool:
    """Whether a booking is one of an address."""
    to = address(details)
    return to is not None and same_address(to) == same


def notice(
    occasion: Occasion,
    event: Event,
    booking: Booking,
    details: Details | None,
    names: SeatNames,
    now: float,
    *,
    before: Sequence[Place] = (),
    started_at: float | None = None,
) -> Notice | None:
    """What to tell the people of a booking; None if they gave no address."""
    to = address(details)
    if to is None or details is None:
        return None
    name = details.answers.get(Kind.NAME, "")
    return Notice(
        occasion=occasion,
        written_at=now,
        to=to,
        name=name if isinstance(name, str) else "",
        language=details.language,
        reference=booking.reference,
        event=event.id,
        title=event.name,
        place=event.place,
        starts_at=event.starts_at,
        doors_at=event.doors_at,
        ends_at=event.ends_at,
        time_zone=event.time_zone,
        seats=names.places(booking.seats),
        before=tuple(before),
        started_at=started_at,
    )


def is_postponed(before: Event, after: Event, now: float) -> bool:
    """Whether those who have booked have to know of a change of an event: it starts at another
    time, or its doors open at another time than was said. Nobody is told of an event that is over.
    """
    doors = before.doors_at is not None and before.doors_at != after.doors_at
    return (before.starts_at != after.starts_at or doors) and max(
        before.over_at, after.over_at
    ) > now


def is_to_be_reminded(event: Event, now: float, ahead: float) -> bool:
    """Whether the event starts within so many seconds."""
    starts = event.starts_at
    is_draft = event.visibility is Visibility.DRAFT
    return not is_draft and starts is not None and now < starts <= now + ahead
