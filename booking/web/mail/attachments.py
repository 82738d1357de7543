"""What is attached to a mail."""

from collections.abc import Iterable
from email.message import EmailMessage
from typing import NamedTuple

from booking.domain.notices import Notice, Occasion
from booking.web.mail import calendar_entry


class Attachment(NamedTuple):
    """A file, with its media type: ``application`` and ``pdf``."""

    name: str
    kind: str
    subkind: str
    body: bytes


def with_tickets(notice: Notice) -> bool:
    """Whether the mail brings the tickets of its booking, for what it tells of makes them new."""
    return notice.occasion in (Occasion.BOOKED, Occasion.CHANGED, Occasion.POSTPONED, Occasion.LINK)


def attach(message: EmailMessage, attachments: Iterable[Attachment]) -> None:
    """Add files to a mail."""
    for name, kind, subkind, body in attachments:
        message.add_attachment(body, maintype=kind, subtype=subkind, filename=name)


def attach_entry(
    message: EmailMessage, notice: Notice, *, title: str, description: str, organizer: str
) -> None:
    """Add the entry for a calendar, if the event has a date."""
    entry = calendar_entry.entry(notice, title=title, description=description, organizer=organizer)
    if entry is not None:
        method = "CANCEL" if notice.occasion is Occasion.CANCELLED else "PUBLISH"
        message.add_attachment(
            entry, subtype="calendar", filename="event.ics", params={"method": method}
        )
