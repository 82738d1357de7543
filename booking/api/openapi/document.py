"""The whole document, put together."""

import copy
from typing import Any

from booking.api.openapi import counter, door, operations, organising, schemas, selling
from booking.api.openapi.operations import Operation
from booking.api.openapi.parts import EVENT_ID, SEAT_ID, TEXT, Schema
from booking.domain import identifiers, references
from booking.http.documents import Document
from booking.http.holders import COOKIE, HTTPS_COOKIE

_DESCRIPTION = """\
Sells reserved seats to many people at once. A buyer locks seats for a minute and confirms in time,
or loses them. No seat is sold twice.

Every call of the first groups is served twice: at the root for the event `default`, and under
`/events/{event}` for any event. Times are RFC 3339 in UTC; durations are seconds.

Every error is a problem document (RFC 9457): `code` tells a program what happened, `detail` tells a
person what to do. A method that a path does not have is refused with 405 `method_not_allowed`.
"""

_TAGS = {
    "seats": "See what is free and what you have.",
    "buying": "Lock seats, and confirm, release or extend the locks.",
    "bookings": "What was bought.",
    "events": "What is on sale.",
    "administration": "For the administrator, and for whoever has a key with the scope. Not found"
    " where the service has no administrator.",
    "service": "Whether it serves, and what it understands.",
    "pages": "For people.",
}


def _in_path(name: str, schema: Schema, description: str) -> Document:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


def _optional(where: str, name: str, schema: Schema, description: str) -> Document:
    return {"name": name, "in": where, "description": description, "schema": schema}


def _page_size(most: int) -> Document:
    schema = {"type": "integer", "minimum": 1, "maximum": most}
    return _optional("query", "limit", schema, "How many to list at once.")


_WHOLE = {"type": "integer", "minimum": 0, "maximum": 999_999_999_999_999_999}
_REFERENCE = {
    "type": "string",
    "pattern": f"^[{references.ALPHABET}]{{5}}-[{references.ALPHABET}]{{5}}$",
    "examples": ["7KQM4-T9X2P"],
}
_CURSOR = "Where the last page ended: its next_cursor."

_PARAMETERS: dict[str, Document] = {
    "event": _in_path("event", EVENT_ID, "The id of the event."),
    "seat_id": _in_path(
        "seat_id",
        SEAT_ID,
        "The id of the seat, percent-encoded. One with a slash is named in a body instead.",
    ),
    "reference": _in_path("reference", _REFERENCE, "The reference of the booking."),
    "digest": _in_path("digest", TEXT, "Of all styles and scripts together."),
    "name": _in_path("name", TEXT, "The name of the file or the key."),
    "since": _optional("query", "since", _WHOLE, "The version of an earlier answer."),
    "q": _optional(
        "query", "q", TEXT, "Beginnings of words in the answers, a reference, or a seat."
    ),
    "size": _optional(
        "query",
        "size",
        {"type": "string", "enum": ["a4", "phone"]},
        "What the tickets are for; a4 without.",
    ),
    "limit": _page_size(1000),
    "history_limit": _page_size(10_000),
    "event_cursor": _optional(
        "query", "cursor", TEXT | {"pattern": f"^({identifiers.FORM})?$"}, _CURSOR
    ),
    "booking_cursor": _optional("query", "cursor", _WHOLE, _CURSOR),
    "If-None-Match": _optional("header", "If-None-Match", TEXT, "The ETag of an earlier answer."),
    "Idempotency-Key": _optional(
        "header",
        "Idempotency-Key",
        {"type": "string", "pattern": r"^[!#-\[\]-~]{1,255}$", "examples": ["8e03978e"]},
        "Sent again with the same key, token and body, a call is answered as it was."
        " Needs a token.",
    ),
    "X-Requested-With": _optional(
        "header", "X-Requested-With", TEXT, "With it, our page is given its cookie."
    ),
}

_HEADERS: dict[str, str] = {
    "Accept": "The media type that is understood.",
    "Accept-Encoding": "How a body may be encoded.",
    "Cache-Control": "Whether the answer may be kept.",
    "Content-Disposition": "The name of the file.",
    "ETag": "Send it as If-None-Match to get 304 while nothing has changed.",
    "Link": "The next page.",
    "Location": "The address of the event, relative to this one.",
    "Retry-After": "After how many seconds the call may succeed.",
    "Set-Cookie": "The holder token, for browsers.",
    "X-Request-Id": "What tells the request from all others; the server log has it, too.",
    "WWW-Authenticate": "How to prove who you are.",
}

_SECURITY: dict[str, Document] = {
    "holder": {
        "type": "http",
        "scheme": "bearer",
        "description": "The holder token: 32 to 128 of `A-Z a-z 0-9 . _ ~ -`. Choose your own,"
        " or take the one that a lock without a token is answered with.",
    },
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Over HTTP."},
    "secure_cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": HTTPS_COOKIE,
        "description": "Over HTTPS.",
    },
    "administrator": {
        "type": "http",
        "scheme": "bearer",
        "description": "The administrator's token, `BOOKING_ADMIN_TOKEN` of the service.",
    },
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a key that the administrator made, `key-…`.",
    },
}


def document() -> Document:
    """The document, as a value that JSON can write."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Booking", "version": "1", "description": _DESCRIPTION},
        # Relative to the address of the document, wherever a proxy puts the service.
        "servers": [{"url": "."}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": _paths(),
        "components": {
            "schemas": schemas.SCHEMAS | door.SCHEMAS,
            "parameters": _PARAMETERS,
            "headers": {
                name: {"description": text, "schema": TEXT} for name, text in _HEADERS.items()
            },
            "responses": {
                "MethodNotAllowed": operations.problem_answers(("method_not_allowed",))["405"]
            },
            "securitySchemes": _SECURITY,
        },
    }


def _paths() -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for path, method, described in (
        *selling.of_seats(),
        *selling.of_bookings(),
        *counter.of_bookings(),
        *door.of_bookings(),
    ):
        _add(paths, path, method, described)
        _add(paths, f"/events/{{event}}{path}", method, _under_an_event(described))
    for path, method, described in (
        *selling.of_links(),
        *organising.of_events(),
        *counter.of_the_box_office(),
        *counter.of_keys(),
        *door.of_the_door(),
        *door.of_the_report(),
        *organising.of_the_service(),
        *organising.of_pages(),
        *door.of_pages(),
    ):
        _add(paths, path, method, described)
    return paths


def _add(paths: dict[str, dict[str, Any]], path: str, method: str, described: Operation) -> None:
    names = ("event", "digest", "name")
    of_path = [operations.parameter(name) for name in names if f"{{{name}}}" in path]
    item = paths.setdefault(path, {"parameters": of_path} if of_path else {})
    item[method] = described


def _under_an_event(described: Operation) -> Operation:
    other = copy.copy(described)
    other["operationId"] = f"{described['operationId']}_of_event"
    if "event_not_found" not in str(described["responses"].get("404")):
        found = operations.problem_answers(("booking_not_found", "event_not_found"))
        other["responses"] = described["responses"] | found
    return other
