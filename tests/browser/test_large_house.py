"""A stadium: its sections first, on a bad line, on a phone, and by what a screen reader says."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, both_browsers, open_event
from tests.browser.visitor import Visitor
from tests.live.server import Server

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
ROWS, SEATS = 40, 42
_PITCH, _BLOCK = 25, 1300


def _block(number: int) -> dict[str, Any]:
    return {
        "name": f"Block {number + 1}",
        "position": {"x": number % 4 * _BLOCK, "y": number // 4 * _BLOCK},
        "areas": [],
        "rows": [
            {
                "row_number": str(row + 1),
                "position": {"x": 0, "y": row * _PITCH},
                "seats": [
                    {
                        "seat_guid": f"{number + 1}-{row + 1}-{seat + 1}",
                        "seat_number": str(seat + 1),
                        "category": "all",
                        "position": {"x": seat * _PITCH, "y": 0},
                    }
                    for seat in range(SEATS)
                ],
            }
            for row in range(ROWS)
        ],
    }


STADIUM = {
    "name": "Stadium",
    "categories": [{"name": "all", "color": "#0072b2"}],
    "zones": [_block(number) for number in range(12)],
    "size": {"width": 4 * _BLOCK, "height": 3 * _BLOCK},
}


@pytest.fixture(scope="module")
def stadium(server: Server) -> str:
    """The path of an event of 20,160 seats."""
    return open_event(server, "stadium", plan=STADIUM, policy={"max_seats_per_holder": 20})


def focused(ann: Visitor) -> str:
    name: str = ann.page.evaluate("document.activeElement.ariaLabel ?? ''")
    return name


def test_a_large_house_begins_with_its_sections(visit: Visit, stadium: str) -> None:
    ann = visit(stadium)
    ann.is_live()
    keys = ann.page.keyboard
    ann.page.locator(".cursor:visible").focus()
    assert re.fullmatch(r"Block 1, 1,6\d\d of 1,680 free", focused(ann))
    keys.press("ArrowRight")
    keys.press("ArrowDown")
    assert focused(ann).startswith("Block 6, ")
    keys.press("Enter")
    assert re.fullmatch(r"Block 6, row 20 seat 2[12], free", focused(ann))
    expect(ann.page.locator(".overview")).to_be_visible()
    keys.press("Escape")
    assert focused(ann).startswith("Block 6, 1,6")
    expect(ann.page.locator(".overview")).to_be_hidden()


@both_browsers
def test_two_seats_together_are_bought_by_what_is_said_in_under_twenty_keys(
    visit: Visit, stadium: str
) -> None:
    """Nothing is known of the page but the names and roles in its accessibility tree, and what is
    announced."""
    ann = visit(stadium)
    expect(ann.page.get_by_role("status").filter(has_text="Live")).to_be_visible()
    pressed = 0

    def heard() -> str:
        return ann.page.locator(":focus").aria_snapshot()

    def press(key: str) -> None:
        nonlocal pressed
        ann.page.keyboard.press(key)
        pressed += 1

    press("Tab")
    while not heard().startswith('- button "Block 1, '):
        press("Tab")
    press("Enter")
    assert re.fullmatch(r'- button "Block 1, row 20 seat 2[12], free"', heard())
    press("Enter")
    expect(ann.page.get_by_role("status").filter(has_text="is in your basket")).to_be_attached()
    press("ArrowRight")
    assert re.fullmatch(r'- button "Block 1, row 20 seat 2[23], free"', heard())
    press("Enter")
    expect(ann.page.get_by_role("button", name="Book 2 seats")).to_be_enabled()
    press("b")
    expect(ann.page.get_by_role("button", name="Book 2 seats")).to_be_focused()
    press("Enter")
    dialog = ann.page.get_by_role("dialog", name="Booked!")
    expect(dialog).to_contain_text(re.compile(r"Block 1, row 20 seats 2[12] and 2[23]"))
    print(f"Two seats together in a stadium, blindfolded: {pressed} keys")
    assert pressed < 20


def test_on_a_phone_two_seats_are_bought_in_under_ten_presses(visit: Visit, stadium: str) -> None:
    ann = visit(stadium, **PHONE)
    ann.is_live()
    tap = ann.page.touchscreen.tap
    seats = ("2-20-20", "2-20-21")
    presses = 0
    # A finger is given 32 pixels: until it has them, a press comes closer.
    while (at := ann.locate(seats[0]))[2] < 16:
        tap(at[0], at[1])
        presses += 1
        expect(ann.basket).to_have_count(0)
    for count, seat in enumerate(seats, 1):
        x, y, radius = ann.locate(seat)
        assert radius >= 16
        tap(x, y)
        presses += 1
        expect(ann.basket).to_have_count(count)
    ann.book()
    assert presses + 1 < 10
    shown = ann.page.get_by_role("dialog", name="Booked!")
    expect(shown).to_contain_text("Block 2, row 20 seats 20 and 21")


def test_a_house_that_was_moved_is_drawn_in_full_when_it_stands_still(
    visit: Visit, stadium: str
) -> None:
    """While it moves, its last picture may be moved."""
    ann = visit(stadium)
    ann.is_live()
    ann.page.mouse.move(400, 400)
    ann.page.keyboard.down("Control")
    for _ in range(8):
        ann.page.mouse.wheel(0, -100)
    ann.page.keyboard.up("Control")
    two_frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    drawn = "document.querySelector('seat-map canvas').toDataURL()"
    for _ in range(2):
        ann.page.evaluate(two_frames)
    before = ann.page.evaluate(drawn)
    # Other colours, and the first ones again: each time, everything is drawn.
    ann.page.emulate_media(color_scheme="dark")
    expect(ann.page.locator("seat-map")).to_have_css("color", "rgb(243, 241, 237)")
    ann.page.emulate_media(color_scheme="light")
    expect(ann.page.locator("seat-map")).to_have_css("color", "rgb(27, 26, 31)")
    ann.page.evaluate(two_frames)
    assert ann.page.evaluate(drawn) == before


def test_what_comes_slowly_is_waited_for_and_the_progress_is_seen(
    visit: Visit, stadium: str
) -> None:
    """400 kbit/s, as on a bad line: slower than any time-out for the whole."""
    ann = visit("/events/")
    line = ann.context.new_cdp_session(ann.page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 100, "downloadThroughput": 50_000, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", slow)
    ann.page.goto(ann.url.replace("/events/", stadium), wait_until="commit")
    expect(ann.page.locator("#loading")).to_have_text(
        re.compile(r"Loading the seat map… [\d,]+ KB")
    )
    ann.is_live()
    seconds = ann.page.evaluate("performance.now()") / 1000
    print(f"A stadium of 20,160 seats at 400 kbit/s: live after {seconds:.1f} s")
    # How long that takes here says little, but what is sent takes less than two seconds.
    bytes_sent = ann.page.evaluate(
        "performance.getEntries().reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)"
    )
    assert bytes_sent < 2 * 50_000
    expect(ann.page.locator("seat-map")).to_have_js_property("seatCount", 20_160)
    expect(ann.page.locator("#loading")).to_be_hidden()


def test_the_list_is_by_section_and_row_under_headings(visit: Visit, stadium: str) -> None:
    ann = visit(stadium)
    ann.is_live()
    ann.page.get_by_text("Seats as a list").click()
    section = ann.page.locator(".section", has=ann.page.get_by_role("heading", name="Block 3"))
    section.locator("> summary").click()
    row = section.locator(".row", has=ann.page.get_by_role("heading", name="Row 7", exact=True))
    row.locator("summary").click()
    row.get_by_role("button", name="Block 3, row 7 seat 9, free").click()
    expect(ann.basket).to_have_count(1)
    expect(row).to_contain_text("41 of 42 free")
    expect(section.locator("> summary")).to_contain_text("1,679 of 1,680 free")
