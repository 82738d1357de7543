"""The HTTP contract of bookings, and of requests that are sent again."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking.engines.memory.box_office import MemoryBoxOffice
from booking.settings import Settings
from tests.support.clocks import ManualClock

TOKEN = "organiser+0123456789=="
ADMIN = {"Authorization": f"Bearer {TOKEN}"}
ANN = {"Authorization": "Bearer " + "a" * 43}
BOB = {"Authorization": "Bearer " + "b" * 43}


@pytest.fixture
def settings() -> Settings:
    return Settings.from_environ({"BOOKING_ADMIN_TOKEN": TOKEN})


def code(response: TestResponse) -> tuple[int, str]:
    return response.status_code, response.get_json()["code"]


def book(client: FlaskClient, *seats: str, event: str = "default") -> dict[str, Any]:
    client.post(f"/events/{event}/lock", json={"seats": seats}, headers=ANN)
    answer = client.post(f"/events/{event}/confirm", headers=ANN).get_json()
    booking: dict[str, Any] = answer["booking"]
    return booking


# Look up


def test_a_booking_is_looked_up_by_its_holder_and_by_the_administrator(client: FlaskClient) -> None:
    booking = book(client, "1", "2")
    for headers in (ANN, ADMIN):
        response = client.get(f"/bookings/{booking['reference']}", headers=headers)
        assert response.json == {"booking": booking}
        assert response.headers["Cache-Control"] == "no-store"


def test_to_a_stranger_a_booking_is_as_if_there_were_none(client: FlaskClient) -> None:
    reference = book(client, "1")["reference"]
    for path in (f"/bookings/{reference}", f"/events/default/bookings/{reference}"):
        for headers in ({}, BOB):
            theirs = client.get(path, headers=headers)
            none = client.get(path.replace(reference, "AAAAA-AAAAA"), headers=headers)
            assert code(theirs) == code(none) == (404, "booking_not_found")
            detail = theirs.get_json()["detail"].replace(reference, "AAAAA-AAAAA")
            assert detail == none.get_json()["detail"]
            theirs = client.post(f"{path}/cancel", headers=headers)
            assert code(theirs) == (404, "booking_not_found")


def test_a_browser_looks_its_bookings_up_with_its_cookie(browser: FlaskClient) -> None:
    browser.post("/lock/1")
    reference = browser.post("/confirm/1").get_json()["booking"]["reference"]
    assert browser.get(f"/bookings/{reference}").status_code == 200


def test_a_reference_may_be_written_as_one_hears_it(client: FlaskClient) -> None:
    reference = book(client, "1")["reference"]
    written = reference.lower().replace("-", "").replace("0", "o").replace("1", "l")
    assert client.get(f"/bookings/{written}", headers=ANN).status_code == 200


def test_bookings_of_all_events_are_looked_up_at_the_root(client: FlaskClient) -> None:
    client.put("/events/gala", headers=ADMIN)
    reference = book(client, "1", event="gala")["reference"]
    assert client.get(f"/bookings/{reference}", headers=ANN).status_code == 200
    assert client.get(f"/events/gala/bookings/{reference}", headers=ANN).status_code == 200
    response = client.get(f"/events/default/bookings/{reference}", headers=ANN)
    assert code(response) == (404, "booking_not_found")


# Cancel


def test_a_booking_is_cancelled_and_its_seats_are_free(
    client: FlaskClient, clock: ManualClock
) -> None:
    booking = book(client, "1", "2")
    clock.advance(2)
    response = client.post(f"/bookings/{booking['reference']}/cancel", headers=ANN)
    cancelled = booking | {"cancelled_at": "2027-01-15T08:00:02.000Z"}
    assert response.json == {
        "message": f"Booking {booking['reference']} is cancelled."
        " Seats 1 and 2 are available again.",
        "seats": [{"id": "1", "status": "available"}, {"id": "2", "status": "available"}],
        "booking": cancelled,
    }
    assert client.get(f"/bookings/{booking['reference']}", headers=ANN).json == {
        "booking": cancelled
    }
    assert client.post("/lock/1", headers=BOB).status_code == 200


def test_the_administrator_cancels_too_and_the_history_says_so(client: FlaskClient) -> None:
    reference = book(client, "1")["reference"]
    assert client.post(f"/bookings/{reference}/cancel", headers=ADMIN).status_code == 200
    history = client.get("/events/default/history", headers=ADMIN).get_json()["history"]
    assert (history[-1]["change"], history[-1]["holder"]) == ("cancelled", None)


def test_a_booking_is_cancelled_once(client: FlaskClient) -> None:
    path = f"/bookings/{book(client, '1')['reference']}/cancel"
    client.post(path, headers=ANN)
    response = client.post(path, headers=ANN)
    assert code(response) == (409, "booking_cancelled")
    assert response.get_json()["booking"]["cancelled_at"] == "2027-01-15T08:00:00.000Z"


def test_too_late_a_booking_is_not_cancelled(client: FlaskClient, clock: ManualClock) -> None:
    policy = {"cancel_until": "2027-01-15T08:01:00Z"}
    client.put("/events/gala", json={"policy": policy}, headers=ADMIN)
    reference = book(client, "1", event="gala")["reference"]
    clock.advance(60)
    response = client.post(f"/bookings/{reference}/cancel", headers=ANN)
    assert code(response) == (409, "cancellation_closed")
    assert response.get_json()["cancel_until"] == "2027-01-15T08:01:00.000Z"
    assert client.get("/events/gala/seats/1").get_json()["seat"]["status"] == "booked"
    # The answer says to ask the organiser, who can.
    assert client.post(f"/bookings/{reference}/cancel", headers=ADMIN).status_code == 200
    assert client.get("/events/gala/seats/1").get_json()["seat"]["status"] == "available"


# List


def test_bookings_are_listed_page_by_page(client: FlaskClient) -> None:
    made = [book(client, seat) for seat in ("1", "2", "3")]
    first = client.get("/events/default/bookings?limit=2", headers=ADMIN)
    assert first.get_json()["bookings"] == made[:2]
    cursor = first.get_json()["next_cursor"]
    assert first.headers["Link"] == f'<?cursor={cursor}&limit=2>; rel="next"'
    second = client.get(f"/events/default/bookings?limit=2&cursor={cursor}", headers=ADMIN)
    assert second.json == {"event": "default", "bookings": made[2:], "next_cursor": None}
    assert "Link" not in second.headers


def test_bookings_are_a_table_for_a_spreadsheet(client: FlaskClient) -> None:
    first, second = book(client, "1", "2"), book(client, "3")
    client.post(f"/bookings/{second['reference']}/cancel", headers=ANN)
    response = client.get("/events/default/bookings", headers={**ADMIN, "Accept": "text/csv"})
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="default-bookings.csv"'
    assert response.data.startswith(b"\xef\xbb\xbf")  # Or Excel garbles umlauts.
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))
    made = {"event": "default", "section": "main", "row": "A", "booked_at": first["booked_at"]}
    made |= {"status": "booked", "block": "", "note": ""}
    assert rows == [
        {**made, "reference": first["reference"], "seat": "1", "cancelled_at": ""},
        {**made, "reference": first["reference"], "seat": "2", "cancelled_at": ""},
        {
            **made,
            "reference": second["reference"],
            "seat": "3",
            "status": "cancelled",
            "cancelled_at": "2027-01-15T08:00:00.000Z",
        },
    ]


def test_the_table_has_the_time_of_the_venue(client: FlaskClient) -> None:
    client.put("/events/gala", json={"time_zone": "Europe/Berlin"}, headers=ADMIN)
    book(client, "1", event="gala")
    table = client.get("/events/gala/bookings", headers={**ADMIN, "Accept": "text/csv"}).text
    assert ",2027-01-15T09:00:00.000+01:00," in table


@pytest.mark.parametrize("cursor", ["x", "-1", "²", "1" * 30, "1.0"])
def test_a_cursor_is_one_that_was_given_out(client: FlaskClient, cursor: str) -> None:
    query = {"cursor": cursor}
    response = client.get("/events/default/bookings", query_string=query, headers=ADMIN)
    assert code(response) == (400, "bad_request")


# The same request again


def again(key: str, headers: dict[str, str] = ANN) -> dict[str, str]:
    return {**headers, "Idempotency-Key": f'"{key}"'}


def test_a_request_that_is_sent_again_is_answered_as_it_was(
    client: FlaskClient, clock: ManualClock
) -> None:
    """Lock, extend, confirm and cancel, each sent twice; and a release."""
    lock = client.post("/lock/1", headers=again("a"))
    clock.advance(5)
    assert client.post("/lock/1", headers=again("a")).json == lock.json
    seats = {"seats": ["1"]}
    extend = client.post("/extend", json=seats, headers=again("b"))
    clock.advance(5)
    assert client.post("/extend", json=seats, headers=again("b")).json == extend.json
    confirm = client.post("/confirm/1", headers=again("c"))
    assert confirm.status_code == 200
    assert client.post("/confirm/1", headers=again("c")).json == confirm.json
    path = f"/bookings/{confirm.get_json()['booking']['reference']}/cancel"
    cancel = client.post(path, headers=again("d"))
    assert cancel.status_code == 200
    assert client.post(path, headers=again("d")).json == cancel.json
    client.post("/lock/2", headers=ANN)
    release = client.post("/release/2", headers=again("e"))
    client.post("/lock/2", headers=ANN)
    assert client.post("/release/2", headers=again("e")).json == release.json
    assert client.get("/seats/2").get_json()["seat"]["status"] == "locked"


def test_a_booking_is_the_same_however_its_address_is_written(client: FlaskClient) -> None:
    reference = book(client, "1")["reference"]
    first = client.post(f"/bookings/{reference}/cancel", headers=again("k"))
    for path in (f"/bookings/{reference.lower()}", f"/events/default/bookings/{reference}"):
        assert client.post(f"{path}/cancel", headers=again("k")).json == first.json


def test_the_best_seats_are_locked_once(client: FlaskClient) -> None:
    wish = {"best_available": {"count": 2}}
    first = client.post("/lock", json=wish, headers=again("k"))
    assert client.post("/lock", json=wish, headers=again("k")).json == first.json
    other = client.post("/lock", json=wish, headers=again("l"))
    assert other.get_json()["seats"] != first.get_json()["seats"]


@pytest.mark.parametrize(
    ("path", "body"), [("/lock", {"seats": ["2"]}), ("/lock/1", None), ("/extend", None)]
)
def test_a_key_belongs_to_one_request(client: FlaskClient, path: str, body: object) -> None:
    client.post("/lock", json={"seats": ["1"]}, headers=again("k"))
    response = client.post(path, json=body or {"seats": ["1"]}, headers=again("k"))
    if path == "/lock/1":
        response = client.post(path, headers=again("k"))
    assert code(response) == (422, "idempotency_key_reused")


def test_holders_and_events_have_keys_of_their_own(client: FlaskClient) -> None:
    client.put("/events/gala", headers=ADMIN)
    assert client.post("/lock/1", headers=again("k")).status_code == 200
    assert client.post("/lock/2", headers=again("k", BOB)).status_code == 200
    assert client.post("/events/gala/lock/1", headers=again("k")).status_code == 200
    # The root and the default event are one.
    assert client.post("/events/default/lock/1", headers=again("k")).status_code == 200


def test_what_failed_is_not_kept_so_that_it_can_succeed(
    client: FlaskClient, clock: ManualClock
) -> None:
    client.post("/lock/1", headers=BOB)
    assert code(client.post("/lock/1", headers=again("k"))) == (409, "seat_locked")
    clock.advance(60)
    assert client.post("/lock/1", headers=again("k")).status_code == 200


def test_a_key_needs_a_holder(client: FlaskClient) -> None:
    response = client.post("/lock/1", headers=again("k", {}))
    assert code(response) == (400, "bad_request")
    assert client.get("/seats/1").get_json()["seat"]["status"] == "available"


def test_the_administrator_has_keys_too(client: FlaskClient) -> None:
    path = f"/bookings/{book(client, '1')['reference']}/cancel"
    first = client.post(path, headers=again("k", ADMIN))
    assert client.post(path, headers=again("k", ADMIN)).json == first.json


@pytest.mark.parametrize("key", ["k", '"k"', "8e03978e-40d5-43dd-bc93-6894a57f9324", "x" * 255])
def test_a_key_is_taken_with_quotes_and_without(client: FlaskClient, key: str) -> None:
    headers = {**ANN, "Idempotency-Key": key}
    assert client.post("/lock/1", headers=headers).status_code == 200
    headers = {**ANN, "Idempotency-Key": key if '"' in key else f'"{key}"'}
    assert client.post("/lock/1", headers=headers).status_code == 200


@pytest.mark.parametrize("key", ["", '""', "a b", '"é"', "x" * 256, '"x', 'x"y"', '"a\\b"'])
def test_a_key_has_a_form(client: FlaskClient, key: str) -> None:
    response = client.post("/lock/1", headers={**ANN, "Idempotency-Key": key})
    assert code(response) == (400, "bad_request")


def test_no_token_is_kept_with_an_answer(client: FlaskClient, app: Flask) -> None:
    token = ANN["Authorization"].removeprefix("Bearer ")
    assert client.post("/lock/1", headers=again("k")).get_json()["token"] == token
    assert client.post("/lock/1", headers=again("k")).get_json()["token"] == token
    box_office: MemoryBoxOffice = app.extensions["box_office"]
    kept = box_office.registry("default")._answers
    assert len(kept) == 1
    assert token not in repr(kept._given)
