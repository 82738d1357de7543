"""When an event begins, and from when and until when it is on sale, as the page says it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, open_event
from tests.live.server import Server


@pytest.mark.parametrize(
    ("zone", "reader", "shown"),
    [
        ("Europe/Berlin", "Europe/Vienna", "Sunday, January 31, 2027 at 7:30 PM"),
        (
            "Europe/Berlin",
            "America/New_York",
            "Sunday, January 31, 2027 at 7:30 PM (Central European Standard Time)",
        ),
        ("+05:30", "Europe/Berlin", "Monday, February 1, 2027 at 12:00 AM (GMT+05:30)"),
        (None, "America/New_York", "Sunday, January 31, 2027 at 1:30 PM"),
    ],
)
def test_times_are_those_of_the_venue(
    visit: Visit,
    server: Server,
    request: pytest.FixtureRequest,
    zone: str | None,
    reader: str,
    shown: str,
) -> None:
    starts = {"starts_at": "2027-01-31T18:30:00Z", "on_sale_until": "2027-01-31T18:30:00Z"}
    event = open_event(server, request.node.name, plan={"count": 2}, time_zone=zone, **starts)
    page = visit(event, timezone_id=reader).page
    expect(page.locator("header time")).to_have_text(shown)
    expect(page.locator("#sale")).to_have_text(f"On sale until {shown}")
    page.goto(f"http://127.0.0.1:{server.address[1]}/events/")
    expect(page.locator(f"[href='{event.split('/')[2]}/'] time")).to_have_text(shown)


def test_an_event_that_is_not_on_sale_says_when_it_will_be(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    event = open_event(
        server, request.node.name, plan={"count": 4}, on_sale_from="2099-01-01T12:00:00Z"
    )
    ann = visit(event)
    expect(ann.page.locator("#sale")).to_have_text(re.compile(r"^On sale from .*2099"))
    ann.press("2")
    expect(ann.message).to_have_text("This event is not on sale at the moment.")


def test_an_event_that_has_started_says_that_the_sale_is_over(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    event = open_event(
        server, request.node.name, plan={"count": 4}, starts_at="2020-01-01T12:00:00Z"
    )
    ann = visit(event)
    expect(ann.page.locator("#sale")).to_have_text("The sale has ended.")
    expect(ann.page.locator("#best")).to_be_hidden()
    ann.press("2")
    expect(ann.message).to_have_text("The sale has ended.")
