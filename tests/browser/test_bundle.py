"""A bundle of scripts does in a browser what its modules would do."""

from playwright.sync_api import Browser

from booking.web.bundle import bundle
from tests.web.test_bundle import MODULES


def test_a_bundle_does_what_its_modules_do(browser: Browser) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.add_script_tag(content=bundle("shop.js", MODULES), type="module")
    page.wait_for_function("globalThis.done")
    page.close()
    assert said == ["3", "7"]
