"""What only the organiser may do with an event: block seats, read its history."""

import pytest
from flask.testing import FlaskClient

from booking import create_app
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.settings import Settings
from tests.api.organiser import ADMIN, ANN, TOKEN, code
from tests.support.clocks import ManualClock


def test_seats_are_taken_off_sale_and_put_on_sale_again(gala: FlaskClient) -> None:
    seats = {"seats": ["A1", "A2"]}
    answer = gala.post("/events/gala/block", json=seats, headers=ADMIN).get_json()
    assert answer == {
        "message": "Seats A1 and A2 are off sale.",
        "seats": [{"id": "A1", "status": "blocked"}, {"id": "A2", "status": "blocked"}],
    }
    assert code(gala.post("/events/gala/lock/A1")) == (409, "seat_blocked")
    answer = gala.post("/events/gala/unblock", json=seats, headers=ADMIN).get_json()
    assert answer["message"] == "Seats A1 and A2 are not off sale."
    assert gala.post("/events/gala/lock/A1").status_code == 200


def test_seats_that_somebody_has_are_not_taken_off_sale(gala: FlaskClient) -> None:
    gala.post("/events/gala/lock/A1", headers=ANN)
    response = gala.post("/events/gala/block", json={"seats": ["A1", "A2"]}, headers=ADMIN)
    assert code(response) == (409, "seats_unavailable")
    assert [seat["id"] for seat in response.get_json()["unavailable"]] == ["A1"]


def test_the_history_tells_what_became_of_the_seats(gala: FlaskClient, clock: ManualClock) -> None:
    gala.post("/events/gala/lock/A1", headers=ANN)
    clock.advance(60)
    gala.post("/events/gala/block", json={"seats": ["A1"]}, headers=ADMIN)
    answer = gala.get("/events/gala/history", headers=ADMIN).get_json()
    entries = answer.pop("history")
    assert answer == {"event": "gala", "next_since": None, "complete": True, "kept": 100_000}
    assert [(entry["seat"], entry["change"]) for entry in entries] == [
        ("A1", "locked"),
        ("A1", "expired"),
        ("A1", "blocked"),
    ]
    holders = [entry["holder"] for entry in entries]
    assert holders == [holders[0], holders[0], None]
    assert len(holders[0]) == 64
    assert entries[0]["at"] == "2027-01-15T08:00:00.000Z"


def test_the_history_is_read_page_by_page(gala: FlaskClient) -> None:
    for _ in range(3):
        gala.post("/events/gala/lock/A1", headers=ANN)
        gala.post("/events/gala/release/A1", headers=ANN)
    since: int | None = 0
    changes: list[str] = []
    while since is not None:
        address = f"/events/gala/history?since={since}&limit=4"
        answer = gala.get(address, headers=ADMIN).get_json()
        changes += [entry["change"] for entry in answer["history"]]
        since = answer["next_since"]
    assert changes == ["locked", "released"] * 3


CALLS = [
    ("PUT", "/events/gala"),
    ("PATCH", "/events/gala"),
    ("DELETE", "/events/gala"),
    ("POST", "/events/gala/block"),
    ("POST", "/events/gala/unblock"),
    ("GET", "/events/gala/history"),
    ("GET", "/events/gala/bookings"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    "headers", [{}, ANN, {"Authorization": TOKEN}, {"Authorization": f"Basic {TOKEN}"}]
)
def test_administration_is_for_the_administrator(
    gala: FlaskClient, method: str, path: str, headers: dict[str, str]
) -> None:
    response = gala.open(path, method=method, headers=headers)
    assert code(response) == (401, "administrator_required")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_without_a_token_in_the_settings_there_is_no_administration(
    clock: ManualClock, method: str, path: str
) -> None:
    box_office = MemoryBoxOffice(Settings(), clock=clock)
    client = create_app(Settings(), box_office).test_client()
    for headers in ({}, ADMIN, {"Authorization": "Bearer "}):
        response = client.open(path, method=method, headers=headers)
        assert code(response) == (404, "not_found")
    box_office.close()
