"""The page at work through the real nginx: over https, and under a path of its own."""

import re
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.deploy.nginx import Nginx
from tests.live.server import Server


def test_people_buy_seats_on_the_page_through_nginx(browser: Browser, tmp_path: Path) -> None:
    with (
        Server(trusted_proxy="127.0.0.1", cors_origins="https://shop.example") as server,
        Nginx(tmp_path, [server.address[1]], prefix=True) as nginx,
    ):
        url = f"https://127.0.0.1:{nginx.secure_port}/tickets/"
        ann, bob = (Visitor(browser, url, ignore_https_errors=True) for _ in "ab")
        bob.is_live()
        describe = "id => document.querySelector('seat-map').describe(id)"
        free = bob.page.evaluate(describe, "7")
        ann.press("7")
        assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", ann.book())
        bob.page.wait_for_function(
            "([id, free]) => document.querySelector('seat-map').describe(id) !== free",
            arg=["7", free],
            timeout=20_000,
        )
        cookies = {cookie["name"]: cookie for cookie in ann.context.cookies()}
        assert cookies["__Host-holder"]["secure"]
        with server.client() as client:
            assert client.call("GET", "/seats/7").json["seat"]["status"] == "booked"
        assert ann.errors == bob.errors == []
