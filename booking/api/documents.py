"""What the service answers, as JSON."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from flask import request

from booking import timestamps
from booking.api import headers
from booking.api.application import BytesResponse
from booking.model import Basket, Booking, HistoryEntry, Seat, SeatStatus, Summary

Document = dict[str, Any]

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def encode(document: Document) -> bytes:
    """A document in UTF-8, as a line: a terminal's prompt does not stick to it.

    Half a surrogate pair, which has no encoding, goes back as the escape that it came as.
    """
    return f"{_encoder.encode(document)}\n".encode("utf-8", "backslashreplace")


def respond(document: Document) -> BytesResponse:
    """A document as a response."""
    return BytesResponse(encode(document))


def with_etag(
    body: bytes, etag: str, compressed: Callable[[], bytes] | None = None
) -> BytesResponse:
    """An encoded document as a response that is asked for again with If-None-Match: 304 if the
    client has it already. A client that takes gzip gets the ``compressed`` copy, if there
    is one.
    """
    environ = request.environ
    if compressed is not None and headers.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING")):
        etag, coding = f"{etag}-gzip", "gzip"
    else:
        coding = None
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and headers.has_etag(known, etag):
        response = BytesResponse(b"", 304)
    else:
        response = BytesResponse(body if coding is None or compressed is None else compressed())
    response.headers["Cache-Control"] = "no-cache"
    response.headers["ETag"] = f'"{etag}"'
    if coding is not None and response.status_code == 200:
        response.headers["Content-Encoding"] = coding
    if compressed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    return response


def duration(seconds: float) -> float:
    """Seconds to the millisecond, and as a whole number where it is one."""
    rounded = round(max(seconds, 0.0), 3)
    return int(rounded) if rounded == int(rounded) else rounded


def seat_document(seat: Seat) -> Document:
    """A seat as anyone may see it: nothing in it tells who has it."""
    if seat.lock is not None and seat.status is SeatStatus.LOCKED:
        return {
            "id": seat.id,
            "status": "locked",
            "locked_at": timestamps.write(seat.lock.locked_at.wall),
            "expires_at": timestamps.write(seat.lock.expires_at),
        }
    return {"id": seat.id, "status": seat.status.value}


def booking_document(booking: Booking) -> Document:
    """A booking as its holder may see it, or the administrator."""
    document = {
        "reference": booking.reference,
        "event": booking.event,
        "seats": booking.seats,
        "booked_at": timestamps.write(booking.booked_at),
    }
    if booking.cancelled_at is not None:
        document["cancelled_at"] = timestamps.write(booking.cancelled_at)
    return document


def basket_document(basket: Basket) -> Document:
    """What a holder has. For each seat, the seconds that are left of its lock: whoever counts them
    down does not depend on two clocks that agree."""
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
    """The seats for which the single-seat rule would refuse to confirm; no member without any."""
    return {"leaves_single": seat_ids} if seat_ids else {}


def event_document(summary: Summary) -> Document:
    """An event as anyone may see it."""
    event, policy = summary.event, summary.event.policy
    return {
        "event": event.id,
        "name": event.name,
        "starts_at": time_or_null(event.starts_at),
        "on_sale_from": time_or_null(event.on_sale_from),
        "on_sale_until": time_or_null(event.on_sale_until),
        "policy": {
            "lock_seconds": duration(policy.lock_seconds),
            "max_lock_seconds": duration(policy.max_lock_seconds),
            "max_seats_per_holder": policy.max_seats_per_holder,
            "forbid_single_seats": policy.forbid_single_seats,
            "cancel_until": time_or_null(policy.cancel_until),
        },
        "seats": {
            "total": sum(summary.seats.values()),
            **{status.value: number for status, number in summary.seats.items()},
        },
        "version": summary.version,
    }


def history_document(entry: HistoryEntry) -> Document:
    """A change of a seat. It was done by the holder of whose token ``holder`` is the digest, or by
    the administrator if that is null."""
    return {
        "version": entry.version,
        "at": timestamps.write(entry.at),
        "seat": entry.seat,
        "change": entry.change.value,
        "holder": None if entry.holder is None else entry.holder.hex(),
    }


def time_or_null(unix_time: float | None) -> str | None:
    """A time, or that there is none."""
    return None if unix_time is None else timestamps.write(unix_time)
