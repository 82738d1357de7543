"""The pictures of docs/organisers.md: ``python -m tests.browser.pictures``."""

import io
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import ADMIN, chromium
from tests.browser.evening import GALA, Guest
from tests.browser.test_door import expect_answer, sign_in, type_in
from tests.browser.test_evening import make_key, open_house
from tests.browser.visitor import Visitor
from tests.live.server import ROOT, Server

_FOLDER = ROOT / "docs" / "pictures"
_PHONE = {"width": 390, "height": 640}


class Photographer:
    """Lets people visit a service, and takes pictures of what they see."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self._browser = browser
        self._url = f"http://127.0.0.1:{server.address[1]}"

    def visit(self, path: str, **options: Any) -> Visitor:
        return Visitor(self._browser, f"{self._url}{path}", **options)

    def take(self, visitor: Visitor, name: str) -> None:
        """Take a picture, in few enough colours to be small."""
        visitor.page.mouse.move(1, 1)
        picture = Image.open(io.BytesIO(visitor.page.screenshot())).convert("RGB")
        file = _FOLDER / f"{name}.png"
        picture.quantize(64).save(file, optimize=True)
        print(f"{file.relative_to(ROOT)} has {file.stat().st_size:,} bytes.")


def take_all(photographer: Photographer, server: Server) -> None:
    olga = open_house(photographer.visit)
    north = make_key(olga, "north", "let people in")
    with server.client(ADMIN) as organiser:
        organiser.call("PATCH", GALA.rstrip("/"), {"name": "The concert"})
    ann = photographer.visit(GALA, viewport=_PHONE, timezone_id="Europe/Berlin")
    ann.is_live()
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.basket).to_have_count(2)
    ann.page.get_by_role("button", name="Continue").click()
    ann.page.get_by_label("Name").fill("Ann Miller")
    ann.page.get_by_label("E-mail").fill("ann@example.org")
    ann.page.locator("#confirm").scroll_into_view_if_needed()
    photographer.take(ann, "booking")
    reference = ann.book()
    for number in range(9):
        Guest(f"Guest {number}", 1 + number % 4).book(server)
    expect(olga.page.locator("[data-number=booked]")).to_have_text("23")
    expect(olga.page.locator(".message")).to_have_count(0, timeout=30_000)
    olga.page.set_viewport_size({"width": 900, "height": 640})
    olga.page.locator("[aria-labelledby=seats-title]").evaluate("(it) => it.scrollIntoView()")
    photographer.take(olga, "organiser")
    with server.client(ADMIN) as organiser:
        tickets = organiser.call("GET", f"/bookings/{reference}/tickets").json["tickets"]
    olga.page.set_viewport_size({"width": 900, "height": 1170})
    olga.press(tickets[0]["seat"])
    expect(olga.page.locator("#booking-facts")).to_contain_text("Ann Miller")
    for seat in ("B2-4", "B2-5"):
        olga.press(seat)
    olga.page.locator(".map-tools").evaluate("(it) => it.scrollIntoView()")
    photographer.take(olga, "box-office")
    uma = photographer.visit(f"{GALA}door", viewport=_PHONE)
    sign_in(uma, north)
    expect(uma.page.locator("#connection")).to_have_text("Online")
    type_in(uma, tickets[0]["code"])
    place = f"{tickets[0]['section']}, row {tickets[0]['row']} seat {tickets[0]['number']}"
    expect_answer(uma, "yes", "Come in", f"{place} · Ann Miller")
    photographer.take(uma, "door")


def main() -> None:
    _FOLDER.mkdir(exist_ok=True)
    with Server(admin_token=ADMIN) as server, sync_playwright() as playwright:
        browser = chromium(playwright)
        take_all(Photographer(browser, server), server)
        browser.close()


if __name__ == "__main__":
    main()
