"""The pages for the door and its printer, and the report. What only some may see is asked for by
the pages, with the key that is typed in."""

from flask import Blueprint, current_app

from booking.domain import identifiers
from booking.domain.errors import EventNotFound
from booking.http.application import BytesResponse
from booking.web.pages import render_event_page
from booking.web.static_files import StaticFiles

blueprint = Blueprint("door_pages", __name__)


@blueprint.get("/events/<event>/door")
def door_page(event: str) -> BytesResponse:
    """The door, on a phone: tickets are scanned or looked up, with and without a network."""
    response = render_event_page("door.html", event, "../..")
    policy = response.headers["Permissions-Policy"]
    response.headers["Permissions-Policy"] = policy.replace("camera=()", "camera=(self)")
    return response


@blueprint.get("/events/<event>/door/list")
def door_list_page(event: str) -> BytesResponse:
    """Who is expected, to be printed and ticked."""
    return render_event_page("door-list.html", event, "../../..")


@blueprint.get("/events/<event>/report/")
def report_page(event: str) -> BytesResponse:
    """What came of the event."""
    return render_event_page("report.html", event, "../../..")


@blueprint.get("/events/<event>/door-worker.js")
def door_worker(event: str) -> BytesResponse:
    """The script that opens the page without a network. It is here because it may only serve pages
    beside and below it."""
    if not identifiers.is_event_id(event):
        raise EventNotFound(event)
    static: StaticFiles = current_app.extensions["static_files"]
    file = static.by_name["door-worker.js"]
    response = BytesResponse(file.body.plain, content_type=file.content_type)
    response.headers["Cache-Control"] = "no-cache"
    return response
