"""Pictures of plans."""

import math
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given

from booking.plans import drawing
from booking.plans.model import Plan
from booking.plans.reading import read
from tests.support.houses import plans, theatre


def test_a_grid_is_drawn_in_characters_with_its_aisle_and_its_gap() -> None:
    plan = read(
        {
            "grid": {
                "rows": 3,
                "seats_per_row": 4,
                "aisle_after": [2],
                "skip": ["B1"],
                "categories": {"front": ["A"]},
            }
        }
    )
    assert drawing.in_characters(plan, 80) == (
        "A  ● ●   ● ●\nB    ○   ○ ○\nC  ○ ○   ○ ○\n\n● front: 4 seats\n○ standard: 7 seats\n"
        "The front is the upper edge, for nothing tells where the stage is."
    )


def test_areas_are_written_where_they_are() -> None:
    picture = drawing.in_characters(read(theatre(rows=4, seats_per_row=9)), 80)
    assert re.match(r" +Stage\n", picture)


def test_a_house_that_is_too_wide_is_drawn_narrower_and_the_picture_says_so() -> None:
    picture = drawing.in_characters(read({"grid": {"rows": 1, "seats_per_row": 500}}), 80)
    assert max(map(len, picture.splitlines()[:1])) <= 80
    assert "The house is wider than the picture" in picture


def test_rows_far_apart_are_brought_near() -> None:
    document = theatre(rows=2, seats_per_row=2)
    document["zones"][1]["position"]["y"] = 1e6
    assert len(drawing.in_characters(read(document), 80).splitlines()) < 20


def with_areas(*areas: dict[str, Any]) -> Plan:
    document = theatre(rows=2, seats_per_row=8)
    document["zones"][0]["areas"] = list(areas)
    return read(document)


def test_labels_of_rows_in_one_line_stand_side_by_side() -> None:
    document = theatre(rows=2, seats_per_row=2)
    for zone, label, x in zip(document["zones"], ("T", "AB"), (500, 0), strict=True):
        zone["position"] = {"x": x, "y": 0}
        zone["rows"][0]["row_number"] = label
    assert "AB T  " in drawing.in_characters(read(document), 80)


def test_vertical_rows_are_drawn_as_columns() -> None:
    document = theatre(rows=2, seats_per_row=3)
    document["zones"] = document["zones"][:1]
    [row] = document["zones"][0]["rows"]
    for number, seat in enumerate(row["seats"]):
        seat["position"] = {"x": 0.3 * number, "y": 25 * number}
    picture = drawing.in_characters(read(document), 80)
    assert [line.strip("1 ") for line in picture.splitlines()[-7:-4]] == ["●"] * 3


def test_areas_are_drawn_as_what_they_are() -> None:
    svg = drawing.in_svg(
        with_areas(
            {"shape": "circle", "position": {"x": 5, "y": 5}, "circle": {"radius": 30}},
            {"shape": "ellipse", "ellipse": {"radius": {"x": 40, "y": 20}}},
            {"shape": "polygon", "polygon": {"points": [{"x": 0, "y": 0}, {"x": 8, "y": 9}]}},
            {"shape": "text", "text": {"text": "Bar\n& food", "size": 24, "color": "#aa0000"}},
        )
    )
    assert '<ellipse rx="30" ry="30"' in svg
    assert '<ellipse rx="40" ry="20"' in svg
    assert '<polygon points="0 0 8 9"' in svg
    assert re.search(r'font-size="24" fill="#aa0000"[^>]*>Bar</text>.*>&amp; food</text>', svg)


def test_a_dark_area_has_light_text() -> None:
    for color, ink in (("#333", "#fff"), ("#444444", "#fff"), ("#eee", "#222")):
        area = {"color": color, "rectangle": {"width": 90, "height": 9}, "text": {"text": "Stage"}}
        assert re.search(f'fill="{ink}"[^>]*>Stage', drawing.in_svg(with_areas(area)))


def test_a_turned_area_is_all_in_the_picture() -> None:
    area = {"rotation": 60, "position": {"x": 0, "y": 0}, "rectangle": {"width": 900, "height": 9}}
    svg = ElementTree.fromstring(drawing.in_svg(with_areas(area)))
    _, top, _, height = map(float, svg.attrib["viewBox"].split())
    assert top + height >= 120 + 900 * math.sin(math.radians(60))


def radii(document: dict[str, Any]) -> list[float]:
    return [
        float(r) for r in re.findall(r'<circle[^>]* r="([^"]+)"', drawing.in_svg(read(document)))
    ]


def test_seats_do_not_cover_each_other() -> None:
    document = theatre(rows=2, seats_per_row=40)
    for seat in document["zones"][0]["rows"][0]["seats"]:
        seat["position"] = {"x": int(seat["seat_number"]), "y": 0}
    document["zones"][1]["rows"][0]["seats"] = document["zones"][1]["rows"][0]["seats"][:1]
    assert max(radii(document)) <= 0.5


def test_the_radius_of_a_seat_is_obeyed() -> None:
    document = theatre(rows=2, seats_per_row=2)
    document["zones"][0]["rows"][0]["seats"][0]["radius"] = 7
    assert radii(document)[0] == 7


@pytest.mark.parametrize(("where", "labels"), [("start", 1), ("end", 1), ("both", 2), (None, 0)])
def test_a_row_is_labelled_where_the_file_wants_it(where: str | None, labels: int) -> None:
    document = theatre(rows=2, seats_per_row=2)
    document["zones"][0]["rows"][0] |= {"row_number": "Q", "row_number_position": where}
    assert drawing.in_svg(read(document)).count(">Q</text>") == labels


def test_names_for_people_are_used() -> None:
    document = theatre(rows=2, seats_per_row=1)
    document["categories"][1] |= {"label": "Upper circle"}
    document["zones"][1]["rows"][0] |= {"row_label": "Loge %s", "seat_label": "Stuhl %s"}
    assert "<title>Loge 2, Stuhl 1, Upper circle</title>" in drawing.in_svg(read(document))
    assert "Upper circle: 1 seat" in drawing.in_characters(read(document), 80)


def test_the_picture_shows_the_front_and_why_it_is_there() -> None:
    plan = read(theatre(rows=2, seats_per_row=2))
    assert "<title>The front: the area “Stage”</title>" in drawing.in_svg(plan)
    assert drawing.in_characters(plan, 80).endswith("The front is the area “Stage”.")


def test_an_svg_has_seats_areas_and_their_names() -> None:
    svg = drawing.in_svg(read(theatre(rows=2, seats_per_row=2)))
    assert "<title>Town theatre</title>" in svg
    assert 'fill="#0072b2"><title>Row 2, seat 1, balcony</title>' in svg
    assert ">Stage</text>" in svg


@given(plans())
def test_any_plan_can_be_drawn(plan: Plan) -> None:
    svg = ElementTree.fromstring(drawing.in_svg(plan))
    assert len(svg.findall("{http://www.w3.org/2000/svg}circle")) == len(plan.seats)
    assert drawing.in_characters(plan, 60)
