"""The tickets of a booking for its holder: a page that is shown at the door, and a PDF."""

from flask import Blueprint, request
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from booking.api.bookings import find_booking
from booking.domain.errors import BookingCancelled, BookingNotFound
from booking.domain.keys import Scope
from booking.http.application import BytesResponse
from booking.http.door import name_in
from booking.web.pages import language_of_request, render_page
from booking.web.tickets import qr
from booking.web.tickets.contents import contents_of

blueprint = Blueprint("tickets", __name__)

_TOP = "../../.."


@blueprint.get("/bookings/<reference>/tickets/")
def tickets_page(reference: str) -> BytesResponse:
    """The tickets of a booking."""
    try:
        registry, booking, _ = find_booking(None, reference, Scope.READ)
        tickets = registry.tickets(booking.reference)
    except BookingNotFound:
        return _private(_page(404, problem="not_your_booking"))
    except BookingCancelled:
        return _private(_page(409, problem="cancelled"))
    name, language = name_in(registry.details(booking.reference)), language_of_request()
    event = registry.event
    shown = [
        # All of it is made here, of the letters and digits of a code.
        (contents_of(event, ticket, name, language), Markup(qr.svg(ticket.code)))  # noqa: S704
        for ticket in tickets
    ]
    return _private(_page(200, tickets=shown, reference=booking.reference, event=event.id))


@blueprint.get("/bookings/<reference>/tickets.pdf")
def tickets_file(reference: str) -> BytesResponse:
    """The same as PDF: ``?size=a4`` is three on a sheet, ``?size=phone`` one on each screen."""
    # Only here: it takes a second to import, and most processes never make a PDF.
    from booking.web.tickets.pdf import Size, tickets_pdf

    wanted = request.args.get("size", Size.A4.value)
    if wanted not in list(Size):
        raise BadRequest(f"size must be one of {', '.join(Size)}.")
    registry, booking, _ = find_booking(None, reference, Scope.READ)
    tickets = registry.tickets(booking.reference)
    name = name_in(registry.details(booking.reference))
    body = tickets_pdf(registry.event, tickets, name, language_of_request(), Size(wanted))
    response = BytesResponse(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{booking.reference}.pdf"'
    return _private(response)


def _page(status: int, **values: object) -> BytesResponse:
    return render_page("tickets.html", status, top=_TOP, **values)


def _private(response: BytesResponse) -> BytesResponse:
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response
