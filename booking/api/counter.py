"""The box office: book for someone else, take a lock, take seats off sale."""

from collections.abc import Sequence

from flask import Blueprint, current_app, request

from booking.domain.keys import Scope
from booking.domain.model import Seat
from booking.engines.contract import Booked, BoxOffice, Registry
from booking.http import counter_requests, requests, tokens
from booking.http.administration import expect_organiser
from booking.http.application import BytesResponse
from booking.http.documents import (
    Document,
    block_documents,
    booking_document,
    respond,
    seat_document,
)
from booking.http.once import once

blueprint = Blueprint("counter", __name__)


def _registry(event: str) -> Registry:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office.registry(event)


@blueprint.post("/events/<event>/bookings")
def sell(event: str) -> BytesResponse:
    """Book seats for someone else in one step."""
    seller = expect_organiser(Scope.SELL, event)
    registry = _registry(event)
    seat_ids, details, override = counter_requests.read_sale(request.environ)
    # Nobody has this token: what becomes of the booking is for the box office.
    holder = tokens.digest(tokens.mint())

    def describe(sold: Booked) -> Document:
        seats, booking = sold
        return {
            "message": f"{registry.names.are(booking.seats)} booked under {booking.reference}.",
            "seats": list(map(seat_document, seats)),
            "booking": booking_document(booking),
        }

    reply = once(request.environ, seller.digest, describe)
    response = respond(registry.sell(seat_ids, holder, details, seller.name, override, reply))
    response.status_code = 201
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/events/<event>/take")
def take(event: str) -> BytesResponse:
    """Take locks from whoever has them, who are told the reason."""
    seller = expect_organiser(Scope.SELL, event)
    registry = _registry(event)
    seat_ids, reason = counter_requests.read_take(request.environ)
    return _changed("available again", registry, registry.take(seat_ids, reason, seller.name))


@blueprint.post("/events/<event>/block")
def block(event: str) -> BytesResponse:
    """Take seats off sale, all or none, and say for what."""
    manager = expect_organiser(Scope.MANAGE, event)
    registry = _registry(event)
    seat_ids, block = counter_requests.read_block(request.environ)
    return _changed("off sale", registry, registry.block(seat_ids, block, manager.name))


@blueprint.post("/events/<event>/unblock")
def unblock(event: str) -> BytesResponse:
    """Put seats on sale again."""
    manager = expect_organiser(Scope.MANAGE, event)
    registry = _registry(event)
    seat_ids = requests.read_seats(request.environ)
    return _changed("not off sale", registry, registry.unblock(seat_ids, manager.name))


@blueprint.get("/events/<event>/blocks")
def list_blocks(event: str) -> BytesResponse:
    """The seats that are off sale, by what they are off sale for."""
    expect_organiser(Scope.READ, event)
    response = respond({"event": event, "blocks": block_documents(_registry(event).blocked())})
    response.headers["Cache-Control"] = "no-store"
    return response


def _changed(how: str, registry: Registry, seats: Sequence[Seat]) -> BytesResponse:
    message = f"{registry.names.are([seat.id for seat in seats])} {how}."
    return respond({"message": message, "seats": list(map(seat_document, seats))})
