"""The link in a mail, in a browser that never was there; and how it is sent again."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADMIN, Visit, open_event
from tests.live.server import Server, tokens
from tests.support.mailbox import Mailbox, free_port, link_of, mail_server
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def mailbox(port: int) -> Iterator[Mailbox]:
    with mail_server(port) as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def server(port: int, mailbox: Mailbox) -> Iterator[Server]:
    with Server(
        admin_token=ADMIN,
        smtp_url=f"smtp://localhost:{port}",
        mail_from="theatre@example.org",
        public_url="https://tickets.example.org",
    ) as server:
        yield server


@pytest.fixture
def link(request: pytest.FixtureRequest, server: Server, mailbox: Mailbox) -> str:
    """The path of the link in the mail of a booking."""
    ask = [{"id": "email"}]
    event = open_event(server, request.node.name, plan={"count": 3}, policy={"ask": ask})
    address = f"{event.strip('/').rpartition('/')[2][:30]}@example.org"
    with server.client(tokens(1)[0]) as client:
        client.call("POST", f"{event}lock/2")
        booked = client.call(
            "POST", f"{event}confirm", {"expect": 1, "details": {"email": address}}
        )
        assert booked.status == 200
    wait_until(lambda: bool(mailbox.to(address)))
    parts = urlsplit(link_of(mailbox.to(address)[0]))
    return f"{parts.path}#{parts.fragment}"


def test_a_link_opens_its_booking_on_any_device_and_can_cancel_it(link: str, visit: Visit) -> None:
    page = visit(link).page
    expect(page.locator("#found-seats")).to_have_text("Seat 2")
    expect(page.locator("#found-status")).to_have_text("valid")
    page.get_by_role("button", name="Cancel booking").click()
    page.get_by_role("button", name="Keep it as it is").click()
    expect(page.locator("#found-status")).to_have_text("valid")
    page.get_by_role("button", name="Cancel booking").click()
    page.get_by_role("button", name="Cancel the booking").click()
    expect(page.locator("#found-status")).to_have_text("cancelled")
    expect(page.get_by_role("button", name="Cancel booking")).to_be_hidden()


def test_a_link_that_is_not_whole_says_so(link: str, visit: Visit) -> None:
    page = visit(link[:-5]).page
    expect(page.locator("#find-problem")).to_contain_text("This link opens no booking.")
    expect(page.locator("#found")).to_be_hidden()


def test_whoever_has_lost_the_link_gets_it_again(link: str, visit: Visit, mailbox: Mailbox) -> None:
    address = mailbox.mails[-1]["To"]
    page = visit("/bookings/").page
    page.get_by_label("E-mail address").fill(address.upper())
    page.get_by_role("button", name="Send the link").click()
    expect(page.locator("#lost-note")).to_contain_text("their links are on the way")
    wait_until(lambda: len(mailbox.to(address)) == 2)
    assert link_of(mailbox.to(address)[1]).endswith(link)
