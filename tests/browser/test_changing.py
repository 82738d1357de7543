"""What holders change about their bookings themselves: other seats, fewer seats."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_access import violations
from tests.browser.test_organising import dialog
from tests.browser.visitor import Visitor


@pytest.fixture
def ann(visit: Visit, event: str) -> Visitor:
    """Somebody who has booked two seats, and goes on from the ticket to the page of the booking."""
    ann = visit(event)
    for count, seat in enumerate(("A1", "A2"), 1):
        ann.press(seat)
        expect(ann.basket).to_have_count(count)
    ann.book()
    ann.page.get_by_role("link", name="Change or cancel seats").click()
    expect(ann.page.locator("#found-seats")).to_have_text("Row A seats 1 and 2")
    return ann


def press(ann: Visitor, seat: str) -> None:
    x, y, _ = ann.locate(seat)
    ann.page.mouse.click(x, y)


def test_a_holder_moves_a_seat_to_a_free_one_of_its_category(ann: Visitor) -> None:
    page = ann.page
    page.get_by_role("button", name="Move to other seats").click()
    press(ann, "A2")
    expect(page.get_by_role("checkbox", name="Row A seat 2")).to_be_checked()
    press(ann, "C8")
    move = page.get_by_role("button", name="Move 1 seat")
    move.click()
    dialog(ann, "Move Row A seat 2 to Row C seat 8?", "Move 1 seat")
    expect(ann.message).to_contain_text("Row C seat 8 is of another category.")
    for seat in ("A7", "C8"):
        press(ann, seat)
    expect(page.locator("#move-pairs li")).to_have_text("Row A seat 2 → Row A seat 7")
    assert violations(page) == []
    move.click()
    dialog(ann, "The old ticket is void then.", "Move 1 seat")
    expect(page.locator("#found-seats")).to_have_text("Row A seats 1 and 7")
    expect(page.locator("#found-title")).to_be_focused()
    expect(page.locator("#move")).to_be_hidden()


def test_a_holder_cancels_a_part_of_a_booking(ann: Visitor) -> None:
    page = ann.page
    page.get_by_role("checkbox", name="Row A seat 2").check()
    page.get_by_role("button", name="Cancel 1 seat").click()
    dialog(ann, "The other seats stay booked.", "Cancel 1 seat")
    expect(page.locator("#found-seats")).to_have_text("Row A seat 1")
    expect(page.locator("#found-status")).to_have_text("valid")
    # One seat is all there is.
    expect(page.get_by_role("button", name="Cancel booking")).to_be_visible()
