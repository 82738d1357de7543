"""A browser, a service, and people who look at its pages."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.visitor import Visitor
from tests.live.server import Server

ADMIN = "organiser-0123456789-0123456789"
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

Visit = Callable[..., Visitor]


class HasAddress(Protocol):
    """A service, or what leads to one."""

    address: tuple[str, int]


def chromium_program() -> str:
    """Where the browser of this machine is."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("There is no Chromium: apt-get install chromium, or its like, brings one.")
    return program


def chromium(playwright: Playwright) -> Browser:
    """The browser of this machine."""
    return playwright.chromium.launch(executable_path=chromium_program(), args=list(_QUIET))


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = chromium(playwright_driver)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A service for all tests of a file, each of which opens an event of its own."""
    with Server(admin_token=ADMIN) as server:
        yield server


@pytest.fixture
def event(server: Server, request: pytest.FixtureRequest) -> str:
    """The path of an event of three rows of eight seats, the last two of which are the rear."""
    return open_event(
        server,
        request.node.name,
        plan={
            "grid": {
                "rows": 3,
                "seats_per_row": 8,
                "aisle_after": [4],
                "categories": {"front": ["A"], "rear": ["B", "C"]},
            }
        },
    )


def open_event(server: Server, name: str, /, **described: Any) -> str:
    """Open an event; its path."""
    event = "".join(letter if letter.isalnum() else "-" for letter in name)[:64]
    with server.client(ADMIN) as organiser:
        assert organiser.call("PUT", f"/events/{event}", described).status == 201
    return f"/events/{event}/"


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Let somebody come who never was there, and look at a page. At the end, what went wrong in
    scripts is told."""
    visitors: list[Visitor] = []

    def visit(path: str, *, at: HasAddress = server, **options: Any) -> Visitor:
        visitor = Visitor(browser, f"http://127.0.0.1:{at.address[1]}{path}", **options)
        visitors.append(visitor)
        return visitor

    yield visit
    for visitor in visitors:
        visitor.context.close()
    assert [each for visitor in visitors for each in visitor.errors] == []
