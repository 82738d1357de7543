"""Pictures of plans."""

import re
from xml.etree import ElementTree

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
        "A  ● ●   ● ●\nB    ○   ○ ○\nC  ○ ○   ○ ○\n\n● front: 4 seats\n○ standard: 7 seats"
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
