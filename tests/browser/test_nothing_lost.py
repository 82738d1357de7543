"""Nobody loses a seat, a booking or their time, whatever the browser does meanwhile."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Request, Route, expect

from tests.browser.conftest import (
    ADMIN,
    Visit,
    both_browsers,
    chromium_program,
    firefox,
    open_event,
)
from tests.browser.visitor import Visitor
from tests.live.server import Server

# The clock of a computer that has slept: that of the page stood still.
SLEEPY = """
    window.slept = 0;
    const now = Date.now;
    Date.now = () => now() + slept;
"""


@pytest.fixture
def ann(visit: Visit, event: str) -> Visitor:
    return visit(event)


def change(server: Server, event: str, **described: object) -> None:
    """Let the organiser describe the event anew."""
    with server.client(ADMIN) as organiser:
        assert organiser.call("PUT", event.rstrip("/"), described).status == 200


@both_browsers
def test_a_browser_that_is_closed_still_knows_its_bookings(ann: Visitor) -> None:
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    (cookie,) = ann.context.cookies()
    # A cookie of the session would have -1. Browsers keep none for longer than 400 days.
    assert 399 * 86400 < cookie["expires"] - time.time() < 401 * 86400


def test_a_booking_is_found_by_its_reference(ann: Visitor, visit: Visit) -> None:
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    reference = ann.book()
    ann.page.get_by_role("button", name="Close").click()
    ann.page.get_by_role("link", name="Find a booking").click()
    ann.page.get_by_label("Reference").fill(f" {reference.lower()}")
    ann.page.get_by_role("button", name="Find").click()
    expect(ann.page.locator("#found-seats")).to_have_text("Row A seat 1")
    expect(ann.page.locator("#found-status")).to_have_text("valid")
    expect(ann.page.locator("#found-title")).to_be_focused()
    eve = visit("/bookings/").page
    eve.get_by_label("Reference").fill(reference)
    eve.get_by_role("button", name="Find").click()
    expect(eve.get_by_role("alert")).to_contain_text("This browser has made no such booking.")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/bookings/", "Find"),
        ("/events/default/admin", "Sign in"),
        ("/events/default/door", "Sign in"),
    ],
)
def test_a_form_can_be_sent_only_once_its_script_is_there(
    visit: Visit, path: str, name: str
) -> None:
    page = visit(path).page
    page.wait_for_load_state()
    held: list[Route] = []
    free: list[bool] = []

    def hold(script: Route) -> None:
        script.continue_() if free else held.append(script)

    page.route("**/*.js*", hold)
    with page.expect_request("**/*.js*"):
        page.reload(wait_until="commit")
    button = page.get_by_role("button", name=name)
    expect(button).to_be_disabled()
    free.append(True)
    for script in held:
        script.continue_()
    expect(button).to_be_enabled()


@pytest.fixture(params=["chromium", "firefox"])
def without_cookies(
    request: pytest.FixtureRequest, playwright_driver: Playwright, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A browser that is set to block all cookies."""
    if request.param == "firefox":
        with firefox(playwright_driver, {"network.cookie.cookieBehavior": 2}) as browser:
            yield browser.new_context(locale="en-US")
            return
    preferences = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(preferences))
    with playwright_driver.chromium.launch_persistent_context(
        tmp_path, executable_path=chromium_program(), args=["--no-sandbox"], locale="en-US"
    ) as context:
        yield context


def test_without_cookies_seats_are_sold_as_long_as_the_page_is_open(
    without_cookies: BrowserContext, server: Server, event: str
) -> None:
    page: Page = without_cookies.new_page()
    page.goto(f"http://127.0.0.1:{server.address[1]}{event}")
    expect(page.locator("#no-cookies")).to_contain_text("write down your booking reference")
    expect(page.locator("seat-map")).not_to_have_js_property("seatCount", 0)
    page.get_by_role("button", name="Choose the best").click()
    expect(page.locator("#confirm")).to_have_text("Book 2 seats")
    page.locator("#confirm").click()
    expect(page.locator("#ticket-reference")).to_be_visible()


def test_a_party_has_one_deadline(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    policy = {"lock_seconds": 6, "max_lock_seconds": 60}
    event = open_event(server, request.node.name, plan={"count": 8}, policy=policy)
    ann = visit(event)
    time_left = ann.page.locator("#time")
    for count, seat in enumerate(("4", "5", "6"), 1):
        ann.press(seat)
        expect(ann.basket).to_have_count(count)
        expect(time_left).to_have_text(re.compile("^0:0[1-4]$"))
    expect(ann.message).to_have_text(
        "Your time ran out. Seats 4–6 are no longer reserved for you.", timeout=15_000
    )
    assert ann.page.locator(".message.problem").count() == 1


def test_a_button_that_has_just_changed_books_nothing(ann: Visitor) -> None:
    for count, seat in enumerate(("A1", "A2"), 1):
        ann.press(seat)
        expect(ann.basket).to_have_count(count)
    requests: list[Request] = []
    ann.page.on("request", lambda request: requests.append(request))
    # A finger that comes down at the very moment.
    ann.page.evaluate(
        "const button = document.querySelector('#confirm');"
        " new MutationObserver(() => button.textContent === 'Book 1 seat' && button.click())"
        ".observe(button, { childList: true })"
    )
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert ann.context.request.post(f"{ann.url}release/A2", headers=headers).ok
    ann.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    # Why the seat is gone is told, too, before or after.
    told = ann.page.locator(".message.problem")
    changed = told.filter(has_text="Your basket has changed, so nothing was booked.")
    expect(changed).to_have_count(1)
    assert not [request for request in requests if request.url.endswith("/confirm")]


def test_the_time_is_said_at_first_warned_of_and_can_be_extended_many_times(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    policy = {"lock_seconds": 22, "max_lock_seconds": 600}
    event = open_event(server, request.node.name, plan={"count": 4}, policy=policy)
    ann = visit(event)
    ann.press("1")
    expect(ann.page.locator("#spoken")).to_have_text(
        re.compile(r"^Seat 1 is in your basket\. You have (21|22) seconds to book\.$")
    )
    expect(ann.message).to_have_text(
        "20 seconds left to book. Press “More time” if you need it.", timeout=15_000
    )
    for _ in range(11):
        ann.page.get_by_role("button", name="More time").click()
        expect(ann.page.locator("#extend")).not_to_have_attribute("aria-disabled", "true")
        expect(ann.message).to_have_text(re.compile("^You (still )?have 2[012] seconds"))
    expect(ann.basket).to_have_count(1)


@both_browsers
def test_after_sleep_the_page_asks_before_it_shows(
    visit: Visit, event: str, server: Server
) -> None:
    ann = visit("/events/")
    ann.page.add_init_script(SLEEPY)
    ann.page.goto(ann.url.replace("/events/", event))
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert ann.context.request.post(f"{ann.page.url}release/A1", headers=headers).ok
    with server.client("b" * 40) as bob:
        assert bob.call("POST", f"{event}lock/A1").status == 200
    ann.page.route("**/basket", lambda route: route.abort())
    ann.page.evaluate("slept = 600_000")
    expect(ann.page.locator("#basket-empty")).to_have_text("Checking your seats…")
    expect(ann.page.locator("#confirm")).to_be_hidden()
    ann.page.unroute_all()
    expect(ann.page.locator("#basket-empty")).to_contain_text("Choose seats in the map")
    why = "Your time ran out. Row A seat 1 is no longer reserved for you."
    expect(ann.message).to_have_text(why)
    expect(ann.page.locator("#gone")).to_have_text(why)
    ann.sees("A1", "reserved by someone")


def test_a_lock_that_ran_out_while_the_page_stood_still_is_told_for_what_it_is(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    plan, policy = {"count": 4}, {"lock_seconds": 2}
    event = open_event(server, request.node.name, plan=plan, policy=policy)
    ann = visit("/events/")
    # The deadline never comes by the clock of the page.
    ann.page.add_init_script("performance.now = () => 1000;")
    ann.page.goto(ann.url.replace("/events/", event))
    ann.press("2")
    expect(ann.basket).to_have_count(1)
    why = "Your time ran out. Seat 2 is no longer reserved for you."
    expect(ann.page.locator("#gone")).to_have_text(why, timeout=15_000)
    expect(ann.basket).to_have_count(0)


def test_a_seat_that_went_to_someone_else_between_two_looks_is_told_of(
    visit: Visit, event: str, server: Server
) -> None:
    ann = visit(event)
    with ann.page.expect_response(lambda told: "/seats?" in told.url and "A1" in told.text()):
        ann.press("A1")
        expect(ann.basket).to_have_count(1)
    # To the page, it is locked before and after.
    ann.page.route("**/seats?since=*", lambda route: route.fulfill(status=304))
    with server.client(ADMIN) as office, server.client("b" * 40) as bob:
        assert office.call("POST", f"{event}take", {"seats": ["A1"], "reason": "!"}).status == 200
        assert bob.call("POST", f"{event}lock/A1").status == 200
    ann.page.unroute_all()
    expect(ann.page.locator("#gone")).to_have_text("Row A seat 1 is no longer reserved for you.")
    ann.sees("A1", "reserved by someone")


@both_browsers
def test_a_double_click_on_a_seat_chooses_it(ann: Visitor) -> None:
    ann.is_live()
    x, y, _ = ann.locate("A1")
    ann.page.mouse.dblclick(x, y)
    expect(ann.basket).to_have_count(1)
    ann.page.wait_for_timeout(600)
    expect(ann.basket).to_have_count(1)


def test_what_one_has_booked_looks_other_than_what_is_in_the_basket(ann: Visitor) -> None:
    signs = ann.page.locator("#legend canvas")
    ann.is_live()
    expect(ann.page.locator("#legend")).to_contain_text("booked by you")
    pictures = [signs.nth(at).evaluate("(it) => it.toDataURL()") for at in range(signs.count())]
    assert len(set(pictures)) == len(pictures)


@both_browsers
def test_the_default_event_has_one_basket_at_both_its_addresses(visit: Visit) -> None:
    ann = visit("/")
    ann.is_live()
    other = ann.tab()
    other.goto(f"{ann.url}events/default/")
    expect(other.locator("#connection")).to_have_text("Live")
    ann.press("5")
    expect(other.locator("#chosen li")).to_have_count(1)
    ann.page.get_by_role("button", name="Release all").click()
    expect(other.locator("#chosen li")).to_have_count(0)


def test_what_the_organiser_changes_is_seen(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    event = open_event(
        server,
        request.node.name,
        name="Hamlet",
        plan={"count": 4},
        starts_at="2098-01-01T19:00:00Z",
    )
    ann = visit(event)
    ann.is_live()
    change(server, event, name="Macbeth", starts_at="2099-02-03T19:00:00Z")
    expect(ann.page.locator("h1")).to_have_text("Macbeth")
    expect(ann.page.locator("header time")).to_contain_text("2099")
    expect(ann.page.locator("#ticket time")).to_contain_text("2099")
    expect(ann.message).to_contain_text("The organiser has changed the time: ")


def test_going_back_shows_the_event_as_it_is_now(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    event = open_event(server, request.node.name, name="Hamlet", plan={"count": 4})
    ann = visit(event)
    ann.is_live()
    ann.page.goto(f"http://127.0.0.1:{server.address[1]}/events/")
    change(server, event, name="Macbeth")
    # In Firefox, which shows it as well, Playwright waits in vain for a page from the history.
    ann.page.go_back()
    expect(ann.page.locator("h1")).to_have_text("Macbeth")


def test_a_sale_that_begins_is_counted_down_to_and_told_of(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    event = open_event(server, request.node.name, plan={"count": 4}, on_sale_from=later)
    ann = visit(event)
    expect(ann.page.locator("#sale-note")).to_have_text(re.compile(r"^On sale in 5\d:\d\d$"))
    expect(ann.page.locator("#best")).to_be_hidden()
    ann.is_live()
    # The organiser is impatient.
    change(server, event, on_sale_from="2020-01-01T00:00:00Z")
    expect(ann.message).to_have_text("The sale has started.")
    expect(ann.page.locator("#sale-note")).to_be_hidden()
    ann.press("2")
    expect(ann.basket).to_have_count(1)


def test_a_house_that_is_sold_out_says_so_on_the_map(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    event = open_event(server, request.node.name, plan={"count": 2})
    ann = visit(event)
    ann.is_live()
    with server.client("b" * 40) as bob:
        bob.call("POST", f"{event}lock", {"seats": ["1", "2"]})
        expect(ann.page.locator("#sale-note")).to_be_hidden()
        bob.call("POST", f"{event}confirm")
    expect(ann.page.locator("#sale-note")).to_have_text("Sold out")
