"""Keys: the administrator gives others a part of what it can do."""

import hashlib
import secrets

from flask import Blueprint, current_app, request
from werkzeug.exceptions import BadRequest

from booking.domain import identifiers, timestamps
from booking.domain.keys import Key, Scope
from booking.engines.contract import BoxOffice
from booking.engines.keys import Keys
from booking.http import requests
from booking.http.administration import (
    ADMINISTRATOR,
    KEY_PREFIX,
    expect_administrator,
    expect_sender,
)
from booking.http.application import BytesResponse
from booking.http.documents import Document, respond, time_or_null

blueprint = Blueprint("keys", __name__)


def _keys() -> Keys:
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office.keys


@blueprint.get("/keys")
def list_keys() -> BytesResponse:
    """All keys, without their tokens."""
    expect_administrator()
    return _private({"keys": list(map(_document, _keys().all()))})


@blueprint.put("/keys/<name>")
def put_key(name: str) -> BytesResponse:
    """Make a key, whose token is shown this once, or change what a key is good for."""
    expect_administrator()
    if not identifiers.is_event_id(name) or name == ADMINISTRATOR:
        raise BadRequest(
            f"“{name[:64]}” cannot be the name of a key, which is {identifiers.IN_WORDS}, and not"
            f" “{ADMINISTRATOR}”."
        )
    token = f"{KEY_PREFIX}{secrets.token_urlsafe(32)}"
    key, is_new = _keys().put(_read(name, hashlib.sha256(token.encode()).digest()))
    if not is_new:
        return _private({"message": f"Key {name} is changed.", **_document(key)})
    message = f"Key {name} is made. Note its token: it is shown this once."
    response = _private({"message": message, **_document(key), "token": token})
    response.status_code = 201
    return response


@blueprint.delete("/keys/<name>")
def end_key(name: str) -> BytesResponse:
    """Revoke a key, at once and everywhere."""
    expect_administrator()
    requests.expect_no_body(request.environ)
    _keys().end(name)
    return _private({"message": f"Key {name} is revoked.", "key": name})


@blueprint.get("/events/<event>/scopes")
def see_scopes(event: str) -> BytesResponse:
    """What the sender of the request may do with an event, for pages that show just that."""
    who, scopes = expect_sender(event)
    box_office: BoxOffice = current_app.extensions["box_office"]
    box_office.registry(event)  # Raises EventNotFound.
    return _private({"event": event, "by": who.name, "scopes": scopes})


def _read(name: str, digest: bytes) -> Key:
    members = requests.read_members({"scopes", "events", "until"})
    known = [scope.value for scope in Scope]
    scopes, events, until = (members.get(each) for each in ("scopes", "events", "until"))
    if not isinstance(scopes, list) or not scopes or not all(each in known for each in scopes):
        raise BadRequest(f"scopes must be a list of {', '.join(known)}, or some of these.")
    if events is not None and not (
        isinstance(events, list)
        and all(isinstance(each, str) and identifiers.is_event_id(each) for each in events)
    ):
        raise BadRequest("events must be a list of ids of events. Leave it out for all events.")
    try:
        until = None if until is None else timestamps.read(until)
    except (TypeError, ValueError):
        raise BadRequest("until must be a time such as 2027-01-31T19:30:00Z.") from None
    return Key(
        name=name,
        digest=digest,
        scopes=tuple(scope for scope in Scope if scope in scopes),
        events=None if events is None else tuple(sorted(set(events))),
        until=until,
        created_at=0.0,  # Those who keep it know when that is.
    )


def _document(key: Key) -> Document:
    return {
        "key": key.name,
        "scopes": [scope.value for scope in key.scopes],
        "events": key.events,
        "until": time_or_null(key.until),
        "created_at": timestamps.write(key.created_at),
    }


def _private(document: Document) -> BytesResponse:
    response = respond(document)
    response.headers["Cache-Control"] = "no-store"
    return response
