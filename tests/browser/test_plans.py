"""What the page makes of plans: names, sizes, labels, and the first view."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from booking.web import pages
from tests.browser.conftest import Visit

Evaluate = Callable[..., Any]

_MODULES = Path(pages.__file__).with_name("static")


@pytest.fixture
def evaluate(visit: Visit) -> Evaluate:
    """Run a script in a page of the service; ``Plan`` and ``View`` are those of the page. It gets
    its modules in one script, the tests one by one."""
    page = visit("/").page
    page.route(
        "**/modules/*",
        lambda route: route.fulfill(path=_MODULES / route.request.url.split("/")[-1]),
    )

    def run(script: str, argument: object = None) -> Any:
        imports = (
            "const { Plan } = await import('/modules/plan.js');"
            " const { View } = await import('/modules/view.js');"
        )
        return page.evaluate(f"async (argument) => {{ {imports} {script} }}", argument)

    return run


def row(numbers: Sequence[object], label: str = "1", x: float = 0, **more: Any) -> dict[str, Any]:
    """A row whose seats are in order and have their numbers in their ids: ``1/7``."""
    seats = [
        {
            "seat_guid": f"{label}/{number}",
            "seat_number": str(number),
            "category": "all",
            "position": {"x": x + 25 * place, "y": 0},
        }
        for place, number in enumerate(numbers)
    ]
    return {"row_number": label, "position": {"x": 0, "y": 0}, "seats": seats} | more


def plan(*zones: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "categories": [{"name": "all"}],
        "zones": [
            {"name": f"Zone {number}", "position": {"x": 0, "y": 0}, "rows": list(rows)}
            for number, rows in enumerate(zones, 1)
        ],
    } | more


def names(evaluate: Evaluate, rows: Sequence[dict[str, Any]], ids: Sequence[str]) -> list[str]:
    other = row(["1"], "other")
    script = "return (await Plan.read(argument[0])).names(argument[1])"
    found: list[str] = evaluate(script, [plan([*rows, other]), ids])
    return found


@pytest.mark.parametrize(
    ("numbers", "chosen", "said"),
    [
        ([1, 3, 5, 6, 4, 2], [1, 3, 4, 2], "Row 1 seats 1, 3, 4, and 2"),
        ([1, 3, 5, 6, 4, 2], [2, 4, 6], "Row 1 seats 6, 4, and 2"),
        ([3, 1, 2], [1, 2, 3], "Row 1 seats 3, 1, and 2"),
        ([1, 2, 3, 4, 5], [2, 3, 4], "Row 1 seats 2–4"),
        ([5, 4, 3, 2, 1], [2, 3, 4], "Row 1 seats 2–4"),
        ([1, 2, 3, 4, 7, 8, 9], [3, 4, 7, 8, 9], "Row 1 seats 3, 4, and 7–9"),
        (["A", "B", "C"], ["A", "B", "C"], "Row 1 seats A, B, and C"),
        (["2-9", "2-10", "2-11"], ["2-9", "2-10", "2-11"], "Row 1 seats 2-9–2-11"),
    ],
)
def test_a_range_is_written_where_the_numbers_run_on_by_one_and_nowhere_else(
    evaluate: Evaluate, numbers: list[object], chosen: list[object], said: str
) -> None:
    assert names(evaluate, [row(numbers)], [f"1/{number}" for number in chosen]) == [said]


def test_a_row_in_two_pieces_is_named_as_one(evaluate: Evaluate) -> None:
    pieces = [row([1, 2], "A"), row([3, 4], "A", x=50)]
    assert names(evaluate, pieces, ["A/2", "A/3", "A/4"]) == ["Row A seats 2–4"]


def test_the_names_of_the_file_are_used(evaluate: Evaluate) -> None:
    loge = row([1, 2, 3], "7", row_label="Loge %s", seat_label="Stuhl %s")
    assert names(evaluate, [loge], ["7/1"]) == ["Loge 7, Stuhl 1"]
    assert names(evaluate, [loge], ["7/1", "7/3"]) == ["Loge 7, Stuhl 1 and Stuhl 3"]
    loge["seat_label"] = None
    assert names(evaluate, [loge], ["7/1", "7/2", "7/3"]) == ["Loge 7, seats 1–3"]
    loge |= {"row_label": None, "seat_label": "Stuhl %s"}
    assert names(evaluate, [loge], ["7/2"]) == ["Row 7, Stuhl 2"]


def test_a_category_is_called_as_people_call_it_and_has_a_colour(evaluate: Evaluate) -> None:
    document = plan([row([1])])
    document["categories"] = [{"name": "all", "label": "Stalls"}, {"name": "x", "color": "#123456"}]
    script = (
        "const plan = await Plan.read(argument);"
        "return [plan.describe('1/1', 'free'), ...plan.categories.values()]"
    )
    described, free, other = evaluate(script, document)
    assert described == "Seat 1, Stalls, free"
    assert free.startswith("#")
    assert other == "#123456"


def radii(evaluate: Evaluate, document: dict[str, Any]) -> dict[str, float]:
    script = (
        "const { seats } = await Plan.read(argument);"
        "return Object.fromEntries([...seats].map(([id, { r }]) => [id, r]))"
    )
    found: dict[str, float] = evaluate(script, document)
    return found


@pytest.mark.parametrize("unit", [0.02, 1, 40])
def test_a_zone_of_few_seats_has_seats_no_larger_than_the_others(
    evaluate: Evaluate, unit: float
) -> None:
    document = plan([row(range(20))], [row(["a", "b"], "W")], [row(["c"], "V")])
    for zone in document["zones"]:
        for seat in zone["rows"][0]["seats"]:
            far = 19 if seat["seat_number"] == "b" else 1
            seat["position"] = {"x": seat["position"]["x"] * unit * far, "y": 0}
    found = radii(evaluate, document)
    assert found["W/a"] == found["V/c"] == found["1/3"] == pytest.approx(0.42 * 25 * unit)


def test_a_radius_is_obeyed(evaluate: Evaluate) -> None:
    document = plan([row(range(9))])
    document["zones"][0]["rows"][0]["seats"][2]["radius"] = 7
    assert radii(evaluate, document)["1/2"] == 7


@pytest.mark.parametrize(
    ("where", "xs"),
    [("start", [True]), ("end", [False]), ("both", [True, False]), (None, [])],
)
def test_labels_of_rows_are_where_the_file_wants_them(
    evaluate: Evaluate, where: str | None, xs: list[bool]
) -> None:
    document = plan([row(range(4), row_number_position=where), row(["1"], "other", x=900)])
    script = "return (await Plan.read(argument)).rows[0].labels.map(({ x }) => x < 0)"
    assert evaluate(script, document) == xs


def test_no_label_of_a_row_is_on_a_seat(evaluate: Evaluate) -> None:
    document = plan([row(range(3), "A"), row(range(3, 6), "A", x=75)])
    script = "return (await Plan.read(argument)).rows.map(({ labels }) => labels.length)"
    assert evaluate(script, document) == [1, 1]


def test_labels_of_vertical_rows_are_above_and_below_them(evaluate: Evaluate) -> None:
    document = plan([row(range(3), "A"), row(range(3), "B", x=900)])
    for number, seat in enumerate(document["zones"][0]["rows"][0]["seats"]):
        seat["position"] = {"x": 0.3 * number, "y": 25 * number}
    script = "return (await Plan.read(argument)).rows[0].labels.map(({ y, side }) => [y < 0, side])"
    assert evaluate(script, document) == [[True, 0], [False, 0]]


@pytest.mark.parametrize(
    ("front", "place"),
    [
        (None, "above"),
        ({"x": 200, "y": 0}, "above"),
        ({"x": 200, "y": 900}, "below"),
        ({"x": -10, "y": 380}, "left"),
        ({"x": 500, "y": 380}, "right"),
        ({"x": 200, "y": 400}, None),
    ],
)
def test_a_house_without_a_stage_has_one_before_the_side_where_its_front_is(
    evaluate: Evaluate, front: dict[str, int] | None, place: str | None
) -> None:
    rows = [
        row(range(16), str(number), position={"x": 0, "y": 40 * number}) for number in range(20)
    ]
    document = plan(rows, **({"focal_point": front} if front else {}))
    script = """
        const { areas } = await Plan.read(argument);
        const side = (at, before, behind) => (at < 0 ? before : behind);
        return areas.map(({ x, y, turn }) =>
            turn ? side(x, "left", "right") : side(y, "above", "below"));
    """
    assert evaluate(script, document) == ([place] if place else [])


def test_a_section_of_one_seat_is_drawn_around_it(evaluate: Evaluate) -> None:
    document = plan([row(range(4))], [row(["box"], "B", x=900)])
    script = "return (await Plan.read(argument)).sections[1].bounds"
    bounds = evaluate(script, document)
    assert bounds["left"] < 900 < bounds["left"] + bounds["width"]
    assert bounds["height"] > 0


def test_while_a_large_house_is_read_the_browser_goes_first_now_and_then(
    evaluate: Evaluate,
) -> None:
    """Else no press is answered meanwhile. By the clock of the test, a look at it takes 1 ms."""
    rows = [
        row(range(10), str(number), position={"x": 0, "y": 25 * number}) for number in range(400)
    ]
    script = """
        let [now, times] = [0, 0];
        performance.now = () => (now += 1);
        const scheduler = { yield: async () => { times += 1; } };
        Object.defineProperty(window, "scheduler", { value: scheduler });
        await Plan.read(argument);
        return times;
    """
    assert evaluate(script, plan(rows[:200], rows[200:])) > 400 / 10


def test_five_thousand_zones_are_read_at_once(evaluate: Evaluate) -> None:
    document = plan(*([row(range(4), str(number), x=150 * number)] for number in range(5000)))
    for zone in document["zones"]:
        zone["name"] = ""
    script = (
        "const at = performance.now(); await Plan.read(argument); return performance.now() - at"
    )
    assert evaluate(script, document) < 5000


def test_everything_is_in_the_first_view_and_in_its_middle(evaluate: Evaluate) -> None:
    """For random houses, wherever their coordinates begin, and random windows."""
    script = """
        let seed = 7;
        const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
        const between = (low, high) => low + (high - low) * random();
        const wrong = [];
        for (let round = 0; round < 5000; round++) {
            const size = 10 ** between(-1, 5), away = 10 ** between(0, 6);
            const bounds = {
                left: between(-away, away), top: between(-away, away),
                width: size * between(0.05, 1), height: size * between(0.05, 1),
            };
            const view = new View();
            const [width, height] = [between(200, 2000), between(200, 2000)].map(Math.round);
            if (round % 2) view.resize(width, height);
            view.show(bounds, size * between(0.0005, 0.05));
            if (round % 3 === 0) {
                view.zoomBy(between(1, 9), between(0, width), between(0, height));
                view.moveBy(between(-900, 900), between(-900, 900));
            }
            view.resize(width, height);
            view.fit();
            const [x0, y0] = view.toScreen(bounds.left, bounds.top);
            const [x1, y1] = view.toScreen(bounds.left + bounds.width, bounds.top + bounds.height);
            const seen = x0 > -1 && y0 > -1 && x1 < width + 1 && y1 < height + 1;
            const centred = Math.abs(x0 + x1 - width) < 2 && Math.abs(y0 + y1 - height) < 2;
            if (!seen || !centred) wrong.push({ bounds, width, height, x0, y0, x1, y1 });
        }
        return wrong;
    """
    assert evaluate(script) == []
