"""The page is for everyone: by keyboard, with a screen reader, on a small screen, in the dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADMIN, Visit, both_browsers, open_event
from tests.live.server import Server

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page, in as many words."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_what_a_buyer_sees(
    visit: Visit, event: str, scheme: str
) -> None:
    ann = visit(event, color_scheme=scheme)
    ann.is_live()
    assert violations(ann.page) == []
    ann.page.get_by_text("Seats as a list").click()
    ann.page.locator(".row summary").first.click()
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    ann.press("A2")
    expect(ann.basket).to_have_count(2)
    ann.page.locator("seat-map .cursor:visible").focus()
    ann.look("A3")
    assert violations(ann.page) == []
    ann.book()
    assert violations(ann.page) == []
    ann.page.get_by_role("button", name="Close").click()
    ann.page.get_by_role("button", name="Cancel booking").click()
    assert violations(ann.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_other_pages(
    visit: Visit, event: str, scheme: str
) -> None:
    for path in ("/events/", "/events/nowhere/", "/"):
        assert violations(visit(path, color_scheme=scheme).page) == []
    organiser = visit(f"{event}admin", color_scheme=scheme).page
    assert violations(organiser) == []
    organiser.get_by_label("Administrator's token").fill(ADMIN)
    organiser.keyboard.press("Enter")
    expect(organiser.locator("#connection")).to_have_text("Live")
    assert violations(organiser) == []


@both_browsers
def test_seats_are_chosen_and_booked_with_the_keyboard_alone(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.is_live()
    keys = ann.page.keyboard

    def focused() -> str:
        found: str = ann.page.evaluate(
            "document.activeElement.ariaLabel ?? document.activeElement.textContent"
        )
        return found

    while not focused().startswith("Row A seat 1,"):
        keys.press("Tab")
    assert focused() == "Row A seat 1, front, free"
    keys.press("ArrowRight")
    keys.press("ArrowDown")
    assert focused() == "Row B seat 2, rear, free"
    keys.press("Enter")
    ann.sees("B2", "in your basket")
    expect(ann.page.locator(".cursor:visible")).to_be_focused()
    expect(ann.page.locator(".cursor:visible")).to_have_attribute("aria-pressed", "true")
    expect(ann.page.locator("#spoken")).to_have_text(
        re.compile("^Row B seat 2 is in your basket. You have (59|60) seconds to book.$")
    )
    keys.press("End")
    assert focused() == "Row B seat 8, rear, free"
    keys.press("ArrowRight")  # There is nothing.
    assert focused() == "Row B seat 8, rear, free"
    keys.press("Home")
    keys.press("Space")
    expect(ann.basket).to_have_count(2)
    while focused() != "Book 2 seats":
        keys.press("Tab")
    keys.press("Enter")
    expect(ann.page.locator("#ticket-seats")).to_have_text("Row B seats 1 and 2")
    keys.press("Escape")
    expect(ann.page.locator("#ticket")).to_be_hidden()


def test_the_map_is_zoomed_with_the_keyboard(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.is_live()
    fit = ann.locate("A1")[2]
    ann.page.locator(".cursor:visible").focus()
    ann.page.keyboard.press("+")
    nearer = ann.locate("A1")[2]
    assert nearer > fit
    ann.page.keyboard.press("-")
    ann.page.keyboard.press("0")
    assert ann.locate("A1")[2] == fit


def test_seats_can_be_chosen_from_a_list(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.is_live()
    ann.page.get_by_text("Seats as a list").click()
    row = ann.page.locator(".row", has_text="Row B")
    expect(row).to_contain_text("8 of 8 free")
    row.locator("summary").click()
    row.get_by_role("button", name="Row B seat 7, rear, free").click()
    expect(row.get_by_role("button", name="Row B seat 7")).to_have_attribute("aria-pressed", "true")
    expect(row).to_contain_text("7 of 8 free")
    expect(ann.basket).to_have_count(1)


def test_two_seats_are_bought_on_a_phone_of_320_pixels(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    plan = {"grid": {"rows": 12, "seats_per_row": 20}}
    event = open_event(server, request.node.name, plan=plan)
    ann = visit(event, **PHONE)
    ann.is_live()
    widths = "[document.documentElement.scrollWidth, innerWidth]"
    assert ann.page.evaluate(widths) == [320, 320]
    # A finger cannot tell such seats apart: the first touch comes closer.
    x, y, radius = ann.locate("B3")
    assert radius < 9
    ann.page.touchscreen.tap(x, y)
    expect(ann.basket).to_have_count(0)
    for count, seat in enumerate(("B3", "B4"), 1):
        x, y, radius = ann.locate(seat)
        assert radius > 12
        ann.page.touchscreen.tap(x, y)
        expect(ann.basket).to_have_count(count)
    expect(ann.page.locator("#confirm")).to_be_in_viewport(ratio=1)
    expect(ann.page.locator("#time")).to_be_in_viewport(ratio=1)
    assert ann.page.evaluate(widths) == [320, 320]
    ann.book()
    assert ann.page.evaluate(widths) == [320, 320]


def test_nothing_moves_while_the_page_is_loaded(visit: Visit, event: str) -> None:
    ann = visit("/events/")
    ann.page.add_init_script(
        "window.moved = []; new PerformanceObserver((list) => {"
        " for (const shift of list.getEntries()) moved.push(shift.value) })"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    ann.page.goto(ann.url.replace("/events/", event))
    ann.is_live()
    expect(ann.page.locator("#legend li")).to_have_count(6)
    # What a person notices begins at 0.1, https://web.dev/articles/cls.
    assert sum(ann.page.evaluate("moved")) < 0.02


def test_whoever_wants_less_motion_has_none(visit: Visit, event: str) -> None:
    ann = visit(event, reduced_motion="reduce")
    ann.press("A1")
    ann.press("A1")
    durations = ann.page.evaluate(
        "[...document.querySelectorAll('*')].map((e) => getComputedStyle(e))"
        ".map((s) => s.animationName + s.transitionDuration)"
    )
    assert set(durations) == {"none0s"}


def test_without_scripts_a_page_says_what_it_needs(visit: Visit, event: str) -> None:
    ann = visit(event, java_script_enabled=False)
    expect(ann.page.locator("noscript .notice")).to_contain_text("JavaScript")
