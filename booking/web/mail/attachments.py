"""What is attached to a mail."""

from collections.abc import Callable, Sequence
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


Attach = Callable[[Notice], Sequence[Attachment]]
"""Makes the files that go with a notice, such as the tickets of its booking."""


def attach(message: EmailMessage, attachments: Sequence[Attachment]) -> None:
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
