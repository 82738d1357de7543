"""The page fits every hand and eye: zoomed in, with larger letters, from right to left."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, both_browsers, open_event
from tests.browser.test_access import violations
from tests.live.server import Server

# Whether two corners of an element and its middle are behind the basket, or out of sight.
HIDDEN = """(it) => {
    const { left, top, width, height } = it.getBoundingClientRect();
    const [right, bottom] = [left + width - 1, top + height - 1];
    return [[left + 1, top + 1], [right, bottom], [(left + right) / 2, (top + bottom) / 2]]
        .every(([x, y]) => {
            const found = document.elementFromPoint(x, y);
            return !found || found.closest("#basket") && !it.closest("#basket");
        });
}"""


@pytest.mark.parametrize(
    "viewport", [(640, 400), (320, 256), (360, 740)], ids="{0[0]} pixels".format
)
def test_what_has_the_focus_is_not_behind_the_basket(
    visit: Visit, event: str, viewport: tuple[int, int]
) -> None:
    """At 200 % and at 400 % zoom, and on a phone (WCAG 2.4.11)."""
    width, height = viewport
    ann = visit(event, viewport={"width": width, "height": height})
    ann.is_live()
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.basket).to_have_count(2)
    ann.page.locator("h1").click()
    hidden = []
    for _ in range(22):
        ann.page.keyboard.press("Tab")
        stop = ann.page.locator(":focus")
        if stop.count() and stop.evaluate(HIDDEN):
            hidden.append(stop.evaluate("(it) => it.outerHTML.slice(0, 100)"))
    assert hidden == []


def test_from_a_seat_the_basket_is_one_key_away(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    ann.page.locator(".cursor:visible").focus()
    ann.page.keyboard.press("b")
    expect(ann.page.locator("#confirm")).to_be_focused()


def test_arrow_keys_go_along_the_row_and_from_row_to_row(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    """Rows that stand askew are followed all the same."""
    plan = {
        "name": "Askew",
        "categories": [{"name": "all", "color": "#0072b2"}],
        "size": {"width": 400, "height": 200},
        "zones": [
            {
                "name": "Hall",
                "position": {"x": 0, "y": 0},
                "areas": [],
                "rows": [
                    {
                        "row_number": label,
                        "position": {"x": 0, "y": y},
                        "seats": [
                            {
                                "seat_guid": f"{label}{seat}",
                                "seat_number": str(seat),
                                "category": "all",
                                "position": {"x": 25 * seat, "y": slope * seat},
                            }
                            for seat in range(1, 6)
                        ],
                    }
                    for label, y, slope in (("A", 0, 4), ("B", 60, -5))
                ],
            }
        ],
    }
    event = open_event(server, request.node.name, plan=plan)
    ann = visit(event)
    ann.is_live()
    ann.page.locator(".cursor:visible").focus()
    visited = []
    for key in ("ArrowRight",) * 4 + ("ArrowDown",) + ("ArrowLeft",) * 4 + ("ArrowUp",):
        ann.page.keyboard.press(key)
        visited.append(ann.page.locator(":focus").get_attribute("data-seat"))
    assert visited == ["A2", "A3", "A4", "A5", "B5", "B4", "B3", "B2", "B1", "A1"]


@both_browsers
def test_the_wheel_scrolls_and_zooms_only_with_ctrl(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.is_live()
    x, y, before = ann.locate("B4")
    ann.page.mouse.move(x, y)
    ann.page.mouse.wheel(0, -120)
    expect(ann.page.locator(".tip")).to_have_text(
        "To zoom, hold Ctrl while you turn the wheel, or pinch."
    )
    assert ann.locate("B4")[2] == before
    ann.page.keyboard.down("Control")
    ann.page.mouse.wheel(0, -120)
    ann.page.keyboard.up("Control")
    assert ann.locate("B4")[2] > before


@both_browsers
def test_a_message_can_be_taken_away_and_lets_no_press_through(visit: Visit, event: str) -> None:
    ann = visit(event, viewport={"width": 360, "height": 740})
    ann.is_live()
    for seat in ("A1", "A2"):
        ann.press(seat)
    expect(ann.basket).to_have_count(2)
    for _ in range(2):
        ann.page.locator("#extend").click()
        expect(ann.page.locator("#extend")).not_to_have_attribute("aria-disabled", "true")
    shown = ann.page.locator(".message:visible")
    expect(shown).to_have_count(1)
    box = shown.bounding_box()
    assert box
    assert box["height"] < 120
    shown.click()
    expect(ann.basket).to_have_count(2)


def test_letters_are_as_large_as_the_reader_wants_them(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.is_live()
    line = ann.context.new_cdp_session(ann.page)
    sizes = (
        "['h1', '.quiet', '#confirm', 'label'].map((it) => document.querySelector(it))"
        ".map((it) => parseFloat(getComputedStyle(it).fontSize))"
    )
    before = ann.page.evaluate(sizes)
    line.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    ann.page.reload()
    ann.is_live()
    after = ann.page.evaluate(sizes)
    assert [large / small > 1.7 for small, large in zip(before, after, strict=True)] == [True] * 4
    assert ann.page.evaluate("document.querySelector('seat-map').clientHeight") >= 260


@both_browsers
def test_a_page_from_right_to_left_is_laid_out_so(visit: Visit, event: str) -> None:
    ann = visit(event, locale="he-IL")
    expect(ann.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(ann.page.locator("seat-map")).not_to_have_js_property("seatCount", 0)
    house, basket = (ann.page.locator(it).bounding_box() for it in ("#house", "#basket"))
    assert house
    assert basket
    assert basket["x"] < house["x"]
    # The house itself is not turned: seat 1 is where it is.
    assert ann.locate("A1")[0] < ann.locate("A8")[0]
    x, y, _ = ann.locate("B3")
    ann.page.mouse.click(x, y)
    expect(ann.basket).to_have_text(["שורה B מושב 3rear×"])
    ann.book()
    assert violations(ann.page) == []
    expect(ann.page.locator("#ticket-seats")).to_have_text("שורה B מושב 3")


@both_browsers
def test_on_a_small_page_from_right_to_left_nothing_sticks_out(visit: Visit, event: str) -> None:
    ann = visit(event, locale="he-IL", viewport={"width": 320, "height": 640})
    expect(ann.page.locator("seat-map")).not_to_have_js_property("seatCount", 0)
    assert ann.overflow() == 0


def test_a_grid_has_a_stage(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.is_live()
    stage = ann.page.evaluate(
        "() => { const { y, radius } = document.querySelector('seat-map').locate('A1');"
        " return y - radius - document.querySelector('seat-map').getBoundingClientRect().top }"
    )
    assert stage > 2 * ann.locate("A1")[2]
