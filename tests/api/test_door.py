"""Tickets, the door and the report, over HTTP."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking.domain import tickets
from tests.api.organiser import ADMIN, ANN, put
from tests.api.test_counter import BOB, book
from tests.api.test_openapi import expect
from tests.support.clocks import ManualClock


@pytest.fixture
def gala(client: FlaskClient) -> FlaskClient:
    grid = {"grid": {"rows": 2, "seats_per_row": 6}}
    policy = {"ask": [{"id": "name", "required": True}]}
    assert put(client, "gala", {"plan": grid, "policy": policy}).status_code == 201
    return client


@pytest.fixture
def usher(gala: FlaskClient) -> dict[str, str]:
    """What someone with a key for the door sends."""
    key = {"scopes": ["door"], "events": ["gala"]}
    token = gala.put("/keys/north", json=key, headers=ADMIN).get_json()["token"]
    return {"Authorization": f"Bearer {token}"}


def code(answer: TestResponse) -> str:
    found: str = answer.get_json(force=True)["code"]
    return found


def codes_of(client: FlaskClient, reference: str, who: dict[str, str] = ANN) -> list[str]:
    answer = client.get(f"/bookings/{reference}/tickets", headers=who)
    expect(answer, "/bookings/{reference}/tickets")
    return [ticket["code"] for ticket in answer.get_json()["tickets"]]


def check(client: FlaskClient, who: dict[str, str], way: str = "in", **body: Any) -> TestResponse:
    answer = client.post(f"/events/gala/check-{way}", json=body, headers=who)
    expect(answer, f"/events/{{event}}/check-{way}")
    return answer


def guests(client: FlaskClient, who: dict[str, str], since: int | None = None) -> Any:
    query = "" if since is None else f"?since={since}"
    answer = client.get(f"/events/gala/guests{query}", headers=who)
    expect(answer, "/events/{event}/guests")
    return answer.get_json()


def test_a_holder_sees_the_tickets_of_a_booking_and_nobody_else_does(gala: FlaskClient) -> None:
    reference = book(gala, "A1", "A2")
    answer = gala.get(f"/events/gala/bookings/{reference}/tickets", headers=ANN)
    assert answer.headers["Cache-Control"] == "no-store"
    document = answer.get_json()
    assert (document["reference"], document["name"]) == (reference, "Ann")
    first, second = document["tickets"]
    assert {name: first[name] for name in ("seat", "row", "number")} == {
        "seat": "A1", "row": "A", "number": "1",
    }  # fmt: skip
    assert first["code"] != second["code"]
    assert codes_of(gala, reference) == codes_of(gala, reference, ADMIN)
    assert code(gala.get(f"/bookings/{reference}/tickets", headers=BOB)) == "booking_not_found"
    assert code(gala.get(f"/bookings/{reference}/tickets")) == "booking_not_found"


def test_a_ticket_opens_the_door_once(
    gala: FlaskClient, usher: dict[str, str], clock: ManualClock
) -> None:
    (ticket,) = codes_of(gala, book(gala, "A1"))
    answer = check(gala, usher, code=ticket.lower()).get_json()
    assert answer["message"] == "Seat A1 is checked in."
    assert (answer["seat"], answer["name"], answer["door"]) == ("A1", "Ann", "north")
    clock.advance(60)
    again = check(gala, usher, code=ticket, door="south")
    assert (again.status_code, code(again)) == (409, "already_checked_in")
    assert again.get_json()["door"] == "north"
    assert again.get_json()["checked_in_at"] == answer["checked_in_at"]
    assert again.get_json()["seats"] == ["A1"]
    assert check(gala, usher, "out", code=ticket).get_json()["message"] == "Seat A1 is checked out."
    assert code(check(gala, usher, "out", code=ticket)) == "not_checked_in"
    assert check(gala, usher, seat="A1", door="south").get_json()["door"] == "south"


def test_a_check_in_whose_answer_was_lost_is_sent_again(
    gala: FlaskClient, usher: dict[str, str]
) -> None:
    (ticket,) = codes_of(gala, book(gala, "A1"))
    keyed = usher | {"Idempotency-Key": '"scan"'}
    first = check(gala, keyed, code=ticket)
    assert first.status_code == 200
    assert check(gala, keyed, code=ticket).get_json() == first.get_json()
    assert code(check(gala, keyed, seat="A1")) == "idempotency_key_reused"


def test_a_code_that_is_void_or_unknown_opens_nothing(
    gala: FlaskClient, usher: dict[str, str]
) -> None:
    reference = book(gala, "A1")
    (ticket,) = codes_of(gala, reference)
    gala.post(f"/bookings/{reference}/move", json={"from": ["A1"], "to": ["B1"]}, headers=ANN)
    void = check(gala, usher, code=ticket)
    assert (void.status_code, code(void)) == (409, "ticket_void")
    assert "void_at" in void.get_json()
    for other in ("0" * 26, "https://example.org/", "", "x" * 1000):
        unknown = check(gala, usher, code=other)
        assert (unknown.status_code, code(unknown)) == (404, "ticket_unknown")
    assert code(check(gala, usher, seat="A1")) == "ticket_unknown"
    assert code(check(gala, usher, seat="Z9")) == "seat_not_found"


@pytest.mark.parametrize(
    "body",
    [{}, {"code": 7}, {"seat": 7}, {"code": "a", "seat": "A1"}, {"code": "a", "door": "x" * 501},
     {"code": "0" * 26, "scanned_at": "yesterday"}, {"seat": "A1", "scanned_at": 7}],
)  # fmt: skip
def test_a_scan_that_makes_no_sense_is_refused(
    gala: FlaskClient, usher: dict[str, str], body: dict[str, Any]
) -> None:
    answer = gala.post("/events/gala/check-in", json=body, headers=usher)
    assert (answer.status_code, code(answer)) == (400, "bad_request")


def test_a_scan_without_a_network_is_told_later(
    gala: FlaskClient, usher: dict[str, str], clock: ManualClock
) -> None:
    (ticket,) = codes_of(gala, book(gala, "A1"))
    scanned_at = gala.get("/events/gala/history", headers=ADMIN).get_json()["history"][-1]["at"]
    clock.advance(600)
    answer = check(gala, usher, code=ticket, scanned_at=scanned_at).get_json()
    assert answer["checked_in_at"] == scanned_at


def test_the_door_is_for_those_with_the_scope(gala: FlaskClient, usher: dict[str, str]) -> None:
    token = gala.put("/keys/reader", json={"scopes": ["read"]}, headers=ADMIN).get_json()["token"]
    reader = {"Authorization": f"Bearer {token}"}
    assert code(gala.get("/events/gala/guests", headers=reader)) == "scope_required"
    assert code(gala.post("/events/gala/check-in", json={}, headers=reader)) == "scope_required"
    assert code(gala.get("/events/gala/report", headers=usher)) == "scope_required"
    assert code(gala.get("/events/gala/guests", headers=ANN)) == "administrator_required"
    assert code(gala.get("/events/default/guests", headers=usher)) == "scope_required"


def test_the_door_gets_all_guests_and_then_what_is_new(
    gala: FlaskClient, usher: dict[str, str]
) -> None:
    reference = book(gala, "A1", "A2")
    first = guests(gala, usher)
    assert first["full"] is True
    assert [(each["seat"], each["name"]) for each in first["guests"]] == [
        ("A1", "Ann"), ("A2", "Ann"),
    ]  # fmt: skip
    codes = codes_of(gala, reference)
    assert [each["digest"] for each in first["guests"]] == list(map(tickets.digest, codes))
    check(gala, usher, code=codes[0])
    gala.post(f"/bookings/{reference}/cancel", json={"seats": ["A2"]}, headers=ANN)
    later = guests(gala, usher, first["version"])
    assert later["full"] is False
    assert [(each["seat"], each["door"]) for each in later["guests"]] == [("A1", "north")]
    assert later["gone"] == ["A2"]


def test_the_names_of_many_guests_are_read_in_one_go(
    gala: FlaskClient, usher: dict[str, str]
) -> None:
    grid = {"plan": {"grid": {"rows": 5, "seats_per_row": 6}}}
    gala.patch("/events/gala", json=grid, headers=ADMIN)
    for seat in [f"{row}{number}" for row in "ABCDE" for number in range(1, 6)]:
        order = {"seats": [seat], "details": {"name": f"Guest of {seat}"}}
        assert gala.post("/events/gala/bookings", json=order, headers=ADMIN).status_code == 201
    found = guests(gala, usher)["guests"]
    assert len(found) == 25
    assert all(each["name"] == f"Guest of {each['seat']}" for each in found)


def test_the_report_says_what_came_of_the_event(gala: FlaskClient, usher: dict[str, str]) -> None:
    (ticket, _) = codes_of(gala, book(gala, "A1", "A2"))
    gala.post("/events/gala/lock", json={"seats": ["B1", "B2"]}, headers=BOB)
    gala.post("/events/gala/release", json={"seats": ["B1", "B2"]}, headers=BOB)
    gala.post("/events/gala/block", json={"seats": ["B6"]}, headers=ADMIN)
    check(gala, usher, code=ticket)
    answer = gala.get("/events/gala/report", headers=ADMIN)
    expect(answer, "/events/{event}/report")
    report = answer.get_json()
    assert report["seats"] == {
        "total": 12, "available": 9, "locked": 0, "booked": 2, "blocked": 1, "checked_in": 1,
    }  # fmt: skip
    (section,) = report["sections"]
    assert {name: section[name] for name in report["seats"]} == report["seats"]
    (day,) = report["days"]
    assert (day["booked"], day["cancelled"], day["checked_in"]) == (2, 0, 1)
    assert report["locks"] == {"locked": 4, "booked": 2, "share": 0.5}
    assert report["complete"] is True


def test_the_report_is_a_table_too(gala: FlaskClient) -> None:
    book(gala, "A1")
    answer = gala.get("/events/gala/report", headers=ADMIN | {"Accept": "text/csv"})
    expect(answer, "/events/{event}/report")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="gala-report.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [(row["by"], row["booked"]) for row in rows] == [
        ("section", "1"), ("event", "1"), ("day", "1"),
    ]  # fmt: skip
