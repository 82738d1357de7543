"""The JSON documents that the service sends."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from flask import request

from booking.domain import timestamps
from booking.domain.history import HistoryEntry
from booking.domain.model import LOCKED, Basket, Block, Booking, Seat, Summary
from booking.domain.questions import STANDARD, Details, Question
from booking.http import headers
from booking.http.application import BytesResponse, real
from booking.http.compression import accepted_coding
from booking.plans.space.front import Front

Document = dict[str, Any]

_SAME_FOR_ALL = "public, max-age=0, must-revalidate, s-maxage=1, stale-while-revalidate=2"
"""A browser asks each time whether what it has is still right: with must-revalidate, it shows
nothing old meanwhile. A cache that many share may answer for a second by itself, and for two more
while it fetches anew."""

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def encode(document: Document) -> bytes:
    """Encode a document in UTF-8. It ends with a newline, so that a shell's prompt starts a new
    line after it.

    A lone surrogate, which UTF-8 cannot encode, is sent as the escape that it came as.
    """
    try:
        # 0.4 µs for the answer to a lock, where the encoder below takes 5.
        return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return f"{_encoder.encode(document)}\n".encode("utf-8", "backslashreplace")


def respond(document: Document) -> BytesResponse:
    """Return a response with the document."""
    return BytesResponse(encode(document))


def with_etag(body: bytes, etag: str, coded: Callable[[str], bytes] | None = None) -> BytesResponse:
    """Return a response that clients can revalidate: 304 if the request's If-None-Match names this
    ETag. Clients that take a coding get the body ``coded``, if it can be."""
    coding = None if coded is None else accepted_coding()
    if coding is not None:
        etag = f"{etag}-{coding}"
    known = real(request).environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and headers.has_etag(known, etag):
        response = BytesResponse(b"", 304)
    else:
        response = BytesResponse(body if coding is None or coded is None else coded(coding))
    response.headers.add("Cache-Control", _SAME_FOR_ALL)
    response.headers.add("ETag", f'"{etag}"')
    if coding is not None and response.status_code == 200:
        response.headers["Content-Encoding"] = coding
    if coded is not None:
        response.headers["Vary"] = "Accept-Encoding"
    return response


def duration(seconds: float) -> float:
    """Round seconds to the millisecond; whole seconds become an integer."""
    rounded = round(seconds, 3) if seconds > 0 else 0.0
    whole = int(rounded)
    return whole if whole == rounded else rounded


def seat_document(seat: Seat) -> Document:
    """Describe a seat for the public: the document does not tell who has it."""
    if seat.lock is not None and seat.status is LOCKED:
        return {
            "id": seat.id,
            "status": "locked",
            "locked_at": timestamps.write(seat.lock.locked_at.wall),
            "expires_at": timestamps.write(seat.lock.expires_at),
        }
    return {"id": seat.id, "status": seat.status.value}


def booking_document(
    booking: Booking, details: Details | None = None, *, with_note: bool = False
) -> Document:
    """Describe a booking for its holder or, ``with_note``, for the organiser. Leave the details out
    of an answer that is kept to be given again."""
    document: Document = {
        "reference": booking.reference,
        "event": booking.event,
        "seats": booking.seats,
        "booked_at": timestamps.write(booking.booked_at),
    }
    if booking.cancelled_at is not None:
        document["cancelled_at"] = timestamps.write(booking.cancelled_at)
    if details is not None:
        document["details"] = dict(details.answers)
        if with_note and details.note:
            document["note"] = details.note
    return document


def basket_document(basket: Basket) -> Document:
    """Describe what a holder has. Each locked seat says in how many seconds it expires, so that a
    countdown does not depend on the client's clock agreeing with ours."""
    return {
        "event": basket.event,
        "seats": [
            seat_document(seat)
            | {"expires_in": duration(seat.lock.deadline - basket.now.monotonic)}
            for seat in basket.seats
            if seat.lock is not None
        ],
        "bookings": list(map(booking_document, basket.bookings)),
        **leaves_single(basket.leaves_single),
    }


def leaves_single(seat_ids: Sequence[str]) -> Document:
    """Return the member for the seats that the single-seat rule keeps from being confirmed, if
    there are any."""
    return {"leaves_single": seat_ids} if seat_ids else {}


def event_etag(summary: Summary) -> str:
    """Tells one description of an event from another. Sales do not change it."""
    return str(summary.described_at)


def event_document(summary: Summary, *, with_front: bool = False) -> Document:
    """Describe an event for the public; ``with_front``, which takes long in a large house that
    nobody has asked of yet, say where its front is."""
    event, policy = summary.event, summary.event.policy
    return {
        "event": event.id,
        "name": event.name,
        "starts_at": time_or_null(event.starts_at),
        "time_zone": event.time_zone,
        "doors_at": time_or_null(event.doors_at),
        "ends_at": time_or_null(event.ends_at),
        "place": event.place,
        "description": event.description,
        "visibility": event.visibility.value,
        "on_sale_from": time_or_null(event.on_sale_from),
        "on_sale_until": time_or_null(event.on_sale_until),
        "policy": {
            "lock_seconds": duration(policy.lock_seconds),
            "max_lock_seconds": duration(policy.max_lock_seconds),
            "max_seats_per_holder": policy.max_seats_per_holder,
            "forbid_single_seats": policy.forbid_single_seats,
            "max_expired_locks": policy.max_expired_locks,
            "cancel_until": time_or_null(policy.cancel_until),
            "ask": list(map(_question_document, policy.ask)),
            "best_available_excludes": policy.best_available_excludes,
        },
        **({"front": _front_document(event.plan.front)} if with_front else {}),
        "seats": {
            "total": sum(summary.seats.values()),
            **{status.value: number for status, number in summary.seats.items()},
        },
        "version": summary.version,
    }


def _front_document(front: Front) -> Document:
    """Describe where the front of a house is, and why there."""
    text = {"text": front.text} if front.text else {}
    return {"x": front.point.x, "y": front.point.y, "reason": front.reason.value, **text}


def block_documents(blocked: Sequence[Seat]) -> list[Document]:
    """What is off sale, by what it is off sale for."""
    blocks: dict[Block, list[str]] = {}
    for seat in blocked:
        blocks.setdefault(seat.block or Block(), []).append(seat.id)
    return [
        {"name": block.name, "note": block.note, "seats": seats} for block, seats in blocks.items()
    ]


def _question_document(question: Question) -> Document:
    if question.kind in STANDARD:
        return {"id": question.id, "required": question.required}
    document: Document = {
        "id": question.id,
        "type": question.kind.value,
        "question": question.text,
        "required": question.required,
    }
    if question.choices:
        document["choices"] = question.choices
    return document


def history_document(entry: HistoryEntry) -> Document:
    """Describe a change of a seat. ``holder`` is the digest of the token of whoever made it, ``by``
    the name of the organiser's key; if both are null, the administrator made it."""
    return {
        "version": entry.version,
        "at": timestamps.write(entry.at),
        "seat": entry.seat,
        "change": entry.change.value,
        "holder": None if entry.holder is None else entry.holder.hex(),
        "by": entry.actor,
        **({"note": entry.note} if entry.note else {}),
    }


def time_or_null(unix_time: float | None) -> str | None:
    """Write a time, or null for none."""
    return None if unix_time is None else timestamps.write(unix_time)
