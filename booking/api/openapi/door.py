"""The calls for tickets, the door, and the report."""

from collections.abc import Iterator

from booking.api.openapi import examples
from booking.api.openapi.operations import (
    CHANGE,
    HOLDER,
    KEYED,
    OF_AN_EVENT,
    ORGANISER,
    ORGANISING,
    Operation,
    answer,
    changed,
    header,
    operation,
)
from booking.api.openapi.parts import (
    COUNT,
    EVENT_ID,
    SEAT_ID,
    SEAT_IDS,
    TEXT,
    TIME,
    VERSION,
    Schema,
    list_of,
    of_object,
    or_null,
    ref,
)
from booking.domain.model import SeatStatus

_PLACE: dict[str, Schema] = {"seat": SEAT_ID, "section": TEXT, "row": TEXT, "number": TEXT}
_ENTRY: dict[str, Schema] = {"checked_in_at": TIME, "door": TEXT}
_NAME: Schema = TEXT | {"description": "Whose booking it is; empty if nobody asked."}
_CODE: Schema = TEXT | {"description": "What the QR code says.", "examples": [examples.CODE]}
_ENTERED = tuple(_ENTRY)
_ORIGIN = {"reference": TEXT}

SCHEMAS: dict[str, Schema] = {
    "Presented": {
        "type": "object",
        "properties": {
            "code": _CODE,
            "seat": SEAT_ID | {"description": "For who has no ticket at hand."},
            "door": TEXT | {"maxLength": 500, "description": "Where; else the name of the key."},
            "scanned_at": TIME | {"description": "When, if that was without a network."},
        },
        "oneOf": [{"required": ["code"]}, {"required": ["seat"]}],
        "additionalProperties": False,
    }
}
"""What is sent to the door."""


def of_bookings() -> Iterator[tuple[str, str, Operation]]:
    """The tickets of a booking, served at the root and under an event, too."""
    ticket = of_object({"code": _CODE, **_PLACE, **_ENTRY}, optional=_ENTERED)
    tickets = of_object({**_ORIGIN, "event": EVENT_ID, "name": _NAME, "tickets": list_of(ticket)})
    yield (
        "/bookings/{reference}/tickets",
        "get",
        operation(
            "see_tickets",
            "The tickets of a booking, one for each seat",
            "bookings",
            {200: answer("The tickets.", tickets, "Cache-Control")},
            parameters=("reference",),
            codes=(
                "booking_not_found",
                "booking_cancelled",
                "invalid_token",
                "scope_required",
                "unavailable",
                "event_unreadable",
            ),
            security=[*HOLDER, *ORGANISER],
        ),
    )


def of_pages() -> Iterator[tuple[str, str, Operation]]:
    """The tickets of a booking for people: a page, and a file to print or to keep on a phone."""
    codes = ("booking_not_found", "booking_cancelled", "invalid_token", "scope_required")
    away = ("unavailable", "event_unreadable")
    page = {"description": "The page.", "content": {"text/html": {"schema": TEXT}}}
    missing = page | {"description": "There is no such booking of yours."}
    yield (
        "/bookings/{reference}/tickets/",
        "get",
        operation(
            "tickets_page",
            "The tickets of a booking, to show at the door",
            "pages",
            {200: page, 404: missing, 409: missing | {"description": "It is cancelled."}},
            parameters=("reference",),
            codes=("invalid_token", "scope_required", *away),
            security=[*HOLDER, *ORGANISER],
        ),
    )
    pdf = {"description": "The tickets.", "content": {"application/pdf": {"schema": TEXT}}}
    yield (
        "/bookings/{reference}/tickets.pdf",
        "get",
        operation(
            "tickets_pdf",
            "The tickets of a booking as PDF, three on a sheet or one on each screen of a phone",
            "pages",
            {200: pdf | {"headers": {"Content-Disposition": header("Content-Disposition")}}},
            parameters=("reference", "size"),
            codes=(*codes, *away),
            security=[*HOLDER, *ORGANISER],
        ),
    )


def of_the_door() -> Iterator[tuple[str, str, Operation]]:
    """The calls for whoever stands at the door."""
    codes = (*OF_AN_EVENT, *ORGANISING)
    for way, refusal, summary in (
        ("in", "already_checked_in", "Let somebody in, once with each ticket"),
        ("out", "not_checked_in", "Let somebody out, who can come in again"),
    ):
        checked = {**_ORIGIN, **_PLACE, **_ENTRY, "name": _NAME}
        yield (
            f"/events/{{event}}/check-{way}",
            "post",
            operation(
                f"check_{way}",
                summary,
                "administration",
                changed(checked, "Cache-Control", optional=_ENTERED),
                parameters=("Idempotency-Key",),
                body=ref("Presented"),
                codes=(
                    *codes,
                    *CHANGE,
                    *KEYED,
                    refusal,
                    "ticket_unknown",
                    "ticket_void",
                    "seat_not_found",
                ),
                security=ORGANISER,
            ),
        )
    digest = TEXT | {"description": "The SHA-256 of the code of the ticket, in hexadecimal."}
    guest = of_object(
        {"digest": digest, **_ORIGIN, **_PLACE, "name": _NAME, **_ENTRY}, optional=_ENTERED
    )
    guests = of_object(
        {
            "event": EVENT_ID,
            "version": VERSION,
            "full": {"type": "boolean", "description": "These are all, and not what is new."},
            "guests": list_of(guest),
            "gone": SEAT_IDS | {"description": "Seats that changed and are not booked."},
        }
    )
    yield (
        "/events/{event}/guests",
        "get",
        operation(
            "list_guests",
            "Who is expected, for a door that may lose its network",
            "administration",
            {200: answer("The guests.", guests, "Cache-Control")},
            parameters=("since",),
            codes=codes,
            security=ORGANISER,
        ),
    )


def of_the_report() -> Iterator[tuple[str, str, Operation]]:
    """What came of an event."""
    seats: dict[str, Schema] = {
        "total": COUNT,
        **{each.value: COUNT for each in SeatStatus},
        "checked_in": COUNT,
    }
    changes = dict.fromkeys(("booked", "cancelled", "checked_in", "checked_out"), COUNT)
    share = or_null({"type": "number", "description": "null if nothing was locked."})
    report = of_object(
        {
            "event": EVENT_ID,
            "version": VERSION,
            "seats": of_object(seats),
            "sections": list_of(of_object({"section": TEXT, **seats})),
            "days": list_of(of_object({"day": {"type": "string", "format": "date"}, **changes})),
            "locks": of_object({"locked": COUNT, "booked": COUNT, "share": share}),
            "complete": {"type": "boolean", "description": "All that happened is known."},
        }
    )
    told = answer("The report.", report, "Cache-Control", "Content-Disposition")
    told["content"]["text/csv"] = {"schema": TEXT}
    yield (
        "/events/{event}/report",
        "get",
        operation(
            "see_report",
            "What came of an event: its seats by section, and what happened on each day",
            "administration",
            {200: told},
            codes=(*OF_AN_EVENT, *ORGANISING),
            security=ORGANISER,
        ),
    )
