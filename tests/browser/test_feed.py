"""How often the page asks for what has changed. Time is moved by the tests."""

from itertools import pairwise
from statistics import median

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

SEATS = "**/seats*"
STEP_MS = 250
"""Time moves so far at once: a pause is found too long by as much, at the most."""

# When the page has asked for the seats, by its own clock, and how many answers it waits for.
RECORD = """
    window.askedAt = [];
    window.waiting = 0;
    const plain = window.fetch;
    window.fetch = (address, options) => {
        if (String(address).startsWith("seats")) askedAt.push(performance.now());
        waiting += 1;
        return plain(address, options).finally(() => (waiting -= 1));
    };
"""


@pytest.fixture
def ann(visit: Visit, event: str) -> Visitor:
    """A visitor whose clock the test moves."""
    ann = visit("/events/")
    ann.page.add_init_script(RECORD)
    ann.page.clock.install()
    ann.page.goto(ann.url.replace("/events/", event))
    ann.page.clock.run_for(STEP_MS)
    ann.is_live()
    return ann


def pauses(ann: Visitor, seconds: int) -> list[float]:
    """Let some seconds pass; the milliseconds between one time that the page asks and the next."""
    begun = ann.page.evaluate("askedAt.length")
    for _ in range(seconds * 1000 // STEP_MS):
        ann.page.clock.run_for(STEP_MS)
        # What was asked is answered in real time, in which that of the page stands still.
        while ann.page.evaluate("waiting"):
            ann.page.wait_for_timeout(1)
    at: list[float] = ann.page.evaluate("from => askedAt.slice(Math.max(0, from - 1))", begun)
    return [later - earlier for earlier, later in pairwise(at)]


def test_the_page_asks_every_second_and_less_often_while_nothing_changes(ann: Visitor) -> None:
    for seconds, pause in ((25, 1000), (10, None), (20, 2000), (10, None), (20, 4000)):
        found = pauses(ann, seconds)
        if pause is None:  # It changes in these.
            continue
        assert len(found) >= 3
        # The clock of the page goes on by itself, too: a busy machine makes a pause now and then
        # longer.
        assert pause <= min(found[1:])
        assert median(found[1:]) <= pause + 2 * STEP_MS


def test_the_page_asks_at_once_when_it_is_looked_at_again(ann: Visitor) -> None:
    see = "document.dispatchEvent(new Event('visibilitychange'))"
    hide = "Object.defineProperty(document, 'hidden', { value: %s, configurable: true })"
    ann.page.evaluate(hide % "true")
    pauses(ann, 2)
    # It asks every 20 s now. The clock of the page also goes on by itself.
    assert pauses(ann, 12) == []
    ann.page.evaluate(hide % "false")
    with ann.page.expect_request(SEATS):
        ann.page.evaluate(see)


def test_while_the_service_is_away_the_page_asks_less_and_less_often(ann: Visitor) -> None:
    ann.page.route(SEATS, lambda route: route.abort())
    _, *found = pauses(ann, 50)
    assert len(found) >= 4
    for failures, each in enumerate(found):
        longest = min(30_000, 1000 * 2**failures)
        assert longest / 2 <= each <= longest + 2 * STEP_MS
    ann.page.unroute_all()
    with ann.page.expect_request(SEATS):
        ann.page.evaluate("window.dispatchEvent(new Event('online'))")
    ann.is_live()


def test_what_comes_from_something_else_than_the_service_is_not_taken_for_seats(
    ann: Visitor,
) -> None:
    def gateway(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Log in to our Wi-Fi</h1>")

    ann.page.route(SEATS, gateway)
    pauses(ann, 3)
    assert ann.page.locator("#connection").inner_text() == "Reconnecting…"
