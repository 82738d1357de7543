"""What somebody may have meant who asked for an address at which there is nothing."""

import json
import re

from flask import current_app, request
from werkzeug.routing import MapAdapter

from booking.texts import printable

_SEAT_WITH_SLASH = re.compile(
    r"(?P<event>/events/[^/]+)?/(?P<call>lock|confirm|release|seats)/(?P<seat>[^/]+/.*[^/])"
)
_OF_AN_EVENT = re.compile(r"/events/([^/]+)/")
_RULE_OF_AN_EVENT = re.compile(r"/events/<event>/(\w+)")
_LONGEST = 200


def advice() -> str:
    """A sentence or two for the person who sent the request: what is wrong, and what to do."""
    path = request.path
    if request.url_rule is not None or len(path) > _LONGEST:
        return "There is nothing at this address. GET /seats lists the seats."
    nothing = f"There is nothing at {printable(path)}."
    if path.endswith("/") and _methods(path.rstrip("/")):
        return f"{nothing} Leave out the slash at the end: {printable(path.rstrip('/'))}."
    if not path.endswith("/") and _methods(f"{path}/"):
        return f"{nothing} Add a slash at the end: {printable(path)}/."
    if found := _SEAT_WITH_SLASH.fullmatch(path):
        return f"{nothing} {_name_in_body(found)}"
    if found := _OF_AN_EVENT.match(path):
        event = printable(f"/events/{found[1]}")
        return f"{nothing} Under {event}/ there are {_calls_of_an_event()}."
    return f"{nothing} GET /seats lists the seats, GET /events the events."


def _name_in_body(found: re.Match[str]) -> str:
    event = printable(found["event"] or "")
    if found["call"] == "seats":
        return f"If the id of a seat has a slash in it, find it in the list: GET {event}/seats."
    body = json.dumps({"seats": [printable(found["seat"])]}, ensure_ascii=False)
    return (
        "If the id of a seat has a slash in it, name it in the body:"
        f" POST {event}/{found['call']} with {body}."
    )


def _calls_of_an_event() -> str:
    rules = (_RULE_OF_AN_EVENT.match(rule.rule) for rule in current_app.url_map.iter_rules())
    *others, last = sorted({found[1] for found in rules if found})
    return f"{', '.join(others)} and {last}"


def _methods(path: str) -> bool:
    adapter: MapAdapter | None = current_app.create_url_adapter(request)
    return adapter is not None and bool(adapter.allowed_methods(path))
