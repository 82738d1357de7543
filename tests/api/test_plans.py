"""Plans over HTTP: where the front is, and what can be mended."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.organiser import ADMIN, ANN, code, put
from tests.support.houses import theatre


def front(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/events/gala").get_json()["front"]
    return found


def best(client: FlaskClient, count: int = 2) -> list[str]:
    response = client.post("/events/gala/lock", json={"best_available": {"count": count}})
    seats = [seat["id"] for seat in response.get_json()["seats"]]
    client.post("/events/gala/release", json={"seats": seats}, headers=ANN)
    return seats


def patch(client: FlaskClient, plan: object) -> Any:
    return client.patch("/events/gala", json={"plan": plan}, headers=ADMIN)


# The front


def test_an_event_says_where_its_front_is_and_why(client: FlaskClient) -> None:
    answer = put(client, "gala", {"plan": theatre(rows=2, seats_per_row=4)}).get_json()
    assert answer["front"] == {"x": 300, "y": 50, "reason": "stage", "text": "Stage"}
    assert front(client) == answer["front"]
    put(client, "gala", {"plan": {"count": 5}})
    assert front(client) == {"x": 75, "y": 25, "reason": "top"}


@pytest.mark.parametrize(
    "plan",
    [
        {"count": 30},
        {"grid": {"rows": 3, "seats_per_row": 10}},
        theatre(rows=6, seats_per_row=5) | {"uuid": "kept"},
    ],
)
def test_another_front_is_set_without_sending_the_plan_again(
    client: FlaskClient, plan: dict[str, Any]
) -> None:
    put(client, "gala", {"name": "Gala", "plan": plan})
    before = client.get("/events/gala/plan").get_json()
    found = front(client)
    assert patch(client, {"focal_point": {"x": 250, "y": 75}}).status_code == 200
    assert front(client) == {"x": 250, "y": 75, "reason": "given"}
    assert client.get("/events/gala").get_json()["name"] == "Gala"
    after = client.get("/events/gala/plan").get_json()
    assert after == before | {"focal_point": {"x": 250, "y": 75}}
    assert patch(client, {"focal_point": None}).status_code == 200
    assert front(client) == found
    assert client.get("/events/gala/plan").get_json() == before


def test_the_best_seats_are_near_the_front_that_was_set(client: FlaskClient) -> None:
    put(client, "gala", {"plan": {"grid": {"rows": 3, "seats_per_row": 4}}})
    patch(client, {"focal_point": {"x": 100, "y": 90}})
    assert best(client) == ["C3", "C4"]


def test_what_is_sold_stays_sold_when_the_front_is_moved(client: FlaskClient) -> None:
    put(client, "gala", {"plan": {"count": 5}})
    client.post("/events/gala/lock/3", headers=ANN)
    client.post("/events/gala/confirm/3", headers=ANN)
    assert patch(client, {"focal_point": {"x": 0, "y": 0}}).status_code == 200
    assert client.get("/events/gala/seats/3").get_json()["seat"]["status"] == "booked"


def test_the_front_of_a_plan_with_labels_that_repeat_is_set_too(client: FlaskClient) -> None:
    plan = theatre(rows=2, seats_per_row=2)
    plan["zones"][0]["rows"][0]["seats"][1]["seat_number"] = "1"
    put(client, "gala", {"plan": plan, "allow_same_labels": True})
    assert patch(client, {"focal_point": {"x": 0, "y": 0}}).status_code == 200


@pytest.mark.parametrize(
    ("plan", "mistake"),
    [
        ({"focal_point": {"x": 1}}, "plan.focal_point.y: is missing"),
        ({"focal_point": {"x": 1, "y": "2"}}, "plan.focal_point.y: must be a valid number"),
        ({"focal_point": {"x": 1, "y": 2e6}}, "plan.focal_point.y: must be less than or equal"),
        ({"focal_point": [1, 2]}, "plan.focal_point: must be a JSON object"),
        ({"focal_point": {"x": 1, "y": 2}, "rows": 3}, "plan: a plan has one of the members"),
        ({}, "plan: a plan has one of the members"),
    ],
)
def test_what_is_no_front_is_refused(client: FlaskClient, plan: object, mistake: str) -> None:
    put(client, "gala", {"plan": {"count": 5}})
    response = patch(client, plan)
    assert response.status_code == 400
    assert response.get_json()["mistakes"][0].startswith(mistake)


# Mistakes, and how to mend them


def with_copied_ids(rows: int) -> dict[str, Any]:
    plan = theatre(rows=rows, seats_per_row=10)
    for row in plan["zones"][0]["rows"]:
        for seat in row["seats"]:
            seat["seat_guid"] = "same"
    return plan


def test_mistakes_are_counted_though_the_first_hundred_are_told(client: FlaskClient) -> None:
    answer = put(client, "gala", {"plan": with_copied_ids(24)}).get_json()
    assert answer["mistake_count"] == 119
    assert len(answer["mistakes"]) == 101
    assert "(and 118 more mistakes)" in answer["detail"]


def test_a_plan_is_mended_and_each_thing_that_was_done_is_told(client: FlaskClient) -> None:
    sent = with_copied_ids(2)
    assert put(client, "gala", {"plan": sent}).status_code == 400
    path = "/events/gala/plan/repair"
    answer = client.post(path, json={"plan": sent}, headers=ADMIN).get_json()
    assert answer["done_count"] == len(answer["done"]) == 9
    assert answer["done"][0] == (
        'zones[0].rows[0].seats[1]: had the id "same" of another seat, has "same-2" now'
    )
    assert put(client, "gala", {"plan": answer["plan"]}).status_code == 201
    again = client.post(path, json={"plan": answer["plan"]}, headers=ADMIN).get_json()
    assert again == {"plan": answer["plan"], "done": [], "done_count": 0}


def test_what_is_no_plan_at_all_is_given_back(client: FlaskClient) -> None:
    broken: list[Any] = [None, 7, [], {"zones": "x"}, {"zones": [{"rows": [{"seats": [5, {}]}]}]}]
    path = "/events/gala/plan/repair"
    for plan in broken:
        answer = client.post(path, json={"plan": plan}, headers=ADMIN).get_json()
        assert answer["done_count"] == len(answer["done"])


def test_only_an_organiser_has_plans_mended(client: FlaskClient) -> None:
    response = client.post("/events/gala/plan/repair", json={"plan": {}}, headers=ANN)
    assert response.status_code == 401
    response = client.post("/events/gala/plan/repair", json=theatre(2, 2), headers=ADMIN)
    assert code(response) == (400, "bad_request")
