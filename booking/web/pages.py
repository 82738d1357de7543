"""The pages: the events, the seats of one, and the view of its organiser.

All addresses in them are relative, so that they work wherever a proxy puts the service.
"""

import time
from contextlib import suppress
from functools import partial
from typing import Any

from flask import Blueprint, Flask, current_app, render_template, request
from flask.wrappers import Response
from werkzeug.exceptions import NotFound

from booking.api import events
from booking.domain import timestamps
from booking.domain.errors import EventNotFound
from booking.domain.keys import Scope
from booking.domain.model import DEFAULT_EVENT, Summary, Visibility
from booking.engines.contract import BoxOffice
from booking.http import headers
from booking.http.application import BytesResponse
from booking.http.compression import compress, respond_coded
from booking.http.documents import event_document
from booking.http.requests import read_cursor
from booking.web.languages import Language, preferred, read_languages
from booking.web.static_files import StaticFiles, static_files

blueprint = Blueprint("pages", __name__, template_folder="templates")

_EVENTS_ON_A_PAGE = 50
_OF_OTHERS = ("changing", "door", "organising", "report", "ticket")
"""Groups of texts that no script of the page of an event has to know."""

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

# The pages use none of what a browser asks its user to allow.
_PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "bluetooth",
        "camera",
        "clipboard-read",
        "clipboard-write",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "web-share",
        "xr-spatial-tracking",
    )
)

_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": _PERMISSIONS_POLICY,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def register(app: Flask) -> None:
    """Serve the pages."""
    app.extensions["languages"] = read_languages()
    app.extensions["static_files"] = static_files()
    app.register_blueprint(blueprint)


def _box_office() -> BoxOffice:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office


@blueprint.get("/", defaults={"event": DEFAULT_EVENT, "top": "."}, endpoint="default_event")
@blueprint.get("/events/<event>/", defaults={"top": "../.."})
def event_page(event: str, top: str) -> BytesResponse:
    """The seats of an event, to buy some."""
    return render_event_page("event.html", event, top)


@blueprint.get("/events/<event>/admin")
def organiser_page(event: str) -> BytesResponse:
    """An event as its organiser sees it: what only he may see is asked for by the page, with the
    token that he types in."""
    scopes = [scope.value for scope in Scope]
    sends_mail = current_app.extensions["postman"] is not None
    values = {"scopes": scopes, "sends_mail": sends_mail}
    return render_event_page("organiser.html", event, "../..", **values)


def render_event_page(template: str, event: str, top: str, **values: Any) -> BytesResponse:
    """A page about an event, or one that says that there is none."""
    with suppress(EventNotFound):
        summary = _box_office().registry(event).summary()
        # The organiser's page tells nothing of a draft but how it is described.
        if template != "event.html" or summary.event.visibility is not Visibility.DRAFT:
            return render_page(template, top=top, **_described(summary), **values)
    return render_page("missing.html", 404, top=top, event=event[:64])


def _described(summary: Summary) -> dict[str, Any]:
    # The name of the default event is its id, which tells a buyer nothing.
    title = None if summary.event.name == DEFAULT_EVENT else summary.event.name
    ends = summary.event.sale_ends_at
    over = ends is not None and ends <= time.time()
    return {"event": event_document(summary, with_front=True), "title": title, "over": over}


@blueprint.get("/bookings/")
def bookings_page() -> BytesResponse:
    """A booking by its reference, for whoever made it in this browser, or has the link to it."""
    sends_links = current_app.extensions["postman"] is not None
    return render_page("booking.html", top="..", sends_links=sends_links)


@blueprint.get("/events/")
def events_page() -> Response:
    """The events to come by date; for clients that ask for JSON, as ``/events`` has them."""
    formats = ["text/html", "application/json"]
    wanted = headers.media_type(request.environ.get("HTTP_ACCEPT"), formats)
    if wanted == "application/json":
        response = events.list_events()
    else:
        found, following = _box_office().programme(read_cursor() or "", _EVENTS_ON_A_PAGE)
        response = render_page(
            "events.html",
            top="..",
            events=list(map(event_document, found)),
            following=following,
            first=read_cursor() is None,
            untitled=DEFAULT_EVENT,
        )
    response.vary.add("Accept")
    return response


def language_of_request() -> Language:
    """The language that the browser likes best."""
    languages: dict[str, Language] = current_app.extensions["languages"]
    return preferred(languages, request.environ.get("HTTP_ACCEPT_LANGUAGE"))


def render_page(template: str, status: int = 200, **values: Any) -> BytesResponse:
    """A page in the language of the browser. ``top`` is the way to the root of the service."""
    language = language_of_request()
    static: StaticFiles = current_app.extensions["static_files"]
    text = render_template(
        template,
        language=language.code,
        now=timestamps.write(time.time()),
        texts=language.texts,
        # Buyers come in crowds, and need none of these.
        buyers_texts={name: t for name, t in language.texts.items() if name not in _OF_OTHERS},
        static=f"{values['top']}/static/{static.digest}",
        **values,
    )
    body = text.encode()
    response = respond_coded(body, partial(compress, body), "text/html; charset=utf-8")
    response.status_code = status
    response.headers.update(_HEADERS)
    response.headers["Content-Language"] = language.code
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/static/<digest>/<name>")
def static_file(digest: str, name: str) -> BytesResponse:
    """A style or a script, which never changes at its address."""
    static: StaticFiles = current_app.extensions["static_files"]
    file = static.by_name.get(name)
    if file is None:
        raise NotFound
    response = respond_coded(file.body.plain, file.body.coded, file.content_type)
    # Asked for at the address of another version, as a page may that is still open after an update,
    # it is not what will always be there.
    fresh = digest == static.digest
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if fresh else "no-cache"
    )
    return response
