"""The page of the door: with a camera, without a network, and the list that is printed."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image
from playwright.sync_api import Playwright, expect

from tests.browser.conftest import _QUIET, ADMIN, Visit, chromium_program, open_event
from tests.browser.visitor import Visitor
from tests.live.server import Server, tokens

POLICY = {"ask": [{"id": "name"}]}
PLAN = {"grid": {"rows": 2, "seats_per_row": 4}}


@pytest.fixture
def gala(server: Server, request: pytest.FixtureRequest) -> str:
    return open_event(server, request.node.name, name="The gala", plan=PLAN, policy=POLICY)


@pytest.fixture
def key(server: Server, gala: str) -> str:
    """The token of a key for the door and the report."""
    described = {"scopes": ["door", "read"], "events": [gala.split("/")[2]]}
    with server.client(ADMIN) as organiser:
        name = f"north-{abs(hash(gala))}"
        token: str = organiser.call("PUT", f"/keys/{name}", described).json["token"]
    return token


def book(server: Server, gala: str, name: str, *seats: str) -> list[str]:
    """Book seats for somebody; the codes of the tickets."""
    (token,) = tokens(1).values()
    with server.client(token) as client:
        client.call("POST", f"{gala}lock", {"seats": seats})
        details = {"seats": seats, "details": {"name": name}}
        booking = client.call("POST", f"{gala}confirm", details).json["booking"]
        answer = client.call("GET", f"/bookings/{booking['reference']}/tickets").json
    return [ticket["code"] for ticket in answer["tickets"]]


def check_in(server: Server, gala: str, code: str, door: str) -> None:
    with server.client(ADMIN) as other:
        body = {"code": code, "door": door}
        assert other.call("POST", f"{gala}check-in", body).status == 200


def sign_in(visitor: Visitor, key: str, label: str = "Key for the door") -> None:
    visitor.page.get_by_label(label).fill(key)
    visitor.page.get_by_role("button", name="Sign in").click()


def expect_answer(visitor: Visitor, kind: str, title: str, guest: str = "") -> None:
    expect(visitor.page.locator("#answer-title")).to_have_text(title)
    expect(visitor.page.locator("#answer")).to_have_class(kind)
    expect(visitor.page.locator("#answer-guest")).to_have_text(guest)


def type_in(visitor: Visitor, words: str) -> None:
    visitor.page.get_by_label("Code, name or seat").fill(words)
    visitor.page.get_by_role("button", name="Check").click()


@pytest.fixture
def uma(visit: Visit, server: Server, gala: str, key: str) -> Visitor:
    """An usher with a phone, who has signed in."""
    uma = visit(f"{gala}door", viewport={"width": 390, "height": 800})
    sign_in(uma, key)
    expect(uma.page.locator("#connection")).to_have_text("Online")
    return uma


def test_a_ticket_is_let_in_once(visit: Visit, server: Server, gala: str, key: str) -> None:
    (code,) = book(server, gala, "Ann Miller", "A1")
    uma = visit(f"{gala}door")
    sign_in(uma, key)
    type_in(uma, code.lower())
    expect_answer(uma, "yes", "Come in", "row A seat 1 · Ann Miller")
    expect(uma.page.locator("#counts dd")).to_have_text("1 of 1")
    type_in(uma, code)
    expect_answer(uma, "no", "Already in", "row A seat 1 · Ann Miller")
    expect(uma.page.locator("#answer-detail")).to_contain_text("door north-")
    type_in(uma, "0" * 26)
    expect_answer(uma, "no", "Unknown ticket")
    uma.page.get_by_label("Going out").check()
    type_in(uma, code)
    expect_answer(uma, "yes", "Checked out", "row A seat 1 · Ann Miller")
    expect(uma.page.locator("#counts dd")).to_have_text("0 of 1")


def test_who_has_no_ticket_at_hand_is_found_by_name_or_seat(
    uma: Visitor, server: Server, gala: str
) -> None:
    book(server, gala, "Zoë Álvarez", "B1", "B2")
    expect(uma.page.locator("#counts dd")).to_have_text("0 of 2")
    uma.page.get_by_label("Code, name or seat").fill("alv")
    expect(uma.page.locator("#matches li")).to_have_count(2)
    uma.page.get_by_label("Code, name or seat").fill("b2 zoe")
    uma.page.locator("#matches button").click()
    expect_answer(uma, "yes", "Come in", "row B seat 2 · Zoë Álvarez")
    type_in(uma, "row b seat 1")
    expect(uma.page.locator("#matches button")).to_have_text("row B seat 1 · Zoë Álvarez")
    expect(uma.page.locator("#answer")).to_be_hidden()
    type_in(uma, "nobody")
    expect(uma.page.locator("#matches-note")).to_have_text("Nobody matches.")


def test_who_has_no_key_sees_nothing(visit: Visit, gala: str) -> None:
    eve = visit(f"{gala}door")
    sign_in(eve, "key-of-nobody")
    expect(eve.page.locator("#sign-in-problem")).to_contain_text("This key does not open this page")
    expect(eve.page.locator("#desk")).to_be_hidden()


def test_a_page_that_the_key_in_this_tab_does_not_open_asks_for_its_own(
    visit: Visit, server: Server, gala: str
) -> None:
    with server.client(ADMIN) as organiser:
        body = {"scopes": ["door"], "events": [gala.split("/")[2]]}
        door = organiser.call("PUT", f"/keys/ushers-{abs(hash(gala))}", body).json["token"]
    uma = visit(f"{gala}door")
    sign_in(uma, door)
    expect(uma.page.locator("#desk")).to_be_visible()
    with uma.page.expect_response("**/report") as refused:
        uma.page.goto(uma.url.removesuffix("door") + "report/")
    assert refused.value.status == 403
    key = uma.page.get_by_label("a key to see bookings")
    expect(key).to_be_visible()
    expect(uma.page.locator("#sign-in-problem")).to_be_empty()
    sign_in(uma, door, "a key to see bookings")
    expect(uma.page.locator("#sign-in-problem")).to_contain_text("This key does not open this page")


def test_a_phone_without_a_network_goes_on_and_then_tells_what_was_scanned_twice(
    uma: Visitor, server: Server, gala: str
) -> None:
    one, two = book(server, gala, "Ann Miller", "A1", "A2")
    expect(uma.page.locator("#counts dd")).to_have_text("0 of 2")
    # The worker has kept the page once it can be opened without a network.
    uma.page.wait_for_function(
        """async () => {
            const names = await caches.keys();
            const kept = await Promise.all(names.map(async (n) => (await caches.open(n)).keys()));
            return kept.flat().length > 10;
        }""",
        timeout=20_000,
    )
    uma.context.set_offline(True)
    expect(uma.page.locator("#connection")).to_contain_text("No network")
    uma.page.reload()
    type_in(uma, one)
    expect_answer(uma, "yes", "Come in", "row A seat 1 · Ann Miller")
    type_in(uma, one)
    expect_answer(uma, "no", "Already in", "row A seat 1 · Ann Miller")
    type_in(uma, two)
    expect_answer(uma, "yes", "Come in", "row A seat 2 · Ann Miller")
    type_in(uma, "0" * 26)
    expect_answer(uma, "no", "Unknown ticket")
    expect(uma.page.locator("#waiting")).to_have_text("2 scans wait to be sent.")
    expect(uma.page.locator("#counts dd")).to_have_text("2 of 2")

    check_in(server, gala, two, "south")
    uma.context.set_offline(False)
    expect(uma.page.locator("#connection")).to_have_text("Online", timeout=30_000)
    expect(uma.page.locator("#waiting")).to_be_hidden()
    twice = uma.page.locator("#twice-list li")
    expect(twice).to_have_count(1)
    expect(twice).to_contain_text("row A seat 2 · Ann Miller: in since")
    expect(twice).to_contain_text("door south")
    with server.client(ADMIN) as organiser:
        guests = organiser.call("GET", f"{gala}guests").json["guests"]
    doors = {guest["seat"]: guest["door"].partition("-")[0] for guest in guests}
    assert doors == {"A1": "north", "A2": "south"}
    uma.page.get_by_role("button", name="Done").click()
    expect(uma.page.locator("#twice")).to_be_hidden()
    assert uma.page.evaluate("Object.keys(localStorage)") == []


@pytest.fixture
def filmed(
    playwright_driver: Playwright, server: Server, gala: str, tmp_path: Path
) -> Iterator[Visitor]:
    """Somebody whose camera sees a ticket of Ann's."""
    (code,) = book(server, gala, "Ann Miller", "A1")
    video = tmp_path / "ticket.mjpeg"
    video.write_bytes(film_of(code))
    browser = playwright_driver.chromium.launch(
        executable_path=chromium_program(),
        args=[
            *_QUIET,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ],
    )
    url = f"http://127.0.0.1:{server.address[1]}{gala}door"
    yield Visitor(browser, url, permissions=["camera"])
    browser.close()


def film_of(code: str) -> bytes:
    """A film of a ticket that lies on a table, as motion JPEG."""
    file = io.BytesIO()
    segno.make_qr(code).save(file, kind="png", scale=8, border=4)
    ticket = Image.open(file).convert("RGB").rotate(7, expand=True, fillcolor="#776655")
    table = Image.new("RGB", (640, 480), "#776655")
    table.paste(ticket, (180, 90))
    frame = io.BytesIO()
    table.save(frame, "JPEG", quality=90)
    return frame.getvalue() * 30


def test_the_camera_reads_a_ticket(filmed: Visitor, key: str) -> None:
    sign_in(filmed, key)
    filmed.page.get_by_role("button", name="Scan with the camera").click()
    expect_answer(filmed, "yes", "Come in", "row A seat 1 · Ann Miller")
    filmed.page.get_by_role("button", name="Stop the camera").click()
    expect(filmed.page.locator("#camera")).to_be_hidden()
    assert filmed.errors == []


def test_the_list_is_printed_by_name_and_by_row(
    visit: Visit, server: Server, gala: str, key: str
) -> None:
    book(server, gala, "Zoe", "A1")
    code, _ = book(server, gala, "Ann", "B1", "B2")
    check_in(server, gala, code, "south")
    olga = visit(f"{gala}door/list")
    sign_in(olga, key)
    by_name = olga.page.locator("#by-name tr td:nth-child(2)")
    expect(by_name).to_have_text(["Ann", "Zoe"])
    expect(olga.page.locator("#by-name tr").first.locator(".box")).to_have_text(["✓", ""])
    by_row = olga.page.locator("#by-row tr td:nth-child(2)")
    expect(by_row).to_have_text(["row A seat 1", "row B seat 1", "row B seat 2"])
    expect(olga.page.locator("#entered")).to_have_text("1 of 3 in")


def test_the_report_is_shown_and_downloaded(
    visit: Visit, server: Server, gala: str, key: str
) -> None:
    book(server, gala, "Ann", "B1", "B2")
    olga = visit(f"{gala}report/")
    sign_in(olga, key, "a key to see bookings")
    expect(olga.page.locator("#share")).to_contain_text(
        "100% of the reservations became bookings: 2 of 2"
    )
    expect(olga.page.locator("#sections th")).to_have_text("All")
    expect(olga.page.locator("#sections td").nth(1)).to_have_text("2")
    with olga.page.expect_download() as download:
        olga.page.get_by_role("button", name="Download as CSV").click()
    assert download.value.suggested_filename.endswith("-report.csv")


def test_a_holder_opens_the_tickets_of_a_booking(visit: Visit, gala: str) -> None:
    ann = visit(gala)
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    ann.page.locator("#confirm").click()
    ann.page.get_by_label("Name").fill("Ann Miller")
    ann.book()
    ann.page.get_by_role("link", name="Tickets").click()
    expect(ann.page.get_by_role("heading", name="Tickets for booking")).to_be_visible()
    expect(ann.page.locator(".ticket svg")).to_have_count(1)


def check_access(visitor: Visitor) -> list[Any]:
    from axe_playwright_python.sync_playwright import Axe

    return list(Axe().run(visitor.page).response["violations"])


@pytest.mark.parametrize("page", ["door", "door/list", "report/"])
def test_the_pages_can_be_used_by_everybody(
    visit: Visit, server: Server, gala: str, key: str, page: str
) -> None:
    book(server, gala, "Ann", "B1")
    uma = visit(f"{gala}{page}")
    assert check_access(uma) == []
    sign_in(uma, key, "a key to see bookings" if page == "report/" else "Key for the door")
    expect(uma.page.locator("#desk")).to_be_visible()
    assert check_access(uma) == []
