"""Bookings: look one up and cancel it.

``blueprint`` is registered twice: at the root for the bookings of any event, and under
``/events/<event>`` for those of that one.
"""

from collections.abc import Sequence

from flask import Blueprint, current_app, request

from booking.domain import references
from booking.domain.errors import BookingNotFound, EventNotFound
from booking.domain.model import Booking, Seat
from booking.engines.contract import BoxOffice, Registry
from booking.http import requests
from booking.http.administration import is_administrator
from booking.http.application import BytesResponse
from booking.http.documents import Document, booking_document, respond, seat_document
from booking.http.once import once

blueprint = Blueprint("bookings", __name__)


def _box_office() -> BoxOffice:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office


@blueprint.get("/bookings/<reference>")
def see_booking(event: str | None, reference: str) -> BytesResponse:
    """A booking, for its holder or the administrator."""
    registry, booking, _ = _find(event, reference)
    details = registry.details(booking.reference)
    return _private(respond({"booking": booking_document(booking, details)}))


@blueprint.delete("/bookings/<reference>/details")
def erase_details(event: str | None, reference: str) -> BytesResponse:
    """Forget what is known of the people of a booking, for its holder or the administrator."""
    requests.expect_no_body(request.environ)
    registry, booking, _ = _find(event, reference)
    registry.erase_details(booking.reference)
    message = f"Nothing is known any more of the people of booking {booking.reference}."
    return _private(respond({"message": message, "booking": booking_document(booking)}))


@blueprint.post("/bookings/<reference>/cancel")
def cancel_booking(event: str | None, reference: str) -> BytesResponse:
    """Give the seats of a booking back."""
    requests.expect_no_body(request.environ)
    registry, booking, holder = _find(event, reference)

    def describe(done: tuple[Sequence[Seat], Booking]) -> Document:
        freed, cancelled = done
        return {
            "message": f"Booking {cancelled.reference} is cancelled."
            f" {registry.names.are(cancelled.seats)} available again.",
            "seats": list(map(seat_document, freed)),
            "booking": booking_document(cancelled),
        }

    # Whoever cancels sends the key: if it is not the holder, it is the administrator.
    sender = holder or current_app.extensions["admin_token"]
    document = once(
        registry,
        request.environ,
        sender,
        lambda: registry.cancel(booking.reference, holder),
        describe,
        about=booking.reference,
    )
    return _private(respond(document))


def _find(event: str | None, reference: str) -> tuple[Registry, Booking, bytes | None]:
    """The booking, its registry, and who asks for it: None is the administrator.

    Raises:
        BookingNotFound: there is none, or it is another's: to a stranger, that is all the same.
        EventNotFound: there is no such event.
        InvalidToken: the request brings one of the wrong form.
    """
    holder: bytes | None = None
    administrator = is_administrator(request.environ)
    if not administrator:
        holder = requests.read_holder(request.environ)
    spelled = references.normal(reference)
    box_office = _box_office()
    if spelled is None:
        if event is not None:
            box_office.registry(event)
        raise BookingNotFound(reference)
    try:
        registry = (
            box_office.registry_of_booking(spelled) if event is None else box_office.registry(event)
        )
        booking = registry.booking(spelled)
    except BookingNotFound:
        raise BookingNotFound(reference) from None
    except EventNotFound:
        if event is not None:
            raise
        raise BookingNotFound(reference) from None  # Its event has ended just now.
    if not administrator and booking.holder != holder:
        raise BookingNotFound(reference)
    return registry, booking, holder


def _private(response: BytesResponse) -> BytesResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
