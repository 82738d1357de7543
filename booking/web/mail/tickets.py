"""The tickets of a booking, as a file that goes with a mail."""

from collections.abc import Sequence

from booking.domain.errors import BookingError
from booking.domain.notices import Notice, Occasion
from booking.engines.contract import BoxOffice
from booking.http.door import name_in
from booking.web.languages import preferred, read_languages
from booking.web.mail.attachments import Attach, Attachment


def tickets_of(box_office: BoxOffice) -> Attach:
    """Return a function that makes the tickets of a notice, as they are now: none if its booking or
    its event is over by the time that the mail is sent."""
    languages = read_languages()

    def tickets(notice: Notice) -> Sequence[Attachment]:
        if notice.occasion is Occasion.CANCELLED:
            return ()
        # Only where mail is sent: the fonts and the PDF take 0.2 s to import.
        from booking.web.tickets.pdf import tickets_pdf

        try:
            registry = box_office.registry(notice.event)
            event, found = registry.event, registry.tickets(notice.reference)
            name = name_in(registry.details(notice.reference))
        except BookingError:
            return ()
        body = tickets_pdf(event, found, name, preferred(languages, notice.language))
        return (Attachment("tickets.pdf", "application", "pdf", body),)

    return tickets
