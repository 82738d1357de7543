"""Somebody who looks at a page, with a browser of their own."""

from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect

# What the tests wait for comes within a second or two, on a machine that has nothing else to do.
expect.set_options(timeout=10_000)


class Visitor:
    """A browser without any past, and the page that it shows."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **options}
        )
        self.url = url
        self.errors: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """Another page in the same browser."""
        page = self.context.new_page()
        page.on("pageerror", self._on_error)
        page.on("console", self._on_message)
        page.goto(self.url)
        return page

    def _on_error(self, error: Error) -> None:
        self.errors.append(str(error))

    def _on_message(self, message: ConsoleMessage) -> None:
        # That a request was refused is said for every one, and wanted here.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def is_live(self) -> None:
        """The page shows the seats as they are."""
        expect(self.page.locator("#connection")).to_have_text("Live")
        self._has_map()

    def _has_map(self) -> None:
        expect(self.page.locator("seat-map")).not_to_have_js_property("seatCount", 0)

    def press(self, seat: str) -> None:
        """Press a seat in the map."""
        self.is_live()
        x, y, _ = self.locate(seat)
        self.page.mouse.click(x, y)

    def locate(self, seat: str) -> tuple[float, float, float]:
        """Where a seat is in the window, and its radius."""
        self._has_map()
        self.page.locator("seat-map").scroll_into_view_if_needed()
        at = self.page.evaluate("id => document.querySelector('seat-map').locate(id)", seat)
        return at["x"], at["y"], at["radius"]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window, but for its scroll bar."""
        wider: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wider

    def look(self, seat: str) -> str:
        """What the map says of a seat."""
        x, y, _ = self.locate(seat)
        # From elsewhere, so that the mouse comes to the seat.
        self.page.mouse.move(1, 1)
        self.page.mouse.move(x, y)
        return self.page.locator(".tip").inner_text()

    def sees(self, seat: str, words: str) -> None:
        """The map comes to say that of a seat."""
        self._has_map()
        self.page.wait_for_function(
            "([id, words]) => document.querySelector('seat-map').describe(id).includes(words)",
            arg=[seat, words],
            timeout=10_000,
        )

    @property
    def basket(self) -> Locator:
        """What is in it, but for what was only asked for."""
        return self.page.locator("#chosen li:not(.asking)")

    @property
    def message(self) -> Locator:
        """The latest message."""
        return self.page.locator(".message").last

    def book(self) -> str:
        """Book what is in the basket; the reference."""
        self.page.locator("#confirm").click()
        reference = self.page.locator("#ticket-reference")
        expect(reference).to_be_visible()
        return reference.inner_text()
