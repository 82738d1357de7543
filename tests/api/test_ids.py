"""Seats whose ids and names are as an editor wrote them, through the API."""

import csv
import io
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

ADMIN = {"Authorization": "Bearer organiser-0123456789"}
ANN = {"Authorization": f"Bearer {'a' * 40}"}
ODD_IDS = ["EmporeSüd-1-1", "-1-1", "Box 3/4-1-1", "=1+1", 'say "A1"', "A:1", "a" * 190, ".."]


def plan(*seats: tuple[str, str], row: str = "4", zone: str = "Stalls") -> dict[str, Any]:
    return {
        "categories": [{"name": "all"}],
        "zones": [
            {
                "name": zone,
                "position": {"x": 0, "y": 0},
                "rows": [
                    {
                        "row_number": row,
                        "seats": [
                            {
                                "seat_guid": guid,
                                "seat_number": number,
                                "category": "all",
                                "position": {"x": 30 * index, "y": 0},
                            }
                            for index, (guid, number) in enumerate(seats)
                        ],
                    }
                ],
            }
        ],
    }


def put(client: FlaskClient, **document: Any) -> Any:
    return client.put("/events/gala", json=document, headers=ADMIN)


@pytest.mark.parametrize("seat_id", ODD_IDS)
def test_a_seat_with_an_odd_id_is_sold_by_body(client: FlaskClient, seat_id: str) -> None:
    assert put(client, plan=plan((seat_id, "1"))).status_code == 201
    body = {"seats": [seat_id]}
    assert client.post("/events/gala/lock", json=body, headers=ANN).status_code == 200
    booked = client.post("/events/gala/confirm", json=body, headers=ANN).get_json()
    assert booked["booking"]["seats"] == [seat_id]


@pytest.mark.parametrize("seat_id", [each for each in ODD_IDS if "/" not in each])
def test_and_by_path_unless_it_has_a_slash(client: FlaskClient, seat_id: str) -> None:
    put(client, plan=plan((seat_id, "1")))
    path = quote(seat_id, safe="")
    assert client.get(f"/events/gala/seats/{path}").get_json()["seat"]["id"] == seat_id
    for call in ("lock", "confirm"):
        response = client.post(f"/events/gala/{call}/{path}", headers=ANN)
        assert response.get_json()["seat"]["id"] == seat_id


def test_an_id_with_a_slash_in_a_path_is_answered_with_how_to_name_it(client: FlaskClient) -> None:
    put(client, plan=plan(("Box 3/4", "1")))
    response = client.post("/events/gala/lock/Box%203%2F4", headers=ANN)
    assert response.status_code == 404
    assert 'POST /events/gala/lock with {"seats": ["Box 3/4"]}' in response.get_json()["detail"]


def test_an_id_is_found_however_its_accents_are_composed(client: FlaskClient) -> None:
    put(client, plan=plan(("Su\u0308d-1", "1"), ("Su\u0308d-2", "2")))
    assert client.post(f"/events/gala/lock/{quote('Süd-1')}", headers=ANN).status_code == 200
    body = {"seats": ["Su\u0308d-2"]}
    assert client.post("/events/gala/lock", json=body, headers=ANN).status_code == 200
    twice = {"seats": ["Su\u0308d-2", "Süd-2"]}
    assert client.post("/events/gala/release", json=twice, headers=ANN).status_code == 400


def test_a_plan_with_odd_ids_is_given_as_it_can_be_sent_back(client: FlaskClient) -> None:
    put(client, plan=plan(*((each, str(number)) for number, each in enumerate(ODD_IDS))))
    given = client.get("/events/gala/plan").get_json()
    assert put(client, plan=given).status_code == 200


def test_people_are_told_labels_and_never_the_ids_of_an_editor(client: FlaskClient) -> None:
    both = plan(("guid-10", "10"), ("guid-2", "2"), ("guid-1", "1"), row="B", zone="Balcony")
    put(client, plan=both)
    ids = {"seats": ["guid-10", "guid-2", "guid-1"]}
    locked = client.post("/events/gala/lock", json=ids, headers=ANN).get_json()
    assert locked["message"].startswith("Row B seats 1, 2 and 10 are locked for you.")
    taken = client.post("/events/gala/lock/guid-2").get_json()
    assert taken["detail"].startswith("Row B seat 2 is locked by someone else.")
    assert taken["seats"] == ["guid-2"]
    client.post("/events/gala/confirm", headers=ANN)
    answer = client.get("/events/gala/bookings", headers=ADMIN | {"Accept": "text/csv"})
    table = answer.data.decode("utf-8-sig")
    places = [
        (row["section"], row["row"], row["seat"]) for row in csv.DictReader(io.StringIO(table))
    ]
    assert places == [("Balcony", "B", "1"), ("Balcony", "B", "2"), ("Balcony", "B", "10")]
    assert "guid" not in table


def test_sections_are_told_where_there_are_several(client: FlaskClient) -> None:
    house = plan(("g-1", "1"), row="4", zone="Stalls")
    house["zones"] += plan(("g-2", "1"), ("g-3", "7"), row="4", zone="balcony")["zones"]
    put(client, plan=house)
    answer = client.post("/events/gala/lock", json={"seats": ["g-3", "g-1", "g-2"]}, headers=ANN)
    assert answer.get_json()["message"].startswith(
        "Stalls, row 4 seat 1 and balcony, row 4 seats 1 and 7 are locked for you."
    )
    answer = client.post("/events/gala/lock/g-2", headers=ANN)
    assert answer.get_json()["detail"].startswith("Balcony, row 4 seat 1 is already locked by you.")


@pytest.mark.parametrize("label", ["1-2", "007", "1E5", "3.10", "MAR-1", "=1+1"])
def test_a_spreadsheet_shows_seats_as_they_are_written(client: FlaskClient, label: str) -> None:
    put(client, plan=plan((label, label)))
    client.post("/events/gala/lock", json={"seats": [label]}, headers=ANN)
    client.post("/events/gala/confirm", headers=ANN)
    answer = client.get("/events/gala/bookings", headers=ADMIN | {"Accept": "text/csv"})
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["seat"] == f"'{label}"


@pytest.mark.parametrize("name", ["نمایش می\u200cخواهم", "Qui a peur\u00a0?", "👩\u200d👩\u200d👧"])
def test_names_are_kept_as_they_were_written(client: FlaskClient, name: str) -> None:
    answer = put(client, name=name, plan=plan(("1", name), row=name, zone=name))
    assert (answer.status_code, answer.get_json()["name"]) == (201, name)
    zone = client.get("/events/gala/plan").get_json()["zones"][0]
    assert (zone["name"], zone["rows"][0]["row_number"]) == (name, name)
    assert client.get("/events/gala/").status_code == 200


def test_two_seats_that_people_read_as_one_are_refused_with_both_places(
    client: FlaskClient,
) -> None:
    same = plan(("g-1", "12"), ("g-2", "12"), ("g-3", "13"))
    answer = put(client, plan=same)
    assert answer.status_code == 400
    (mistake,) = answer.get_json()["mistakes"]
    assert mistake == (
        'plan.zones[0].rows[0].seats[1]: is seat "12" in row "4" of "Stalls",'
        " and so is plan.zones[0].rows[0].seats[0]"
    )


def test_two_seats_that_people_read_as_one_are_taken_if_the_event_says_so(
    client: FlaskClient,
) -> None:
    same = plan(("g-1", "12"), ("g-2", "12"))
    assert put(client, plan=same, allow_same_labels=True).status_code == 201
    # It keeps its plan, which is not looked at again.
    assert put(client, name="The gala").status_code == 200


def test_zones_of_one_name_count_as_one(client: FlaskClient) -> None:
    both = plan(("g-1", "12"))
    both["zones"] += plan(("g-2", "12"), zone=" Stalls")["zones"]
    assert "zones[1].rows[0].seats[0]" in put(client, plan=both).get_json()["detail"]
