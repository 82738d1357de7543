"""Examples, made of the values and errors that the service answers with."""

from typing import Any

from booking.domain import errors
from booking.domain.model import Booking, Event, Seat, SeatLock, SeatStatus
from booking.domain.moment import Moment
from booking.domain.tickets import Entry, Ticket
from booking.engines.errors import (
    EventUnreadable,
    IdempotencyKeyReused,
    Unavailable,
)
from booking.http import problems, tokens
from booking.http.documents import Document, booking_document, seat_document
from booking.http.errors import (
    AdministratorRequired,
    InvalidDocument,
    InvalidToken,
    ScopeRequired,
    TooManyRequests,
)
from booking.plans import grid

_NOON = 1_795_348_800.0  # 2026-11-22T12:00:00Z
_NOW = Moment(monotonic=0.0, wall=_NOON)
_LOCK = SeatLock(holder=b"", locked_at=_NOW, seconds=60.0)
_LOCKED = Seat("7", SeatStatus.LOCKED, lock=_LOCK)
_BOOKING = Booking(
    reference="7KQM4-T9X2P", event="default", seats=("7",), booked_at=_NOON + 20, holder=b""
)
_BOOKED = Seat("7", SeatStatus.BOOKED, booking=_BOOKING)
CODE = "7KQM4T9X2P0123456789ABCDEF"
_TICKET = Ticket(code=CODE, reference=_BOOKING.reference, seat="7")
_EVENT = Event(id="gala", plan=grid.count(10), on_sale_from=_NOON + 3600, starts_at=_NOON + 86400)

TOKEN = "a-token-of-my-own-choice-0123456789"  # noqa: S105
TIME = "2026-11-22T12:00:00.000Z"
AVAILABLE_SEAT = seat_document(Seat("7"))
LOCKED_SEAT = seat_document(_LOCKED)
BOOKED_SEAT = seat_document(_BOOKED)
BOOKING = booking_document(_BOOKING)

_ERRORS: tuple[problems.AnyError, ...] = (
    InvalidToken(tokens.FORM),
    AdministratorRequired(),
    ScopeRequired("till", "sell", "gala"),
    TooManyRequests("You have sent more than 20 changes a second.", 1.0),
    errors.TokenRequired("7"),
    errors.NotYourLock("7"),
    errors.EventNotFound("gala"),
    errors.SeatNotFound(["77"]),
    errors.SeatLocked(_LOCKED, _NOW, yours=False),
    errors.SeatBooked(_BOOKED, yours=True),
    errors.SeatBlocked(Seat("7", SeatStatus.BLOCKED)),
    errors.LockTaken(Seat("7"), "It is for a wheelchair."),
    errors.LockedTooLong(Seat("7"), retry_after=60.0),
    errors.TooManyExpiredLocks(Seat("7"), retry_after=60.0),
    errors.SeatNotLocked("7"),
    errors.LockExpired("7"),
    errors.SeatsUnavailable([errors.SeatLocked(_LOCKED, _NOW, yours=False)]),
    errors.HolderLimitReached(10, 9, 2, ["7", "8"]),
    errors.NotEnoughSeats(6, 4, split=False),
    errors.LeavesSingleSeat(["A4"]),
    errors.BadDetails({"name": "is required"}),
    errors.NotOnSale(_EVENT, _NOON),
    errors.SeatsInUse(["7"]),
    errors.SeatsMoved(["7"]),
    errors.EventChanged("gala"),
    errors.BookingNotFound(_BOOKING.reference),
    errors.NotInBooking(_BOOKING.reference, ["8"]),
    errors.OtherCategory(["8"]),
    errors.BookingCancelled(_BOOKING._replace(cancelled_at=_NOON + 40)),
    errors.CancellationClosed(_BOOKING, _NOON),
    errors.KeyNotFound("till"),
    errors.TicketUnknown(),
    errors.TicketVoid(_TICKET, _NOON),
    errors.AlreadyCheckedIn(_TICKET, Entry(_NOON, "north")),
    errors.NotCheckedIn(_TICKET),
    Unavailable("The database does not answer.", incident="5f0c1d"),
    EventUnreadable("gala"),
    IdempotencyKeyReused(),
)

_DETAILS = {
    "bad_request": 'Name the seats in the body, as JSON: {"seats": ["7", "8"]}.',
    "origin_not_allowed": "Pages of https://evil.example may not call this service.",
    "not_found": "There is nothing at /seat. GET /seats lists the seats, GET /events the events.",
    "method_not_allowed": "GET cannot be used here. Use OPTIONS, POST.",
    "body_too_large": "The body is larger than 64 KB. Send less.",
    "unsupported_media_type": (
        "The body must be JSON. Send it with “Content-Type: application/json”."
    ),
    "headers_too_large": "The headers are larger than 16 KB together. Send less.",
    "internal_error": "Something went wrong here, not with your request. Try again later.",
}

MISTAKEN_EVENT = problems.document_of(
    InvalidDocument(["plan.grid.rows: must be greater than or equal to 1"])
)


def _examples() -> dict[str, Document]:
    found = [problems.document_of(error) for error in _ERRORS]
    found += [
        problems.problem(problems.CODES[code], code, detail) for code, detail in _DETAILS.items()
    ]
    return {document["code"]: document for document in found}


PROBLEMS: dict[str, Any] = _examples()
"""An example of each problem, by its code."""
