"""What the organiser asks is answered on the page, and what is wrong is said beside the field."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import ADMIN, Visit, both_browsers, open_event
from tests.browser.test_access import violations
from tests.browser.visitor import Visitor
from tests.live.server import Server

ASK = [
    {"id": "name", "required": True},
    {"id": "email", "required": True},
    {"id": "phone"},
    {"id": "menu", "type": "choice", "question": "Which menu?", "choices": ["meat", "leek"]},
    {"id": "bus", "type": "yes_no", "question": "Do you take the bus?", "required": True},
    {"id": "wish", "type": "text", "question": "A wish?"},
]


@pytest.fixture
def asking(server: Server, request: pytest.FixtureRequest) -> str:
    """The path of an event that asks for much."""
    return open_event(server, request.node.name, plan={"count": 8}, policy={"ask": ASK})


def fault(field: Locator) -> str:
    """What a screen reader adds to the name of a field."""
    described: str = field.evaluate(
        "(it) => document.getElementById(it.getAttribute('aria-describedby')).textContent"
    )
    return described


def to_the_form(ann: Visitor, seat: str) -> None:
    ann.press(seat)
    expect(ann.basket).to_have_count(1)
    ann.page.locator("#confirm").click()


@both_browsers
def test_what_is_asked_is_answered_with_the_booking(
    visit: Visit, server: Server, asking: str
) -> None:
    ann = visit(asking, viewport={"width": 360, "height": 740})
    ann.press("3")
    expect(ann.basket).to_have_count(1)
    ann.page.get_by_role("button", name="Continue").click()
    page = ann.page
    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.locator("#confirm")).to_have_text("Book 1 seat")
    assert ann.overflow() == 0
    page.keyboard.type("Ann Miller")
    page.keyboard.press("Tab")
    page.keyboard.type("ann@example.org")
    page.get_by_label("Which menu?").select_option("leek")
    page.get_by_label("Yes").check()
    page.get_by_label("A wish?").fill("Near\nthe door")
    reference = ann.book()
    with server.client(ADMIN) as organiser:
        booking = organiser.call("GET", f"/bookings/{reference}").json["booking"]
    assert booking["details"] == {
        "name": "Ann Miller",
        "email": "ann@example.org",
        "menu": "leek",
        "bus": True,
        "wish": "Near\nthe door",
    }
    # The next booking begins with an empty form.
    page.get_by_role("button", name="Close").click()
    to_the_form(ann, "5")
    expect(page.get_by_label("Name")).to_have_value("")


@pytest.mark.parametrize(
    ("locale", "required", "no_address"),
    [
        ("en-US", "Please answer this.", "This is not an e-mail address, such as ann@example.org."),
        (
            "de-DE",
            "Bitte beantworten Sie das.",
            "Das ist keine E-Mail-Adresse wie anna@example.org.",
        ),
        ("he-IL", "נא לענות כאן.", "זו אינה כתובת דוא״ל, כגון ann@example.org."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    visit: Visit, asking: str, locale: str, required: str, no_address: str
) -> None:
    ann = visit(asking, locale=locale)
    x, y, _ = ann.locate("3")
    ann.page.mouse.click(x, y)
    expect(ann.basket).to_have_count(1)
    ann.page.locator("#confirm").click()
    name, email = ann.page.locator("#detail-name"), ann.page.locator("#detail-email")
    email.fill("ann@example")
    email.press("Enter")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    assert [fault(name), fault(email)] == [required, no_address]
    assert fault(ann.page.locator("#detail-phone")) == ""
    expect(ann.page.locator("[name=bus]").first).to_have_attribute("aria-invalid", "true")
    assert violations(ann.page) == []
    # The seat is still there, and so is what was answered.
    name.fill("Ann")
    email.press_sequentially(".org")
    ann.page.locator("[name=bus]").last.check()
    ann.book()


def test_browsers_fill_in_what_they_know(visit: Visit, asking: str) -> None:
    ann = visit(asking)
    to_the_form(ann, "3")
    known = [
        (field.get_attribute("type"), field.get_attribute("autocomplete"))
        for field in (ann.page.locator(f"#detail-{each}") for each in ("name", "email", "phone"))
    ]
    assert known == [("text", "name"), ("email", "email"), ("tel", "tel")]
    optional = ann.page.locator("label", has_text="(optional)")
    expect(optional).to_have_text([re.compile(each) for each in ("Phone", "Which menu", "A wish")])


def test_what_the_organiser_asks_meanwhile_is_asked_before_anything_is_booked(
    visit: Visit, server: Server, asking: str
) -> None:
    ann = visit(asking)
    to_the_form(ann, "3")
    ann.page.get_by_label("Name").fill("Ann")
    with server.client(ADMIN) as organiser:
        changed = {"policy": {"ask": [{"id": "phone", "required": True}]}}
        assert organiser.call("PATCH", asking.rstrip("/"), changed).status == 200
    ann.page.locator("#confirm").click()
    phone = ann.page.get_by_label("Phone")
    expect(phone).to_be_focused()
    assert fault(phone) == "Please answer this."
    expect(ann.page.get_by_label("Name")).to_have_count(0)
    phone.fill("030 123456")
    ann.book()
