"""When the seats of an event are on sale, which are chosen, and how long one can have them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.organiser import ANN, GRID, code, put
from tests.support.clocks import ManualClock


def test_outside_of_its_times_no_seat_is_locked_and_the_times_are_told(
    client: FlaskClient, clock: ManualClock
) -> None:
    times = {"on_sale_from": "2027-01-15T08:01:00Z", "on_sale_until": "2027-01-15T08:02:00Z"}
    put(client, "gala", times)
    early = client.post("/events/gala/lock/1")
    assert code(early) == (409, "not_on_sale")
    assert early.headers["Retry-After"] == "60"
    assert early.get_json()["detail"] == (
        "Seats of this event are on sale from 2027-01-15T08:01:00.000Z. Nothing was locked."
    )
    clock.advance(60)
    assert client.post("/events/gala/lock/1").status_code == 200
    clock.advance(60)
    late = client.post("/events/gala/lock", json={"best_available": {"count": 1}})
    assert code(late) == (409, "not_on_sale")
    assert "Retry-After" not in late.headers
    assert late.get_json()["on_sale_until"] == "2027-01-15T08:02:00.000Z"
    assert code(client.post("/events/gala/lock/99")) == (404, "seat_not_found")


def test_once_an_event_has_started_the_answer_says_that_the_sale_ended_then(
    client: FlaskClient,
) -> None:
    put(client, "gala", {"starts_at": "2027-01-15T07:00:00Z"})
    response = client.post("/events/gala/lock/1")
    assert code(response) == (409, "not_on_sale")
    assert response.get_json()["on_sale_until"] == "2027-01-15T07:00:00.000Z"
    assert "were on sale until 2027-01-15T07:00:00.000Z" in response.get_json()["detail"]
    # What was said is given back as it was said.
    assert client.get("/events/gala").get_json()["on_sale_until"] is None


def test_a_seat_that_one_has_had_for_too_long_is_for_others_first(
    client: FlaskClient, clock: ManualClock
) -> None:
    policy = {"lock_seconds": 1, "max_lock_seconds": 2}
    put(client, "gala", {"plan": {"count": 2}, "policy": policy})
    for _ in range(2):
        assert client.post("/events/gala/lock/1", headers=ANN).status_code == 200
        clock.advance(1)
    response = client.post("/events/gala/lock/1", headers=ANN)
    assert code(response) == (409, "seat_held_too_long")
    assert response.headers["Retry-After"] == "1"
    several = client.post("/events/gala/lock", json={"seats": ["1", "2"]}, headers=ANN)
    assert code(several) == (409, "seats_unavailable")
    assert several.get_json()["unavailable"] == [
        {"id": "1", "status": "available", "held_too_long": True}
    ]
    assert client.post("/events/gala/lock/1").status_code == 200


def test_a_holder_whose_locks_ran_out_too_often_is_told_when_to_come_back(
    client: FlaskClient, clock: ManualClock
) -> None:
    policy = {"lock_seconds": 1, "max_lock_seconds": 20, "max_expired_locks": 2}
    put(client, "gala", {"plan": {"count": 2}, "policy": policy})
    for _ in range(2):
        assert client.post("/events/gala/lock/1", headers=ANN).status_code == 200
        clock.advance(1)
    response = client.post("/events/gala/lock/1", headers=ANN)
    assert code(response) == (409, "too_many_expired_locks")
    assert response.headers["Retry-After"] == "20"
    several = client.post("/events/gala/lock", json={"seats": ["1", "2"]}, headers=ANN)
    assert several.get_json()["unavailable"] == [
        {"id": "1", "status": "available", "too_many_expired_locks": True}
    ]
    assert client.post("/events/gala/lock/1").status_code == 200


def test_the_best_seats_are_locked(gala: FlaskClient) -> None:
    wish = {"best_available": {"count": 2, "category": "standard", "zone": "main", "split": False}}
    answer = gala.post("/events/gala/lock", json=wish, headers=ANN).get_json()
    assert answer["message"] == (
        "Seats A2 and A3 are locked for you. Confirm them within 60 seconds."
        if answer["seats"][0]["id"] == "A2"
        else "Seats A1 and A2 are locked for you. Confirm them within 60 seconds."
    )
    assert [seat["status"] for seat in answer["seats"]] == ["locked", "locked"]
    confirmed = gala.post("/events/gala/confirm", headers=ANN).get_json()
    assert confirmed["booking"]["seats"] == [seat["id"] for seat in answer["seats"]]


def test_without_room_the_largest_block_is_told(gala: FlaskClient) -> None:
    response = gala.post("/events/gala/lock", json={"best_available": {"count": 5}}, headers=ANN)
    assert code(response) == (409, "not_enough_seats")
    assert response.get_json()["largest_block"] == 4
    split = {"best_available": {"count": 5, "split": True}}
    assert gala.post("/events/gala/lock", json=split, headers=ANN).status_code == 200


def test_a_lock_that_leaves_a_single_seat_says_so_and_how_to_mend_it(client: FlaskClient) -> None:
    put(client, "gala", {"plan": GRID, "policy": {"forbid_single_seats": True}})
    answer = client.post("/events/gala/lock/A2", headers=ANN).get_json()
    assert answer["leaves_single"] == ["A1"]
    assert answer["message"].endswith(
        " Seat A1 is left alone by your choice, which cannot be booked like this: add it, or choose"
        " seats so that none or several stay free side by side."
    )
    basket = client.get("/events/gala/basket", headers=ANN).get_json()
    assert basket["leaves_single"] == ["A1"]
    response = client.post("/events/gala/confirm", headers=ANN)
    assert code(response) == (409, "leaves_single_seat")
    assert response.get_json()["seats"] == ["A1"]
    assert "leaves_single" not in client.post("/events/gala/lock/A1", headers=ANN).get_json()
    assert "leaves_single" not in client.get("/events/gala/basket", headers=ANN).get_json()
    assert client.post("/events/gala/confirm", headers=ANN).status_code == 200


@pytest.mark.parametrize(
    "wish",
    [
        None,
        3,
        [],
        {},
        {"count": 0},
        {"count": -1},
        {"count": 100_001},
        {"count": True},
        {"count": 1.0},
        {"count": "2"},
        {"count": None},
        {"count": 1, "category": 5},
        {"count": 1, "zone": None},
        {"count": 1, "split": 1},
        {"count": 1, "seats": ["A1"]},
        {"count": 1, "category": "royal"},
        {"count": 1, "zone": "roof"},
    ],
)
def test_a_wish_that_is_none_is_refused(gala: FlaskClient, wish: object) -> None:
    response = gala.post("/events/gala/lock", json={"best_available": wish})
    assert code(response) == (400, "bad_request")


def test_seats_are_named_or_chosen_but_not_both(gala: FlaskClient) -> None:
    both = {"seats": ["A1"], "best_available": {"count": 1}}
    assert code(gala.post("/events/gala/lock", json=both)) == (400, "bad_request")


def test_the_seat_calls_are_the_same_under_any_event(gala: FlaskClient) -> None:
    answer: dict[str, Any] = gala.post("/events/gala/lock/A1", headers=ANN).get_json()
    assert answer["seat"]["id"] == "A1"
    assert gala.post("/events/gala/confirm/A1", headers=ANN).status_code == 200
    assert gala.get("/events/gala").get_json()["seats"]["booked"] == 1
    assert gala.get("/events/default").get_json()["seats"]["booked"] == 0
