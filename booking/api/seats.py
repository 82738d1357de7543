"""The seats of an event: see, lock, confirm, release, extend.

The blueprint is registered twice, for the default event at the root and for any event under
``/events/<event>``; every view is given the name of the event.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from flask import Blueprint, current_app, request

from booking.api.listing import MIN_COMPRESSED_BYTES, Listing
from booking.domain.errors import SeatsUnavailable
from booking.domain.model import LockedSeats, Seat
from booking.engines.contract import Booked, BoxOffice, Choice, Registry, Seats
from booking.engines.idempotency import Reply
from booking.http import holders, requests, tokens
from booking.http.application import BytesResponse, real
from booking.http.client_limits import limits_of_app
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
from booking.http.requests import Environ

T = TypeVar("T")

blueprint = Blueprint("seats", __name__)


def _registry(event: str) -> Registry:
    box_office: BoxOffice = real(current_app).extensions["box_office"]
    return box_office.registry(event)


@blueprint.get("/seats")
def list_seats(event: str) -> BytesResponse:
    """All seats; with ``?since=V``, those that changed after version V."""
    services = real(current_app).extensions
    registry = services["box_office"].registry(event)
    listing: Listing = services["listings"].of(registry)
    since = requests.read_since(real(request).environ)
    if since is None:
        version, body = listing.current(registry)
    else:
        version, body = listing.since(registry, since)
    if len(body) < MIN_COMPRESSED_BYTES:
        return with_etag(body, str(version))
    return with_etag(body, str(version), partial(listing.coded, body))


@blueprint.get("/seats/<seat_id>")
def see_seat(event: str, seat_id: str) -> BytesResponse:
    """One seat."""
    response = respond({"seat": seat_document(_registry(event).seat(seat_id))})
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/basket")
def see_basket(event: str) -> BytesResponse:
    """What the holder has; without a token, nothing. Our page is given its cookie here, or the one
    that it has for another while."""
    registry, environ = _registry(event), real(request).environ
    to_introduce = holders.asks_for_cookie(environ)
    token = holders.token_in_cookie(environ) if to_introduce else holders.read_token(environ)
    holder = None if token is None else tokens.digest(token)
    document = {"event": event, "seats": [], "bookings": []}
    if holder is not None:
        document = basket_document(registry.basket(holder))
    response = respond(document)
    if to_introduce:
        holders.set_cookie(response, environ, token or tokens.mint())
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/lock/<seat_id>")
def lock_seat(event: str, seat_id: str) -> BytesResponse:
    """Lock one seat."""
    registry, environ = _registry(event), real(request).environ
    requests.expect_no_body(environ)
    try:
        return _lock(registry, environ, [seat_id], one=True)
    except SeatsUnavailable as error:
        refusal = error.refusals[0]
        refusal.names = error.names
        raise refusal from None


@blueprint.post("/lock")
def lock_seats(event: str) -> BytesResponse:
    """Lock several seats, all or none: those that are named, or the best available."""
    registry, environ = _registry(event), real(request).environ
    return _lock(registry, environ, requests.read_choice(environ))


@blueprint.post("/confirm/<seat_id>")
def confirm_seat(event: str, seat_id: str) -> BytesResponse:
    """Book one locked seat."""
    registry, environ = _registry(event), real(request).environ
    details = requests.read_details(environ)
    return _answer(
        environ,
        lambda holder, reply: registry.confirm([seat_id], holder, None, details, reply),
        partial(_booked, registry, one=True),
    )


@blueprint.post("/confirm")
def confirm_seats(event: str) -> BytesResponse:
    """Book several locked seats together; without a body, all that the holder has locked. With
    ``{"expect": 2}``, only if these are two."""
    registry, environ = _registry(event), real(request).environ
    seat_ids, expect, details = requests.read_confirmation(environ)
    return _answer(
        environ,
        lambda holder, reply: registry.confirm(seat_ids, holder, expect, details, reply),
        partial(_booked, registry),
    )


@blueprint.post("/release/<seat_id>")
def release_seat(event: str, seat_id: str) -> BytesResponse:
    """Give one locked seat up."""
    registry, environ = _registry(event), real(request).environ
    requests.expect_no_body(environ)
    return _answer(
        environ,
        lambda holder, reply: registry.release([seat_id], holder, reply),
        partial(_released, registry, one=True),
    )


@blueprint.post("/release")
def release_seats(event: str) -> BytesResponse:
    """Give several locked seats up, all or none."""
    registry, environ = _registry(event), real(request).environ
    seat_ids = requests.read_seats(environ)
    return _answer(
        environ,
        lambda holder, reply: registry.release(seat_ids, holder, reply),
        partial(_released, registry),
    )


@blueprint.post("/extend")
def extend_seats(event: str) -> BytesResponse:
    """Let the locks on several seats run for longer, all or none."""
    registry, environ = _registry(event), real(request).environ
    seat_ids = requests.read_seats(environ)
    return _answer(
        environ,
        lambda holder, reply: registry.extend(seat_ids, holder, reply),
        partial(_extended, registry),
    )


def _lock(
    registry: Registry, environ: Environ, choice: Choice, *, one: bool = False
) -> BytesResponse:
    """Lock for whoever brings a token, or for a new holder, who is told theirs."""
    sent = holders.read_token(environ)
    token = tokens.mint() if sent is None else sent
    holder = tokens.digest(token)
    reply = once(environ, None if sent is None else holder, partial(_locked, registry, one=one))
    document = registry.lock(choice, holder, reply, limits_of_app().locking(environ))
    response = respond({**document, "token": token})
    if sent is None:
        holders.set_cookie(response, environ, token)
    return response


def _answer(
    environ: Environ,
    call: Callable[[bytes | None, Reply[T]], Document],
    describe: Callable[[T], Document],
) -> BytesResponse:
    """The answer to what a holder asks for with one of the calls of a registry."""
    holder = holders.read_holder(environ)
    return respond(call(holder, once(environ, holder, describe)))


# What is said of the results


def _locked(registry: Registry, locked: LockedSeats, *, one: bool = False) -> Document:
    expires_in = duration(locked.expires_in)
    them = "it" if len(locked.seats) == 1 else "them"
    return {
        "message": f"{_seats_are(registry, locked.seats)} locked for you."
        f" Confirm {them} within {expires_in:g} seconds.{_warning(registry, locked.leaves_single)}",
        **_seats(locked.seats, one=one),
        "expires_in": expires_in,
        **leaves_single(locked.leaves_single),
    }


def _extended(registry: Registry, locked: LockedSeats) -> Document:
    expires_in = duration(locked.expires_in)
    return {
        "message": f"{_seats_are(registry, locked.seats)} still locked for you."
        f" Confirm within {expires_in:g} seconds.",
        **_seats(locked.seats),
        "expires_in": expires_in,
    }


def _booked(registry: Registry, booked: Booked, *, one: bool = False) -> Document:
    seats, booking = booked
    return {
        "message": f"{_seats_are(registry, seats)} booked."
        f" Your booking reference is {booking.reference}.",
        **_seats(seats, one=one),
        "booking": booking_document(booking),
    }


def _released(registry: Registry, seats: Seats, *, one: bool = False) -> Document:
    return {
        "message": f"{_seats_are(registry, seats)} available again.",
        **_seats(seats, one=one),
    }


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
