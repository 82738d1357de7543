"""How often the page asks for what has changed. Time is moved by the tests."""

from collections.abc import Callable

from playwright.sync_api import Route

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

SEATS = "**/seats*"


def on_a_clock(visit: Visit, event: str) -> tuple[Visitor, Callable[[int], int]]:
    """A visitor whose clock the test moves, and the number of times the page asks for the seats
    while it moves by some seconds."""
    ann = visit("/events/")
    ann.page.clock.install()
    ann.page.goto(ann.url.replace("/events/", event))
    ann.page.clock.run_for(100)
    ann.is_live()
    asked: list[str] = []
    ann.page.on("request", lambda request: asked.append(request.url))

    def pass_seconds(seconds: int) -> int:
        asked.clear()
        for _ in range(2 * seconds):
            ann.page.clock.run_for(500)
            # What was asked is answered in real time.
            ann.page.wait_for_timeout(15)
        return sum("/seats" in url for url in asked)

    return ann, pass_seconds


def test_the_page_asks_every_second_and_less_often_while_nothing_changes(
    visit: Visit, event: str
) -> None:
    _, pass_seconds = on_a_clock(visit, event)
    # One in a second, in two, in four; give or take what a busy machine is late with.
    assert 6 <= pass_seconds(10) <= 12
    pass_seconds(22)
    assert 2 <= pass_seconds(10) <= 6
    pass_seconds(24)
    assert 1 <= pass_seconds(10) <= 4


def test_the_page_asks_at_once_when_it_is_looked_at_again(visit: Visit, event: str) -> None:
    ann, pass_seconds = on_a_clock(visit, event)
    see = "document.dispatchEvent(new Event('visibilitychange'))"
    hide = "Object.defineProperty(document, 'hidden', { value: %s, configurable: true })"
    ann.page.evaluate(hide % "true")
    pass_seconds(2)
    assert pass_seconds(15) <= 1
    ann.page.evaluate(hide % "false")
    with ann.page.expect_request(SEATS):
        ann.page.evaluate(see)


def test_while_the_service_is_away_the_page_asks_less_and_less_often(
    visit: Visit, event: str
) -> None:
    ann, pass_seconds = on_a_clock(visit, event)
    ann.page.route(SEATS, lambda route: route.abort())
    first, then = pass_seconds(10), pass_seconds(40)
    assert 2 <= first <= 7
    assert 1 <= then <= 5
    ann.page.unroute_all()
    with ann.page.expect_request(SEATS):
        ann.page.evaluate("window.dispatchEvent(new Event('online'))")
    ann.is_live()


def test_what_comes_from_something_else_than_the_service_is_not_taken_for_seats(
    visit: Visit, event: str
) -> None:
    ann, pass_seconds = on_a_clock(visit, event)

    def gateway(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Log in to our Wi-Fi</h1>")

    ann.page.route(SEATS, gateway)
    pass_seconds(3)
    assert ann.page.locator("#connection").inner_text() == "Reconnecting…"
