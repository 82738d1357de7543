"""The picture of the page in the README: ``python -m tests.browser.screenshot``."""

import argparse
import json
import random
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import ADMIN, chromium
from tests.browser.visitor import Visitor
from tests.live.server import ROOT, Server, tokens

_GALA = {
    "name": "The gala",
    "starts_at": "2027-01-31T18:30:00Z",
    "plan": json.loads((ROOT / "booking/plans/example.json").read_text()),
}


def sell(server: Server) -> None:
    """Let others book seats, and hold some."""
    choice = random.Random(7)
    for number, token in tokens(9).items():
        with server.client(token) as client:
            wish = {"count": choice.randint(1, 4), "zone": choice.choice(["Stalls", "Balcony"])}
            client.call("POST", "/events/gala/lock", {"best_available": wish})
            if number % 3:
                client.call("POST", "/events/gala/confirm")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the picture of the page in the README.")
    default = Path(__file__).with_name("page.png")
    parser.add_argument("file", nargs="?", type=Path, default=default, help=f"{default.name}")
    file = parser.parse_args().file
    with Server(admin_token=ADMIN) as server, sync_playwright() as playwright:
        with server.client(ADMIN) as organiser:
            organiser.call("PUT", "/events/gala", _GALA)
        sell(server)
        browser = chromium(playwright)
        url = f"http://127.0.0.1:{server.address[1]}/events/gala/"
        ann = Visitor(browser, url, timezone_id="Europe/Berlin")
        ann.is_live()
        ann.page.get_by_role("button", name="Choose the best").click()
        expect(ann.basket).to_have_count(2)
        ann.page.mouse.move(1, 1)
        ann.page.screenshot(path=file)
        browser.close()
    print(f"{file} shows the page.")


if __name__ == "__main__":
    main()
