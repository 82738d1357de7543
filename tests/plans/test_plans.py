"""Seat plans: three ways to tell one, one model, and every mistake with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from booking.domain.model import BestAvailable
from booking.domain.selection.free_seats import FreeSeats
from booking.plans import grid, pretix, seat_ids
from booking.plans.drawing import in_characters, in_svg
from booking.plans.model import MAX_SEATS, Plan
from booking.plans.reading import PlanError, read
from booking.plans.sections import Point
from tests.support.houses import plans, theatre


def seats(plan: Plan) -> list[list[str]]:
    return [[seat.id for seat in row.seats] for zone in plan.zones for row in zone.rows]


def sections(plan: Plan) -> list[tuple[str, ...]]:
    return [section.seats for section in plan.sections]


def mistakes(document: object) -> list[str]:
    with pytest.raises(PlanError) as error:
        read(document)
    return list(error.value.mistakes)


# A number of seats, and a grid


def test_ten_seats_are_one_row() -> None:
    assert seats(read({"count": 10})) == [[str(number) for number in range(1, 11)]]


@pytest.mark.parametrize(("count", "per_row"), [(25, 10), (200, 20), (MAX_SEATS, 447)])
def test_many_seats_are_rows_twice_as_long_as_they_are_many(count: int, per_row: int) -> None:
    rows = seats(read({"count": count}))
    assert {len(row) for row in rows[:-1]} == {per_row}
    assert sum(map(len, rows)) == count


@pytest.mark.parametrize(
    ("number", "label"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")]
)
def test_rows_are_labelled_as_columns_of_a_spreadsheet(number: int, label: str) -> None:
    assert grid.row_label(number) == label


def test_a_grid_has_seats_by_row_and_number() -> None:
    plan = read({"grid": {"rows": 2, "seats_per_row": 3}, "name": "Studio"})
    assert plan.name == "Studio"
    assert seats(plan) == [["A1", "A2", "A3"], ["B1", "B2", "B3"]]
    assert [seat.label for seat in plan.zones[0].rows[1].seats] == ["1", "2", "3"]
    assert plan.zones[0].rows[1].label == "B"


def test_rows_of_a_grid_have_the_category_that_names_them_the_others_are_standard() -> None:
    plan = read({"grid": {"rows": 3, "seats_per_row": 1, "categories": {"front": ["A", "C"]}}})
    assert [seat.category for seat in plan.seats] == ["front", "standard", "front"]
    assert [category.name for category in plan.categories] == ["front", "standard"]
    assert len({category.color for category in plan.categories}) == 2


def test_seats_of_a_grid_that_are_skipped_are_not_there_and_the_others_keep_their_numbers() -> None:
    plan = read({"grid": {"rows": 1, "seats_per_row": 4, "skip": ["A2"]}})
    assert seats(plan) == [["A1", "A3", "A4"]]


# Who sits next to whom


def test_an_aisle_divides_a_row() -> None:
    plan = read({"grid": {"rows": 1, "seats_per_row": 5, "aisle_after": [2]}})
    assert sections(plan) == [("A1", "A2"), ("A3", "A4", "A5")]


def test_a_missing_seat_divides_a_row() -> None:
    plan = read({"grid": {"rows": 2, "seats_per_row": 5, "skip": ["B3"]}})
    assert sections(plan)[1:] == [("B1", "B2"), ("B4", "B5")]


def test_a_row_of_which_every_other_seat_is_missing_is_not_taken_for_one_with_wide_seats() -> None:
    plan = read({"grid": {"rows": 3, "seats_per_row": 5, "skip": ["C2", "C4"]}})
    assert sections(plan)[2:] == [("C1",), ("C3",), ("C5",)]


def test_a_row_of_wide_seats_is_not_divided() -> None:
    document = theatre(rows=20, seats_per_row=9)
    for seat in document["zones"][0]["rows"][0]["seats"]:
        seat["position"] = {"x": seat["position"]["x"] * 1.6, "y": 0}
    assert len(sections(read(document))[0]) == len(sections(read(document))[2])


def test_curved_rows_with_an_aisle_are_divided_there_alone() -> None:
    plan = read(theatre())
    assert {len(section.seats) for section in plan.sections} == {12, 13}


def test_seats_without_any_distance_are_next_to_each_other() -> None:
    plan = read(theatre(rows=2, seats_per_row=1))
    assert [len(section) for section in sections(plan)] == [1, 1]


# What the eyes go to


def test_the_focal_point_is_the_middle_of_the_front() -> None:
    assert read({"grid": {"rows": 9, "seats_per_row": 3}}).focus == Point(50, 25)


def test_a_plan_can_name_its_focal_point() -> None:
    kinds: list[dict[str, Any]] = [
        {"count": 5},
        {"grid": {"rows": 1, "seats_per_row": 2}},
        theatre(),
    ]
    for kind in kinds:
        assert read({**kind, "focal_point": {"x": 1, "y": 2.5}}).focus == Point(1, 2.5)


# The plans of pretix


def test_a_plan_of_pretix_is_read() -> None:
    plan = read(json.loads(json.dumps(theatre())))
    assert len(plan.places) == 1000
    assert plan.name == "Town theatre"
    assert [zone.name for zone in plan.zones] == ["Stalls", "Balcony"]
    assert [(c.name, c.color) for c in plan.categories] == [
        ("stalls", "#009e73"),
        ("balcony", "#0072b2"),
    ]
    assert plan.size == pytest.approx((900, 1400))
    seat = plan.zones[0].rows[2].seats[1]
    assert (seat.id, seat.label, seat.category) == ("Stalls-3-2", "2", "stalls")


def test_positions_are_relative_to_the_zone_and_the_row() -> None:
    plan = read(theatre())
    assert plan.zones[0].rows[2].seats[0].position == Point(50, 120 + 2 * 25)
    assert plan.zones[0].areas[0].position == Point(150, 20)


def test_members_that_are_not_known_are_kept() -> None:
    document = theatre(rows=2, seats_per_row=2)
    for part in (
        document,
        document["zones"][0],
        document["zones"][0]["rows"][0],
        document["zones"][0]["rows"][0]["seats"][0],
        document["categories"][0],
        document["zones"][0]["areas"][0],
    ):
        part["uuid"] = "0b31b5c2"
    # Not every program takes these.
    document["odd"] = ["\ud800", 2**70]
    plan = read(document)
    assert pretix.write(plan) == json.loads(pretix.text(plan)) == document


def test_areas_of_newer_exports_have_size_and_text_in_objects() -> None:
    document = theatre(rows=2, seats_per_row=2)
    [area] = read(document).zones[0].areas
    newer = document["zones"][0]["areas"][0]
    newer["rectangle"] = {"width": newer.pop("width"), "height": newer.pop("height")}
    newer["text"] = {"text": newer["text"]}
    assert read(document).zones[0].areas == (area,)


def test_numbers_are_labels_too() -> None:
    document = theatre(rows=1, seats_per_row=1)
    row = document["zones"][1]["rows"][0]
    row["row_number"] = row["seats"][0]["seat_number"] = 7
    plan = read(document)
    assert plan.zones[1].rows[0].label == plan.seats[0].label == "7"


@given(plans())
def test_any_plan_survives_a_round_trip(plan: Plan) -> None:
    document = json.loads(pretix.text(plan))
    assert document == pretix.write(plan)
    assert read(document, allow_same_labels=True) == plan


@given(plans())
def test_every_seat_of_any_plan_is_in_one_section(plan: Plan) -> None:
    assert sorted(i for section in plan.sections for i in section.seats) == sorted(plan.places)
    assert list(plan.places) == [seat.id for seat in plan.seats]


# Mistakes


def test_every_mistake_is_reported_with_its_place() -> None:
    document = theatre(rows=8, seats_per_row=9)
    first, second = document["zones"]
    first["rows"][3]["seats"][7]["category"] = "stalls "
    first["rows"][0]["seats"][1]["seat_guid"] = first["rows"][0]["seats"][0]["seat_guid"]
    first["rows"][1]["seats"][2]["seat_guid"] = " Ä 1"
    del second["rows"][0]["seats"][4]["position"]["x"]
    second["rows"][1]["seats"] = None
    document["categories"][1]["color"] = "url(javascript:alert(1))"
    assert mistakes(document) == [
        "categories[1].color: is no CSS colour, such as #cc79a7",
        (
            'zones[0].rows[0].seats[1].seat_guid: "Stalls-1-1" is the id of '
            "zones[0].rows[0].seats[0] too"
        ),
        'zones[0].rows[1].seats[2].seat_guid: " Ä 1" cannot be the id of a seat, which is '
        + seat_ids.SEAT_IN_WORDS,
        'zones[0].rows[3].seats[7].category: no category "stalls "',
        "zones[1].rows[0].seats[4].position.x: is missing",
        "zones[1].rows[1].seats: must be a list",
    ]


def test_mistakes_of_a_grid_have_their_places_too() -> None:
    document = {
        "grid": {
            "rows": 2,
            "seats_per_row": 3,
            "categories": {"front": ["A", "C"], "back rows": ["A"]},
            "aisle_after": [1, 3],
            "skip": ["B3", "B4", "b1", "B03"],
        }
    }
    assert mistakes(document) == [
        'grid.categories.front[1]: there is no row "C"',
        'grid.categories[\'back rows\'][0]: row "A" is in category "front" already',
        "grid.aisle_after[1]: there is no aisle after seat 3",
        'grid.skip[1]: there is no seat "B4"',
        'grid.skip[2]: there is no seat "b1"',
        'grid.skip[3]: there is no seat "B03"',
    ]


@pytest.mark.parametrize(
    ("document", "mistake"),
    [
        (None, "must be a JSON object"),
        ([], "must be a JSON object"),
        ({}, "a plan has one of the members count, grid and zones"),
        ({"count": 3, "grid": {}}, "a plan has one of the members count, grid and zones"),
        ({"count": 0}, "count: must be greater than or equal to 1"),
        ({"count": True}, "count: must be a valid integer"),
        ({"count": "10"}, "count: must be a valid integer"),
        ({"count": 10.0}, "count: must be a valid integer"),
        ({"count": MAX_SEATS + 1}, "count: must be less than or equal to 100000"),
        ({"count": 10**400}, "count: "),
        ({"count": 1, "rows": 2}, "rows: is not known here"),
        ({"count": 1, "name": "a\nb"}, "name: holds a control character"),
        ({"count": 1, "focal_point": {"x": float("nan"), "y": 0}}, "focal_point.x: "),
        ({"grid": {"rows": 400, "seats_per_row": 400}}, "grid: the plan has 160,000 seats"),
        ({"grid": {"rows": 1, "seats_per_row": 1, "skip": ["A1"]}}, "the plan has no seats"),
        ({"grid": {"rows": 1, "seats_per_row": 2, "aisle_after": [10**5000]}}, "grid.aisle"),
        (
            {"grid": {"rows": 1, "seats_per_row": 1, "categories": {"\x1b": []}}},
            "grid.categories['",
        ),
        ({"zones": [], "categories": []}, "the plan has no seats"),
        ({"zones": [], "categories": [{"name": "a"}, {"name": "a"}]}, "categories[1].name: "),
        ({"zones": {}, "categories": []}, "zones: must be a list"),
        ({"categories": "x", "zones": [[]]}, "categories: must be a list"),
    ],
)
def test_what_is_no_plan_is_refused(document: object, mistake: str) -> None:
    assert mistakes(document)[0].startswith(mistake)


def test_a_plan_of_pretix_has_a_limit_too() -> None:
    assert mistakes(theatre(rows=402, seats_per_row=250)) == [
        "the plan has 100,500 seats; 100,000 is the most"
    ]


def test_what_a_stranger_writes_is_not_taken_for_a_template_of_a_message() -> None:
    document: dict[str, Any] = theatre(rows=2, seats_per_row=1)
    document["zones"][0]["rows"][0]["seats"][0]["category"] = "{message!r} {x.__class__}"
    assert 'no category "{message!r} {x.__class__}"' in mistakes(document)[0]


@pytest.mark.parametrize("text", ["\ud800", "\x1b]0;title\x07", "a\r\nb"])
def test_what_could_garble_a_terminal_is_told_as_its_escape(text: str) -> None:
    document = theatre(rows=2, seats_per_row=1)
    seat = document["zones"][0]["rows"][0]["seats"][0]
    seat["category"] = seat["seat_guid"] = text
    told = mistakes(document)
    assert len(told) == 2
    assert all(each.isprintable() for each in told)
    assert mistakes({"grid": {"rows": 1, "seats_per_row": 1, "skip": [text]}})[0].isprintable()


@pytest.mark.parametrize("places", [(0, 5e-324, 1), (0, 1e-308, 1e6), (0, 0, 0), (-1e6, 0, 1e6)])
def test_seats_may_be_as_near_and_as_far_apart_as_they_like(places: tuple[float, ...]) -> None:
    document = theatre(rows=2, seats_per_row=3)
    for seat, x in zip(document["zones"][0]["rows"][0]["seats"], places, strict=True):
        seat["position"] = {"x": x, "y": 0}
    plan = read(document)
    assert FreeSeats(plan).best(BestAvailable(1))
    assert in_characters(plan, 80)
    assert in_svg(plan)


def test_a_hundred_mistakes_are_enough() -> None:
    document = theatre()
    document["categories"] = []
    told = mistakes(document)
    assert len(told) == 101
    assert told[-1] == "… and 900 more"
    many = mistakes({"grid": {"rows": 1, "seats_per_row": 1, "skip": ["x"] * 5000}})
    assert (len(many), many[-1]) == (101, "… and 4,900 more")


def test_the_example_is_a_plan() -> None:
    file = Path(pretix.__file__).with_name("example.json")
    plan = read(json.loads(file.read_text(encoding="utf-8")))
    assert {len(section) for section in sections(plan)} == {5, 8}
