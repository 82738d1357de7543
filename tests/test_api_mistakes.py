"""What is answered to those who got an address or a body slightly wrong."""

import pytest
from flask.testing import FlaskClient

TOKEN = {"Authorization": f"Bearer {'a' * 40}"}


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        ("POST /lock/7/", "There is nothing at /lock/7/. Leave out the slash at the end: /lock/7."),
        ("GET /seats/", "There is nothing at /seats/. Leave out the slash at the end: /seats."),
        ("GET /events/default/seats/", "Leave out the slash at the end: /events/default/seats."),
        ("GET /events/default/admin/", "Leave out the slash at the end: /events/default/admin."),
        ("POST /lock/3/4", 'name it in the body: POST /lock with {"seats": ["3/4"]}.'),
        ("GET /events/default/seats/3/4", "find it in the list: GET /events/default/seats."),
        ("GET /events/default/seat", "Under /events/default/ there are admin, basket, block,"),
        ("GET /nowhere", "GET /seats lists the seats, GET /events the events."),
        ("GET /a\u202eb", "There is nothing at /a\\u202eb."),
        ("GET /" + "x" * 5000, "There is nothing at this address."),
    ],
)
def test_an_address_at_which_there_is_nothing_is_answered_with_what_is_meant(
    client: FlaskClient, call: str, advice: str
) -> None:
    method, path = call.split(" ")
    response = client.open(path, method=method)
    assert (response.status_code, response.get_json()["code"]) == (404, "not_found")
    assert advice in response.get_json()["detail"]
    assert response.headers["Cache-Control"] == "no-store"


def test_null_is_no_body_where_a_body_can_be_left_out(client: FlaskClient) -> None:
    null = {"data": "null", "content_type": "application/json", "headers": TOKEN}
    assert client.post("/lock/7", **null).status_code == 200
    assert client.post("/lock/8", **null).status_code == 200
    assert client.post("/release/8", **null).status_code == 200
    booking = client.post("/confirm", **null).get_json()["booking"]
    assert booking["seats"] == ["7"]
    path = f"/bookings/{booking['reference']}/cancel"
    assert client.post(path, **null).status_code == 200


@pytest.mark.parametrize("path", ["/lock", "/release", "/extend"])
def test_null_is_a_mistake_where_a_body_is_needed(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data="null", content_type="application/json", headers=TOKEN)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")
    assert "JSON" in answer.get_json()["detail"]
