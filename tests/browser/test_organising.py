"""What an organiser does with a whole event on the page: change, copy, cancel, end; and keys."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADMIN, Visit
from tests.browser.visitor import Visitor
from tests.live.server import Server, tokens


@pytest.fixture
def olga(visit: Visit, event: str, server: Server) -> Visitor:
    """An organiser who has signed in, after two bookings of two seats each."""
    for token in tokens(2).values():
        with server.client(token) as client:
            client.call("POST", f"{event}lock", {"best_available": {"count": 2}})
            client.call("POST", f"{event}confirm")
    olga = visit(f"{event}admin")
    olga.page.get_by_label("Administrator's token").fill(ADMIN)
    olga.page.get_by_role("button", name="Sign in").click()
    olga.is_live()
    expect(olga.page.locator("#event-most")).to_have_value("10")
    return olga


def told(server: Server, event: str) -> Any:
    """The event, as the administrator sees it."""
    with server.client(ADMIN) as organiser:
        return organiser.call("GET", event.rstrip("/")).json


def change(olga: Visitor, **fields: str) -> None:
    for name, value in fields.items():
        olga.page.locator(f"#event [name={name}]").fill(value)
    olga.page.get_by_role("button", name="Save").click()


def dialog(olga: Visitor, question: str, button: str) -> None:
    """Read a question and press a button."""
    asked = olga.page.locator("dialog.ask")
    expect(asked).to_contain_text(question)
    asked.get_by_role("button", name=button).click()


def test_an_event_is_changed_and_what_was_left_alone_stays(
    olga: Visitor, server: Server, event: str
) -> None:
    before = told(server, event)
    olga.page.locator("#event-visibility").select_option("unlisted")
    change(olga, name="The gala", place="The hall", description="About\nit")
    expect(olga.message).to_have_text("Saved.")
    expect(olga.page.get_by_role("heading", level=1)).to_have_text("The gala")
    after = told(server, event)
    assert (after["name"], after["place"], after["description"], after["visibility"]) == (
        "The gala",
        "The hall",
        "About\nit",
        "unlisted",
    )
    assert after["policy"] == before["policy"]
    assert after["seats"] == before["seats"]


def test_the_first_start_that_an_event_is_given_is_by_the_clock_of_the_organiser(
    visit: Visit, server: Server, event: str
) -> None:
    olga = visit(f"{event}admin", timezone_id="Europe/Berlin")
    olga.page.get_by_label("Administrator's token").fill(ADMIN)
    olga.page.get_by_role("button", name="Sign in").click()
    expect(olga.page.locator("#event-most")).to_have_value("10")
    change(olga, starts_at="2035-01-31T19:30")
    expect(olga.message).to_have_text("Saved.")
    after = told(server, event)
    assert (after["starts_at"], after["time_zone"]) == ("2035-01-31T18:30:00.000Z", "Europe/Berlin")


def test_who_was_slower_sees_what_the_other_has_changed(
    olga: Visitor, server: Server, event: str
) -> None:
    with server.client(ADMIN) as other:
        other.call("PATCH", event.rstrip("/"), {"place": "Elsewhere"})
    change(olga, place="The hall")
    expect(olga.message).to_contain_text("Someone else has changed the event.")
    expect(olga.page.locator("#event-place")).to_have_value("Elsewhere")


def test_a_postponement_says_how_many_it_concerns_before_it_is_saved(
    olga: Visitor, server: Server, event: str
) -> None:
    change(olga, starts_at="2030-01-31T19:30")
    dialog(olga, "2 bookings stay valid for the new time. Nobody is told", "Keep it as it is")
    assert told(server, event)["starts_at"] is None
    olga.page.get_by_role("button", name="Save").first.click()
    dialog(olga, "2 bookings stay valid for the new time", "Save")
    expect(olga.message).to_have_text("Saved.")
    assert told(server, event)["starts_at"].startswith("2030-01-31T")


def test_what_buyers_are_asked_is_edited(olga: Visitor, server: Server, event: str) -> None:
    page = olga.page
    page.locator("#asked").get_by_label("Name").select_option("required")
    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill("Which menu?")
    page.get_by_label("Kind of answer").select_option("choice")
    page.get_by_label("Choices").fill("meat, vegetables")
    page.get_by_role("button", name="Save").click()
    expect(olga.message).to_have_text("Saved.")
    assert told(server, event)["policy"]["ask"] == [
        {"id": "name", "required": True},
        {
            "id": "question_1",
            "type": "choice",
            "question": "Which menu?",
            "required": False,
            "choices": ["meat", "vegetables"],
        },
    ]
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save").click()
    expect(olga.message).to_have_text("Saved.")
    assert told(server, event)["policy"]["ask"] == [{"id": "name", "required": True}]


def test_a_booking_is_cancelled_and_then_all_others(
    olga: Visitor, server: Server, event: str
) -> None:
    page = olga.page
    page.locator("#found button").first.click()
    page.get_by_role("button", name="Cancel booking").click()
    dialog(olga, "Cancel booking", "Cancel the booking")
    expect(page.locator("#found tr.cancelled")).to_have_count(1)
    page.get_by_role("button", name="Cancel all bookings").click()
    dialog(olga, "Cancel 1 booking with 2 seats?", "Cancel all bookings")
    expect(page.locator("#found tr.cancelled")).to_have_count(2)
    assert told(server, event)["seats"]["booked"] == 0


def test_an_event_ends_only_after_a_question_and_not_while_it_is_booked(
    olga: Visitor, server: Server, event: str
) -> None:
    page = olga.page
    page.get_by_role("button", name="End the event").click()
    dialog(olga, "It is gone for good, with 2 bookings.", "End the event")
    expect(olga.message).to_contain_text("are booked, or reserved by someone")
    page.get_by_role("button", name="Cancel all bookings").click()
    dialog(olga, "Cancel 2 bookings", "Cancel all bookings")
    expect(page.locator("#found tr.cancelled")).to_have_count(2)
    page.get_by_role("button", name="End the event").click()
    dialog(olga, "It is gone for good.", "End the event")
    page.wait_for_url("**/events/")
    assert told(server, event)["code"] == "event_not_found"


def test_an_event_is_copied_with_what_its_seats_are_off_sale_for(
    olga: Visitor, server: Server, event: str
) -> None:
    page = olga.page
    for seat in ("C7", "C8"):
        olga.press(seat)
    page.get_by_label("Off sale for").fill("press")
    page.get_by_role("button", name="Take off sale").click()
    expect(page.locator("#blocks li")).to_have_text("press · Row C seats 7 and 8")
    page.get_by_label("Id of the copy").fill("copy-of-it")
    page.locator("#copy [name=starts_at]").fill("2030-02-01T19:30")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#copy-mistakes a")).to_be_visible()
    with server.client(ADMIN) as organiser:
        (block,) = organiser.call("GET", "/events/copy-of-it/blocks").json["blocks"]
    assert block == {"name": "press", "note": "", "seats": ["C7", "C8"]}
    copied = told(server, "/events/copy-of-it/")
    assert copied["seats"] == {
        "total": 24, "available": 22, "locked": 0, "booked": 0, "blocked": 2,
    }  # fmt: skip
    assert copied["starts_at"].startswith("2030-02-01T")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#copy-mistakes")).to_have_text("There is an event of this id already.")


def test_a_house_of_rows_is_drawn_while_one_types_and_opened(olga: Visitor, server: Server) -> None:
    page = olga.page
    page.get_by_label("Id, as it will be in the address").fill("rows")
    page.get_by_label("The house").select_option("grid")
    page.get_by_label("Rows", exact=True).fill("3")
    page.get_by_label("Seats in each row").fill("4")
    page.get_by_label("Aisles after seat").fill("2")
    expect(page.locator("#open-picture circle")).to_have_count(12)
    expect(page.locator("#open-seats")).to_have_text("12 seats")
    page.get_by_role("button", name="Open the event").click()
    expect(page.locator("#mistakes a")).to_have_text("rows")
    assert told(server, "/events/rows/")["seats"]["total"] == 12


def test_a_house_of_a_number_of_seats_is_opened(olga: Visitor, server: Server) -> None:
    page = olga.page
    page.get_by_label("Id, as it will be in the address").fill("counted")
    page.get_by_label("The house").select_option("count")
    page.locator("#open-count").fill("7")
    page.get_by_role("button", name="Open the event").click()
    expect(page.locator("#mistakes a")).to_have_text("counted")
    assert told(server, "/events/counted/")["seats"]["total"] == 7


def test_a_key_is_made_shown_once_and_revoked(
    olga: Visitor, visit: Visit, server: Server, event: str
) -> None:
    page = olga.page
    page.get_by_label("Who gets the key").fill("till")
    page.get_by_role("button", name="Make the key").click()
    expect(olga.message).to_have_text("Tick what the key is for.")
    page.get_by_label("see bookings").check()
    page.get_by_label("book for others").check()
    page.get_by_role("button", name="Make the key").click()
    token = page.locator("#key-token code").inner_text()
    expect(page.locator("#key-list li")).to_contain_text("see bookings and book for others")
    # Whoever has the key sees the bookings, and no keys.
    tim = visit(f"{event}admin")
    tim.page.get_by_label("Administrator's token").fill(token)
    tim.page.get_by_role("button", name="Sign in").click()
    expect(tim.page.locator("#found tr")).to_have_count(2)
    expect(tim.page.locator("#keys")).to_be_hidden()
    page.locator("#key-list").get_by_role("button", name="Revoke").click()
    dialog(olga, "Revoke key till?", "Revoke")
    expect(page.locator("#key-list li")).to_have_count(0)
    with server.client(token) as client:
        assert client.call("GET", f"{event}bookings").status == 401
