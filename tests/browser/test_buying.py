"""People buy seats on the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADMIN, Visit, both_browsers, open_event
from tests.live.server import Server
from tests.support.waiting import wait_until


@both_browsers
def test_a_seat_that_is_pressed_is_in_the_basket_and_can_be_booked(
    visit: Visit, event: str
) -> None:
    ann = visit(event)
    ann.press("B3")
    expect(ann.basket).to_have_text([re.compile(r"Row B seat 3\s*rear")])
    expect(ann.page.locator("#time")).to_have_text(re.compile("^(1:00|0:5[0-9])$"))
    expect(ann.page.locator("#confirm")).to_have_text("Book 1 seat")
    ann.press("B4")
    expect(ann.page.locator("#confirm")).to_have_text("Book 2 seats")
    reference = ann.book()
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", reference)
    expect(ann.page.locator("#ticket-seats")).to_have_text("Row B seats 3 and 4")
    ann.page.locator("#ticket-close").click()
    expect(ann.basket).to_have_count(0)
    expect(ann.page.locator("#booked")).to_contain_text(reference)
    assert ann.look("B3") == "Row B seat 3, rear, booked by you"


def test_a_seat_in_the_basket_that_is_pressed_again_is_given_back(
    visit: Visit, event: str, server: Server
) -> None:
    ann = visit(event)
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    ann.press("A2")
    expect(ann.basket).to_have_count(2)
    ann.press("A1")
    expect(ann.basket).to_have_text([re.compile("seat 2")])
    ann.page.get_by_role("button", name="Remove Row A seat 2").click()
    expect(ann.page.locator("#basket-empty")).to_be_visible()

    def statuses() -> set[str]:
        with server.client() as client:
            return {seat["status"] for seat in client.call("GET", f"{event}seats").json["seats"]}

    # The page shows it before the service has answered.
    wait_until(lambda: statuses() == {"available"})


def test_what_one_buyer_does_another_sees(visit: Visit, event: str) -> None:
    ann, bob = visit(event), visit(event)
    bob.is_live()
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    bob.sees("A1", "reserved by someone")
    ann.book()
    bob.sees("A1", "taken")


def test_who_comes_too_late_for_a_seat_is_told_at_once_and_why(visit: Visit, event: str) -> None:
    ann, bob = visit(event), visit(event)
    bob.is_live()
    # Bob's page hears nothing of what happens from now on.
    bob.page.route("**/seats?since=*", lambda route: route.fulfill(status=304))
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    assert bob.look("A1") == "Row A seat 1, front, free"
    bob.press("A1")
    expect(bob.message).to_have_text(
        "Row A seat 1 was just reserved by someone else."
        " If they do not book it in time, it comes back."
    )
    expect(bob.basket).to_have_count(0)
    bob.page.unroute_all()
    bob.sees("A1", "reserved by someone")
    # And what is seen to be taken is not even asked for.
    bob.press("A1")
    expect(bob.message).to_contain_text("just reserved by someone else")


def test_seats_whose_time_ran_out_are_free_again_and_the_buyer_is_told(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    plan, policy = {"count": 4}, {"lock_seconds": 1.5}
    event = open_event(server, request.node.name, plan=plan, policy=policy)
    ann = visit(event)
    ann.press("2")
    expect(ann.page.locator("#time")).to_have_class("urgent")
    expect(ann.message).to_have_text("Your time ran out. Seat 2 is no longer reserved for you.")
    expect(ann.basket).to_have_count(0)
    ann.sees("2", "free")


def test_the_time_that_is_left_does_not_depend_on_the_clock_of_the_computer(
    visit: Visit, event: str
) -> None:
    ann = visit("/events/")
    ann.page.add_init_script(
        "const now = Date.now; Date.now = () => now() + 3600e3;"
        " Date = class extends Date { constructor(...given) {"
        " given.length ? super(...given) : super(Date.now()) } };"
    )
    ann.page.goto(ann.url.replace("/events/", event))
    ann.press("A1")
    expect(ann.page.locator("#time")).to_have_text(re.compile("^(1:00|0:5[0-9])$"))


def test_a_basket_survives_being_loaded_again_and_is_the_same_in_every_tab(
    visit: Visit, event: str
) -> None:
    ann = visit(event)
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    ann.page.reload()
    expect(ann.basket).to_have_count(1)
    other = ann.tab()
    expect(other.locator("#chosen li")).to_have_count(1)
    ann.press("A2")
    expect(other.locator("#chosen li")).to_have_count(2)
    reference = ann.book()
    expect(other.locator("#booked")).to_contain_text(reference)
    expect(other.locator("#chosen li")).to_have_count(0)
    ann.page.reload()
    expect(ann.page.locator("#booked")).to_contain_text(reference)


def test_the_page_says_what_is_only_chosen_by_name(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    plan = {"grid": {"rows": 2, "seats_per_row": 4, "categories": {"wheelchair": ["A"]}}}
    policy = {"best_available_excludes": ["wheelchair"]}
    ann = visit(open_event(server, request.node.name, plan=plan, policy=policy))
    ann.is_live()
    category = ann.page.get_by_label("Category")
    expect(category).to_have_accessible_description("wheelchair: only if you choose that category.")
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.basket.locator(".name")).to_have_text([re.compile("Row B"), re.compile("Row B")])
    category.select_option("wheelchair")
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.basket).to_have_count(4)
    expect(ann.basket.first).to_contain_text("Row A")


def test_the_best_seats_are_chosen_for_who_asks(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.is_live()
    ann.page.get_by_role("button", name="One more").click()
    ann.page.get_by_label("Category").select_option("rear")
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.basket).to_have_text([re.compile(f"Row B seat {n}") for n in (2, 3, 4)])
    ann.page.get_by_label("Number of seats").fill("5")
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.message).to_have_text(
        "There are not as many seats together. The most that are left next to each other are 4."
    )
    ann.page.get_by_label("In several rows, if necessary").check()
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.basket).to_have_count(8)
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.message).to_have_text("You can have up to 10 seats.")


def test_a_buyer_can_have_more_time_up_to_a_limit(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    policy = {"lock_seconds": 10, "max_lock_seconds": 12}
    event = open_event(server, request.node.name, plan={"count": 4}, policy=policy)
    ann = visit(event)
    ann.press("2")
    expect(ann.page.locator("#time")).to_have_text("0:08")
    ann.page.get_by_role("button", name="More time").click()
    expect(ann.message).to_have_text(re.compile("^You have (9|10) seconds now.$"))
    expect(ann.page.locator("#time")).to_have_text(re.compile("0:(10|09)"))
    ann.page.get_by_role("button", name="More time").click()
    expect(ann.message).to_have_text("No more time is available.")


def test_a_booking_can_be_cancelled_after_a_question(
    visit: Visit, event: str, server: Server
) -> None:
    ann = visit(event)
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    reference = ann.book()
    ann.page.keyboard.press("Escape")
    ann.page.get_by_role("button", name="Cancel booking").click()
    ann.page.get_by_role("button", name="Keep it").click()
    expect(ann.page.locator("#booked")).to_contain_text(reference)
    ann.page.get_by_role("button", name="Cancel booking").click()
    ann.page.get_by_role("button", name="Cancel the booking").click()
    expect(ann.message).to_have_text(f"Booking {reference} is cancelled.")
    expect(ann.page.locator("#bookings")).to_be_hidden()
    with server.client(ADMIN) as organiser:
        bookings = organiser.call("GET", f"{event}bookings").json["bookings"]
    assert [booking["reference"] for booking in bookings if "cancelled_at" in booking] == [
        reference
    ]


def test_the_page_says_which_seat_would_be_left_alone_until_that_is_mended(
    visit: Visit, server: Server, request: pytest.FixtureRequest
) -> None:
    event = open_event(
        server, request.node.name, plan={"count": 6}, policy={"forbid_single_seats": True}
    )
    ann = visit(event)
    single = ann.page.locator("#single")
    ann.press("2")
    expect(single).to_have_text(
        "Seat 1 would be left on its own, so you cannot book like this. Add it, or choose seats so"
        " that no single one is left."
    )
    ann.page.locator("#confirm").click()
    expect(ann.message).to_contain_text("Seat 1 would be left on its own, so nothing was booked.")
    ann.press("1")
    expect(single).to_be_hidden()
    ann.press("3")
    expect(ann.basket).to_have_count(3)
    ann.press("2")
    expect(single).to_contain_text("Seat 2 would be left on its own")
    ann.press("3")
    expect(single).to_be_hidden()
    ann.book()


def test_a_double_click_chooses_once(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.is_live()
    ann.page.get_by_role("button", name="Choose the best").dblclick()
    expect(ann.basket).to_have_count(2)
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.basket).to_have_count(4)


def test_the_page_speaks_german(visit: Visit, event: str) -> None:
    ann = visit(event, locale="de-DE")
    expect(ann.page.get_by_role("heading", name="Ihre Plätze")).to_be_visible()
    x, y, _ = ann.locate("B3")
    ann.page.mouse.click(x, y)
    expect(ann.basket).to_have_text([re.compile("Reihe B Platz 3")])
    ann.page.get_by_role("button", name="1 Platz buchen").click()
    expect(ann.page.get_by_role("heading", name="Gebucht!")).to_be_visible()
