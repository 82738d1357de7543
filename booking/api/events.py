"""The events: see them, and, for the administrator, open, change and end them, take seats off sale,
and read what was booked and what happened."""

import csv
import io
import re
from collections.abc import Sequence

from flask import Blueprint, current_app, request
from werkzeug.exceptions import BadRequest

from booking import ids
from booking.api import headers, requests
from booking.api.administration import expect_administrator
from booking.api.application import BytesResponse
from booking.api.documents import (
    Document,
    booking_document,
    event_document,
    history_document,
    respond,
    seat_document,
)
from booking.api.event_documents import read_event
from booking.engine import AnyBoxOffice, Registry
from booking.errors import seats_are
from booking.model import Booking, BookingPage, Seat
from booking.settings import MAX_EVENT_BYTES

blueprint = Blueprint("events", __name__)

_PLAIN_ID = re.compile(r"[A-Za-z0-9][^\s\"]*+")
_COLUMNS = ("reference", "event", "seats", "booked_at", "cancelled_at")


def _box_office() -> AnyBoxOffice:
    box_office: AnyBoxOffice = current_app.extensions["box_office"]
    return box_office


@blueprint.get("/events")
def list_events() -> BytesResponse:
    """Events in the order of their ids, a page at a time."""
    limit = requests.read_limit(default=100, most=1000)
    found, following = _box_office().events(requests.read_cursor() or "", limit)
    return _fresh({"events": list(map(event_document, found)), "next_cursor": following})


@blueprint.get("/events/<event>")
def see_event(event: str) -> BytesResponse:
    """One event."""
    return _fresh(event_document(_box_office().registry(event).summary()))


@blueprint.put("/events/<event>")
def put_event(event: str) -> BytesResponse:
    """Open an event, or change it. Without ``plan``, an existing event keeps its plan."""
    expect_administrator()
    if not ids.is_id(event):
        raise BadRequest(f"“{event[:64]}” cannot be the id of an event, which is {ids.IN_WORDS}.")
    request.max_content_length = MAX_EVENT_BYTES
    document = requests.read_json_if_any()
    box_office = _box_office()
    described, has_plan = read_event(
        event, document, plan=box_office.plan, policy=box_office.policy
    )
    summary, opened = box_office.put(described, keep_plan=not has_plan)
    done = "open" if opened else "changed"
    response = respond({"message": f"Event {event} is {done}.", **event_document(summary)})
    if opened:
        response.status_code = 201
        # Relative to this address, and so right under whatever path a proxy puts the service.
        response.headers["Location"] = event
    return response


@blueprint.delete("/events/<event>")
def end_event(event: str) -> BytesResponse:
    """End an event of which no seat is locked or booked."""
    expect_administrator()
    requests.expect_no_body(request.environ)
    _box_office().end(event)
    return respond({"message": f"Event {event} is no more.", "event": event})


@blueprint.post("/events/<event>/block")
def block(event: str) -> BytesResponse:
    """Take seats off sale, all or none."""
    expect_administrator()
    registry = _box_office().registry(event)
    return _changed("off sale", registry.block(requests.read_seats(request.environ)))


@blueprint.post("/events/<event>/unblock")
def unblock(event: str) -> BytesResponse:
    """Put seats on sale again."""
    expect_administrator()
    registry = _box_office().registry(event)
    return _changed("not off sale", registry.unblock(requests.read_seats(request.environ)))


@blueprint.get("/events/<event>/bookings")
def list_bookings(event: str) -> BytesResponse:
    """The bookings of an event in the order in which they were made, a page at a time; as a table
    (text/csv) all of them, unless ``limit`` is given."""
    expect_administrator()
    registry = _box_office().registry(event)
    formats = ["application/json", "text/csv"]
    as_table = headers.media_type(request.environ.get("HTTP_ACCEPT"), formats) == "text/csv"
    after = requests.read_number("cursor", "where the last page ended: its next_cursor") or 0
    limit = requests.read_limit(default=0 if as_table else 100, most=1000)
    page = registry.bookings(after, limit) if limit else _all_bookings(registry, after)
    if as_table:
        response = BytesResponse(_table(page.bookings), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{event}-bookings.csv"'
    else:
        following = None if page.next is None else str(page.next)
        bookings = list(map(booking_document, page.bookings))
        response = respond({"event": event, "bookings": bookings, "next_cursor": following})
    if page.next is not None:
        response.headers["Link"] = f'<?cursor={page.next}&limit={limit}>; rel="next"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _all_bookings(registry: Registry, after: int) -> BookingPage:
    # Not in one go: nobody else is served by the registry meanwhile.
    found: list[Booking] = []
    following: int | None = after
    while following is not None:
        page = registry.bookings(following, 1000)
        found += page.bookings
        following = page.next
    return BookingPage(tuple(found), None)


def _table(bookings: Sequence[Booking]) -> bytes:
    # Nothing in it can be taken for a formula: each value begins with a letter, a digit or a quote.
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    for booking in bookings:
        writer.writerow(
            booking_document(booking) | {"seats": " ".join(map(_quoted, booking.seats))}
        )
    return text.getvalue().encode()


def _quoted(seat_id: str) -> str:
    """An id in a list apart by spaces: in quotes, unless it begins with a letter or a digit of
    ASCII and has neither spaces nor quotes in it."""
    if _PLAIN_ID.fullmatch(seat_id):
        return seat_id
    return '"' + seat_id.replace('"', '""') + '"'


@blueprint.get("/events/<event>/history")
def see_history(event: str) -> BytesResponse:
    """What became of the seats after version ``?since=``, the oldest first, a page at a time."""
    expect_administrator()
    registry = _box_office().registry(event)
    since = requests.read_since(request.environ) or 0
    page = registry.history(since, requests.read_limit(default=1000, most=10_000))
    return _fresh(
        {
            "event": event,
            "history": list(map(history_document, page.entries)),
            "next_since": page.entries[-1].version if page.more else None,
            "complete": page.complete,
            "kept": page.limit,
        }
    )


def _changed(how: str, seats: Sequence[Seat]) -> BytesResponse:
    message = f"{seats_are([seat.id for seat in seats])} {how}."
    return respond({"message": message, "seats": list(map(seat_document, seats))})


def _fresh(document: Document) -> BytesResponse:
    response = respond(document)
    response.headers["Cache-Control"] = "no-cache"
    return response
