"""What came of an event: its seats by section, and what happened on each day."""

from collections import Counter
from collections.abc import Iterator

from flask import Blueprint, current_app, request

from booking.api.tables import csv_table
from booking.domain.history import SeatChange
from booking.domain.keys import Scope
from booking.domain.model import SeatStatus
from booking.domain.report import Course, Standing, Tally
from booking.engines.contract import BoxOffice, Registry
from booking.http import headers
from booking.http.administration import expect_organiser
from booking.http.application import BytesResponse
from booking.http.documents import Document, respond
from booking.http.time_zones import local_time

blueprint = Blueprint("report", __name__)

_HISTORY_AT_ONCE = 10_000

_SEATS = ("total", *(status.value for status in SeatStatus), "checked_in")
_CHANGES = {
    "booked": (SeatChange.BOOKED, SeatChange.SOLD),
    "cancelled": (SeatChange.CANCELLED,),
    "checked_in": (SeatChange.CHECKED_IN,),
    "checked_out": (SeatChange.CHECKED_OUT,),
}
"""What is told of each day, in seats, and the changes that are counted for it."""

_COLUMNS = ("by", "name", *dict.fromkeys((*_SEATS, *_CHANGES)))


@blueprint.get("/events/<event>/report")
def see_report(event: str) -> BytesResponse:
    """What came of the event so far; as a table (text/csv), a line for each section and day."""
    expect_organiser(Scope.READ, event)
    box_office: BoxOffice = current_app.extensions["box_office"]
    registry = box_office.registry(event)
    standing = registry.standing()
    course, complete = _course(registry, standing)
    formats = ["application/json", "text/csv"]
    if headers.media_type(request.environ.get("HTTP_ACCEPT"), formats) == "text/csv":
        table = csv_table(_COLUMNS, _lines(standing, course))
        response = BytesResponse(table, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{event}-report.csv"'
    else:
        response = respond(_document(event, standing, course, complete=complete))
    response.headers["Cache-Control"] = "no-store"
    return response


def _course(registry: Registry, standing: Standing) -> tuple[Course, bool]:
    """What happened up to a standing, and whether all of it is still known."""
    zone = registry.event.time_zone
    course = Course(lambda at: local_time(at, zone)[:10])
    version, complete, more = 0, True, True
    # Not in one go: nobody else is served by the registry meanwhile.
    while more:
        page = registry.history(version, _HISTORY_AT_ONCE)
        course.add(entry for entry in page.entries if entry.version <= standing.version)
        complete = complete and page.complete
        more = page.more and page.entries[-1].version < standing.version
        version = page.entries[-1].version if page.entries else version
    return course, complete


def _document(event: str, standing: Standing, course: Course, *, complete: bool) -> Document:
    share = course.share_of_locks
    return {
        "event": event,
        "version": standing.version,
        "seats": _seats(standing.whole),
        "sections": [
            {"section": name, **_seats(tally)} for name, tally in standing.sections.items()
        ],
        "days": [{"day": day, **_changes(changes)} for day, changes in course.days.items()],
        "locks": {
            "locked": course.all[SeatChange.LOCKED],
            "booked": course.all[SeatChange.BOOKED],
            "share": None if share is None else round(share, 4),
        },
        "complete": complete,
    }


def _lines(standing: Standing, course: Course) -> Iterator[dict[str, object]]:
    for name, tally in standing.sections.items():
        yield {"by": "section", "name": name, **_seats(tally)}
    yield {"by": "event", "name": "", **_seats(standing.whole)}
    for day, changes in course.days.items():
        yield {"by": "day", "name": day, **_changes(changes)}


def _seats(tally: Tally) -> Document:
    return {
        "total": tally.total,
        **{status.value: tally.seats[status] for status in SeatStatus},
        "checked_in": tally.checked_in,
    }


def _changes(changes: Counter[SeatChange]) -> Document:
    return {name: sum(changes[each] for each in kinds) for name, kinds in _CHANGES.items()}
