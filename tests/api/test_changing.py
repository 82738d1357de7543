"""Changing an event: one thing of it, or all, and only if nobody else was faster."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.organiser import ADMIN, ANN, code, put

GALA: dict[str, Any] = {
    "name": "Gala",
    "starts_at": "2027-05-01T19:00:00+02:00",
    "on_sale_from": "2027-01-01T00:00:00Z",
    "on_sale_until": "2027-05-01T16:00:00Z",
    "plan": {"count": 30},
    "policy": {"max_seats_per_holder": 2, "forbid_single_seats": True, "lock_seconds": 200},
}


@pytest.fixture
def gala(client: FlaskClient) -> FlaskClient:
    """A client of a service with the event ``gala``."""
    assert put(client, "gala", GALA).status_code == 201
    return client


def see(client: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/events/gala").get_json()
    return document


def patch(client: FlaskClient, document: object, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.patch("/events/gala", json=document, headers={**ADMIN, **named})


# One thing


def test_a_patch_changes_what_it_names_and_nothing_else(gala: FlaskClient) -> None:
    before = see(gala)
    response = patch(gala, {"starts_at": "2027-06-01T19:00:00+02:00"})
    assert response.status_code == 200
    after = see(gala)
    assert response.get_json() == {"message": "Event gala is changed.", **after}
    assert after.pop("version") > before.pop("version")
    assert after == before | {"starts_at": "2027-06-01T17:00:00.000Z"}


def test_a_patch_changes_one_rule_of_the_policy(gala: FlaskClient) -> None:
    before = see(gala)["policy"]
    patch(gala, {"policy": {"max_seats_per_holder": 4}})
    assert see(gala)["policy"] == before | {"max_seats_per_holder": 4}


def test_what_a_patch_has_null_has_its_default_again(gala: FlaskClient) -> None:
    patch(gala, {"name": None, "on_sale_until": None, "policy": {"lock_seconds": None}})
    after = see(gala)
    assert (after["name"], after["on_sale_until"]) == ("gala", None)
    assert after["policy"]["lock_seconds"] == 60
    assert after["policy"]["max_seats_per_holder"] == 2
    patch(gala, {"policy": None})
    assert see(gala)["policy"]["max_seats_per_holder"] == 10


def test_a_patch_that_says_nothing_changes_nothing(gala: FlaskClient) -> None:
    before = see(gala)
    assert patch(gala, {}).status_code == 200
    assert see(gala) == before


def test_a_patch_of_a_merge_patch_type_is_understood(gala: FlaskClient) -> None:
    response = gala.patch(
        "/events/gala",
        data='{"name": "Ball"}',
        headers=ADMIN,
        content_type="application/merge-patch+json",
    )
    assert response.get_json()["name"] == "Ball"


def test_a_patch_can_change_the_plan(gala: FlaskClient) -> None:
    gala.post("/events/gala/lock/1", headers=ANN)
    assert patch(gala, {"plan": {"count": 5}}).get_json()["seats"]["total"] == 5
    assert see(gala)["name"] == "Gala"


def test_the_time_zone_follows_the_offset_of_a_new_start_unless_it_has_a_name(
    gala: FlaskClient,
) -> None:
    assert see(gala)["time_zone"] == "+02:00"
    patch(gala, {"starts_at": "2027-12-01T19:00:00+01:00"})
    assert see(gala)["time_zone"] == "+01:00"
    patch(gala, {"starts_at": "2027-12-01T18:00:00Z"})
    assert see(gala)["time_zone"] == "+01:00"
    patch(gala, {"time_zone": "Europe/Berlin"})
    patch(gala, {"starts_at": "2027-12-01T20:00:00+02:00"})
    assert see(gala)["time_zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("document", "mistake"),
    [
        ([], "must be a JSON object"),
        ({"title": None}, "title: is not known here"),
        ({"plan": None}, "plan: must be a JSON object"),
        ({"event": "opera"}, "event: is not gala"),
        ({"policy": {"lock_seconds": 301}}, "policy: max_lock_seconds is 300, which is less than"),
        (
            {"policy": {"best_available_excludes": ["wheelchair"]}},
            "policy.best_available_excludes: the plan has no category “wheelchair”.",
        ),
        ({"policy": {"color": None}}, "policy.color: is not known here"),
        ({"on_sale_from": "2027-05-01T16:00:00Z"}, "on_sale_until: is not after on_sale_from"),
    ],
)
def test_what_a_patch_cannot_make_is_told(
    gala: FlaskClient, document: object, mistake: str
) -> None:
    before = see(gala)
    response = patch(gala, document)
    assert code(response) == (400, "bad_request")
    assert response.get_json()["mistakes"][0].startswith(mistake)
    assert see(gala) == before


def test_an_event_that_there_is_not_cannot_be_patched(client: FlaskClient) -> None:
    assert code(patch(client, {"name": "x"})) == (404, "event_not_found")


# The plan under a sale


def test_a_plan_that_moves_booked_seats_is_refused_with_the_list_unless_that_is_said(
    gala: FlaskClient,
) -> None:
    gala.patch(
        "/events/gala", json={"plan": {"grid": {"rows": 2, "seats_per_row": 3}}}, headers=ADMIN
    )
    gala.post("/events/gala/lock", json={"seats": ["A1", "A2"]}, headers=ANN)
    gala.patch("/events/gala", json={"policy": {"forbid_single_seats": False}}, headers=ADMIN)
    gala.post("/events/gala/confirm", headers=ANN)
    gala.post("/events/gala/block", json={"seats": ["B2", "B3"]}, headers=ADMIN)
    plan = {"grid": {"rows": 1, "seats_per_row": 3, "categories": {"front": ["A"]}}}
    refused = patch(gala, {"plan": plan})
    assert code(refused) == (409, "seats_moved")
    assert refused.get_json()["seats"] == ["A1", "A2"]
    assert refused.get_json()["detail"].startswith(
        "Seats A1 and A2 are booked and would be elsewhere in the new plan, so nothing was changed."
    )
    moved = patch(gala, {"plan": plan, "move_booked": True})
    assert moved.status_code == 200
    assert moved.get_json()["message"] == (
        "Event gala is changed. Seats B2 and B3 are off sale and no longer in the plan."
    )
    assert moved.get_json()["gone"] == ["B2", "B3"]
    history = gala.get("/events/gala/history", headers=ADMIN).get_json()["history"]
    assert [each["seat"] for each in history if each["change"] == "moved"] == ["A1", "A2"]


# All


@pytest.mark.parametrize("document", [GALA, {}, {"plan": {"count": 3, "name": "Hall"}}])
def test_put_takes_back_what_get_gave(client: FlaskClient, document: dict[str, Any]) -> None:
    put(client, "gala", document)
    before = see(client)
    assert put(client, "gala", before).status_code == 200
    assert see(client) == before


def test_an_empty_put_does_not_make_an_event_forget_what_it_is(gala: FlaskClient) -> None:
    before = see(gala)
    for response in (put(gala, "gala", {}), gala.put("/events/gala", headers=ADMIN)):
        assert code(response) == (400, "bad_request")
        assert "PATCH" in response.get_json()["detail"]
    assert see(gala) == before


# Only if nobody else was faster


def test_the_etag_is_that_of_the_description_and_not_of_the_sale(gala: FlaskClient) -> None:
    etag = gala.get("/events/gala").headers["ETag"]
    gala.post("/events/gala/lock/1", headers=ANN)
    assert gala.get("/events/gala").headers["ETag"] == etag
    changed = patch(gala, {"name": "Ball"}).headers["ETag"]
    assert changed != etag
    assert gala.get("/events/gala").headers["ETag"] == changed


def test_a_change_of_an_event_that_someone_else_changed_is_refused(gala: FlaskClient) -> None:
    etag = gala.get("/events/gala").headers["ETag"]
    assert patch(gala, {"name": "Theirs"}, If_Match=etag).status_code == 200
    for response in (
        patch(gala, {"name": "Ours"}, If_Match=etag),
        gala.put("/events/gala", json={"name": "Ours"}, headers={**ADMIN, "If-Match": etag}),
        gala.delete("/events/gala", headers={**ADMIN, "If-Match": etag}),
        gala.put("/events/new", headers={**ADMIN, "If-Match": "*"}),
    ):
        assert code(response) == (412, "precondition_failed")
    assert see(gala)["name"] == "Theirs"
    assert code(gala.get("/events/new")) == (404, "event_not_found")
    now = gala.get("/events/gala").headers["ETag"]
    assert patch(gala, {"name": "Ours"}, If_Match=f'"x", {now}').status_code == 200
    assert gala.delete("/events/gala", headers={**ADMIN, "If-Match": "*"}).status_code == 200


def test_an_event_is_opened_only_if_there_is_none_yet(gala: FlaskClient) -> None:
    new = {**ADMIN, "If-None-Match": "*"}
    response = gala.put("/events/gala", json=GALA, headers=new)
    assert code(response) == (412, "precondition_failed")
    assert "There is an event gala already" in response.get_json()["detail"]
    assert gala.put("/events/opera", json=GALA, headers=new).status_code == 201
