"""The box office, over HTTP."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from tests.api.organiser import ADMIN, ANN, code, put

BOB = {"Authorization": "Bearer " + "b" * 43}


@pytest.fixture
def gala(client: FlaskClient) -> FlaskClient:
    grid = {"grid": {"rows": 2, "seats_per_row": 6}}
    policy = {"max_seats_per_holder": 3, "ask": [{"id": "name", "required": True}]}
    assert put(client, "gala", {"plan": grid, "policy": policy}).status_code == 201
    return client


def book(client: FlaskClient, *seats: str, who: dict[str, str] = ANN) -> str:
    client.post("/events/gala/lock", json={"seats": seats}, headers=who)
    details = {"details": {"name": "Ann"}}
    answer = client.post("/events/gala/confirm", json=details, headers=who).get_json()
    reference: str = answer["booking"]["reference"]
    return reference


def test_a_phone_call_is_booked(gala: FlaskClient) -> None:
    order = {"seats": ["A2", "A1"], "details": {"name": "Cat"}, "note": "Pays at the door"}
    headers = {**ADMIN, "Idempotency-Key": '"call"'}
    response = gala.post("/events/gala/bookings", json=order, headers=headers)
    assert response.status_code == 201
    answer = response.get_json()
    reference = answer["booking"]["reference"]
    assert answer["message"] == f"Seats A1 and A2 are booked under {reference}."
    assert gala.post("/events/gala/bookings", json=order, headers=headers).json == answer
    booking = gala.get(f"/bookings/{reference}", headers=ADMIN).get_json()["booking"]
    assert (booking["details"], booking["note"]) == ({"name": "Cat"}, "Pays at the door")
    history = gala.get("/events/gala/history", headers=ADMIN).get_json()["history"]
    assert [(each["seat"], each["change"], each["by"]) for each in history] == [
        ("A2", "sold", "administrator"),
        ("A1", "sold", "administrator"),
    ]


def test_a_rule_is_overridden_when_the_request_says_so(gala: FlaskClient) -> None:
    many = {"seats": ["A1", "A2", "A3", "A4"]}
    refused = gala.post("/events/gala/bookings", json=many, headers=ADMIN)
    assert code(refused) == (409, "holder_limit_reached")
    many["override"] = ["limit"]
    assert gala.post("/events/gala/bookings", json=many, headers=ADMIN).status_code == 201


@pytest.mark.parametrize(
    "order",
    [
        None,
        {},
        {"seats": []},
        {"seats": ["A1"], "override": "limit"},
        {"seats": ["A1"], "override": ["price"]},
        {"seats": ["A1"], "override": [["limit"]]},
        {"seats": ["A1"], "note": 5},
        {"seats": ["A1"], "note": "a\nb"},
        {"seats": ["A1"], "note": "x" * 501},
        {"seats": ["A1"], "details": []},
        {"seats": ["A1"], "price": 5},
    ],
)
def test_an_order_that_is_none_is_refused(gala: FlaskClient, order: object) -> None:
    response = gala.post("/events/gala/bookings", json=order, headers=ADMIN)
    assert code(response) == (400, "bad_request")


def test_a_part_of_a_booking_is_cancelled(gala: FlaskClient) -> None:
    reference = book(gala, "A1", "A2", "A3")
    response = gala.post(f"/bookings/{reference}/cancel", json={"seats": ["A2", "A3"]}, headers=ANN)
    answer = response.get_json()
    assert answer["message"] == (
        f"Seats A2 and A3 are available again. Seat A1 is still booked under {reference}."
    )
    assert answer["booking"]["seats"] == ["A1"]
    again = gala.post(f"/bookings/{reference}/cancel", json={"seats": ["A2"]}, headers=ANN)
    assert code(again) == (409, "not_in_booking")
    rest = gala.post(f"/bookings/{reference}/cancel", headers=ANN).get_json()
    assert rest["message"] == f"Booking {reference} is cancelled. Seat A1 is available again."


def test_a_booking_is_moved_by_its_holder_or_the_box_office(gala: FlaskClient) -> None:
    reference = book(gala, "A1", "A2")
    path = f"/bookings/{reference}/move"
    answer = gala.post(path, json={"from": ["A1"], "to": ["B1"]}, headers=ANN).get_json()
    assert answer["message"] == (
        f"Seat B1 is booked now under {reference}. Seat A1 is available again."
    )
    assert answer["booking"]["seats"] == ["B1", "A2"]
    gala.post("/events/gala/block", json={"seats": ["B2"]}, headers=ADMIN)
    to_blocked = {"from": ["A2"], "to": ["B2"], "override": ["blocked"]}
    assert code(gala.post(path, json=to_blocked, headers=ANN)) == (401, "administrator_required")
    assert code(gala.post(path, json=to_blocked, headers=BOB)) == (404, "booking_not_found")
    assert gala.post(path, json=to_blocked, headers=ADMIN).status_code == 200
    uneven = {"from": ["B1"], "to": ["A3", "A4"]}
    assert code(gala.post(path, json=uneven, headers=ADMIN)) == (400, "bad_request")


def test_two_bookings_exchange_seats(gala: FlaskClient) -> None:
    ann, bob = book(gala, "A1", "A2"), book(gala, "B1", who=BOB)
    swap = {"seats": ["A1"], "with": bob.lower(), "for": ["B1"]}
    assert code(gala.post(f"/bookings/{ann}/swap", json=swap, headers=ANN)) == (
        (401, "administrator_required")
    )
    answer = gala.post(f"/bookings/{ann}/swap", json=swap, headers=ADMIN).get_json()
    assert answer["message"] == f"Bookings {ann} and {bob} have exchanged seats."
    assert [each["seats"] for each in answer["bookings"]] == [["B1", "A2"], ["A1"]]
    for other in ("nonsense", ann, "00000-00000"):
        response = gala.post(f"/bookings/{ann}/swap", json={**swap, "with": other}, headers=ADMIN)
        assert code(response) == (404, "booking_not_found")


def test_a_lock_is_taken_and_its_holder_is_told(gala: FlaskClient) -> None:
    gala.post("/events/gala/lock/A1", headers=ANN)
    take = {"seats": ["A1"], "reason": "For a wheelchair."}
    answer = gala.post("/events/gala/take", json=take, headers=ADMIN).get_json()
    assert answer["message"] == "Seat A1 is available again."
    refused = gala.post("/events/gala/confirm/A1", json={"details": {"name": "A"}}, headers=ANN)
    assert code(refused) == (409, "lock_taken")
    assert refused.get_json()["reason"] == "For a wheelchair."
    assert refused.get_json()["detail"] == (
        "The box office took your lock on seat A1: “For a wheelchair.” Choose another seat."
    )
    without = {"seats": ["A1"]}
    assert code(gala.post("/events/gala/take", json=without, headers=ADMIN)) == (
        (400, "bad_request")
    )


def test_blocks_are_listed_and_in_the_table(gala: FlaskClient) -> None:
    press = {"seats": ["A1", "A2"], "name": "press", "note": "=until 7"}
    gala.post("/events/gala/block", json=press, headers=ADMIN)
    gala.post("/events/gala/block", json={"seats": ["B1"]}, headers=ADMIN)
    assert gala.get("/events/gala/blocks", headers=ADMIN).get_json()["blocks"] == [
        {"name": "press", "note": "=until 7", "seats": ["A1", "A2"]},
        {"name": "", "note": "", "seats": ["B1"]},
    ]
    table = gala.get("/events/gala/bookings", headers={**ADMIN, "Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert [(row["status"], row["row"], row["seat"], row["block"]) for row in rows] == [
        ("blocked", "A", "1", "press"),
        ("blocked", "A", "2", "press"),
        ("blocked", "B", "1", ""),
    ]
    assert rows[0]["note"] == "'=until 7"
    assert "press" not in gala.get("/events/gala/seats").text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/events/gala/bookings"),
        ("POST", "/events/gala/take"),
        ("GET", "/events/gala/blocks"),
    ],
)
def test_the_box_office_is_for_the_organiser(gala: FlaskClient, method: str, path: str) -> None:
    for headers in ({}, ANN):
        response = gala.open(path, method=method, headers=headers)
        assert code(response) == (401, "administrator_required")
