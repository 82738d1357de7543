"""The HTTP contract: every way to fail, as a problem document."""

import json
from typing import Any, NoReturn
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from booking import create_app
from booking.app import open_box_office
from booking.engines.errors import Unavailable
from booking.http.problems import _STATUS_AND_CODE, AnyError
from booking.settings import Settings
from tests.api.test_api import ANN, BOB
from tests.support.clocks import ManualClock
from tests.support.postgres import schema


def problem(response: TestResponse) -> dict[str, Any]:
    """Check what all problem documents have in common, and return the one in the response."""
    assert response.content_type == "application/problem+json"
    document: dict[str, Any] = response.get_json()
    assert document["status"] == response.status_code
    assert document["type"]
    assert document["title"]
    assert document["detail"].endswith(".")
    return document


def code(response: TestResponse) -> tuple[int, str]:
    document = problem(response)
    return document["status"], document["code"]


def test_every_error_has_a_status_and_a_code() -> None:
    def leaves(base: type[AnyError]) -> set[type[AnyError]]:
        children = base.__subclasses__()
        return set().union(*map(leaves, children)) if children else {base}

    assert set().union(*map(leaves, AnyError.__args__)) == set(_STATUS_AND_CODE)


def test_a_seat_that_is_locked_says_until_when(client: FlaskClient, clock: ManualClock) -> None:
    client.post("/lock/7", headers=ANN)
    clock.advance(29.5)
    response = client.post("/lock/7", headers=BOB)
    assert problem(response) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Seat 7 is locked by someone else. It comes back if it is not confirmed in time.",
        "code": "seat_locked",
        "seats": ["7"],
        "expires_at": "2027-01-15T08:01:00.000Z",
    }
    assert response.headers["Retry-After"] == "31"


def test_a_seat_that_is_booked_says_so(client: FlaskClient) -> None:
    client.post("/lock/7", headers=ANN)
    booking = client.post("/confirm/7", headers=ANN).get_json()["booking"]
    for call in ("/lock/7", "/confirm/7", "/release/7"):
        assert code(client.post(call, headers=BOB)) == (409, "seat_booked")
        own = problem(client.post(call, headers=ANN))
        assert (own["code"], own["booked_by_you"], own["booking"]) == ("seat_booked", True, booking)


def test_seats_that_cannot_be_locked_together_are_shown(client: FlaskClient) -> None:
    client.post("/lock/1", headers=ANN)
    client.post("/lock/2", headers=BOB)
    client.post("/confirm/2", headers=BOB)
    response = client.post("/lock", json={"seats": ["1", "2", "3"]}, headers=ANN)
    document = problem(response)
    assert (document["status"], document["code"]) == (409, "seats_unavailable")
    assert document["seats"] == ["1", "2"]
    assert document["unavailable"][0]["held_by_you"] is True
    assert document["unavailable"][1] == {"id": "2", "status": "booked"}
    assert client.get("/seats/3").get_json()["seat"]["status"] == "available"


@pytest.mark.parametrize("call", ["confirm", "release"])
def test_only_the_holder_of_a_lock_can_do_something_with_it(
    client: FlaskClient, clock: ManualClock, call: str
) -> None:
    assert code(client.post(f"/{call}/7")) == (409, "seat_not_locked")
    client.post("/lock/7", headers=ANN)
    response = client.post(f"/{call}/7")
    assert code(response) == (401, "token_required")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert code(client.post(f"/{call}/7", headers=BOB)) == (403, "not_your_lock")
    clock.advance(60)
    assert code(client.post(f"/{call}/7", headers=ANN)) == (409, "lock_expired")
    assert code(client.post(f"/{call}/7", headers=BOB)) == (409, "seat_not_locked")


def test_confirming_another_number_of_seats_than_expected_is_refused(
    client: FlaskClient, clock: ManualClock
) -> None:
    client.post("/lock/1", headers=ANN)
    clock.advance(30)
    client.post("/lock/2", headers=ANN)
    clock.advance(30)
    response = client.post("/confirm", json={"expect": 2}, headers=ANN)
    assert code(response) == (409, "lock_expired")
    assert response.get_json()["seats"] == ["1"]
    assert response.get_json()["detail"] == (
        "You expected to book 2 seats, and have 1 locked. Seat 1 is no longer locked for you."
        " Nothing was booked. Look at your basket, and confirm what is in it."
    )
    assert client.get("/seats/2").get_json()["seat"]["status"] == "locked"
    booked = client.post("/confirm", json={"expect": 1}, headers=ANN).get_json()
    assert booked["booking"]["seats"] == ["2"]
    # The same holds with nothing locked.
    assert code(client.post("/confirm", json={"expect": 1}, headers=ANN)) == (409, "lock_expired")
    assert code(client.post("/confirm", json={"expect": 1})) == (401, "token_required")


@pytest.mark.parametrize("expect", [0, -1, 1.0, "2", True, None, 10**9])
def test_expect_must_be_a_number_of_seats(client: FlaskClient, expect: object) -> None:
    client.post("/lock/1", headers=ANN)
    response = client.post("/confirm", json={"expect": expect}, headers=ANN)
    assert code(response) == (400, "bad_request")
    assert "expect is how many seats you have locked" in response.get_json()["detail"]


def test_expect_is_only_for_confirming_all_seats(client: FlaskClient) -> None:
    client.post("/lock/1", headers=ANN)
    body = {"expect": 1, "seats": ["1"]}
    assert code(client.post("/confirm", json=body, headers=ANN)) == (400, "bad_request")
    assert client.get("/seats/1").get_json()["seat"]["status"] == "locked"


def test_extending_is_for_the_holder_too(client: FlaskClient, clock: ManualClock) -> None:
    body = {"seats": ["7"]}
    assert code(client.post("/extend", json=body, headers=ANN)) == (409, "seat_not_locked")
    client.post("/lock/7", headers=ANN)
    assert code(client.post("/extend", json=body)) == (401, "token_required")
    assert code(client.post("/extend", json=body, headers=BOB)) == (403, "not_your_lock")
    clock.advance(60)
    assert code(client.post("/extend", json=body, headers=ANN)) == (409, "lock_expired")


def test_confirming_nothing_says_so(client: FlaskClient) -> None:
    assert code(client.post("/confirm")) == (401, "token_required")
    assert code(client.post("/confirm", headers=ANN)) == (409, "seat_not_locked")


def test_a_holder_cannot_have_all_seats() -> None:
    client = create_app(Settings(max_seats_per_holder=2)).test_client()
    response = client.post("/lock", json={"seats": ["1", "2", "3"]}, headers=ANN)
    assert code(response) == (409, "holder_limit_reached")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/seats/11", (404, "seat_not_found")),
        ("POST", "/lock/0001", (404, "seat_not_found")),
        ("POST", "/lock/٧", (404, "seat_not_found")),
        ("POST", "/lock/7%0d%0aSet-Cookie:%20a=b", (404, "seat_not_found")),
        ("POST", "/lock/%00", (404, "seat_not_found")),
        ("POST", "/lock/" + "7" * 1000, (404, "seat_not_found")),
        ("POST", "/confirm/11", (404, "seat_not_found")),
        ("GET", "/events/nothing/seats", (404, "event_not_found")),
        ("POST", "/events/nothing/lock/7", (404, "event_not_found")),
        ("GET", "/nothing", (404, "not_found")),
        ("GET", "/seats/", (404, "not_found")),
        ("POST", "/lock/7/8", (404, "not_found")),
        ("POST", "/extend/7", (404, "not_found")),
        ("GET", "/lock/7", (405, "method_not_allowed")),
        ("PUT", "/seats", (405, "method_not_allowed")),
        ("BREW", "/seats", (405, "method_not_allowed")),
        ("GET", "/seats?since=", (400, "bad_request")),
        ("GET", "/seats?since=-1", (400, "bad_request")),
        ("GET", "/seats?since=1.5", (400, "bad_request")),
        ("GET", "/seats?since=٧", (400, "bad_request")),
        ("GET", "/seats?since=" + "9" * 19, (400, "bad_request")),
    ],
)
def test_unknown_addresses_wrong_methods_and_bad_versions_are_refused(
    client: FlaskClient, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert code(client.open(path, method=method)) == expected


def test_an_unknown_event_is_reported_before_any_other_error(client: FlaskClient) -> None:
    for call in ("lock/7", "confirm/7", "release/7", "lock", "confirm", "release", "extend"):
        response = client.post(
            f"/events/nothing/{call}", data=b"nonsense", headers={"Authorization": "garbage"}
        )
        assert code(response) == (404, "event_not_found")


def test_a_wrong_method_is_answered_with_the_right_ones(client: FlaskClient) -> None:
    response = client.get("/lock/7")
    assert response.headers["Allow"] == "OPTIONS, POST"
    assert problem(response)["detail"] == "GET cannot be used here. Use OPTIONS, POST."


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "Name the seats"),
        (b"{}", "Name the seats"),
        (b"{", "not valid JSON"),
        (b"nonsense", "not valid JSON"),
        (b'{"seats": ["\xff"]}', "not valid JSON"),
        ('{"seats": ["1"]}'.encode("utf-16"), "not valid JSON"),
        (b"[" * 60_000, "not valid JSON"),
        (b"1" * 60_000, "not valid JSON"),
        (b'{"seats": NaN}', "not valid JSON"),
        (b'{"seats": ["1"], "seats": ["2"]}', "twice"),
        (b'["1"]', "JSON object"),
        (b"null", "JSON object"),
        (b'{"seat": "1"}', "'seat'"),
        (b'{"seats": ["1"], "best": 3}', "'best'"),
        (b'{"seats": null}', "list of seat ids"),
        (b'{"seats": "1"}', "list of seat ids"),
        (b'{"seats": []}', "list of seat ids"),
        (b'{"seats": [1]}', "list of seat ids"),
        (b'{"seats": ["1", true]}', "list of seat ids"),
        (b'{"seats": [["1"]]}', "list of seat ids"),
        (b'{"seats": ["1", "1"]}', "more than once"),
    ],
)
@pytest.mark.parametrize("call", ["/lock", "/release", "/extend"])
def test_a_malformed_body_is_explained(
    client: FlaskClient, call: str, body: bytes, why: str
) -> None:
    response = client.post(call, data=body, content_type="application/json", headers=ANN)
    document = problem(response)
    assert (document["status"], document["code"]) == (400, "bad_request")
    assert why in document["detail"]


def test_a_seat_id_in_a_body_can_be_anything_and_is_just_not_found(client: FlaskClient) -> None:
    odd = ["٧", "\ud800", "a\r\nb\0", "x" * 1000, "🎭", "11"]
    response = client.post("/lock", json={"seats": odd})
    assert code(response) == (404, "seat_not_found")
    assert response.get_json()["seats"] == odd


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_that_is_not_json_is_not_looked_at(
    client: FlaskClient, content_type: str | None
) -> None:
    for call in ("/lock", "/confirm", "/lock/7", "/confirm/7", "/release/7"):
        response = client.post(call, data=b'{"seats": ["1"]}', content_type=content_type)
        assert code(response) == (415, "unsupported_media_type")


def test_calls_on_one_seat_take_no_members(client: FlaskClient) -> None:
    assert code(client.post("/lock/7", json={"seats": ["8"]})) == (400, "bad_request")
    assert client.post("/lock/7", json={}).status_code == 200


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    body = json.dumps({"seats": ["x" * 65_536]})
    response = client.post("/lock", data=body, content_type="application/json")
    assert code(response) == (413, "body_too_large")


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer short", "Bearer " + "x" * 129, "x" * 43, "Bearer " + "é" * 40],
)
def test_a_token_of_the_wrong_form_is_refused(client: FlaskClient, authorization: str) -> None:
    headers = {"Authorization": authorization}
    for call in ("/lock/7", "/confirm/7", "/release/7"):
        assert code(client.post(call, headers=headers)) == (400, "invalid_token")


def test_a_crash_is_a_problem_document_too(app: Flask) -> None:
    @app.get("/crash")
    def crash() -> str:
        raise ZeroDivisionError

    response = app.test_client().get("/crash")
    assert code(response) == (500, "internal_error")
    assert "ZeroDivisionError" not in response.text


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]),
    path=st.one_of(
        st.sampled_from(["/seats", "/lock", "/confirm", "/release", "/extend", "/lock/1"]),
        st.binary(max_size=30).map(lambda path: "/" + quote(path)),
    ),
    body=st.one_of(
        st.binary(max_size=100),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda values: (
                st.lists(values, max_size=3)
                | st.dictionaries(st.sampled_from(["seats", "best"]), values, max_size=2)
            ),
            max_leaves=5,
        ).map(lambda value: json.dumps(value).encode()),
    ),
    token=st.one_of(st.none(), st.text(st.characters(max_codepoint=255), max_size=50)),
)
def test_whatever_is_sent_the_answer_is_json_and_never_a_5xx(
    client: FlaskClient, method: str, path: str, body: bytes, token: str | None
) -> None:
    headers = {} if token is None else {"Authorization": token.replace("\r", "").replace("\n", "")}
    response = client.open(
        path,
        # Or a path that begins with // would be taken for a host.
        base_url="http://localhost",
        method=method,
        data=body,
        headers=headers,
        content_type="application/json",
    )
    assert response.status_code < 500
    if response.status_code >= 400 and method != "HEAD":
        problem(response)


@pytest.mark.parametrize("outcome_unknown", [False, True])
def test_a_database_that_does_not_answer_is_503_and_says_whether_the_outcome_is_known(
    app: Flask, monkeypatch: pytest.MonkeyPatch, outcome_unknown: bool
) -> None:
    def lost(*_: object) -> NoReturn:
        raise Unavailable("The line was cut.", outcome_unknown=outcome_unknown)

    monkeypatch.setattr(app.extensions["box_office"].registry("default"), "lock", lost)
    response = app.test_client().post("/lock/1")
    document = problem(response)
    assert (response.status_code, document["code"]) == (503, "unavailable")
    assert response.headers["Retry-After"] == "1"
    assert document.get("outcome_unknown", False) is outcome_unknown
    assert ("not known" in document["detail"]) is outcome_unknown


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/bookings/a%00b", "booking_not_found"),
        ("/events/default/bookings/a%00b", "booking_not_found"),
        ("/events/a%00b/bookings/7KQM4-T9X2P", "event_not_found"),
        ("/events/a%00b", "event_not_found"),
        ("/events/a%00b/seats", "event_not_found"),
        ("/events?cursor=a%00b", "bad_request"),
    ],
)
def test_an_id_that_no_database_can_store_is_not_found(postgres: str, path: str, code: str) -> None:
    with schema(postgres) as url:
        box_office = open_box_office(Settings(database_url=url))
        client = create_app(Settings(), box_office).test_client()
        response = client.get(path, headers=ANN)
        box_office.close()
    assert problem(response)["code"] == code


def test_a_query_that_is_too_long_is_refused(client: FlaskClient) -> None:
    for path in ("/seats?since=", "/events?cursor=", "/events?limit="):
        problem = client.get(path + "%ff" * 2000)
        assert problem.status_code == 400
        assert (
            problem.get_json()["detail"] == "The query is longer than 4,096 characters. Send less."
        )
