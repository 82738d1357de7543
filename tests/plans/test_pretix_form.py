"""Nothing that a file said is lost, and what is given back goes into the editor of pretix."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from booking.plans import pretix
from booking.plans.model import Plan
from booking.plans.pretix_form import conforming
from booking.plans.reading import PlanError, read
from tests.support.houses import plans, theatre

# Each part with the members that the schema of pretix has for it, and with those that it demands.
# An object refers to another part by its name, a list to that of its items.
STRING, NUMBER, WHOLE, NULLABLE = "string", "number", "whole number", "string or null"
PARTS: dict[str, tuple[dict[str, str], set[str]]] = {
    "plan": (
        {"name": STRING, "zones": "[zone]", "categories": "[category]", "size": "size"},
        {"name", "zones", "categories", "size"},
    ),
    "size": ({"width": WHOLE, "height": WHOLE}, {"width", "height"}),
    "category": ({"name": STRING, "color": STRING}, {"name"}),
    "zone": (
        {"name": STRING, "zone_id": STRING, "uuid": STRING, "position": "position"}
        | {"rows": "[row]", "areas": "[area]"},
        {"position", "rows"},
    ),
    "row": (
        {"row_number": STRING, "row_label": NULLABLE, "seat_label": NULLABLE, "uuid": STRING}
        | {"seats": "[seat]", "row_number_position": NULLABLE, "position": "position"},
        {"seats", "row_number"},
    ),
    "seat": (
        {"seat_guid": STRING, "seat_number": STRING, "uuid": STRING, "start_direction": NULLABLE}
        | {"radius": WHOLE, "position": "position", "category": STRING},
        {"seat_guid", "seat_number", "position", "category"},
    ),
    "area": (
        {"color": STRING, "border_color": STRING, "rotation": NUMBER, "position": "position"}
        | {"uuid": STRING, "shape": STRING, "polygon": "polygon", "rectangle": "size"}
        | {"ellipse": "ellipse", "circle": "circle", "text": "text"},
        set(),
    ),
    "polygon": ({"points": "[position]"}, {"points"}),
    "ellipse": ({"radius": "position"}, {"radius"}),
    "circle": ({"radius": WHOLE}, {"radius"}),
    "text": (
        {"text": STRING, "color": STRING, "size": WHOLE, "position": "position"},
        {"text", "position"},
    ),
    "position": ({"x": NUMBER, "y": NUMBER}, {"x", "y"}),
}


def faults(value: Any, part: str, at: str = "") -> Iterator[str]:
    """Where a document is not as the schema wants it."""
    kinds: dict[str, Any] = {STRING: str, NUMBER: int | float, NULLABLE: str | None}
    if part.startswith("["):
        for number, item in enumerate(value):
            yield from faults(item, part[1:-1], f"{at}[{number}]")
    elif part in PARTS:
        members, demanded = PARTS[part]
        yield from (f"{at}.{name} is not known" for name in value.keys() - members.keys())
        yield from (f"{at}.{name} is missing" for name in demanded - value.keys())
        for name in value.keys() & members.keys():
            yield from faults(value[name], members[name], f"{at}.{name}")
    elif part == WHOLE:
        if value != int(value):
            yield f"{at} is {value!r}, no {part}"
    elif not isinstance(value, kinds[part]):
        yield f"{at} is {value!r}, no {part}"


def given_back(document: dict[str, Any]) -> dict[str, Any]:
    plan = read(document, allow_same_labels=True)
    found: dict[str, Any] = json.loads(json.dumps(conforming(pretix.write(plan), plan)))
    return found


def with_area(**area: Any) -> dict[str, Any]:
    document = theatre(rows=2, seats_per_row=4)
    document["zones"][0]["areas"] = [area]
    return document


PLACE = {"x": 5, "y": 7.5}
AREAS: list[dict[str, Any]] = [
    {"shape": "rectangle", "position": PLACE, "rectangle": {"width": 8, "height": 4}},
    {"shape": "circle", "position": PLACE, "circle": {"radius": 30}, "color": "#ccf"},
    {"shape": "ellipse", "position": PLACE, "ellipse": {"radius": {"x": 40, "y": 20.5}}},
    {"shape": "polygon", "position": PLACE, "polygon": {"points": [PLACE, {"x": 1, "y": 2}]}},
    {"shape": "text", "text": {"text": "Bar\nand food", "position": PLACE, "size": 24}},
    {"shape": "rectangle", "rotation": 60.5, "uuid": "u", "rectangle": {"width": 1, "height": 2}}
    | {"text": {"text": "STAGE", "position": PLACE, "color": "#803646"}, "border_color": "none"},
    {"color": "hsl(120, 50%, 50%)", "border_color": "rgb(1 2 3 / 50%)"},
    {"color": "transparent", "border_color": ""},
]


@pytest.mark.parametrize("area", AREAS)
def test_an_area_comes_back_as_it_was_sent(area: dict[str, Any]) -> None:
    document = with_area(**area)
    assert given_back(document) == document
    assert not list(faults(given_back(document), "plan"))


def test_members_of_seats_rows_and_zones_come_back() -> None:
    document = theatre(rows=2, seats_per_row=2)
    zone = document["zones"][0]
    zone |= {"zone_id": "Stalls", "uuid": "z", "areas": []}
    zone["rows"][0] |= {"row_label": "Loge %s", "seat_label": None, "row_number_position": "end"}
    zone["rows"][0]["seats"][0] |= {"radius": 12, "uuid": "s", "start_direction": "<>"}
    assert given_back(document) == document
    assert not list(faults(given_back(document), "plan"))


def test_members_that_nobody_knows_come_back_too() -> None:
    document = theatre(rows=2, seats_per_row=2) | {"made_with": {"version": [1, 2]}}
    document["zones"][0]["areas"] = []
    assert given_back(document) == document


def test_what_older_exports_have_is_given_back_in_the_newer_form() -> None:
    document = theatre(rows=2, seats_per_row=2)
    [area] = given_back(document)["zones"][0]["areas"]
    assert area["rectangle"] == {"width": 300, "height": 60}
    assert area["text"] == {"text": "Stage", "position": {"x": 150, "y": 30}}
    assert not list(faults(given_back(document), "plan"))


def test_what_an_editor_would_refuse_is_put_right() -> None:
    document = with_area(
        rectangle={"width": 846.88, "height": 3}, color=None, text=None, shape=None
    )
    del document["size"], document["name"]
    row = document["zones"][0]["rows"][0]
    row["row_number"] = row["seats"][0]["seat_number"] = 7
    row["seats"][1] |= {"radius": 9.6}
    document["zones"][0]["name"] = None
    assert not list(faults(given_back(document), "plan"))


def test_a_plan_at_the_edge_of_what_is_possible_can_be_sent_again() -> None:
    document = theatre(rows=2, seats_per_row=2)
    del document["size"]
    document["zones"][1]["position"] = {"x": 1_099_000, "y": 1_099_000}
    found = given_back(document)
    assert given_back(found) == found


@given(plans())
def test_any_plan_goes_into_the_editor(plan: Plan) -> None:
    found = conforming(pretix.write(plan), plan)
    found.pop("focal_point", None)  # Ours, which the editor does not know.
    assert not list(faults(found, "plan"))


@pytest.mark.parametrize("document", [{"count": 5}, {"grid": {"rows": 2, "seats_per_row": 3}}])
def test_a_plan_that_was_told_by_numbers_goes_into_the_editor(document: dict[str, Any]) -> None:
    assert not list(faults(given_back(document), "plan"))


def test_what_the_api_of_pretix_answers_is_taken() -> None:
    layout = theatre(rows=2, seats_per_row=2)
    plan = read({"id": 2, "name": "House", "layout": layout | {"name": ""}})
    assert plan.name == "House"
    assert len(plan.seats) == 4
    layout["categories"] = []
    with pytest.raises(PlanError) as error:
        read({"id": 2, "layout": layout}, within=["plan"])
    assert error.value.mistakes[0].startswith("plan.layout.zones[0].rows[0].seats[0].category: ")


def test_seats_without_a_category_are_in_one_without_a_name() -> None:
    document = theatre(rows=2, seats_per_row=2)
    document["categories"] = []
    for zone in document["zones"]:
        for row in zone["rows"]:
            for seat in row["seats"]:
                seat["category"] = ""
    assert [category.name for category in read(document).categories] == [""]
    assert given_back(document)["categories"] == []


def test_mistakes_are_counted_though_a_hundred_are_told() -> None:
    document = theatre(rows=2, seats_per_row=250)
    for row in document["zones"][0]["rows"]:
        for seat in row["seats"]:
            seat["seat_guid"] = "same"
    with pytest.raises(PlanError) as error:
        read(document)
    assert error.value.count == 249
    assert error.value.mistakes[-1] == "… and 149 more"
    assert '"same" is the id of zones[0].rows[0].seats[0] too' in error.value.mistakes[0]
