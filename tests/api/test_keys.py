"""Keys: who may do what."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.organiser import ADMIN, ANN, code, put
from tests.support.clocks import ManualClock


@pytest.fixture
def gala(client: FlaskClient) -> FlaskClient:
    assert put(client, "gala", {"plan": {"count": 5}}).status_code == 201
    return client


def make(client: FlaskClient, name: str, **good_for: Any) -> dict[str, str]:
    """A key; the header that brings it."""
    response = client.put(f"/keys/{name}", json=good_for, headers=ADMIN)
    assert response.status_code == 201, response.text
    return {"Authorization": f"Bearer {response.get_json()['token']}"}


def test_a_key_is_made_listed_changed_and_revoked(client: FlaskClient) -> None:
    good_for = {"scopes": ["sell", "read"], "events": ["gala"], "until": "2027-02-01T00:00:00Z"}
    made = client.put("/keys/till", json=good_for, headers=ADMIN)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    document = made.get_json()
    assert document.pop("token").startswith("key-")
    assert document.pop("message") == "Key till is made. Note its token: it is shown this once."
    assert document == {
        "key": "till",
        "scopes": ["read", "sell"],
        "events": ["gala"],
        "until": "2027-02-01T00:00:00.000Z",
        "created_at": "2027-01-15T08:00:00.000Z",
    }
    assert client.get("/keys", headers=ADMIN).get_json() == {"keys": [document]}
    changed = client.put("/keys/till", json={"scopes": ["read"]}, headers=ADMIN)
    assert changed.status_code == 200
    assert "token" not in changed.get_json()
    assert changed.get_json()["events"] is None
    assert client.delete("/keys/till", headers=ADMIN).status_code == 200
    assert client.get("/keys", headers=ADMIN).get_json() == {"keys": []}
    assert code(client.delete("/keys/till", headers=ADMIN)) == (404, "key_not_found")


def test_whoever_has_a_key_to_read_an_event_finds_it_though_it_is_not_public(
    client: FlaskClient,
) -> None:
    for name in ("gala", "opera"):
        put(client, name, {"visibility": "draft"})
    reader = make(client, "reader", scopes=["read"], events=["gala"])
    till = make(client, "till", scopes=["sell"])

    def listed(headers: dict[str, str]) -> list[str]:
        return [each["event"] for each in client.get("/events", headers=headers).json["events"]]  # type: ignore[index]

    assert listed(reader) == ["default", "gala"]
    assert listed(till) == ["default"]
    assert client.get("/events/gala", headers=reader).status_code == 200
    assert client.get("/events/opera", headers=till).status_code == 403


CALLS = [
    ("read", "GET", "/events/gala/bookings", None),
    ("read", "GET", "/events/gala/history", None),
    ("read", "GET", "/events/gala/blocks", None),
    ("sell", "POST", "/events/gala/bookings", {"seats": ["1"]}),
    ("manage", "POST", "/events/gala/block", {"seats": ["2"]}),
    ("manage", "POST", "/events/gala/unblock", {"seats": ["2"]}),
    ("manage", "PATCH", "/events/gala", {"name": "Ball"}),
    ("manage", "PUT", "/events/gala", {"name": "Ball"}),
    ("manage", "DELETE", "/events/gala", None),
]


@pytest.mark.parametrize(("scope", "method", "path", "body"), CALLS)
def test_a_key_does_what_its_scopes_say_and_nothing_else(
    gala: FlaskClient, scope: str, method: str, path: str, body: object
) -> None:
    others = [each for each in ("read", "sell", "manage") if each != scope]
    for refused in (
        make(gala, "others", scopes=others),
        make(gala, "x", scopes=[scope], events=[]),
    ):
        response = gala.open(path, method=method, json=body, headers=refused)
        assert code(response) == (403, "scope_required")
        assert f"the scope {scope} for event gala" in response.get_json()["detail"]
    key = make(gala, "right", scopes=[scope], events=["gala", "opera"])
    assert gala.open(path, method=method, json=body, headers=key).status_code in (200, 201)


def test_bookings_are_seen_and_changed_by_those_who_may(gala: FlaskClient) -> None:
    gala.post("/events/gala/lock/1", headers=ANN)
    booking = gala.post("/events/gala/confirm", headers=ANN).get_json()["booking"]
    path = f"/bookings/{booking['reference']}"
    reader, seller = make(gala, "reader", scopes=["read"]), make(gala, "till", scopes=["sell"])
    assert gala.get(path, headers=reader).status_code == 200
    assert code(gala.get(path, headers=seller)) == (403, "scope_required")
    assert code(gala.post(f"{path}/cancel", headers=reader)) == (403, "scope_required")
    assert gala.post(f"{path}/cancel", headers=seller).status_code == 200
    history = gala.get("/events/gala/history", headers=reader).get_json()["history"]
    assert (history[-1]["change"], history[-1]["by"]) == ("cancelled", "till")


def test_a_key_is_told_what_it_is_good_for(gala: FlaskClient) -> None:
    till = make(gala, "till", scopes=["sell", "read"], events=["gala"])
    told = {
        name: gala.get("/events/gala/scopes", headers=headers).json
        for name, headers in (("till", till), ("administrator", ADMIN))
    }
    assert told["till"] == {"event": "gala", "by": "till", "scopes": ["read", "sell"]}
    assert told["administrator"] == {
        "event": "gala", "by": "administrator", "scopes": ["read", "sell", "door", "manage"],
    }  # fmt: skip
    assert gala.get("/events/default/scopes", headers=till).get_json()["scopes"] == []
    assert code(gala.get("/events/gala/scopes", headers=ANN)) == (401, "administrator_required")
    assert code(gala.get("/events/no/scopes", headers=ADMIN)) == (404, "event_not_found")


def test_a_key_that_was_revoked_or_ran_out_opens_nothing(
    gala: FlaskClient, clock: ManualClock
) -> None:
    revoked = make(gala, "revoked", scopes=["read"])
    gala.delete("/keys/revoked", headers=ADMIN)
    late = make(gala, "late", scopes=["read"], until="2027-01-15T08:01:00Z")
    assert gala.get("/events/gala/bookings", headers=late).status_code == 200
    clock.advance(60)
    for key in (revoked, late, {"Authorization": "Bearer key-" + "x" * 43}):
        response = gala.get("/events/gala/bookings", headers=key)
        assert code(response) == (401, "administrator_required")


def test_only_the_administrator_makes_keys(gala: FlaskClient) -> None:
    everything = make(gala, "all", scopes=["read", "sell", "manage"])
    for headers in ({}, ANN, everything):
        for method, path in (("GET", "/keys"), ("PUT", "/keys/x"), ("DELETE", "/keys/all")):
            response = gala.open(path, method=method, json={"scopes": ["read"]}, headers=headers)
            assert code(response) == (401, "administrator_required")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"scopes": []},
        {"scopes": ["admin"]},
        {"scopes": "read"},
        {"scopes": [["read"]]},
        {"scopes": ["read"], "events": "gala"},
        {"scopes": ["read"], "events": ["a b"]},
        {"scopes": ["read"], "events": [5]},
        {"scopes": ["read"], "until": "soon"},
        {"scopes": ["read"], "until": 5},
        {"scopes": ["read"], "token": "mine"},
    ],
)
def test_a_key_that_is_good_for_nonsense_is_refused(client: FlaskClient, body: object) -> None:
    assert code(client.put("/keys/x", json=body, headers=ADMIN)) == (400, "bad_request")


@pytest.mark.parametrize("name", ["administrator", "-x", "a b", "x" * 65])
def test_the_name_of_a_key_has_a_form(client: FlaskClient, name: str) -> None:
    response = client.put(f"/keys/{name}", json={"scopes": ["read"]}, headers=ADMIN)
    assert code(response) == (400, "bad_request")
