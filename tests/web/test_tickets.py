"""Tickets for people: the page and the PDF."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from fpdf.bidi import BidiParagraph

from booking.domain import tickets
from booking.domain.model import Event
from booking.domain.tickets import Ticket
from booking.plans import grid
from booking.settings import Settings
from booking.web.languages import read_languages
from booking.web.tickets import qr
from booking.web.tickets.contents import contents_of
from booking.web.tickets.pdf import Size, tickets_pdf
from tests.api.organiser import ADMIN, ANN, TOKEN, put
from tests.api.test_counter import BOB, book

LANGUAGES = read_languages()
EVENT = Event(
    id="gala",
    plan=grid.grid(2, 6),
    given_name="The gala",
    place="The hall",
    starts_at=1_801_074_600,  # 2027-01-27T18:30:00Z
    doors_at=1_801_072_800,
    time_zone="Europe/Berlin",
)
TICKET = Ticket(code=tickets.mint(), reference="7KQM4-T9X2P", seat="B6")


@pytest.fixture
def settings() -> Settings:
    return Settings.from_environ({"BOOKING_ADMIN_TOKEN": TOKEN})


@pytest.fixture
def reference(client: FlaskClient) -> str:
    policy = {"ask": [{"id": "name"}]}
    plan = {"grid": {"rows": 2, "seats_per_row": 6}}
    put(client, "gala", {"name": "The <gala>", "plan": plan, "policy": policy})
    return book(client, "A1", "A2")


def see(client: FlaskClient, path: str, **headers: str) -> Any:
    return client.get(path, headers=ANN | headers)


def test_a_holder_sees_a_code_for_each_seat(client: FlaskClient, reference: str) -> None:
    page = see(client, f"/bookings/{reference}/tickets/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.text.count("<svg") == 2
    assert "The &lt;gala&gt;" in page.text
    codes = [t["code"] for t in see(client, f"/bookings/{reference}/tickets").get_json()["tickets"]]
    for code in codes:
        assert qr.svg(code) in page.text


def test_nobody_else_sees_tickets(client: FlaskClient, reference: str) -> None:
    page = client.get(f"/bookings/{reference}/tickets/", headers=BOB)
    assert (page.status_code, "<svg" in page.text) == (404, False)
    assert client.get(f"/bookings/{reference}/tickets.pdf", headers=BOB).status_code == 404


def test_a_booking_that_is_cancelled_has_no_tickets(client: FlaskClient, reference: str) -> None:
    client.post(f"/bookings/{reference}/cancel", headers=ANN)
    page = see(client, f"/bookings/{reference}/tickets/", **{"Accept-Language": "de"})
    assert page.status_code == 409
    assert "Diese Buchung wurde storniert" in page.text
    answer = see(client, f"/bookings/{reference}/tickets.pdf")
    assert answer.get_json(force=True)["code"] == "booking_cancelled"


def test_tickets_come_as_a_file_to_print_or_for_a_phone(
    client: FlaskClient, reference: str
) -> None:
    for query in ("", "?size=a4", "?size=phone"):
        answer = see(client, f"/bookings/{reference}/tickets.pdf{query}")
        assert answer.content_type == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"] == f'inline; filename="{reference}.pdf"'
    assert see(client, f"/bookings/{reference}/tickets.pdf?size=a3").status_code == 400
    assert client.get(f"/bookings/{reference}/tickets.pdf", headers=ADMIN).status_code == 200


@pytest.mark.parametrize(
    ("language", "when", "labels"),
    [
        ("en", "Wednesday, 27 January 2027, 19:30", ["Row", "Seat"]),
        ("de", "Mittwoch, 27. Januar 2027, 19:30 Uhr", ["Reihe", "Platz"]),
        ("he", "יום רביעי, 27 בינואר 2027, 19:30", ["שורה", "מושב"]),
    ],
)
def test_a_ticket_says_all_that_its_holder_needs(
    language: str, when: str, labels: list[str]
) -> None:
    contents = contents_of(EVENT, TICKET, "Ann Miller", LANGUAGES[language])
    assert contents.title == "The gala"
    assert [line.label for line in contents.places] == labels
    assert [line.value for line in contents.places] == ["B", "6"]
    values = [line.value for line in contents.lines]
    assert values == [when, "19:00", "The hall", "Ann Miller", "7KQM4-T9X2P"]
    assert contents.spelled_code.replace(" ", "") == TICKET.code


def test_what_nobody_said_is_left_out_and_a_time_without_a_place_is_in_utc() -> None:
    bare = replace(EVENT, doors_at=None, place="", time_zone=None)
    values = [line.value for line in contents_of(bare, TICKET, "", LANGUAGES["en"]).lines]
    assert values == ["Wednesday, 27 January 2027, 18:30 UTC", "7KQM4-T9X2P"]


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_printed_with_letters_that_the_fonts_have(
    language: str, size: Size, caplog: pytest.LogCaptureFixture
) -> None:
    event = replace(EVENT, given_name="Großübersee – קונצרט החורף (חלק 1) – Привет – Ελλάδα")
    pages = tickets_pdf(event, [TICKET] * 4, "Łukasz Ångström", LANGUAGES[language], size)
    assert pages.startswith(b"%PDF-")
    # fpdf2 logs letters that it does not find.
    assert [record for record in caplog.records if record.name.startswith("fpdf")] == []


def test_a_very_long_name_stays_within_its_ticket() -> None:
    event = replace(EVENT, given_name="Donaudampfschifffahrtsgesellschaft " * 6)
    assert tickets_pdf(event, [TICKET], "N" * 200, LANGUAGES["en"], Size.PHONE)


def test_the_bidirectional_algorithm_of_fpdf2_still_says_the_level_of_each_letter() -> None:
    """The PDF leans on ``BidiParagraph`` and ``embedding_level`` of fpdf2 2.8, which it does not
    document."""
    letters = BidiParagraph("אבb").get_reordered_characters()
    seen = [(letter.character, letter.embedding_level % 2) for letter in letters]
    assert seen == [("b", 0), ("ב", 1), ("א", 1)]


def test_a_qr_code_is_small() -> None:
    # Version 2 of the standard, the second smallest there is: 25 modules a side.
    assert len(qr.modules(TICKET.code)) == 25
