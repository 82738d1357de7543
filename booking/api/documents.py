"""What the service answers, as JSON."""

import functools
import json
from datetime import UTC, datetime
from typing import Any

from booking.api.application import BytesResponse
from booking.model import Booking, Seat, SeatStatus

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


def timestamp(unix_time: float) -> str:
    """RFC 3339 in UTC with milliseconds: ``2026-11-22T16:00:00.123Z``."""
    whole, milliseconds = divmod(int(unix_time * 1000), 1000)
    return f"{_second(whole)}.{milliseconds:03d}Z"


# Most answers name a second that an answer before them has named: 0.9 µs instead of 3.3.
@functools.lru_cache(maxsize=256)
def _second(unix_time: int) -> str:
    return datetime.fromtimestamp(unix_time, UTC).strftime("%Y-%m-%dT%H:%M:%S")


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
            "locked_at": timestamp(seat.lock.locked_at.wall),
            "expires_at": timestamp(seat.lock.expires_at),
        }
    return {"id": seat.id, "status": seat.status.value}


def booking_document(booking: Booking) -> Document:
    return {
        "reference": booking.reference,
        "event": booking.event,
        "seats": booking.seats,
        "booked_at": timestamp(booking.booked_at),
    }
