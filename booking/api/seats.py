"""The seats of an event: see, lock, confirm, release, extend.

The blueprint is registered twice, for the default event at the root and for any event under
``/events/<event>``; every view is given the name of the event.
"""

from collections.abc import Sequence

from flask import Blueprint, current_app, request

from booking.api.listing import Listings
from booking.domain.errors import SeatsUnavailable
from booking.domain.model import BestAvailable, Booking, Held, Seat
from booking.domain.questions import Details
from booking.engines.contract import BoxOffice, Registry
from booking.http import requests, tokens
from booking.http.application import BytesResponse
from booking.http.documents import (
    Document,
    basket_document,
    booking_document,
    duration,
    leaves_single,
    respond,
    seat_document,
    with_etag,
)
from booking.http.once import once

blueprint = Blueprint("seats", __name__)


def _registry(event: str) -> Registry:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office.registry(event)


@blueprint.get("/seats")
def list_seats(event: str) -> BytesResponse:
    """All seats; with ``?since=V``, those that changed after version V."""
    registry = _registry(event)
    listings: Listings = current_app.extensions["listings"]
    since = requests.read_since(request.environ)
    if since is None:
        version, body = listings.of(registry).current(registry)
    else:
        version, body = listings.of(registry).since(registry, since)
    return with_etag(body, str(version))


@blueprint.get("/seats/<seat_id>")
def see_seat(event: str, seat_id: str) -> BytesResponse:
    """One seat."""
    response = respond({"seat": seat_document(_registry(event).seat(seat_id))})
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/basket")
def see_basket(event: str) -> BytesResponse:
    """What the holder has; without a token, nothing. Our page is given its cookie here."""
    registry, environ = _registry(event), request.environ
    to_introduce = requests.is_to_be_introduced(environ)
    holder = None if to_introduce else requests.read_holder(environ)
    document = {"event": event, "seats": [], "bookings": []}
    if holder is not None:
        document = basket_document(registry.basket(holder))
    response = respond(document)
    if to_introduce:
        requests.set_cookie(response, environ, tokens.mint())
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/lock/<seat_id>")
def lock_seat(event: str, seat_id: str) -> BytesResponse:
    """Lock one seat."""
    registry, environ = _registry(event), request.environ
    requests.expect_no_body(environ)
    try:
        return _lock(registry, [seat_id], environ, one=True)
    except SeatsUnavailable as error:
        refusal = error.refusals[0]
        refusal.names = error.names
        raise refusal from None


@blueprint.post("/lock")
def lock_seats(event: str) -> BytesResponse:
    """Lock several seats, all or none: those that are named, or the best available."""
    registry, environ = _registry(event), request.environ
    return _lock(registry, requests.read_choice(environ), environ)


def _lock(
    registry: Registry,
    choice: Sequence[str] | BestAvailable,
    environ: requests.Environ,
    *,
    one: bool = False,
) -> BytesResponse:
    sent = requests.read_token(environ)
    token = tokens.mint() if sent is None else sent
    holder = tokens.digest(token)

    def describe(held: Held) -> Document:
        expires_in = duration(held.expires_in)
        them = "it" if len(held.seats) == 1 else "them"
        return {
            "message": f"{_seats_are(registry, held.seats)} locked for you."
            f" Confirm {them} within {expires_in:g} seconds."
            f"{_warning(registry, held.leaves_single)}",
            **_seats(held.seats, one=one),
            "expires_in": expires_in,
            **leaves_single(held.leaves_single),
        }

    document = once(
        registry,
        environ,
        None if sent is None else holder,
        lambda: registry.lock(choice, holder),
        describe,
    )
    response = respond({**document, "token": token})
    if sent is None:
        requests.set_cookie(response, environ, token)
    return response


@blueprint.post("/confirm/<seat_id>")
def confirm_seat(event: str, seat_id: str) -> BytesResponse:
    """Book one locked seat."""
    registry, environ = _registry(event), request.environ
    details = requests.read_details(environ)
    return _confirm(registry, [seat_id], environ, details, one=True)


@blueprint.post("/confirm")
def confirm_seats(event: str) -> BytesResponse:
    """Book several locked seats together; without a body, all that the holder has locked. With
    ``{"expect": 2}``, only if these are two."""
    registry, environ = _registry(event), request.environ
    seat_ids, expect, details = requests.read_confirmation(environ)
    return _confirm(registry, seat_ids, environ, details, expect=expect)


def _confirm(
    registry: Registry,
    seat_ids: Sequence[str] | None,
    environ: requests.Environ,
    details: Details,
    *,
    one: bool = False,
    expect: int | None = None,
) -> BytesResponse:
    holder = requests.read_holder(environ)

    def describe(confirmed: tuple[Sequence[Seat], Booking]) -> Document:
        booked, booking = confirmed
        return {
            "message": f"{_seats_are(registry, booked)} booked."
            f" Your booking reference is {booking.reference}.",
            **_seats(booked, one=one),
            "booking": booking_document(booking),
        }

    return respond(
        once(
            registry,
            environ,
            holder,
            lambda: registry.confirm(seat_ids, holder, expect, details),
            describe,
        )
    )


@blueprint.post("/release/<seat_id>")
def release_seat(event: str, seat_id: str) -> BytesResponse:
    """Give one locked seat up."""
    registry, environ = _registry(event), request.environ
    requests.expect_no_body(environ)
    return _release(registry, [seat_id], environ, one=True)


@blueprint.post("/release")
def release_seats(event: str) -> BytesResponse:
    """Give several locked seats up, all or none."""
    registry, environ = _registry(event), request.environ
    return _release(registry, requests.read_seats(environ), environ)


def _release(
    registry: Registry, seat_ids: Sequence[str], environ: requests.Environ, *, one: bool = False
) -> BytesResponse:
    holder = requests.read_holder(environ)

    def describe(released: Sequence[Seat]) -> Document:
        return {
            "message": f"{_seats_are(registry, released)} available again.",
            **_seats(released, one=one),
        }

    return respond(
        once(registry, environ, holder, lambda: registry.release(seat_ids, holder), describe)
    )


@blueprint.post("/extend")
def extend_seats(event: str) -> BytesResponse:
    """Let the locks on several seats run for longer, all or none."""
    registry, environ = _registry(event), request.environ
    seat_ids = requests.read_seats(environ)
    holder = requests.read_holder(environ)

    def describe(held: Held) -> Document:
        expires_in = duration(held.expires_in)
        return {
            "message": f"{_seats_are(registry, held.seats)} still locked for you."
            f" Confirm within {expires_in:g} seconds.",
            **_seats(held.seats),
            "expires_in": expires_in,
        }

    return respond(
        once(registry, environ, holder, lambda: registry.extend(seat_ids, holder), describe)
    )


def _warning(registry: Registry, single: Sequence[str]) -> str:
    if not single:
        return ""
    them = "it" if len(single) == 1 else "them"
    return (
        f" {registry.names.are(single)} left alone by your choice, which cannot be booked like"
        f" this: add {them}, or choose seats so that none or several stay free side by side."
    )


def _seats_are(registry: Registry, seats: Sequence[Seat]) -> str:
    return registry.names.are([seat.id for seat in seats])


def _seats(seats: Sequence[Seat], *, one: bool = False) -> Document:
    documents = [seat_document(seat) for seat in seats]
    return {"seat": documents[0]} if one else {"seats": documents}
