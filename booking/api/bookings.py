"""Bookings: look one up and cancel it and, for the administrator, list those of an event.

``blueprint`` is registered twice: at the root for the bookings of any event, and under
``/events/<event>`` for those of that one.
"""

import csv
import io
from collections.abc import Sequence

from flask import Blueprint, current_app, request, url_for
from werkzeug.exceptions import BadRequest

from booking import references
from booking.api import requests
from booking.api.administration import expect_administrator, is_administrator
from booking.api.application import BytesResponse
from booking.api.documents import Document, booking_document, respond, seat_document
from booking.api.idempotency import once
from booking.box_office import BoxOffice
from booking.errors import BookingNotFound, seats_are
from booking.model import Booking
from booking.registry import SeatRegistry

blueprint = Blueprint("bookings", __name__)
listing = Blueprint("booking_list", __name__)

_COLUMNS = ("reference", "event", "seats", "booked_at", "cancelled_at")


def _box_office() -> BoxOffice:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office


@blueprint.get("/bookings/<reference>")
def see_booking(event: str | None, reference: str) -> BytesResponse:
    """A booking, for its holder or the administrator."""
    _, booking, _ = _find(event, reference)
    return _private(respond({"booking": booking_document(booking)}))


@blueprint.post("/bookings/<reference>/cancel")
def cancel_booking(event: str | None, reference: str) -> BytesResponse:
    """Give the seats of a booking back."""
    requests.expect_no_body(request.environ)
    registry, booking, holder = _find(event, reference)

    def perform() -> Document:
        freed, cancelled = registry.cancel(booking.reference, holder)
        return {
            "message": f"Booking {cancelled.reference} is cancelled."
            f" {seats_are(cancelled.seats)} available again.",
            "seats": list(map(seat_document, freed)),
            "booking": booking_document(cancelled),
        }

    # Whoever cancels sends the key: if it is not the holder, it is the administrator.
    sender = holder or current_app.extensions["admin_token"]
    return _private(
        respond(once(registry, request.environ, sender, perform, about=booking.reference))
    )


def _find(event: str | None, reference: str) -> tuple[SeatRegistry, Booking, bytes | None]:
    """The booking, its registry, and who asks for it: None is the administrator.

    Raises:
        BookingNotFound: there is none, or it is another's: to a stranger, that is all the same.
    """
    holder: bytes | None = None
    administrator = is_administrator(request.environ)
    if not administrator:
        holder = requests.read_holder(request.environ)
    spelled = references.normal(reference)
    box_office = _box_office()
    try:
        registry = (
            box_office.registry_of_booking(spelled) if event is None else box_office.registry(event)
        )
        booking = registry.booking(spelled)
    except BookingNotFound:
        raise BookingNotFound(reference) from None
    if not administrator and booking.holder != holder:
        raise BookingNotFound(reference)
    return registry, booking, holder


@listing.get("/events/<event>/bookings")
def list_bookings(event: str) -> BytesResponse:
    """The bookings of an event in the order in which they were made, a page at a time; as a table
    (text/csv) all of them, unless ``limit`` is given."""
    expect_administrator()
    registry = _box_office().registry(event)
    formats = ["application/json", "text/csv"]
    as_table = request.accept_mimetypes.best_match(formats, formats[0]) == "text/csv"
    after = requests.read_cursor() or "0"
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise BadRequest("cursor is the next_cursor of an earlier answer.")
    limit = requests.read_limit(default=1_000_000 if as_table else 100, most=1_000_000)
    page = registry.bookings(int(after), limit)
    if as_table:
        response = BytesResponse(_table(page.bookings), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{event}-bookings.csv"'
    else:
        bookings = list(map(booking_document, page.bookings))
        following = None if page.next is None else str(page.next)
        response = respond({"event": event, "bookings": bookings, "next_cursor": following})
    if page.next is not None:
        address = url_for(".list_bookings", event=event, cursor=page.next, limit=limit)
        response.headers["Link"] = f'<{address}>; rel="next"'
    return _private(response)


def _table(bookings: Sequence[Booking]) -> bytes:
    # Nothing in it can be taken for a formula: ids and references begin with a letter or a digit.
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    for booking in bookings:
        writer.writerow(booking_document(booking) | {"seats": " ".join(booking.seats)})
    return text.getvalue().encode()


def _private(response: BytesResponse) -> BytesResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
