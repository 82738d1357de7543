"""Errors as RFC 9457 problem documents: the one place where an error becomes a status code."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    UnsupportedMediaType,
)

from booking.domain import errors, timestamps
from booking.engines.errors import (
    EngineError,
    EventUnreadable,
    IdempotencyKeyReused,
    Unavailable,
)
from booking.http import addresses
from booking.http.application import BytesResponse
from booking.http.cors import Headers, headers_for
from booking.http.documents import Document, booking_document, encode, seat_document, time_or_null
from booking.http.errors import (
    AdministratorRequired,
    InvalidDocument,
    InvalidToken,
    RequestError,
    ScopeRequired,
    TooManyRequests,
)

CONTENT_TYPE = "application/problem+json"

Refuse = Callable[[int, str, str | None, str], tuple[Headers, bytes]]

AnyError = errors.BookingError | EngineError | RequestError

_STATUS_AND_CODE: dict[type[AnyError], tuple[int, str]] = {
    InvalidToken: (400, "invalid_token"),
    InvalidDocument: (400, "bad_request"),
    ScopeRequired: (403, "scope_required"),
    AdministratorRequired: (401, "administrator_required"),
    TooManyRequests: (429, "too_many_requests"),
    errors.BadChoice: (400, "bad_request"),
    errors.TokenRequired: (401, "token_required"),
    errors.NotYourLock: (403, "not_your_lock"),
    errors.EventNotFound: (404, "event_not_found"),
    errors.EventChanged: (412, "precondition_failed"),
    errors.EventExists: (412, "precondition_failed"),
    errors.SeatNotFound: (404, "seat_not_found"),
    errors.SeatLocked: (409, "seat_locked"),
    errors.SeatBooked: (409, "seat_booked"),
    errors.SeatBlocked: (409, "seat_blocked"),
    errors.LockTaken: (409, "lock_taken"),
    errors.NotInBooking: (409, "not_in_booking"),
    errors.OtherCategory: (409, "other_category"),
    errors.LockedTooLong: (409, "seat_held_too_long"),
    errors.TooManyExpiredLocks: (409, "too_many_expired_locks"),
    errors.ClientLimitReached: (429, "too_many_requests"),
    errors.SeatNotLocked: (409, "seat_not_locked"),
    errors.LockExpired: (409, "lock_expired"),
    errors.WrongNumberOfLocks: (409, "lock_expired"),
    errors.SeatsUnavailable: (409, "seats_unavailable"),
    errors.HolderLimitReached: (409, "holder_limit_reached"),
    errors.NotInPlan: (400, "bad_request"),
    errors.NotEnoughSeats: (409, "not_enough_seats"),
    errors.LeavesSingleSeat: (409, "leaves_single_seat"),
    errors.BadDetails: (400, "bad_details"),
    errors.NotOnSale: (409, "not_on_sale"),
    errors.SeatsInUse: (409, "seats_in_use"),
    errors.KeyNotFound: (404, "key_not_found"),
    errors.SeatsMoved: (409, "seats_moved"),
    errors.TicketUnknown: (404, "ticket_unknown"),
    errors.TicketVoid: (409, "ticket_void"),
    errors.AlreadyCheckedIn: (409, "already_checked_in"),
    errors.NotCheckedIn: (409, "not_checked_in"),
    errors.BookingNotFound: (404, "booking_not_found"),
    errors.BookingCancelled: (409, "booking_cancelled"),
    errors.CancellationClosed: (409, "cancellation_closed"),
    Unavailable: (503, "unavailable"),
    EventUnreadable: (503, "event_unreadable"),
    IdempotencyKeyReused: (422, "idempotency_key_reused"),
}

_HTTP = {
    400: "bad_request",
    403: "origin_not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    431: "headers_too_large",
    500: "internal_error",
}


CODES: Mapping[str, int] = MappingProxyType(
    {code: status for status, code in _STATUS_AND_CODE.values()}
    | {code: status for status, code in _HTTP.items()}
)
"""Every code that a problem can have, with its status."""


def problem(status: int, code: str, detail: str, **members: object) -> Document:
    """Build a problem document. ``code`` tells a program what happened, ``detail`` a person."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **members,
    }


def refusals(origins: Sequence[str]) -> Refuse:
    """Return a function that builds the headers and body with which the server refuses a request on
    its own, given the status, a sentence, and the request's Origin and id. Pages of ``origins`` can
    read the refusal."""

    def refuse(
        status: int, detail: str, origin: str | None, request_id: str
    ) -> tuple[Headers, bytes]:
        headers = [
            ("Content-Type", CONTENT_TYPE),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
            *headers_for(origins, origin),
        ]
        return headers, encode(problem(status, _HTTP[status], detail, request_id=request_id))

    return refuse


def register(app: Flask) -> None:
    """Make the application answer every error with a problem document."""
    for family in (errors.BookingError, EngineError, RequestError):
        app.register_error_handler(family, _on_error)
    app.register_error_handler(HTTPException, _on_http_error)


def _respond(document: Document, headers: Iterable[tuple[str, str]] = ()) -> BytesResponse:
    request.environ["booking.problem_code"] = document["code"]  # For the metrics.
    # Our server gives each request an id; others do not.
    if (request_id := request.environ.get("booking.request_id")) is not None:
        document["request_id"] = request_id
    response = BytesResponse(encode(document), document["status"], CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers.extend(headers)
    return response


def document_of(error: AnyError) -> Document:
    """The problem document that describes an error."""
    status, code = _STATUS_AND_CODE[type(error)]
    return problem(status, code, str(error), **_members(error))


def _on_error(error: AnyError) -> ResponseReturnValue:
    document = document_of(error)
    headers = []
    if document["status"] == 401:
        headers.append(("WWW-Authenticate", "Bearer"))
    if (retry_after := getattr(error, "retry_after", None)) is not None:
        headers.append(("Retry-After", str(max(1, math.ceil(retry_after)))))
    return _respond(document, headers)


def _members(error: AnyError) -> Document:
    """Return the members that only this kind of error has."""
    match error:
        case errors.BookingError():
            return ({"seats": error.seats} if error.seats else {}) | _refusal_members(error)
        case InvalidDocument(mistakes=mistakes, count=count):
            return {"mistakes": mistakes, "mistake_count": count}
        case Unavailable(outcome_unknown=unknown, incident=incident):
            outcome = {"outcome_unknown": True} if unknown else {}
            return outcome | ({"incident": incident} if incident is not None else {})
    return {}


def _refusal_members(error: errors.BookingError) -> Document:
    match error:
        case errors.SeatUnavailable():
            return _state(error)
        case errors.SeatsUnavailable(refusals=refusals):
            seats = [seat_document(each.seat) | _ownership(each) for each in refusals]
            return {"unavailable": seats}
        case errors.BadDetails(faults=faults):
            return {"fields": faults}
        case errors.NotOnSale(event=event):
            return {
                "on_sale_from": time_or_null(event.on_sale_from),
                "on_sale_until": time_or_null(event.sale_ends_at),
            }
        case errors.NotEnoughSeats(largest_block=largest_block):
            return {"largest_block": largest_block}
        case errors.BookingCancelled(booking=booking):
            return {"booking": booking_document(booking)}
        case errors.AlreadyCheckedIn(entry=entry):
            return {"checked_in_at": timestamps.write(entry.at), "door": entry.door}
        case errors.TicketVoid(void_at=void_at):
            return {"void_at": timestamps.write(void_at)}
        case errors.CancellationClosed(until=until):
            return {"cancel_until": timestamps.write(until)}
    return {}


def _state(refusal: errors.SeatUnavailable) -> Document:
    state = _ownership(refusal)
    if isinstance(refusal, errors.SeatLocked) and refusal.seat.lock is not None:
        state["expires_at"] = timestamps.write(refusal.seat.lock.expires_at)
    return state


def _ownership(refusal: errors.SeatUnavailable) -> Document:
    """Return what only the holder of the seat learns: a client that lost an answer can tell from it
    what became of its call."""
    if isinstance(refusal, errors.LockTaken):
        return {"reason": refusal.reason}
    if isinstance(refusal, errors.LockedTooLong):
        return {"held_too_long": True}
    if isinstance(refusal, errors.TooManyExpiredLocks):
        return {"too_many_expired_locks": True}
    if not refusal.yours:
        return {}
    if refusal.seat.booking is not None:
        return {"booked_by_you": True, "booking": booking_document(refusal.seat.booking)}
    return {"held_by_you": True}


def _on_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    detail = error.description or HTTPStatus(status).description
    headers = []
    match error:
        case NotFound():
            detail = addresses.advice()
        case MethodNotAllowed(valid_methods=methods) if methods:
            allowed = ", ".join(sorted(methods))
            detail = f"{request.method[:16]} cannot be used here. Use {allowed}."
            headers.append(("Allow", allowed))
        case UnsupportedMediaType():
            # RFC 9110, section 15.5.16: say what the service would have accepted.
            headers += [("Accept", "application/json"), ("Accept-Encoding", "identity")]
    code = _HTTP.get(status, HTTPStatus(status).name.lower())
    return _respond(problem(status, code, detail), headers)
