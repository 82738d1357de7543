"""What the organiser reads: what was booked, and what happened."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, current_app, request

from booking.api.tables import csv_table
from booking.domain.keys import Scope
from booking.domain.model import Block, Booking, BookingPage, Event, Seat
from booking.domain.questions import NO_DETAILS, Answer, Details
from booking.domain.search import Search
from booking.engines.contract import BoxOffice, Registry
from booking.http import headers, requests
from booking.http.administration import expect_organiser
from booking.http.application import BytesResponse
from booking.http.documents import booking_document, history_document, respond
from booking.http.time_zones import local_time

blueprint = Blueprint("organising", __name__)

_COLUMNS = (
    "reference",
    "event",
    "status",
    "section",
    "row",
    "seat",
    "booked_at",
    "cancelled_at",
    "block",
    "note",
)


def _box_office() -> BoxOffice:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office


@blueprint.get("/events/<event>/bookings")
def list_bookings(event: str) -> BytesResponse:
    """The bookings of an event in the order in which they were made, a page at a time; as a table
    (text/csv) all of them, unless ``limit`` is given. With ``?q=``, those that match."""
    expect_organiser(Scope.READ, event)
    registry = _box_office().registry(event)
    formats = ["application/json", "text/csv"]
    as_table = headers.media_type(request.environ.get("HTTP_ACCEPT"), formats) == "text/csv"
    after = requests.read_number("cursor", "where the last page ended: its next_cursor") or 0
    limit = requests.read_limit(default=0 if as_table else 100, most=1000)
    wanted = requests.read_search()
    page = _page(registry, after, limit, wanted)
    if as_table:
        table = _table(registry.event, page, () if limit or wanted else registry.blocked())
        response = BytesResponse(table, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{event}-bookings.csv"'
    else:
        following = None if page.next is None else str(page.next)
        bookings = [
            booking_document(b, page.details.get(b.reference), with_note=True)
            for b in page.bookings
        ]
        response = respond({"event": event, "bookings": bookings, "next_cursor": following})
    if page.next is not None:
        response.headers["Link"] = f'<?cursor={page.next}&limit={limit}>; rel="next"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(registry: Registry, after: int, limit: int, wanted: str) -> BookingPage:
    """A page of bookings, or all without a limit; if something is wanted, of those that match."""
    if limit and not wanted:
        return registry.bookings(after, limit)
    search = Search(wanted)
    found: list[Booking] = []
    details: dict[str, Details] = {}
    following: int | None = after
    # Not in one go: nobody else is served by the registry meanwhile.
    while following is not None and not (limit and len(found) >= limit):
        page = registry.bookings(following, limit or 1000)
        found += [
            booking
            for booking in page.bookings
            if search.finds(booking, page.details.get(booking.reference), registry.names)
        ]
        details |= page.details
        following = page.next
    return BookingPage(tuple(found), following, details)


def _table(event: Event, page: BookingPage, blocked: Sequence[Seat]) -> bytes:
    """A line for each seat that is booked or blocked, with the answers to what was asked."""

    def at_the_venue(unix_time: float | None) -> str:
        return "" if unix_time is None else local_time(unix_time, event.time_zone)

    def lines(booking: Booking) -> Iterator[dict[str, object]]:
        details = page.details.get(booking.reference, NO_DETAILS)
        for seat_id in event.plan.names.ordered(booking.seats):
            yield {
                "reference": booking.reference,
                "event": booking.event,
                "status": "booked" if booking.cancelled_at is None else "cancelled",
                **_place(event, seat_id),
                "booked_at": at_the_venue(booking.booked_at),
                "cancelled_at": at_the_venue(booking.cancelled_at),
                "note": details.note,
                **{f"details.{name}": _in_words(a) for name, a in details.answers.items()},
            }

    # What was asked earlier, too.
    asked = dict.fromkeys(question.id for question in event.policy.ask)
    asked |= dict.fromkeys(name for each in page.details.values() for name in each.answers)
    columns = [*_COLUMNS, *(f"details.{name}" for name in asked)]
    rows = [line for booking in page.bookings for line in lines(booking)]
    for seat in blocked:
        name, note = seat.block or Block()
        where = _place(event, seat.id)
        rows.append({"event": event.id, "status": "blocked", **where, "block": name, "note": note})
    return csv_table(columns, rows)


def _in_words(answer: Answer) -> str:
    return answer if isinstance(answer, str) else "yes" if answer else "no"


def _place(event: Event, seat_id: str) -> dict[str, str]:
    label = event.plan.names.label(seat_id)
    if label is None:
        return {"seat": seat_id}  # It was cancelled, and the plan no longer has it.
    return {"section": label.section, "row": label.row, "seat": label.seat}


@blueprint.get("/events/<event>/history")
def see_history(event: str) -> BytesResponse:
    """What became of the seats after version ``?since=``, the oldest first, a page at a time."""
    expect_organiser(Scope.READ, event)
    registry = _box_office().registry(event)
    since = requests.read_since(request.environ) or 0
    page = registry.history(since, requests.read_limit(default=1000, most=10_000))
    response = respond(
        {
            "event": event,
            "history": list(map(history_document, page.entries)),
            "next_since": page.entries[-1].version if page.more else None,
            "complete": page.complete,
            "kept": page.limit,
        }
    )
    response.headers["Cache-Control"] = "no-cache"
    return response
