"""The door: check tickets in and out, and say who is expected."""

from collections.abc import Collection

from flask import Blueprint, current_app, request

from booking.domain.keys import Scope
from booking.domain.tickets import Ticket
from booking.engines.contract import BoxOffice, Registry
from booking.engines.idempotency import Reply
from booking.http import requests
from booking.http.administration import expect_organiser
from booking.http.application import BytesResponse
from booking.http.documents import Document, respond
from booking.http.door import checked_document, guest_document, name_in, read_presented
from booking.http.once import once
from booking.sale.door import Presented

blueprint = Blueprint("door", __name__)

_FEW = 20
"""Names of so many bookings are looked up one by one. For more, all bookings are read."""


def _registry(event: str) -> Registry:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office.registry(event)


@blueprint.post("/events/<event>/check-in")
def check_in(event: str) -> BytesResponse:
    """Let somebody in: once with each ticket."""
    registry, usher, presented, reply = _presented(event, "in")
    return _checked(registry, registry.check_in(presented, usher, reply))


@blueprint.post("/events/<event>/check-out")
def check_out(event: str) -> BytesResponse:
    """Let somebody out, who can come in again."""
    registry, usher, presented, reply = _presented(event, "out")
    return _checked(registry, registry.check_out(presented, usher, reply))


def _presented(event: str, way: str) -> tuple[Registry, str, Presented, Reply[Ticket]]:
    """At which event, the usher, with what somebody comes, and how that is answered."""
    usher = expect_organiser(Scope.DOOR, event)
    registry = _registry(event)
    presented = read_presented(usher.name)

    def describe(ticket: Ticket) -> Document:
        seat = registry.names.name(ticket.seat)
        message = f"{seat[0].upper()}{seat[1:]} is checked {way}."
        return {"message": message, **checked_document(ticket, registry.names)}

    return registry, usher.name, presented, once(request.environ, usher.digest, describe)


def _checked(registry: Registry, checked: Document) -> BytesResponse:
    # The name is added to what is given again: details are kept nowhere but with the booking.
    return _private({**checked, "name": name_in(registry.details(checked["reference"]))})


@blueprint.get("/events/<event>/guests")
def list_guests(event: str) -> BytesResponse:
    """Who is expected, for a door that may lose its network: all, or with ``?since=``, what changed
    after that version."""
    expect_organiser(Scope.DOOR, event)
    registry = _registry(event)
    expected = registry.expected(requests.read_since(request.environ))
    names = _names(registry, {ticket.reference for ticket in expected.tickets})
    guests = [
        guest_document(ticket, registry.names, names[ticket.reference])
        for ticket in expected.tickets
    ]
    return _private(
        {
            "event": event,
            "version": expected.version,
            "full": expected.full,
            "guests": guests,
            "gone": expected.free,
        }
    )


def _names(registry: Registry, references: Collection[str]) -> dict[str, str]:
    """The names in which bookings were made, empty for those that nobody asked."""
    names = dict.fromkeys(references, "")
    if len(references) <= _FEW:
        return {each: name_in(registry.details(each)) for each in references}
    following: int | None = 0
    while following is not None:
        page = registry.bookings(following, 1000)
        known = page.details.items()
        names |= {each: name_in(details) for each, details in known if each in names}
        following = page.next
    return names


def _private(document: Document) -> BytesResponse:
    response = respond(document)
    response.headers["Cache-Control"] = "no-store"
    return response
