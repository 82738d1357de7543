"""The HTTP contract of events, plans and administration."""

import gc
import json
import weakref

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.engines.memory.box_office import MemoryBoxOffice
from tests.api.organiser import ADMIN, ANN, GRID, code, put
from tests.support.houses import theatre

TIME = "must be a time such as 2027-01-31T19:30:00Z or 2027-01-31T20:30:00+01:00"


# Open, see, change


def test_an_event_is_opened(client: FlaskClient) -> None:
    response = put(
        client,
        "gala",
        {
            "name": "The gala",
            "starts_at": "2027-01-31T20:30:00+01:00",
            "doors_at": "2027-01-31T19:30:00+01:00",
            "ends_at": "2027-01-31T23:00:00+01:00",
            "place": "Town hall, Main Street 1",
            "description": "With a band.\r\nDress up!",
            "visibility": "unlisted",
            "on_sale_from": "2027-01-01T00:00:00Z",
            "on_sale_until": "2027-01-31T18:00:00.5Z",
            "plan": GRID,
            "policy": {
                "lock_seconds": 90.5,
                "forbid_single_seats": True,
                "best_available_excludes": ["standard", "standard"],
            },
        },
    )
    assert response.status_code == 201
    assert response.headers["Location"] == "gala"
    document = response.get_json()
    assert document.pop("message") == "Event gala is open."
    assert document == client.get("/events/gala").get_json()
    assert document.pop("version") > 0
    assert document == {
        "event": "gala",
        "name": "The gala",
        "starts_at": "2027-01-31T19:30:00.000Z",
        "time_zone": "+01:00",
        "doors_at": "2027-01-31T18:30:00.000Z",
        "ends_at": "2027-01-31T22:00:00.000Z",
        "place": "Town hall, Main Street 1",
        "description": "With a band.\nDress up!",
        "visibility": "unlisted",
        "on_sale_from": "2027-01-01T00:00:00.000Z",
        "on_sale_until": "2027-01-31T18:00:00.500Z",
        "policy": {
            "lock_seconds": 90.5,
            "max_lock_seconds": 300,
            "max_seats_per_holder": 10,
            "forbid_single_seats": True,
            "max_expired_locks": None,
            "cancel_until": None,
            "ask": [],
            "best_available_excludes": ["standard"],
        },
        "seats": {"total": 12, "available": 12, "locked": 0, "booked": 0, "blocked": 0},
        "front": {"x": 62.5, "y": 25, "reason": "top"},
    }


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"starts_at": "2027-01-31T20:30:00+01:00"}, "+01:00"),
        ({"starts_at": "2027-01-31T20:30:00+01:00", "time_zone": "Europe/Berlin"}, "Europe/Berlin"),
        ({"time_zone": "-03:30"}, "-03:30"),
        # These tell when it is, and nothing of the place.
        ({"starts_at": "2027-01-31T19:30:00Z"}, None),
        ({"starts_at": "2027-01-31T19:30:00-00:00"}, None),
    ],
)
def test_the_time_zone_of_the_venue_is_kept(
    client: FlaskClient, said: dict[str, str], kept: str | None
) -> None:
    put(client, "gala", said)
    assert client.get("/events/gala").get_json()["time_zone"] == kept


@pytest.mark.parametrize(
    "name", ["Europe/Bärlin", "europe", "localtime", "../passwd", "+24:00", "+1:00", "", "CET "]
)
def test_a_time_zone_that_there_is_not_is_refused(client: FlaskClient, name: str) -> None:
    response = put(client, "gala", {"time_zone": name})
    assert code(response) == (400, "bad_request")
    assert f'time_zone: "{name}" is no time zone' in response.get_json()["mistakes"][0]


def test_an_event_that_says_nothing_is_like_the_default_event(client: FlaskClient) -> None:
    for response in (
        client.put("/events/one", headers=ADMIN),
        put(client, "two", {}),
    ):
        assert response.status_code == 201
        assert response.get_json()["seats"]["total"] == 10
    assert client.get("/events/two").get_json()["name"] == "two"


def test_putting_an_event_again_changes_it_and_its_seats_stay(gala: FlaskClient) -> None:
    gala.post("/events/gala/lock/A1", headers=ANN)
    response = put(gala, "gala", {"name": "The gala"})
    assert response.status_code == 200
    answer = response.get_json()
    assert answer["message"] == "Event gala is changed."
    assert answer["name"] == "The gala"
    assert answer["seats"]["total"] == 12
    assert gala.get("/events/gala/seats/A1").get_json()["seat"]["status"] == "locked"


def test_putting_an_event_again_as_it_is_changes_nothing(gala: FlaskClient) -> None:
    first = put(gala, "gala", {"plan": GRID}).get_json()
    assert put(gala, "gala", {"plan": GRID}).get_json() == first


def test_a_plan_without_seats_that_somebody_has_is_refused(gala: FlaskClient) -> None:
    gala.post("/events/gala/lock/C4", headers=ANN)
    response = put(gala, "gala", {"plan": {"count": 5}})
    assert code(response) == (409, "seats_in_use")
    assert response.get_json()["seats"] == ["C4"]
    assert gala.get("/events/gala").get_json()["seats"]["total"] == 12


def test_after_a_change_of_plan_the_seats_are_those_of_the_new_one(gala: FlaskClient) -> None:
    etag = gala.get("/events/gala/seats").headers["ETag"]
    put(gala, "gala", {"plan": {"count": 2}})
    response = gala.get("/events/gala/seats", headers={"If-None-Match": etag})
    assert [seat["id"] for seat in response.get_json()["seats"]] == ["1", "2"]


def test_events_are_listed_page_by_page(client: FlaskClient) -> None:
    for event in ("opera", "ballet", "gala"):
        put(client, event, {})
    first = client.get("/events?limit=3").get_json()
    assert [event["event"] for event in first["events"]] == ["ballet", "default", "gala"]
    second = client.get(f"/events?limit=3&cursor={first['next_cursor']}").get_json()
    assert [event["event"] for event in second["events"]] == ["opera"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "x", "", "1.5", "²", "9" * 30])
def test_a_page_has_a_size(client: FlaskClient, limit: str) -> None:
    assert code(client.get("/events", query_string={"limit": limit})) == (400, "bad_request")


def test_an_event_ends(gala: FlaskClient) -> None:
    response = gala.delete("/events/gala", headers=ADMIN)
    assert response.status_code == 200
    assert response.json == {"message": "Event gala is no more.", "event": "gala"}
    assert code(gala.get("/events/gala")) == (404, "event_not_found")
    assert code(gala.delete("/events/gala", headers=ADMIN)) == (404, "event_not_found")


def test_an_event_does_not_end_while_somebody_has_seats(gala: FlaskClient) -> None:
    gala.post("/events/gala/lock/A1", headers=ANN)
    response = gala.delete("/events/gala", headers=ADMIN)
    assert code(response) == (409, "seats_in_use")
    assert response.get_json()["seats"] == ["A1"]


def test_an_event_that_has_ended_is_kept_by_nobody(gala: FlaskClient, app: Flask) -> None:
    box_office: MemoryBoxOffice = app.extensions["box_office"]
    registry = weakref.ref(box_office.registry("gala"))
    plan = weakref.ref(box_office.registry("gala").event.plan)
    for path in ("seats", "seats?since=0", "plan", "history", "bookings"):
        assert gala.get(f"/events/gala/{path}", headers=ADMIN).status_code == 200
    gala.delete("/events/gala", headers=ADMIN)
    gc.collect()
    assert registry() is None
    assert plan() is None


# Who finds it


def test_a_draft_is_for_its_organiser_alone_until_it_is_published(client: FlaskClient) -> None:
    put(client, "gala", {"visibility": "draft", "name": "Secret"})
    assert code(client.get("/events/gala")) == (404, "event_not_found")
    assert client.get("/events/gala/").status_code == 404
    refused = client.post("/events/gala/lock/1")
    assert code(refused) == (409, "not_on_sale")
    assert refused.get_json()["detail"] == "This event is not on sale yet. Nothing was locked."
    assert client.get("/events/gala", headers=ADMIN).get_json()["visibility"] == "draft"
    client.patch("/events/gala", json={"visibility": "public"}, headers=ADMIN)
    assert client.get("/events/gala").get_json()["name"] == "Secret"
    assert client.get("/events/gala/").status_code == 200
    assert client.post("/events/gala/lock/1").status_code == 200


def test_only_public_events_are_listed_but_for_the_administrator(client: FlaskClient) -> None:
    for visibility in ("public", "unlisted", "draft"):
        put(client, visibility, {"visibility": visibility})
    listed = client.get("/events").get_json()["events"]
    assert [each["event"] for each in listed] == ["default", "public"]
    listed = client.get("/events", headers=ADMIN).get_json()["events"]
    assert [each["event"] for each in listed] == ["default", "draft", "public", "unlisted"]
    assert client.get("/events/unlisted").status_code == 200
    assert client.get("/events/unlisted/").status_code == 200
    page = client.get("/events/").text
    assert 'href="public/"' in page
    for hidden in ("unlisted", "draft", "default"):
        assert f'href="{hidden}/"' not in page


# The plan


def test_mistakes_of_a_plan_are_counted_though_a_hundred_are_told(client: FlaskClient) -> None:
    plan = theatre(rows=2, seats_per_row=421)
    for seat in plan["zones"][0]["rows"][0]["seats"]:
        seat["seat_guid"] = "same"
    answer = put(client, "gala", {"plan": plan})
    assert answer.status_code == 400
    assert "(and 419 more mistakes)" in answer.get_json()["detail"]
    assert answer.get_json()["mistakes"][-1] == "… and 320 more"


def test_a_plan_is_given_back_with_what_was_sent_and_can_be_sent_again(client: FlaskClient) -> None:
    sent = theatre(rows=4, seats_per_row=5)
    put(client, "gala", {"plan": sent})
    plan = client.get("/events/gala/plan").get_json()
    assert plan["zones"][0]["rows"] == sent["zones"][0]["rows"]
    assert plan["zones"][0]["areas"][0]["text"]["text"] == "Stage"
    put(client, "copy", {"plan": plan})
    assert client.get("/events/copy/plan").get_json() == plan


def test_the_plan_is_sent_once_until_it_changes(gala: FlaskClient) -> None:
    etag = gala.get("/events/gala/plan").headers["ETag"]
    unchanged = {"If-None-Match": etag}
    gala.post("/events/gala/lock/A1", headers=ANN)
    response = gala.get("/events/gala/plan", headers=unchanged)
    assert response.status_code == 304
    assert not response.data
    put(gala, "gala", {"plan": {"grid": {"rows": 4, "seats_per_row": 4}}})
    assert gala.get("/events/gala/plan", headers=unchanged).status_code == 200


def test_the_default_event_has_its_plan_at_the_root(client: FlaskClient) -> None:
    assert client.get("/plan").json == client.get("/events/default/plan").json


# Mistakes


@pytest.mark.parametrize(
    ("document", "mistakes"),
    [
        ([], ["must be a JSON object"]),
        ({"name": " "}, ["name: must not be empty"]),
        ({"name": "a\x1b[2J"}, ["name: holds a control character"]),
        ({"title": "x"}, ["title: is not known here"]),
        ({"starts_at": 5}, ["starts_at: must be a string"]),
        (
            {"starts_at": "2027-01-31", "plan": {"count": "ten"}},
            [
                f"starts_at: {TIME}",
                "plan.count: must be a valid integer",
            ],
        ),
        (
            {"on_sale_from": "2027-01-02T00:00:00Z", "on_sale_until": "2027-01-01T00:00:00Z"},
            ["on_sale_until: is not after on_sale_from"],
        ),
        (
            {"on_sale_from": "2027-01-02T00:00:00Z", "starts_at": "2027-01-02T00:00:00Z"},
            ["on_sale_from: is not before starts_at, when the sale ends without on_sale_until"],
        ),
        (
            {
                "starts_at": "2027-01-31T20:30:00Z",
                "doors_at": "2027-01-31T20:31:00Z",
                "ends_at": "2027-01-31T20:30:00Z",
            },
            ["doors_at: is after starts_at", "ends_at: is not after starts_at"],
        ),
        (
            {"visibility": "secret", "description": "a\x07", "place": "a\nb"},
            [
                "place: holds a control character",
                "description: holds a control character",
                "visibility: must be 'public', 'unlisted' or 'draft'",
            ],
        ),
        ({"plan": None}, ["plan: must be a JSON object"]),
        ({"policy": None}, ["policy: must be a JSON object"]),
        ({"policy": {"lock_seconds": 0}}, ["policy.lock_seconds: must be greater than 0"]),
        ({"policy": {"lock_seconds": None}}, ["policy.lock_seconds: must be a valid number"]),
        (
            {"policy": {"lock_seconds": 600}},
            ["policy: max_lock_seconds is 300, which is less than lock_seconds, 600"],
        ),
        (
            {"policy": {"max_seats_per_holder": 0, "cancel_until": "soon", "color": "red"}},
            [
                "policy.max_seats_per_holder: must be greater than or equal to 1",
                f"policy.cancel_until: {TIME}",
                "policy.color: is not known here",
            ],
        ),
    ],
)
def test_every_mistake_in_an_event_is_told(
    client: FlaskClient, document: object, mistakes: list[str]
) -> None:
    response = put(client, "gala", document)
    assert code(response) == (400, "bad_request")
    assert response.get_json()["mistakes"] == mistakes
    assert response.get_json()["detail"].startswith(f"The event has a mistake: {mistakes[0]}")
    assert code(client.get("/events/gala")) == (404, "event_not_found")


@pytest.mark.parametrize("event", ["-x", "a b", "ä", "x" * 65, "a%0Ab"])
def test_the_id_of_an_event_has_a_form(client: FlaskClient, event: str) -> None:
    assert code(put(client, event, {})) == (400, "bad_request")


def test_a_plan_of_many_seats_may_be_larger_than_other_bodies(client: FlaskClient) -> None:
    document = {"plan": theatre(rows=40, seats_per_row=50)}
    assert len(json.dumps(document)) > 200_000
    assert put(client, "gala", document).get_json()["seats"]["total"] == 2000


def test_a_repeated_member_and_broken_json_are_refused(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    for body in ('{"name":"a","name":"b"}', "{", '{"starts_at":NaN}', "[" * 100_000):
        response = client.put(
            "/events/gala", data=body, headers=ADMIN, content_type="application/json"
        )
        assert code(response) == (400, "bad_request")
