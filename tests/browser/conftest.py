"""A browser, a service, and people who look at its pages."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.visitor import Visitor
from tests.live.server import Server

ADMIN = "organiser-0123456789-0123456789"
# The first is Chromium without windows, which takes two thirds of the time for the same pages.
_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)
_QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

_FOR_FIREFOX = Path(__file__).with_name("firefox.cjs")

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


def firefox(playwright: Playwright, preferences: Mapping[str, int] | None = None) -> Browser:
    """The Firefox of this machine, driven over WebDriver BiDi: that needs no geckodriver, and no
    Firefox that Playwright has built."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("There is no Firefox: apt-get install firefox-esr, or its like, brings one.")
    return playwright.firefox.launch(
        executable_path=program,
        channel="moz-firefox",
        firefox_user_prefs=dict(preferences or {}),
    )


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NODE_OPTIONS", f"--require {_FOR_FIREFOX}")
        with sync_playwright() as playwright:
            yield playwright


@pytest.fixture(scope="session")
def browsers(playwright_driver: Playwright) -> Iterator[Callable[[str], Browser]]:
    """Each browser, started when a test first wants it."""
    start = {"chromium": chromium, "firefox": firefox}
    started: dict[str, Browser] = {}

    def browser(name: str) -> Browser:
        if name not in started:
            started[name] = start[name](playwright_driver)
        return started[name]

    yield browser
    for each in started.values():
        each.close()


both_browsers = pytest.mark.parametrize("browser", ["chromium", "firefox"], indirect=True)
"""For tests of what browsers do in ways of their own: cookies, history, sleep, presses, focus,
layout. What our scripts decide by themselves is tried in Chromium alone, since each test takes
Firefox two seconds, and so is what only the DevTools of Chromium can do: a slow line, a large font,
a phone.
"""


@pytest.fixture
def browser(request: pytest.FixtureRequest, browsers: Callable[[str], Browser]) -> Browser:
    """Chromium, unless the test asks for :data:`both_browsers`."""
    return browsers(getattr(request, "param", "chromium"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in Firefox come first, one after the other, so that one process of the tests runs them
    all: to start it takes longer than they do."""
    items.sort(key=lambda item: "[firefox" not in item.name)


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
