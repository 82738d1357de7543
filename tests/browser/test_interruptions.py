"""An answer is lost or late, or the service is away: nothing is booked twice, or unseen."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import ADMIN, Visit
from tests.live.server import Server


def lose(route: Route) -> None:
    """Let a request be carried out, and its answer be lost."""
    route.fetch()
    route.abort()


def references(server: Server, event: str) -> list[str]:
    """The bookings of an event."""
    with server.client(ADMIN) as organiser:
        bookings = organiser.call("GET", f"{event}bookings").json["bookings"]
    return [booking["reference"] for booking in bookings]


def test_a_booking_whose_answer_was_lost_is_found_and_not_made_twice(
    visit: Visit, event: str, server: Server
) -> None:
    ann = visit(event)
    ann.press("A1")
    expect(ann.basket).to_have_count(1)

    ann.page.route("**/confirm", lose, times=1)
    ann.page.locator("#confirm").click()
    expect(ann.message).to_have_text(
        "The answer got lost, and we do not know yet whether you have your seats."
        " Press again: nothing is booked twice."
    )
    # What became of it is asked for.
    expect(ann.page.locator("#ticket-reference")).to_be_visible()
    reference = ann.page.locator("#ticket-reference").inner_text()
    assert references(server, event) == [reference]


@pytest.mark.parametrize("carried_out", [True, False])
def test_to_press_again_after_a_lost_answer_books_once(
    visit: Visit, event: str, server: Server, carried_out: bool
) -> None:
    ann = visit(event)
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    # Nor can the page ask what became of it.
    ann.page.route("**/basket", lambda route: route.abort())
    ann.page.route("**/confirm", lose if carried_out else lambda route: route.abort(), times=1)
    ann.page.locator("#confirm").click()
    expect(ann.message).to_contain_text("Press again")
    assert len(references(server, event)) == carried_out
    reference = ann.book()
    assert references(server, event) == [reference]


def test_a_seat_whose_answer_was_lost_is_in_the_basket_as_soon_as_the_service_is_back(
    visit: Visit, event: str
) -> None:
    ann = visit(event)
    ann.press("B1")
    expect(ann.basket).to_have_count(1)

    ann.page.route("**/lock/A1", lose, times=1)
    ann.press("A1")
    expect(ann.message).to_contain_text("The service cannot be reached.")
    expect(ann.basket).to_have_count(2)


def test_no_more_is_booked_than_the_button_says(visit: Visit, event: str) -> None:
    ann = visit(event)
    ann.press("A1")
    expect(ann.basket).to_have_count(1)
    held: list[Route] = []
    ann.page.route("**/lock/A2", lambda route: held.append(route))
    ann.press("A2")
    expect(ann.page.locator("#chosen .asking")).to_have_count(1)
    expect(ann.page.locator("#confirm")).to_be_disabled()
    while not held:  # The browser tells of it as soon as it has been asked.
        ann.page.wait_for_timeout(10)
    held[0].continue_()
    expect(ann.page.locator("#confirm")).to_have_text("Book 2 seats")
    expect(ann.page.locator("#confirm")).to_be_enabled()


def test_if_one_of_two_seats_runs_out_meanwhile_nothing_is_booked(
    visit: Visit, event: str, server: Server
) -> None:
    ann = visit(event)
    for count, seat in enumerate(("A1", "A2"), 1):
        ann.press(seat)
        expect(ann.basket).to_have_count(count)
    sent: list[Any] = []

    def lose_a_seat(route: Route) -> None:
        """The page does not know yet that a lock has gone."""
        sent.append(route.request.post_data_json)
        released = ann.context.request.post(
            f"{ann.url}release/A2", headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert released.ok
        route.continue_()

    ann.page.route("**/confirm", lose_a_seat, times=1)
    ann.page.locator("#confirm").click()
    expect(ann.message).to_have_text(
        "Your basket has changed, so nothing was booked. Look at it, and book again."
    )
    assert sent == [{"expect": 2}]
    assert references(server, event) == []
    expect(ann.page.locator("#confirm")).to_have_text("Book 1 seat")
    reference = ann.book()
    assert references(server, event) == [reference]


def test_seats_that_the_service_no_longer_knows_are_not_lost_in_silence(visit: Visit) -> None:
    with Server(lock_seconds=120) as server:
        port = server.address[1]
        ann = visit("/", at=server)
        ann.press("1")
        expect(ann.basket).to_have_count(1)
    # In memory, a restart forgets.
    with Server(lock_seconds=120, port=port):
        expect(ann.page.locator(".message", has_text="no longer reserved")).to_have_text(
            "Seat 1 is no longer reserved for you."
        )
        expect(ann.basket).to_have_count(0)


def test_while_the_service_is_away_the_page_says_so_and_then_goes_on(
    visit: Visit, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {
        "database_url": f"sqlite:///{tmp_path / 'booking.db'}",
        "lock_seconds": 120,
    }
    with Server(**settings) as server:
        port = server.address[1]
        ann = visit("/", at=server)
        ann.press("1")
        expect(ann.basket).to_have_count(1)
        server.process.kill()
    expect(ann.page.locator("#connection")).to_have_text("Reconnecting…")
    expect(ann.message).to_have_text(
        "The service cannot be reached at the moment. What you see may have changed."
    )
    ann.page.get_by_role("button", name="Choose the best").click()
    expect(ann.message).to_have_text("The service cannot be reached. Please try again in a moment.")
    with Server(**settings, port=port):
        ann.is_live()
        expect(ann.basket).to_have_count(1)
        ann.book()
