"""The box office on the organiser's page: book for someone else, and change what is booked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADMIN, Visit
from tests.browser.test_access import violations
from tests.browser.test_organising import dialog
from tests.browser.visitor import Visitor
from tests.live.server import Server, tokens

Book = Callable[..., str]
SignIn = Callable[[str], Visitor]


@pytest.fixture
def book(server: Server, event: str) -> Book:
    """Let somebody book seats; the reference."""
    holders = iter(tokens(5).values())

    def book(*seats: str, name: str) -> str:
        with server.client(next(holders)) as guest:
            guest.call("POST", f"{event}lock", {"seats": seats})
            booked = guest.call("POST", f"{event}confirm", {"details": {"name": name}})
            reference: str = booked.json["booking"]["reference"]
            return reference

    with server.client(ADMIN) as organiser:
        ask = [{"id": "name", "required": True}, {"id": "email"}]
        policy = {"ask": ask, "max_seats_per_holder": 2}
        organiser.call("PATCH", event.rstrip("/"), {"policy": policy})
    return book


@pytest.fixture
def sign_in(visit: Visit, server: Server, event: str, request: pytest.FixtureRequest) -> SignIn:
    """Sign in with a key of the scopes, which are separated by spaces."""

    def sign_in(scopes: str) -> Visitor:
        with server.client(ADMIN) as organiser:
            body = {"scopes": scopes.split(), "events": [event.strip("/").split("/")[1]]}
            key = organiser.call("PUT", f"/keys/{request.node.name[:60]}", body).json
        tim = visit(f"{event}admin")
        tim.page.get_by_label("Token").fill(key["token"])
        tim.page.get_by_role("button", name="Sign in").click()
        tim.is_live()
        return tim

    return sign_in


def booking(server: Server, reference: str) -> Any:
    with server.client(ADMIN) as organiser:
        return organiser.call("GET", f"/bookings/{reference}").json["booking"]


def open_booking(tim: Visitor, seat: str, name: str) -> None:
    """Press a seat of somebody's booking."""
    expect(tim.page.locator("#found")).to_contain_text(name)
    tim.press(seat)
    expect(tim.page.locator("#booking-facts")).to_contain_text(name)
    expect(tim.page.locator("#booking-title")).to_be_focused()


def test_seats_are_booked_for_someone_and_the_rules_that_this_overrides_are_said(
    book: Book, sign_in: SignIn, server: Server, event: str
) -> None:
    with server.client(ADMIN) as organiser:
        organiser.call("POST", f"{event}block", {"seats": ["B1"]})
        organiser.call("PATCH", event.rstrip("/"), {"on_sale_from": "2100-01-01T00:00:00Z"})
    tim = sign_in("read sell")
    page = tim.page
    tim.sees("B1", "not on sale")
    for seat in ("B1", "B2", "B3"):
        tim.press(seat)
    page.get_by_role("button", name="Book for someone").click()
    expect(page.locator("#sell-rules li")).to_have_text(
        [
            "Row B seat 1 is off sale.",
            "The event is not on sale at the moment.",
            "One buyer can have 2 seats at most.",
        ]
    )
    assert violations(page) == []
    email = page.locator("#sell").get_by_label("E-mail")
    email.fill("zoe")
    page.get_by_role("button", name="Book 3 seats nevertheless").click()
    expect(email).to_be_focused()
    expect(page.locator("#sell")).to_contain_text("This is not an e-mail address")
    email.fill("zoe@example.org")
    page.locator("#sell").get_by_label("Name").fill("Zoe")
    page.locator("#sell").get_by_label("Note").fill("Pays at the door")
    page.get_by_role("button", name="Book 3 seats nevertheless").click()
    expect(page.locator("#booking-title")).to_be_focused()
    reference = page.locator("#booking-title").inner_text().removeprefix("Booking ")
    sold = booking(server, reference)
    assert sold["seats"] == ["B1", "B2", "B3"]
    assert sold["details"] == {"name": "Zoe", "email": "zoe@example.org"}
    assert sold["note"] == "Pays at the door"
    with page.expect_download() as download:
        page.get_by_role("button", name="Tickets (PDF)").click()
    assert download.value.suggested_filename == f"{reference}.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def test_a_seat_of_a_booking_is_moved_to_one_chosen_in_the_map(
    book: Book, sign_in: SignIn, server: Server
) -> None:
    reference = book("A1", "A2", name="Ann")
    tim = sign_in("read sell")
    page = tim.page
    open_booking(tim, "A1", "Ann")
    expect(page.locator("#booking-hint")).to_contain_text("choose 2 seats in the map")
    tim.press("A2")
    expect(page.get_by_role("checkbox", name="Row A seat 2")).to_be_checked()
    tim.press("C8")
    expect(page.locator("#booking-pairs li")).to_have_text("Row A seat 2 → Row C seat 8")
    assert violations(page) == []
    page.get_by_role("button", name="Move 1 seat").click()
    dialog(tim, "Move Row A seat 2 to Row C seat 8?", "Move 1 seat")
    expect(tim.message).to_have_text("Moved: Row A seat 2 → Row C seat 8.")
    expect(page.locator("#booking-facts")).to_contain_text("Row A seat 1 and Row C seat 8")
    assert booking(server, reference)["seats"] == ["A1", "C8"]


def test_a_part_of_a_booking_is_cancelled_and_then_the_rest(
    book: Book, sign_in: SignIn, server: Server
) -> None:
    reference = book("A1", "A2", name="Ann")
    tim = sign_in("read sell")
    page = tim.page
    open_booking(tim, "A1", "Ann")
    page.get_by_role("checkbox", name="Row A seat 1").check()
    page.get_by_role("button", name="Cancel 1 seat").click()
    dialog(tim, f"Cancel Row A seat 1 of booking {reference}?", "Cancel 1 seat")
    tim.sees("A1", "free")
    assert booking(server, reference)["seats"] == ["A2"]
    page.get_by_role("button", name="Cancel booking").click()
    dialog(tim, "This cannot be undone.", "Cancel the booking")
    expect(page.locator("#booking-facts")).to_contain_text("cancelled")
    expect(page.locator("#booking-change")).to_be_hidden()


def test_two_bookings_exchange_seats(book: Book, sign_in: SignIn, server: Server) -> None:
    ann, bob = book("A1", "A2", name="Ann"), book("C1", "C2", name="Bob")
    tim = sign_in("read sell")
    open_booking(tim, "A1", "Ann")
    for seat in ("C1", "C2"):
        tim.press(seat)
    swap = f"Swap with booking {bob}"
    tim.page.get_by_role("button", name=swap).click()
    dialog(tim, "Swap 2 seats, Row A seats 1 and 2, for Row C seats 1 and 2", swap)
    expect(tim.page.locator("#booking-facts")).to_contain_text("Row C seats 1 and 2")
    assert booking(server, ann)["seats"] == ["C1", "C2"]
    assert booking(server, bob)["seats"] == ["A1", "A2"]


def test_a_lock_is_taken_and_its_holder_told_the_reason_at_once(
    book: Book, sign_in: SignIn, visit: Visit, event: str
) -> None:
    eve = visit(event)
    eve.press("B5")
    expect(eve.basket).to_have_count(1)
    # Whoever may sell and nothing else sees no bookings, and sells all the same.
    tim = sign_in("sell")
    expect(tim.page.locator("#found")).to_be_hidden()
    tim.sees("B5", "reserved by someone")
    tim.press("B5")
    tim.page.get_by_role("button", name="Take the reserved seat").click()
    tim.page.get_by_role("textbox", name="Reason").fill("For a wheelchair.")
    dialog(tim, "Take Row B seat 5", "Take the reserved seat")
    expect(tim.message).to_have_text("Row B seat 5 is free again, and still chosen here.")
    why = "The box office needed Row B seat 5: “For a wheelchair.” Please choose another seat."
    expect(eve.message).to_have_text(why)
    expect(eve.page.locator("#gone")).to_have_text(why)
    eve.sees("B5", "free")
    assert violations(eve.page) == []
    # It stays beside the basket until something else is chosen.
    eve.message.click()
    expect(eve.page.locator("#gone")).to_have_text(why)
    eve.press("B6")
    expect(eve.basket).to_have_count(1)
    expect(eve.page.locator("#gone")).to_be_empty()
    tim.page.get_by_role("button", name="Book for someone").click()
    tim.page.get_by_role("button", name="Book 1 seat").click()
    expect(tim.page.locator("#booking-facts")).to_contain_text("Row B seat 5")
