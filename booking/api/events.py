"""The events: see them, and, for the administrator, open, change and end them."""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, current_app, request
from werkzeug.exceptions import BadRequest

from booking.api.event_documents import moves_booked, patch_event, read_event
from booking.domain import errors, identifiers
from booking.domain.keys import Scope
from booking.domain.model import Event, Summary, Visibility
from booking.engines.contract import BoxOffice
from booking.http import headers, requests
from booking.http.administration import expect_organiser, may_read, organiser
from booking.http.application import BytesResponse
from booking.http.documents import Document, event_document, event_etag, respond
from booking.plans.collector import paused
from booking.settings import MAX_EVENT_BYTES

blueprint = Blueprint("events", __name__)

_PAUSED_SECONDS = 5.0
"""For how long the garbage collector waits at most while an event is opened. To have it wait over
the whole takes 0.8 to 0.9 of the time that three pauses in it took, for 50,000 seats."""


def _box_office() -> BoxOffice:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office


@blueprint.get("/events")
def list_events() -> BytesResponse:
    """Events in the order of their ids, a page at a time. The administrator, and whoever has a key
    to read them, see those that are not public, too."""
    limit = requests.read_limit(default=100, most=1000)
    found, following = _box_office().events(requests.read_cursor() or "", limit)
    may_see = may_read()
    found = [
        each
        for each in found
        if each.event.visibility is Visibility.PUBLIC or may_see(each.event.id)
    ]
    response = respond({"events": list(map(event_document, found)), "next_cursor": following})
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/events/<event>")
def see_event(event: str) -> BytesResponse:
    """One event. Its ETag changes with what is sold and how, and not with each sale."""
    summary = _box_office().registry(event).summary()
    is_draft = summary.event.visibility is Visibility.DRAFT
    if is_draft and organiser(Scope.READ, event) is None:
        raise errors.EventNotFound(event)
    response = _with_etag(summary)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.put("/events/<event>")
def put_event(event: str) -> BytesResponse:
    """Open an event, or say anew all about one but its plan, which it keeps without ``plan``."""
    expect_organiser(Scope.MANAGE, event)
    if not identifiers.is_event_id(event):
        raise BadRequest(
            f"“{event[:64]}” cannot be the id of an event, which is {identifiers.IN_WORDS}."
        )
    blank = _blank(event)

    def describe(document: object, current: Summary | None) -> Event:
        if current is None:
            return read_event(document, blank)
        if document == {}:
            raise BadRequest(
                f"There is an event {event} already, and the body says nothing of it. Send all that"
                " it is to be with PUT, or what is to change with PATCH."
            )
        return read_event(document, replace(blank, plan=current.event.plan))

    return _change(event, describe)


@blueprint.patch("/events/<event>")
def patch_event_document(event: str) -> BytesResponse:
    """Change what the body says of an event, and nothing else."""
    expect_organiser(Scope.MANAGE, event)
    blank = _blank(event)

    def describe(patch: object, current: Summary | None) -> Event:
        if current is None:
            raise errors.EventNotFound(event)
        return patch_event(patch, current.event, blank)

    return _change(event, describe)


@paused(_PAUSED_SECONDS)
def _change(event: str, describe: Callable[[object, Summary | None], Event]) -> BytesResponse:
    """Make of an event what the body describes, knowing how it is now."""
    request.max_content_length = MAX_EVENT_BYTES
    document = requests.read_json_if_any(with_places=True)
    move_booked = moves_booked(document)
    while True:
        current = _expect_as_known(event)
        expect = 0 if current is None else current.described_at
        try:
            summary, opened, gone = _box_office().put(
                describe(document, current), expect=expect, move_booked=move_booked
            )
        except errors.EventChanged:
            continue  # Someone else was faster, on which the caller may depend or not.
        done = "open" if opened else "changed"
        message = f"Event {event} is {done}."
        if current is not None and gone:
            message += f" {current.event.plan.names.are(gone)} off sale and no longer in the plan."
        response = _with_etag(summary, message=message, **({"gone": gone} if gone else {}))
        if opened:
            response.status_code = 201
            # Relative to this address, and so right under whatever path a proxy puts the service.
            response.headers["Location"] = event
        return response


@blueprint.delete("/events/<event>")
def end_event(event: str) -> BytesResponse:
    """End an event that is over, or of which no seat is locked or booked."""
    expect_organiser(Scope.MANAGE, event)
    requests.expect_no_body(request.environ)
    while True:
        current = _expect_as_known(event)
        try:
            _box_office().end(event, expect=None if current is None else current.described_at)
        except errors.EventChanged:
            continue
        return respond({"message": f"Event {event} is no more.", "event": event})


def _expect_as_known(event: str) -> Summary | None:
    """The event as it is now, None if there is none.

    Raises:
        EventChanged: it is none of those in If-Match.
        EventExists: it is one of those in If-None-Match.
    """
    wanted, unwanted = map(request.environ.get, ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"))
    try:
        current = _box_office().registry(event).summary()
    except errors.EventNotFound:
        if wanted is not None:
            raise errors.EventChanged(event) from None
        return None
    if wanted is not None and not headers.has_etag(wanted, event_etag(current)):
        raise errors.EventChanged(event)
    if unwanted is not None and headers.has_etag(unwanted, event_etag(current)):
        raise errors.EventExists(event)
    return current


def _blank(event: str) -> Event:
    """An event of which nothing is said."""
    box_office = _box_office()
    return Event(id=event, plan=box_office.plan, policy=box_office.policy)


def _with_etag(summary: Summary, **members: object) -> BytesResponse:
    document: Document = {**members, **event_document(summary, with_front=True)}
    response = respond(document)
    response.headers["ETag"] = f'"{event_etag(summary)}"'
    return response
