"""Where the front of a house is, and which seats are best for it."""

import math
from collections.abc import Sequence
from typing import Any

import pytest

from booking.domain.model import BestAvailable
from booking.domain.selection.free_seats import FreeSeats
from booking.plans.reading import read
from booking.plans.sections import Point
from booking.plans.space.front import Reason
from booking.plans.space.stage_words import names_the_stage

At = tuple[float, float]


def house(rows: Sequence[Sequence[At]], *areas: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A plan of rows 1, 2, 3 … with seats 1, 2, 3 …: the first of the second row is ``2-1``."""
    return more | {
        "categories": [{"name": "a"}],
        "zones": [
            {
                "name": "Hall",
                "position": {"x": 0, "y": 0},
                "rows": [
                    {
                        "row_number": str(r),
                        "seats": [
                            {
                                "seat_guid": f"{r}-{s}",
                                "seat_number": str(s),
                                "category": "a",
                                "position": {"x": x, "y": y},
                            }
                            for s, (x, y) in enumerate(row, 1)
                        ],
                    }
                    for r, row in enumerate(rows, 1)
                ],
                "areas": list(areas),
            }
        ],
    }


def rectangle(x: float, y: float, width: int, height: int, text: str = "") -> dict[str, Any]:
    area: dict[str, Any] = {
        "shape": "rectangle",
        "position": {"x": x, "y": y},
        "rectangle": {"width": width, "height": height},
    }
    return area | ({"text": {"text": text, "position": {"x": 0, "y": 0}}} if text else {})


def block(rows: int = 5, seats: int = 8) -> list[list[At]]:
    return [[(30.0 * s, 40.0 * r) for s in range(seats)] for r in range(rows)]


def arcs(start: float, end: float, *radii: float) -> list[list[At]]:
    """Rows around the origin, between two angles in degrees, counted from the right downwards."""
    rows = []
    for radius in radii:
        count = int(math.radians(end - start) * radius / 30)
        angles = [math.radians(start + (end - start) * (n + 0.5) / count) for n in range(count)]
        rows.append([(radius * math.cos(a), radius * math.sin(a)) for a in angles])
    return rows


def best(document: dict[str, Any], count: int) -> list[str]:
    return FreeSeats(read(document)).best(BestAvailable(count))


def reason(document: dict[str, Any]) -> Reason:
    return read(document).front.reason


def test_the_focal_point_of_the_plan_goes_before_all_else() -> None:
    document = house(block(), rectangle(0, -90, 200, 40, "Stage"), focal_point={"x": 0, "y": 160})
    assert reason(document) is Reason.GIVEN
    assert best(document, 2) == ["5-1", "5-2"]


@pytest.mark.parametrize(
    ("x", "y", "seats"),
    [
        (30, -90, ["1-4", "1-5"]),
        (30, 210, ["5-4", "5-5"]),
        (-230, 60, ["3-1", "3-2"]),
    ],
)
def test_the_best_seats_are_next_to_the_stage_wherever_it_is(
    x: float, y: float, seats: list[str]
) -> None:
    document = house(block(), rectangle(x, y, 150, 40, "STAGE"))
    assert reason(document) is Reason.STAGE
    assert best(document, 2) == seats


@pytest.mark.parametrize(
    "text",
    [
        "STAGE",
        "Main stage",
        "Bühne",
        "HAUPTBÜHNE",
        "Leinwand 1",
        "Scène",
        "ÉCRAN",
        "Escenario",
        "Palco",
        "Palcoscenico",
        "Сцена",
        "舞台",
        "Scena",
        "Pódium / stage",
        "Sân khấu",
        "Altar",
        "Spielfeld",
        "PITCH",
        "במה",
        "Näyttämö",
        "Tafel",
        "écran",
        "The\nScreen",
    ],
)
def test_a_stage_is_known_by_its_text_in_many_languages(text: str) -> None:
    assert names_the_stage(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bar",
        "Stage door",
        "Bühneneingang",
        "Backstage",
        "Eingang Bühne",
        "Palco 3",
        "Tafel 12",
        "1. Ring",
        "BALCONY",
        "Oder",
        "Parkett",
        "FOH",
    ],
)
def test_what_is_no_stage_is_not_taken_for_one(text: str) -> None:
    assert not names_the_stage(text)


def test_the_only_large_area_without_seats_is_the_front() -> None:
    pitch = rectangle(0, 220, 210, 160)
    document = house(block(), pitch, rectangle(-60, 0, 20, 20), rectangle(-90, -90, 500, 300))
    assert reason(document) is Reason.LARGE_AREA
    assert best(document, 2) == ["5-4", "5-5"]


def test_a_bar_and_one_of_several_large_areas_are_not_the_front() -> None:
    assert reason(house(block(), rectangle(0, 220, 210, 160, "Bar"))) is Reason.TOP
    two = rectangle(0, 220, 210, 160), rectangle(0, 420, 210, 160)
    assert reason(house(block(), *two)) is Reason.TOP


@pytest.mark.parametrize(("start", "end", "side"), [(30, 150, 1), (210, 330, -1)])
def test_curved_rows_show_where_the_front_is(start: float, end: float, side: int) -> None:
    document = house(arcs(start, end, 400, 300, 200))
    plan = read(document)
    assert plan.front.reason is Reason.TURNED
    assert plan.focus == pytest.approx((0, 200 * side), abs=5)
    assert {seat.split("-")[0] for seat in best(document, 4)} == {"3"}


def test_rows_all_around_have_their_front_in_the_middle() -> None:
    plan = read(house(arcs(0, 360, 300, 200)))
    assert plan.front.reason is Reason.TURNED
    assert plan.focus == pytest.approx((0, 0), abs=5)


def test_straight_rows_on_four_sides_have_their_front_in_the_middle() -> None:
    side = [(30.0 * n - 105, -200.0) for n in range(8)]
    sides = [side, [(x, -y) for x, y in side], [(y, x) for x, y in side]]
    sides.append([(-y, x) for x, y in side])
    assert reason(house(sides)) is Reason.TURNED
    assert read(house(sides)).focus == pytest.approx((0, 0), abs=1)


def test_side_galleries_do_not_put_the_front_among_the_stalls() -> None:
    galleries = [[(x, 40.0 * n) for n in range(6)] for x in (-90.0, 300.0)]
    assert reason(house([*block(), *galleries])) is Reason.TOP


def test_without_any_hint_the_front_is_the_middle_of_the_upper_edge() -> None:
    front = read(house(block())).front
    assert front.point == Point(105, 0)
    assert "upper edge" in front.in_words


def numbered(labels: Sequence[str], rows: Sequence[Sequence[At]]) -> dict[str, Any]:
    document = house(rows)
    for row, label in zip(document["zones"][0]["rows"], labels, strict=True):
        row["row_number"] = label
    return document


@pytest.mark.parametrize(
    "labels", ["54321", ["Row 5", "Row 4", "Row 3", "Row 2", "Row 1"], "EDCBA", "DCBA1", "ЖГВБА"]
)
def test_rows_are_counted_from_the_front(labels: Sequence[str]) -> None:
    document = numbered(labels, block())
    assert reason(document) is Reason.FIRST_ROWS
    assert read(document).focus == pytest.approx((105, 160))
    assert best(document, 2) == ["5-4", "5-5"]


def test_the_first_rows_may_be_on_any_side() -> None:
    columns = [[(40.0 * r, 30.0 * s) for s in range(8)] for r in range(5)]
    assert read(numbered("54321", columns)).focus == pytest.approx((160, 105))
    assert read(numbered("12345", columns)).focus == pytest.approx((0, 105))


def test_rows_counted_from_a_pitch_in_the_middle_do_not_tell_of_one_side() -> None:
    plan = read(numbered("5432112345", block(10)), allow_same_labels=True)
    assert plan.front.reason is Reason.TOP


def stand(labels: Sequence[str], first: float, aside: float = 0) -> list[tuple[str, list[At]]]:
    """Rows of eight seats, one behind the other."""
    xs = [aside + 30.0 * seat for seat in range(8)]
    return [(label, [(x, first + 40.0 * row) for x in xs]) for row, label in enumerate(labels)]


def stands(*all_rows: Sequence[tuple[str, list[At]]]) -> dict[str, Any]:
    """A plan in which each stand is a zone of its own."""
    documents = [numbered([r[0] for r in rows], [r[1] for r in rows]) for rows in all_rows]
    for number, document in enumerate(documents):
        document["zones"][0]["name"] = f"Stand {number}"
        for row in document["zones"][0]["rows"]:
            for seat in row["seats"]:
                seat["seat_guid"] = f"{number}/{row['row_number']}-{seat['seat_number']}"
    return documents[0] | {"zones": [zone for each in documents for zone in each["zones"]]}


@pytest.mark.parametrize(
    ("north", "south"), [("4321", "1234"), ("21", "123456"), ("DCBA", "ABCD"), ("DCBA", "EFGH")]
)
@pytest.mark.parametrize("degrees", [0, 30, 90])
def test_two_stands_that_face_each_other_have_their_front_between_them(
    north: str, south: str, degrees: float
) -> None:
    document = stands(stand(north, 200 - 40 * len(north)), stand(south, 320))
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    for zone in document["zones"]:
        for row in zone["rows"]:
            for seat in row["seats"]:
                x, y = seat["position"]["x"], seat["position"]["y"]
                seat["position"] = {"x": x * cos - y * sin, "y": x * sin + y * cos}
    plan = read(document)
    assert plan.front.reason is Reason.TURNED
    x, y = 105, 240
    assert plan.focus == pytest.approx((x * cos - y * sin, x * sin + y * cos), abs=1)


def test_two_stands_may_be_one_zone() -> None:
    rows = stand("4321", 40) + stand("1234", 320)
    document = numbered([label for label, _ in rows], [seats for _, seats in rows])
    plan = read(document, allow_same_labels=True)
    assert plan.front.reason is Reason.TURNED
    assert plan.focus == pytest.approx((105, 240))


@pytest.mark.parametrize(
    "house",
    [
        pytest.param((stand("1234", 40), stand("12", 320)), id="stalls and a balcony"),
        pytest.param((stand("4321", 40), stand("1234", 200)), id="without room for a stage"),
        pytest.param((stand("4321", 40), stand("1234", 320, 900)), id="past each other"),
        pytest.param((stand("4321", 40), stand("X", 240), stand("1234", 320)), id="a row between"),
    ],
)
def test_other_rows_behind_rows_do_not_put_the_front_between_them(house: Any) -> None:
    assert reason(stands(*house)) is Reason.TOP


def test_rows_on_three_sides_have_their_front_in_their_middle() -> None:
    sides = [[(x, 30.0 * n) for n in range(8)] for x in (-120.0, -80.0, 330.0, 370.0)]
    plan = read(house([*sides, *(seats for _, seats in stand("12", 400))]))
    assert plan.front.reason is Reason.TURNED
    assert plan.focus == pytest.approx((105, 105), abs=30)


def test_boxes_side_by_side_do_not_tell_where_the_front_is() -> None:
    boxes = [[(100.0 * box + 25 * seat, 0.0) for seat in range(3)] for box in range(6)]
    assert reason(numbered("654321", boxes)) is Reason.TOP


def test_the_reason_names_the_area() -> None:
    assert read(house(block(), rectangle(0, 0, 1, 1, "The\nstage"))).front.in_words == (
        "the area “The stage”"
    )
