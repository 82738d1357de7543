"""Bookings: look one up and cancel it.

``blueprint`` is registered twice: at the root for the bookings of any event, and under
``/events/<event>`` for those of that one.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, current_app, request

from booking.domain import references
from booking.domain.errors import BookingNotFound, EventNotFound
from booking.domain.keys import Scope
from booking.domain.model import Actor, Booking
from booking.engines.contract import Booked, BoxOffice, Registry
from booking.engines.idempotency import Reply
from booking.http import booking_links, counter_requests, holders, requests, tokens
from booking.http.administration import (
    Organiser,
    is_administrator,
    note_wrong_token,
    organiser,
)
from booking.http.application import BytesResponse
from booking.http.documents import Document, booking_document, respond, seat_document
from booking.http.door import name_in, ticket_document
from booking.http.errors import AdministratorRequired
from booking.http.once import once

blueprint = Blueprint("bookings", __name__)

T = TypeVar("T")


def _box_office() -> BoxOffice:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office


@blueprint.get("/bookings/<reference>")
def see_booking(event: str | None, reference: str) -> BytesResponse:
    """A booking, for its holder or the administrator."""
    registry, booking, who = find_booking(event, reference, Scope.READ)
    details = registry.details(booking.reference)
    document = booking_document(booking, details, with_note=isinstance(who, Organiser))
    return _private(respond({"booking": document}))


@blueprint.get("/bookings/<reference>/tickets")
def see_tickets(event: str | None, reference: str) -> BytesResponse:
    """The tickets of a booking, for its holder or the administrator."""
    registry, booking, _ = find_booking(event, reference, Scope.READ)
    tickets = registry.tickets(booking.reference)
    document = {
        "reference": booking.reference,
        "event": booking.event,
        "name": name_in(registry.details(booking.reference)),
        "tickets": [ticket_document(ticket, registry.names) for ticket in tickets],
    }
    return _private(respond(document))


@blueprint.delete("/bookings/<reference>/details")
def erase_details(event: str | None, reference: str) -> BytesResponse:
    """Forget what is known of the people of a booking, for its holder or the administrator."""
    requests.expect_no_body(request.environ)
    registry, booking, _ = find_booking(event, reference, Scope.SELL)
    registry.erase_details(booking.reference)
    message = f"Nothing is known any more of the people of booking {booking.reference}."
    return _private(respond({"message": message, "booking": booking_document(booking)}))


@blueprint.post("/bookings/<reference>/cancel")
def cancel_booking(event: str | None, reference: str) -> BytesResponse:
    """Give the seats of a booking back, or some of them."""
    registry, booking, who = find_booking(event, reference, Scope.SELL)
    seat_ids = requests.read_seats_if_any(request.environ)

    def describe(cancelled: Booked) -> Document:
        freed, left = cancelled
        are = registry.names.are
        message = f"Booking {left.reference} is cancelled. {are(left.seats)} available again."
        if left.cancelled_at is None:
            message = (
                f"{are([seat.id for seat in freed])} available again."
                f" {are(left.seats)} still booked under {left.reference}."
            )
        return {
            "message": message,
            "seats": list(map(seat_document, freed)),
            "booking": booking_document(left),
        }

    reply = _once(booking, who, describe)
    return _private(respond(registry.cancel(booking.reference, _actor(who), seat_ids, reply)))


@blueprint.post("/bookings/<reference>/move")
def move_booking(event: str | None, reference: str) -> BytesResponse:
    """Move seats of a booking to others, all or none. Rules are overridden by the administrator."""
    registry, booking, who = find_booking(event, reference, Scope.SELL)
    places, override = counter_requests.read_move(request.environ)
    if override and not isinstance(who, Organiser):
        raise AdministratorRequired

    def describe(moved: Booked) -> Document:
        changed, booking = moved
        are = registry.names.are
        return {
            "message": f"{are(list(places.values()))} booked now under {booking.reference}."
            f" {are(list(places))} available again.",
            "seats": list(map(seat_document, changed)),
            "booking": booking_document(booking),
        }

    reply = _once(booking, who, describe)
    return _private(respond(registry.move(booking.reference, places, _actor(who), override, reply)))


@blueprint.post("/bookings/<reference>/swap")
def swap_bookings(event: str | None, reference: str) -> BytesResponse:
    """Let two bookings exchange seats, for the box office."""
    registry, booking, who = find_booking(event, reference, Scope.SELL)
    if not isinstance(who, Organiser):
        raise AdministratorRequired
    places, other = counter_requests.read_swap(request.environ)
    spelled = references.normal(other)
    if spelled is None or spelled == booking.reference:
        raise BookingNotFound(other)
    reply = _once(booking, who, _swapped)
    return _private(respond(registry.swap(booking.reference, spelled, places, who.name, reply)))


def _swapped(swapped: tuple[Booking, Booking]) -> Document:
    one, two = swapped
    return {
        "message": f"Bookings {one.reference} and {two.reference} have exchanged seats.",
        "bookings": [booking_document(one), booking_document(two)],
    }


def _once(booking: Booking, who: bytes | Organiser, describe: Callable[[T], Document]) -> Reply[T]:
    """How a request about a booking is answered. Its key belongs to whoever sends it."""
    sender = who.digest if isinstance(who, Organiser) else who
    return once(request.environ, sender, describe, about=booking.reference)


def _actor(who: bytes | Organiser) -> Actor:
    return who.name if isinstance(who, Organiser) else who


def find_booking(
    event: str | None, reference: str, scope: Scope
) -> tuple[Registry, Booking, bytes | Organiser]:
    """The booking, its registry, and who asks for it: its holder, or someone with the scope. Who
    has the secret of its link stands for its holder.

    Raises:
        BookingNotFound: there is none, or it is another's: to a stranger, that is all the same.
        EventNotFound: there is no such event.
        InvalidToken: the request brings one of the wrong form.
        ScopeRequired: it brings a key that is not good for this.
    """
    token: str | None = None
    holder: bytes | None = None
    if not is_administrator(request.environ):
        token = holders.read_token(request.environ)
        holder = None if token is None else tokens.digest(token)
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
    link_key = box_office.shared_key("links")
    if booking.holder == holder or booking_links.opens(
        link_key, token, booking.event, booking.reference
    ):
        return registry, booking, booking.holder
    who = organiser(scope, booking.event)
    if who is None:
        note_wrong_token(request.environ)
        raise BookingNotFound(reference)
    return registry, booking, who


def _private(response: BytesResponse) -> BytesResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
