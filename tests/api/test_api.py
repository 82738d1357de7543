"""The HTTP contract: what each call answers when it succeeds."""

import json
import re
from typing import IO, Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import create_environ

from booking import create_app
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.settings import Settings
from tests.support.clocks import START, ManualClock

ANN = {"Authorization": "Bearer " + "a" * 43}
BOB = {"Authorization": "Bearer " + "b" * 43}

T0 = "2027-01-15T08:00:00.000Z"
"""The wall clock at which the tests start."""

LOCKED = {"status": "locked", "locked_at": T0, "expires_at": "2027-01-15T08:01:00.000Z"}


def test_the_seats_of_the_default_event_are_listed(client: FlaskClient) -> None:
    response = client.get("/seats")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.json == {
        "event": "default",
        "version": START.wall * 1000,
        "seats": [{"id": str(number), "status": "available"} for number in range(1, 11)],
    }


@pytest.mark.parametrize("path", ["/seats", "/seats?since=1", "/plan"])
def test_a_shared_cache_may_keep_what_is_the_same_for_all_and_a_browser_asks_each_time(
    browser: FlaskClient, path: str
) -> None:
    browser.post("/lock/7")
    headers = browser.get(path).headers
    asks, keeps = {"max-age=0", "must-revalidate"}, {"public", "s-maxage=1"}
    assert asks | keeps <= set(headers["Cache-Control"].split(", "))
    assert "Set-Cookie" not in headers
    etag = headers["ETag"]
    assert browser.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_a_long_list_is_sent_by_the_server_piece_by_piece(clock: ManualClock) -> None:
    box_office = MemoryBoxOffice(Settings(seats=50_000), clock=clock)
    app = create_app(Settings(), box_office)
    environ = create_environ("/seats")
    wrapped: list[bytes] = []

    def wrap(file: IO[bytes]) -> list[bytes]:
        wrapped.append(file.read())
        return wrapped

    assert app(environ | {"wsgi.file_wrapper": wrap}, lambda *_: lambda _: None) is wrapped
    assert b"".join(app(environ, lambda *_: lambda _: None)) == wrapped[0]
    assert len(json.loads(wrapped[0])["seats"]) == 50_000
    box_office.close()


def test_a_seat_is_locked_and_a_token_is_given(client: FlaskClient) -> None:
    response = client.post("/lock/7")
    assert response.status_code == 200
    answer: dict[str, Any] = response.get_json()
    token = answer.pop("token")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert answer == {
        "message": "Seat 7 is locked for you. Confirm it within 60 seconds.",
        "seat": {"id": "7", **LOCKED},
        "expires_in": 60,
    }
    assert client.get("/seats/7").json == {"seat": {"id": "7", **LOCKED}}


def test_a_locked_seat_is_confirmed_with_the_token(client: FlaskClient) -> None:
    token = client.post("/lock/7").get_json()["token"]
    response = client.post("/confirm/7", headers={"Authorization": f"bearer {token}"})
    assert response.status_code == 200
    answer = response.get_json()
    reference = answer["booking"]["reference"]
    assert answer == {
        "message": f"Seat 7 is booked. Your booking reference is {reference}.",
        "seat": {"id": "7", "status": "booked"},
        "booking": {
            "reference": reference,
            "event": "default",
            "seats": ["7"],
            "booked_at": T0,
        },
    }


def test_a_locked_seat_is_released(client: FlaskClient) -> None:
    client.post("/lock/7", headers=ANN)
    response = client.post("/release/7", headers=ANN)
    assert response.status_code == 200
    assert response.json == {
        "message": "Seat 7 is available again.",
        "seat": {"id": "7", "status": "available"},
    }


def test_several_seats_are_locked_extended_and_confirmed_together(
    client: FlaskClient, clock: ManualClock
) -> None:
    locked = client.post("/lock", json={"seats": ["2", "1"]}, headers=ANN).get_json()
    assert locked == {
        "message": "Seats 1 and 2 are locked for you. Confirm them within 60 seconds.",
        "seats": [{"id": "2", **LOCKED}, {"id": "1", **LOCKED}],
        "token": "a" * 43,
        "expires_in": 60,
    }
    clock.advance(30.5)
    extended = client.post("/extend", json={"seats": ["1"]}, headers=ANN).get_json()
    assert extended == {
        "message": "Seat 1 is still locked for you. Confirm within 60 seconds.",
        "seats": [{"id": "1", **LOCKED, "expires_at": "2027-01-15T08:01:30.500Z"}],
        "expires_in": 60,
    }
    confirmed = client.post("/confirm", json={"seats": ["1", "2"]}, headers=ANN).get_json()
    assert [seat["status"] for seat in confirmed["seats"]] == ["booked", "booked"]
    assert confirmed["booking"]["seats"] == ["1", "2"]


def test_several_seats_are_released_together(client: FlaskClient) -> None:
    client.post("/lock", json={"seats": ["1", "2"]}, headers=ANN)
    response = client.post("/release", json={"seats": ["1", "2"]}, headers=ANN)
    assert response.json == {
        "message": "Seats 1 and 2 are available again.",
        "seats": [{"id": "1", "status": "available"}, {"id": "2", "status": "available"}],
    }


def test_a_list_of_one_seat_is_spoken_of_as_one(client: FlaskClient) -> None:
    for call, what in (
        ("lock", "locked for you. Confirm it within 60 seconds."),
        ("extend", "still locked for you. Confirm within 60 seconds."),
        ("release", "available again."),
    ):
        answer = client.post(f"/{call}", json={"seats": ["1"]}, headers=ANN).get_json()
        assert answer["message"] == f"Seat 1 is {what}"


@pytest.mark.parametrize("body", [{}, {"json": {}}, {"data": "", "content_type": "text/plain"}])
def test_confirming_without_seats_books_all_that_the_holder_has_locked(
    client: FlaskClient, body: dict[str, Any]
) -> None:
    client.post("/lock", json={"seats": ["4", "3"]}, headers=ANN)
    client.post("/lock/5", headers=BOB)
    response = client.post("/confirm", headers=ANN, **body)
    assert response.get_json()["booking"]["seats"] == ["3", "4"]


def test_a_lock_that_is_not_confirmed_is_released_by_itself(
    client: FlaskClient, clock: ManualClock
) -> None:
    client.post("/lock/7", headers=ANN)
    clock.advance(60)
    assert client.get("/seats/7").get_json()["seat"]["status"] == "available"
    assert client.post("/lock/7", headers=BOB).status_code == 200


def test_the_same_calls_are_served_for_an_event_by_its_name(client: FlaskClient) -> None:
    assert client.post("/events/default/lock/7", headers=ANN).status_code == 200
    assert client.get("/events/default/seats/7").json == client.get("/seats/7").json
    assert client.get("/events/default/seats").data == client.get("/seats").data
    assert client.post("/confirm/7", headers=ANN).status_code == 200


def test_every_json_answer_ends_with_a_line_end_and_is_utf_8(client: FlaskClient) -> None:
    for response in (client.get("/seats"), client.get("/seats?since=1"), client.post("/lock/ä")):
        assert response.data.endswith(b"}\n")
        assert json.loads(response.data.decode("utf-8"))
    assert response.get_json()["seats"] == ["ä"]


# Caching and changes


def test_an_unchanged_list_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/seats").headers["ETag"]
    for candidates in (etag, f'"old", W/{etag}', "*"):
        response = client.get("/seats", headers={"If-None-Match": candidates})
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == etag
    client.post("/lock/1")
    assert client.get("/seats", headers={"If-None-Match": etag}).status_code == 200


def test_the_list_follows_every_change(client: FlaskClient, clock: ManualClock) -> None:
    def statuses() -> list[str]:
        return [seat["status"] for seat in client.get("/seats").get_json()["seats"][:3]]

    client.post("/lock", json={"seats": ["1", "2"]}, headers=ANN)
    assert statuses() == ["locked", "locked", "available"]
    client.post("/confirm/2", headers=ANN)
    assert statuses() == ["locked", "booked", "available"]
    clock.advance(60)
    assert statuses() == ["available", "booked", "available"]


def test_only_the_seats_that_changed_since_a_version_are_sent(client: FlaskClient) -> None:
    version = client.get("/seats").get_json()["version"]
    client.post("/lock/9", headers=ANN)
    client.post("/lock/2", headers=ANN)
    response = client.get(f"/seats?since={version}")
    assert [seat["id"] for seat in response.get_json()["seats"]] == ["2", "9"]
    assert "full" not in response.get_json()
    latest = response.get_json()["version"]
    assert client.get(f"/seats?since={latest}").get_json()["seats"] == []
    again = client.get(f"/seats?since={latest}", headers={"If-None-Match": f'"{latest}"'})
    assert again.status_code == 304


def test_all_seats_are_sent_since_a_version_that_is_unknown(client: FlaskClient) -> None:
    answer = client.get("/seats?since=1").get_json()
    assert answer["full"] is True
    assert len(answer["seats"]) == 10


def test_a_head_request_has_the_headers_and_no_body(client: FlaskClient) -> None:
    response = client.head("/seats")
    assert response.data == b""
    assert response.headers["Content-Length"] == str(len(client.get("/seats").data))


def test_health_is_told(client: FlaskClient) -> None:
    for path in ("/healthz", "/readyz"):
        response = client.get(path)
        assert response.json == {"status": "ok"}
        assert response.headers["Cache-Control"] == "no-store"


# Whose a request is


def test_a_client_may_choose_its_token_and_retry_a_lock_whose_answer_was_lost(
    client: FlaskClient,
) -> None:
    own = {"Authorization": "Bearer my.own~token-of_thirty-two.chars"}
    assert client.post("/lock/7", headers=own).get_json()["token"] == own["Authorization"][7:]
    retry = client.post("/lock/7", headers=own)
    assert (retry.status_code, retry.get_json()["held_by_you"]) == (409, True)
    assert client.post("/confirm/7", headers=own).status_code == 200
    retry = client.post("/confirm/7", headers=own)
    assert (retry.status_code, retry.get_json()["booked_by_you"]) == (409, True)


def test_a_browser_is_known_by_its_cookie(browser: FlaskClient) -> None:
    response = browser.post("/lock/7")
    token = response.get_json()["token"]
    assert response.headers["Set-Cookie"] == (
        f"holder={token}; HttpOnly; Path=/; SameSite=Strict; Max-Age=34560000"
    )
    assert "Set-Cookie" not in browser.post("/lock/8").headers
    assert browser.post("/confirm").get_json()["booking"]["seats"] == ["7", "8"]


def test_the_cookie_is_for_https_alone_where_https_is_used(browser: FlaskClient) -> None:
    response = browser.post("/lock/7", base_url="https://localhost")
    assert "; Secure; HttpOnly" in response.headers["Set-Cookie"]


def test_the_header_wins_over_the_cookie(browser: FlaskClient) -> None:
    browser.post("/lock/7")
    assert browser.post("/confirm/7", headers=BOB).get_json()["code"] == "not_your_lock"


def test_an_authorization_of_another_scheme_is_not_for_us(browser: FlaskClient) -> None:
    basic = {"Authorization": "Basic dXNlcjpwYXNz"}
    assert browser.post("/lock/7", headers=basic).status_code == 200
    assert browser.post("/confirm/7", headers=basic).status_code == 200


def test_a_cookie_that_is_no_token_is_refused_and_forgotten(browser: FlaskClient) -> None:
    browser.set_cookie("holder", "short")
    response = browser.post("/lock/7")
    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_token")
    assert browser.post("/lock/7").status_code == 200


def test_a_bad_header_does_not_cost_a_browser_its_cookie(browser: FlaskClient) -> None:
    browser.post("/lock/7")
    refused = browser.post("/confirm/7", headers={"Authorization": "Bearer short"})
    assert refused.get_json()["code"] == "invalid_token"
    assert browser.post("/confirm/7").status_code == 200


def test_nothing_that_is_shown_tells_who_has_a_seat(client: FlaskClient) -> None:
    client.post("/lock/1", headers=ANN)
    client.post("/lock/2", headers=ANN)
    client.post("/confirm/2", headers=ANN)
    seats = client.get("/seats").get_json()["seats"]
    assert seats[0].keys() == {"id", "status", "locked_at", "expires_at"}
    assert seats[1].keys() == {"id", "status"}


def test_a_basket_says_what_its_holder_has_and_for_how_long(
    client: FlaskClient, clock: ManualClock
) -> None:
    client.post("/lock/1", headers=ANN)
    booking = client.post("/confirm/1", headers=ANN).get_json()["booking"]
    client.post("/lock/2", headers=ANN)
    clock.advance(12.5)
    response = client.get("/basket", headers=ANN)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json == {
        "event": "default",
        "seats": [{"id": "2", **LOCKED, "expires_in": 47.5}],
        "bookings": [booking],
    }


def test_without_a_token_a_basket_is_empty(client: FlaskClient) -> None:
    client.post("/lock/1", headers=ANN)
    assert client.get("/basket").json == {"event": "default", "seats": [], "bookings": []}
    assert client.get("/events/nowhere/basket").status_code == 404
