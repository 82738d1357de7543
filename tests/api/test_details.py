"""What an organiser asks buyers, over HTTP."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.organiser import ADMIN, ANN, code, put

BOB = {"Authorization": "Bearer " + "b" * 43}
ASK = [
    {"id": "name", "required": True},
    {"id": "email", "required": False},
    {
        "id": "menu",
        "type": "choice",
        "question": "Which menu?",
        "required": False,
        "choices": ["meat", "none"],
    },
    {"id": "bus", "type": "yes_no", "question": "Do you take the bus?", "required": False},
]
DETAILS = {"name": "Ann Müller", "email": "ann@example.org", "menu": "none", "bus": True}


@pytest.fixture
def gala(client: FlaskClient) -> FlaskClient:
    grid = {"grid": {"rows": 3, "seats_per_row": 12}}
    assert put(client, "gala", {"plan": grid, "policy": {"ask": ASK}}).status_code == 201
    return client


def book(client: FlaskClient, seat: str, details: dict[str, Any], who: dict[str, str] = ANN) -> str:
    client.post(f"/events/gala/lock/{seat}", headers=who)
    answer = client.post("/events/gala/confirm", json={"details": details}, headers=who)
    assert answer.status_code == 200, answer.text
    reference: str = answer.get_json()["booking"]["reference"]
    return reference


def test_what_is_asked_is_told_and_can_be_sent_back(gala: FlaskClient) -> None:
    event = gala.get("/events/gala").get_json()
    assert event["policy"]["ask"] == ASK
    put(gala, "gala", event)
    assert gala.get("/events/gala").get_json()["policy"]["ask"] == ASK


def test_details_are_seen_by_the_holder_and_the_administrator_and_by_nobody_else(
    gala: FlaskClient,
) -> None:
    path = f"/bookings/{book(gala, 'A1', DETAILS)}"
    for who in (ANN, ADMIN):
        assert gala.get(path, headers=who).get_json()["booking"]["details"] == DETAILS
    assert code(gala.get(path, headers=BOB)) == (404, "booking_not_found")
    listed = gala.get("/events/gala/bookings", headers=ADMIN).get_json()["bookings"]
    assert listed[0]["details"] == DETAILS
    for public in ("seats", "basket", "history"):
        assert "Müller" not in gala.get(f"/events/gala/{public}", headers=ADMIN).text


def test_what_is_wrong_is_told_by_question(gala: FlaskClient) -> None:
    gala.post("/events/gala/lock/A1", headers=ANN)
    details = {"email": "ann", "menu": "fish", "bus": None, "name": ""}
    for path in ("confirm", "confirm/A1"):
        response = gala.post(f"/events/gala/{path}", json={"details": details}, headers=ANN)
        assert code(response) == (400, "bad_details")
        assert response.get_json()["fields"] == {
            "name": "is required",
            "email": "must be an e-mail address, such as ann@example.org",
            "menu": "must be one of “meat”, “none”",
        }
    assert code(gala.post("/events/gala/confirm", headers=ANN)) == (400, "bad_details")
    assert gala.get("/events/gala/seats/A1").get_json()["seat"]["status"] == "locked"
    one = gala.post("/events/gala/confirm/A1", json={"details": {"name": "Ann"}}, headers=ANN)
    assert one.status_code == 200


@pytest.mark.parametrize("details", [None, "Ann", ["Ann"], {"name": "x" * 5000}])
def test_details_have_a_form_and_a_size(gala: FlaskClient, details: object) -> None:
    gala.post("/events/gala/lock/A1", headers=ANN)
    response = gala.post("/events/gala/confirm", json={"details": details}, headers=ANN)
    assert code(response) == (400, "bad_request")


def test_an_answer_that_is_given_again_has_no_details(gala: FlaskClient) -> None:
    gala.post("/events/gala/lock/A1", headers=ANN)
    for _ in range(2):
        headers = {**ANN, "Idempotency-Key": '"once"'}
        answer = gala.post("/events/gala/confirm", json={"details": DETAILS}, headers=headers)
        assert answer.status_code == 200
        assert "Müller" not in answer.text


def test_details_are_erased_by_the_holder_or_the_administrator(gala: FlaskClient) -> None:
    for seat, who in (("A1", ANN), ("A2", ADMIN)):
        path = f"/bookings/{book(gala, seat, DETAILS)}"
        assert code(gala.delete(f"{path}/details", headers=BOB)) == (404, "booking_not_found")
        assert gala.delete(f"{path}/details", headers=who).status_code == 200
        assert "details" not in gala.get(path, headers=ANN).get_json()["booking"]
    table = gala.get("/events/gala/bookings", headers={**ADMIN, "Accept": "text/csv"}).text
    assert "Müller" not in table


def test_the_table_has_a_column_for_each_question(gala: FlaskClient) -> None:
    book(gala, "A1", {**DETAILS, "name": "=cmd()"})
    answer = gala.get("/events/gala/bookings", headers={**ADMIN, "Accept": "text/csv"})
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["details.name"] == "'=cmd()"
    assert (row["details.menu"], row["details.bus"]) == ("none", "yes")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("muller", ["A1"]),
        ("MÜL ann", ["A1"]),
        ("example.org", []),
        ("row b seat 1", ["B1"]),
        ("Reihe B Platz 1", ["B1"]),
        ("b1", ["B1"]),
        ("row b", ["B1", "B11"]),
        ("bob nobody", []),
    ],
)
def test_bookings_are_found_by_name_and_by_seat(
    gala: FlaskClient, wanted: str, found: list[str]
) -> None:
    book(gala, "A1", DETAILS)
    book(gala, "B1", {"name": "Bob"}, BOB)
    book(gala, "B11", {"name": "Bob"}, BOB)
    query = {"q": wanted, "limit": "1000"}
    answer = gala.get("/events/gala/bookings", query_string=query, headers=ADMIN).get_json()
    assert [booking["seats"][0] for booking in answer["bookings"]] == found


def test_bookings_are_found_by_reference_however_it_is_written(gala: FlaskClient) -> None:
    reference = book(gala, "A1", DETAILS)
    book(gala, "A2", DETAILS)
    for wanted in (reference, reference.lower(), reference.replace("-", "")):
        answer = gala.get(
            "/events/gala/bookings", query_string={"q": wanted, "limit": "1"}, headers=ADMIN
        )
        assert [each["reference"] for each in answer.get_json()["bookings"]] == [reference]


@pytest.mark.parametrize(
    ("ask", "mistake"),
    [
        ([{"id": "Name"}], "policy.ask[0].id: "),
        ([{"id": "name", "question": "Who?"}], "policy.ask[0]: name needs no words"),
        ([{"id": "wish"}], "policy.ask[0]: a question of your own needs its words"),
        ([{"id": "wish", "question": "?", "type": "choice"}], "policy.ask[0]: a choice has two"),
        ([{"id": "wish", "question": "?", "choices": ["a", "b"]}], "policy.ask[0]: a choice has"),
        ([{"id": "name"}, {"id": "name"}], "policy.ask: has two questions of the same id"),
        ([{"id": f"q{n}", "question": "?"} for n in range(6)], "policy.ask: has more than 5"),
        ({"name": True}, "policy.ask: must be"),
    ],
)
def test_questions_that_make_no_sense_are_refused(
    client: FlaskClient, ask: object, mistake: str
) -> None:
    response = put(client, "gala", {"policy": {"ask": ask}})
    assert code(response) == (400, "bad_request")
    assert response.get_json()["mistakes"][0].startswith(mistake)
