"""The contract that machines read: complete, and true."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking.api.openapi.document import document
from booking.http import problems
from booking.http.documents import encode
from booking.settings import Settings
from tests.support.clocks import ManualClock

ADMIN = {"Authorization": "Bearer organiser-0123456789-0123456789"}
HOLDER = {"Authorization": "Bearer a-token-of-my-own-choice-0123456789"}
OTHER = {"Authorization": "Bearer another-token-of-my-own-choice-4567"}

CONTRACT = json.loads(encode(document()))


@pytest.fixture
def settings() -> Settings:
    return Settings.from_environ({"BOOKING_ADMIN_TOKEN": ADMIN["Authorization"].split()[1]})


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in CONTRACT["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method.upper(), operation


def closed(schema: Any) -> Any:
    """A schema that takes no member that it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {name: closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        schema.setdefault("additionalProperties", False)
    return schema


def expect(response: TestResponse, path: str) -> None:
    """Expect an answer to be just as the contract has it."""
    described = CONTRACT["paths"][path][response.request.method.lower()]
    answers = described["responses"]
    assert str(response.status_code) in answers, (path, response.status_code, response.text)
    found = answers[str(response.status_code)]
    if response.status_code == 304:
        return
    content = found["content"][response.mimetype]
    if "json" not in (response.mimetype or ""):
        return
    # "allOf" of two closed schemas takes nothing: the members of both are those of one.
    schema = merged(content["schema"])
    components = closed(copy.deepcopy(CONTRACT["components"]))
    whole = {**closed(schema), "components": components}
    answered = response.get_json(force=True)
    jsonschema_rs.validator_for(whole, validate_formats=True).validate(answered)
    if response.mimetype == problems.CONTENT_TYPE:
        assert answered["code"] in content["examples"], (path, answered["code"])


def merged(schema: dict[str, Any]) -> dict[str, Any]:
    if "allOf" not in schema:
        return schema
    parts = [
        CONTRACT["components"]["schemas"][part["$ref"].rpartition("/")[2]]
        if "$ref" in part
        else part
        for part in schema["allOf"]
    ]
    properties = {name: each for part in parts for name, each in part["properties"].items()}
    required = [name for part in parts for name in part["required"]]
    return {"type": "object", "properties": properties, "required": required}


def test_every_route_is_described_and_no_other(app: Flask) -> None:
    converter = {"<": "{", ">": "}"}
    served = {
        ("".join(converter.get(each, each) for each in rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "booking_links.tell_methods"  # It refuses them.
    }
    assert {(path, method) for path, method, _ in operations()} == served


def test_every_code_is_described_and_has_an_example_that_is_valid() -> None:
    described = {
        code
        for answers in [*(each["responses"] for _, _, each in operations()),
                        {"405": CONTRACT["components"]["responses"]["MethodNotAllowed"]}]
        for answer in answers.values()
        for code in answer.get("content", {}).get(problems.CONTENT_TYPE, {}).get("examples", ())
    }  # fmt: skip
    assert described == set(problems.CODES)
    problem = {"$ref": "#/components/schemas/Problem", "components": CONTRACT["components"]}
    validator = jsonschema_rs.validator_for(problem)
    for _, _, operation in operations():
        for status, answer in operation["responses"].items():
            for media in answer.get("content", {}).values():
                for code, example in media.get("examples", {}).items():
                    validator.validate(example["value"])
                    assert (example["value"]["code"], example["value"]["status"]) == (
                        code, int(status),
                    )  # fmt: skip


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    used: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                used.add(value["$ref"])
            list(map(walk, value.values()))
        elif isinstance(value, list):
            list(map(walk, value))

    walk(CONTRACT)
    there = {
        f"#/components/{kind}/{name}"
        for kind, components in CONTRACT["components"].items()
        if kind in ("schemas", "parameters", "headers")
        for name in components
    }
    assert used == there


def test_what_is_answered_is_what_is_described(client: FlaskClient, clock: ManualClock) -> None:
    def call(
        method: str, path: str, rule: str, headers: Any = None, body: Any = None
    ) -> TestResponse:
        response = client.open(path, method=method, headers=headers, json=body)
        expect(response, rule)
        return response

    for prefix, rule in (("", ""), ("/events/default", "/events/{event}")):
        etag = call("GET", f"{prefix}/seats", f"{rule}/seats").headers["ETag"]
        call("GET", f"{prefix}/seats", f"{rule}/seats", {"If-None-Match": etag})
        call("GET", f"{prefix}/seats?since=1", f"{rule}/seats")
        call("GET", f"{prefix}/seats?since=x", f"{rule}/seats")
        call("GET", f"{prefix}/plan", f"{rule}/plan")
        call("POST", f"{prefix}/lock/7", f"{rule}/lock/{{seat_id}}", HOLDER)
        call("GET", f"{prefix}/seats/7", f"{rule}/seats/{{seat_id}}")
        call("GET", f"{prefix}/basket", f"{rule}/basket", HOLDER)
        call("POST", f"{prefix}/lock/7", f"{rule}/lock/{{seat_id}}", HOLDER)
        call("POST", f"{prefix}/lock/7", f"{rule}/lock/{{seat_id}}", OTHER)
        named = {"seats": ["7", "8"]}
        call("POST", f"{prefix}/lock", f"{rule}/lock", OTHER, named)
        call("POST", f"{prefix}/lock", f"{rule}/lock", HOLDER, named)
        call("POST", f"{prefix}/extend", f"{rule}/extend", HOLDER, {"seats": ["7"]})
        call("POST", f"{prefix}/confirm/7", f"{rule}/confirm/{{seat_id}}")
        call("POST", f"{prefix}/confirm/7", f"{rule}/confirm/{{seat_id}}", OTHER)
        call("POST", f"{prefix}/release/8", f"{rule}/release/{{seat_id}}", OTHER)
        call("POST", f"{prefix}/lock", f"{rule}/lock", HOLDER, {"seats": ["9", "10"]})
        call("POST", f"{prefix}/release", f"{rule}/release", HOLDER, {"seats": ["9"]})
        call("POST", f"{prefix}/release/10", f"{rule}/release/{{seat_id}}", HOLDER)
        booked = call("POST", f"{prefix}/confirm/7", f"{rule}/confirm/{{seat_id}}", HOLDER)
        call("POST", f"{prefix}/confirm", f"{rule}/confirm", HOLDER, {"expect": 3})
        reference = booked.json["booking"]["reference"] if booked.json else ""
        call("POST", f"{prefix}/lock/7", f"{rule}/lock/{{seat_id}}", HOLDER)
        of_booking = f"{rule}/bookings/{{reference}}"
        call("GET", f"{prefix}/bookings/{reference}", of_booking, HOLDER)
        call("GET", f"{prefix}/bookings/{reference}", of_booking, OTHER)
        for _ in "12":
            path = f"{prefix}/bookings/{reference}/cancel"
            call("POST", path, f"{of_booking}/cancel", HOLDER)
        best = {"best_available": {"count": 11}}
        call("POST", f"{prefix}/lock", f"{rule}/lock", HOLDER, best)
        call("POST", f"{prefix}/lock", f"{rule}/lock", HOLDER, named)
        clock.advance(61)
        call("POST", f"{prefix}/confirm", f"{rule}/confirm", HOLDER, named)

    event = {
        "name": "The gala",
        "starts_at": "2100-01-31T19:30:00+01:00",
        "plan": {"grid": {"rows": 2, "seats_per_row": 5, "categories": {"front": ["A"]}}},
        "policy": {"lock_seconds": 90, "cancel_until": None},
    }
    one = "/events/{event}"
    assert call("PUT", "/events/gala", one, ADMIN, event).status_code == 201
    assert call("PUT", "/events/gala", one, ADMIN, event).status_code == 200
    plan = call("GET", "/events/gala/plan", f"{one}/plan").json
    call("PUT", "/events/gala", one, ADMIN, {"plan": plan})
    call("PUT", "/events/gala", one, ADMIN, {"plan": {"count": 0}})
    front = {"plan": {"focal_point": {"x": 1, "y": 2}}}
    assert call("PATCH", "/events/gala", one, ADMIN, front).status_code == 200
    repair = "/events/gala/plan/repair"
    call("POST", repair, f"{one}/plan/repair", ADMIN, {"plan": plan})
    call("POST", repair, f"{one}/plan/repair", ADMIN, {})
    call("PUT", "/events/gala", one)
    call("GET", "/events/gala", one)
    call("GET", "/events/none", one)
    call("GET", "/events?limit=1", "/events")
    call("POST", "/events/gala/block", f"{one}/block", ADMIN, {"seats": ["A1"]})
    call("POST", "/events/gala/unblock", f"{one}/unblock", ADMIN, {"seats": ["A1"]})
    call("GET", "/events/default/bookings", f"{one}/bookings", ADMIN)
    call("GET", "/events/default/bookings", f"{one}/bookings", ADMIN | {"Accept": "text/csv"})
    call("GET", "/events/default/history?limit=3", f"{one}/history", ADMIN)
    call("DELETE", "/events/gala", one, ADMIN)
    for path in ("/healthz", "/readyz", "/openapi.json", "/", "/events/", "/bookings/", "/docs"):
        call("GET", path, path)
    call("GET", "/events/default/", f"{one}/")
    call("GET", "/events/none/", f"{one}/")
    call("GET", "/events/default/admin", f"{one}/admin")
    static = app_static(client)
    call("GET", static, "/static/{digest}/{name}")
    call("GET", "/static/x/none", "/static/{digest}/{name}")


def app_static(client: FlaskClient) -> str:
    page = client.get("/docs").text
    return "/" + page.partition('rel="stylesheet" href="')[2].partition('"')[0]


def test_the_document_is_sent_compressed_and_asked_for_again_by_its_etag(
    client: FlaskClient,
) -> None:
    response = client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    again = client.get("/openapi.json", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/openapi.json").get_json() == CONTRACT


def test_the_page_shows_every_call_and_loads_nothing_from_elsewhere(client: FlaskClient) -> None:
    response = client.get("/docs")
    for path, _, operation in operations():
        if not operation["operationId"].endswith("_of_event"):
            assert f"<code>{path}</code>" in response.text
    assert "http://" not in response.text
    assert "https://" not in response.text.replace("https://evil.example", "")
    assert "<script" not in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
