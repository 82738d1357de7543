"""The page of an organiser."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADMIN, Visit
from tests.browser.visitor import Visitor
from tests.live.server import Server, tokens

EXAMPLE = Path("booking/plans/example.json")


@pytest.fixture
def olga(visit: Visit, event: str, server: Server) -> Visitor:
    """An organiser who has signed in, after three bookings, one of which was cancelled."""
    for number, token in tokens(3).items():
        with server.client(token) as client:
            client.call("POST", f"{event}lock", {"best_available": {"count": 2}})
            booking = client.call("POST", f"{event}confirm").json["booking"]
            if number == 1:
                client.call("POST", f"{event}bookings/{booking['reference']}/cancel")
    olga = visit(f"{event}admin")
    olga.page.get_by_label("Administrator's token").fill(ADMIN)
    olga.page.get_by_role("button", name="Sign in").click()
    olga.is_live()
    return olga


def number(olga: Visitor, status: str) -> str:
    return olga.page.locator(f"[data-number={status}]").inner_text()


def frame(olga: Visitor, first: str, last: str) -> None:
    """Choose seats by a frame around them, drawn with Shift."""
    (left, top, radius), (right, bottom, _) = olga.locate(first), olga.locate(last)
    olga.page.keyboard.down("Shift")
    olga.page.mouse.move(left - radius, top - radius)
    olga.page.mouse.down()
    olga.page.mouse.move(right + radius, bottom + radius, steps=3)
    olga.page.mouse.up()
    olga.page.keyboard.up("Shift")


def test_who_has_not_the_token_sees_nothing(visit: Visit, event: str) -> None:
    eve = visit(f"{event}admin")
    eve.page.get_by_label("Administrator's token").fill("not-the-token-of-anybody")
    eve.page.get_by_role("button", name="Sign in").click()
    expect(eve.page.locator("#sign-in-problem")).to_have_text(
        "This is not the administrator's token."
    )
    expect(eve.page.locator("#desk")).to_be_hidden()


def test_the_token_is_forgotten_with_the_page(olga: Visitor) -> None:
    kept = "[JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie]"
    assert olga.page.evaluate(kept) == ["{}", "{}", ""]
    olga.page.reload()
    expect(olga.page.locator("#sign-in")).to_be_visible()


def test_the_numbers_and_the_course_of_the_sale_are_shown_and_go_on(
    olga: Visitor, event: str, server: Server
) -> None:
    expect(olga.page.locator("#chart-note")).to_have_text(
        "4 booked, 0 reserved, 20 free at the end of the chart."
    )
    assert [number(olga, status) for status in ("booked", "locked", "available")] == [
        "4",
        "0",
        "20",
    ]
    expect(olga.page.locator("#chart path")).to_have_count(3)
    with server.client("z" * 40) as client:
        client.call("POST", f"{event}lock/C8")
    expect(olga.page.locator("#chart-note")).to_have_text(
        "4 booked, 1 reserved, 19 free at the end of the chart."
    )


def test_bookings_are_searched_by_reference_and_by_seat(olga: Visitor) -> None:
    rows = olga.page.locator("#found tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="cancelled")).to_have_count(1)
    reference = rows.first.locator("td").first.inner_text()
    search = olga.page.get_by_label("Search by name, reference or seat")
    search.fill(reference.lower().replace("-", ""))
    expect(rows).to_have_count(1)
    search.fill("a1")
    expect(olga.page.locator("#found-note")).to_have_text("No booking matches.")
    search.fill("a4")
    assert rows.count() >= 1
    search.fill("row a seat 1")
    expect(olga.page.locator("#found-note")).to_have_text("No booking matches.")
    search.fill("row a seat 4")
    expect(rows.first).to_contain_text("Row A seats")


def test_bookings_are_downloaded_for_a_spreadsheet(olga: Visitor) -> None:
    with olga.page.expect_download() as download:
        olga.page.get_by_role("button", name="Download as CSV").click()
    assert download.value.suggested_filename.endswith("-bookings.csv")
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("reference,event,status,section,row,seat,booked_at,cancelled_at,")
    assert len(lines) > 4


def test_seats_are_taken_off_sale_and_put_back_by_choosing_them(
    olga: Visitor, visit: Visit, event: str
) -> None:
    ann = visit(event)
    for seat in ("B1", "B2"):
        olga.press(seat)
    expect(olga.page.locator("#selected")).to_have_text("2 seats chosen")
    olga.page.get_by_role("button", name="Take off sale").click()
    expect(olga.message).to_have_text("Row B seats 1 and 2 are off sale.")
    olga.sees("B2", "not on sale")
    assert number(olga, "blocked") == "2"
    ann.press("B1")
    expect(ann.message).to_have_text("Row B seat 1 is not on sale. Please choose another one.")
    frame(olga, "B1", "C2")
    expect(olga.page.locator("#selected")).to_have_text("4 seats chosen")
    olga.page.get_by_role("button", name="Put on sale").click()
    olga.sees("B2", "free")
    assert number(olga, "blocked") == "0"


def test_seats_that_are_sold_cannot_be_taken_off_sale(olga: Visitor) -> None:
    sold = olga.page.locator("#found tr", has_text="valid").first.locator("td").nth(2)
    named = re.match(r"Row (\w) seats (\d+)", sold.inner_text())
    assert named
    row, number = named.groups()
    frame(olga, f"{row}{number}", f"{row}{number}")
    olga.page.get_by_role("button", name="Take off sale").click()
    expect(olga.page.locator(".message.problem")).to_contain_text(f"seat {number}")


def test_an_event_is_opened_with_a_plan_whose_mistakes_are_shown_in_place(
    olga: Visitor, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page = olga.page
    plan = json.loads(EXAMPLE.read_text())
    plan["zones"][0]["rows"][0]["seats"][0]["category"] = "nowhere"
    del plan["zones"][0]["rows"][0]["seats"][1]["seat_guid"]
    wrong, broken = tmp_path / "wrong.json", tmp_path / "broken.json"
    wrong.write_text(json.dumps(plan))
    broken.write_text("{")
    form = page.locator("#open")
    form.get_by_label("Id, as it will be in the address").fill("little-theatre")
    form.get_by_label("Name").fill("An evening")
    form.get_by_label("Starts").fill("2030-01-31T19:30")
    for file, mistake in ((broken, "This file is not JSON"), (wrong, "2 mistakes")):
        page.get_by_label("Plan").set_input_files(file)
        page.get_by_role("button", name="Open the event").click()
        expect(page.locator("#mistakes")).to_contain_text(mistake)
    expect(page.locator(".mistakes li").first).to_have_text(
        'plan.zones[0].rows[0].seats[0].category: no category "nowhere"'
    )
    page.get_by_label("Plan").set_input_files(EXAMPLE)
    page.get_by_role("button", name="Open the event").click()
    # One goes on at the event's own organiser's page.
    page.get_by_role("link", name="An evening").click()
    expect(page.get_by_label("Administrator's token")).to_be_visible()
    page.get_by_role("link", name="Open sales page").click()
    expect(page.get_by_role("heading", name="An evening")).to_be_visible()
    expect(page.locator("time").first).to_contain_text("January 31, 2030")
    olga.is_live()
    assert olga.look("S1-1") == "Stalls, row 1 seat 1, stalls, free"


def test_an_event_that_there_is_is_not_opened_again(olga: Visitor) -> None:
    olga.page.get_by_label("Id, as it will be in the address").fill("default")
    olga.page.get_by_label("Plan").set_input_files(EXAMPLE)
    olga.page.get_by_role("button", name="Open the event").click()
    expect(olga.page.locator("#mistakes")).to_have_text("There is an event of this id already.")


def test_the_front_is_set_with_one_click_in_the_map(olga: Visitor, event: str) -> None:
    said = olga.page.locator("#front-said")
    expect(said).to_contain_text("does not say where the front is")
    olga.page.get_by_role("button", name="Set the front").click()
    x, y, _ = olga.locate("C8")
    olga.page.mouse.click(x, y)
    expect(said).to_have_text("The front is where you set it.")
    expect(olga.page.locator("#selected")).to_have_text("0 seats chosen")
    # The map is laid out anew, and then the mark is where the seat is.
    olga.page.wait_for_function(
        """() => {
            const mark = document.querySelector(".mark").getBoundingClientRect();
            const seat = document.querySelector("seat-map").locate("C8");
            const [dx, dy] = [mark.x + mark.width / 2 - seat.x, mark.y + mark.height / 2 - seat.y];
            return Math.hypot(dx, dy) < 2;
        }""",
        timeout=10_000,
    )
    best = {"best_available": {"count": 2}}
    chosen = olga.page.request.post(f"{olga.url.removesuffix('admin')}lock", data=best).json()
    assert [seat["id"] for seat in chosen["seats"]] == ["C7", "C8"]
    olga.page.get_by_role("button", name="Find the front again").click()
    expect(said).to_contain_text("does not say where the front is")
    expect(olga.page.get_by_role("button", name="Find the front again")).to_be_hidden()


def test_picking_the_front_can_be_given_up(olga: Visitor) -> None:
    olga.page.get_by_role("button", name="Set the front").click()
    expect(olga.page.locator("#front-hint")).to_be_visible()
    olga.page.keyboard.press("Escape")
    expect(olga.page.locator("#front-hint")).to_be_hidden()
    olga.press("B1")
    expect(olga.page.locator("#selected")).to_have_text("1 seat chosen")


def test_a_plan_with_copied_ids_is_mended_if_the_organiser_wants_it(
    olga: Visitor, tmp_path: Path
) -> None:
    page = olga.page
    plan = json.loads(EXAMPLE.read_text())
    rows = plan["zones"][0]["rows"] * 5
    plan["zones"][0]["rows"] = [row | {"row_number": str(n)} for n, row in enumerate(rows)]
    file = tmp_path / "copied.json"
    file.write_text(json.dumps(plan))
    page.get_by_label("Id, as it will be in the address").fill("mended-theatre")
    page.get_by_label("Plan").set_input_files(file)
    page.get_by_role("button", name="Open the event").click()
    expect(page.locator("#mistakes .mistake")).to_have_text("200 mistakes")
    expect(page.locator("#mistakes li")).to_have_count(101)
    page.get_by_role("button", name="Mend what can be mended").click()
    expect(page.locator("#mistakes")).to_contain_text("200 things were mended")
    expect(page.locator("#mistakes li").first).to_contain_text("of another seat, has")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the mended plan").click()
    assert len(json.loads(Path(download.value.path()).read_text())["zones"]) == 2
    page.get_by_role("button", name="Open the event with the mended plan").click()
    expect(page.locator("#mistakes a")).to_have_attribute("href", "../mended-theatre/admin")
