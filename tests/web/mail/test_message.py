"""What a mail says: each occasion in each language, dates, seats, and the calendar entry."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from booking.domain.model import DEFAULT_EVENT
from booking.domain.notices import Notice, Occasion
from booking.plans.names import Place
from booking.web.mail import words
from booking.web.mail.attachments import Attachment
from booking.web.mail.calendar_entry import entry
from booking.web.mail.message import compose
from tests.support.mailbox import text_of

LANGUAGES = words.read_words()
STARTS = datetime(2027, 1, 31, 18, 30, tzinfo=UTC).timestamp()
NOTICE = Notice(
    occasion=Occasion.POSTPONED,
    written_at=1_800_000_000.0,
    to="ann@example.org",
    name="Ann <b>",
    language="en",
    reference="7KQM4-T9X2P",
    event="gala",
    title="The gala; über, alles",
    place="Main Street 1, Berlin",
    starts_at=STARTS,
    doors_at=STARTS - 1800,
    ends_at=STARTS + 7200,
    time_zone="Europe/Berlin",
    seats=(Place("Balcony", "3", "7"), Place("", "", "12")),
    started_at=STARTS - 86400,
)


def mail_of(notice: Notice, language: str = "en") -> EmailMessage:
    """A mail as it comes out at the other end."""
    mail = compose(
        notice,
        LANGUAGES[language],
        sender="Theatre <theatre@example.org>",
        link="https://tickets.example.org/bookings/#7KQM4-T9X2P.secret",
        message_id="<1@example.org>",
    )
    received = message_from_bytes(mail.as_bytes(), policy=default)
    assert isinstance(received, EmailMessage)
    return received


def test_the_text_says_all_of_it_in_plain_words() -> None:
    assert text_of(mail_of(NOTICE)) == (
        "Hello Ann <b>,\n\n"
        "The date has changed. Your booking and your seats stay as they are.\n\n"
        "The gala; über, alles\n"
        "When: Sunday, 31 January 2027, 19:30\n"
        "Until: Sunday, 31 January 2027, 21:30\n"
        "Doors open: 19:00\n"
        "Planned before: Saturday, 30 January 2027, 19:30\n"
        "Where: Main Street 1, Berlin\n"
        "Seats: Balcony, Row 3, Seat 7; Seat 12\n"
        "Booking reference: 7KQM4-T9X2P\n\n"
        "See your booking:\n"
        "https://tickets.example.org/bookings/#7KQM4-T9X2P.secret\n\n"
        "Whoever has this link can see and cancel your booking. Keep it to yourself.\n"
        "You get this mail because your address was given with the booking.\n"
    )


def test_html_says_the_same_and_runs_nothing() -> None:
    html = text_of(mail_of(NOTICE), "html")
    assert "Hello Ann &lt;b&gt;," in html
    assert "<bdi>Balcony, Row 3, Seat 7</bdi><br><bdi>Seat 12</bdi>" in html
    assert "<script" not in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("occasion", Occasion)
def test_every_occasion_has_its_words_in_every_language(occasion: Occasion, language: str) -> None:
    mail = mail_of(replace(NOTICE, occasion=occasion, before=NOTICE.seats[:1]), language)
    assert LANGUAGES[language].texts["leads"][occasion.value] in text_of(mail)
    assert "{" not in text_of(mail) + mail["Subject"]
    assert f'dir="{LANGUAGES[language].texts["direction"]}"' in text_of(mail, "html")


def test_all_languages_have_the_same_texts() -> None:
    english = LANGUAGES["en"].texts
    for language in LANGUAGES.values():
        assert language.texts.keys() == english.keys()
        for name in ("subjects", "leads"):
            assert language.texts[name].keys() == {each.value for each in Occasion}
        assert (len(language.texts["weekdays"]), len(language.texts["months"])) == (7, 12)


def test_a_german_and_a_hebrew_date_read_as_people_write_them() -> None:
    german, hebrew = (LANGUAGES[code].texts for code in ("de", "he"))
    assert words.date(STARTS, "+01:00", german) == "Sonntag, 31. Januar 2027, 19:30 Uhr"
    assert words.date(STARTS, "+01:00", hebrew) == "יום ראשון, 31 בינואר 2027, 19:30"


def test_a_time_is_in_utc_and_says_so_where_nobody_knows_the_time_zone() -> None:
    texts = LANGUAGES["en"].texts
    assert words.date(STARTS, None, texts) == "Sunday, 31 January 2027, 18:30 UTC"


def test_doors_that_open_on_another_day_say_which() -> None:
    mail = mail_of(replace(NOTICE, doors_at=STARTS - 86400))
    assert "Doors open: Saturday, 30 January 2027, 19:30\n" in text_of(mail)


def test_an_event_without_a_name_or_a_date_has_words_all_the_same() -> None:
    notice = replace(NOTICE, title=DEFAULT_EVENT, starts_at=None, ends_at=None, doors_at=None)
    mail = mail_of(notice)
    assert mail["Subject"] == "New date: Your event"
    assert "The new date is not known yet." in text_of(mail)
    assert list(mail.iter_attachments()) == []


def told(notice: Notice) -> list[str]:
    text = entry(notice, title=notice.title, description="Row 3\nSeat 7", organizer="t@e.org")
    assert text is not None
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    return text.replace("\r\n ", "").split("\r\n")


def test_the_calendar_entry_follows_the_standard() -> None:
    lines = told(replace(NOTICE, place="ä" * 100))
    assert lines[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Booking//Booking//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
    ]
    for line in (
        "UID:7KQM4-T9X2P.gala@e.org",
        "DTSTART:20270131T183000Z",
        "DTEND:20270131T203000Z",
        "SUMMARY:The gala\\; über\\, alles",
        f"LOCATION:{'ä' * 100}",
        "DESCRIPTION:Row 3\\nSeat 7",
        "STATUS:CONFIRMED",
    ):
        assert line in lines
    assert lines[-3:] == ["END:VEVENT", "END:VCALENDAR", ""]


def test_a_cancelled_booking_takes_its_entry_out_of_the_calendar() -> None:
    lines = told(replace(NOTICE, occasion=Occasion.CANCELLED))
    assert "METHOD:CANCEL" in lines
    assert "STATUS:CANCELLED" in lines
    (part,) = mail_of(replace(NOTICE, occasion=Occasion.CANCELLED)).iter_attachments()
    assert part.get_filename() == "event.ics"
    assert part.get_content().count("METHOD:CANCEL") == 1


def test_files_go_with_the_mail() -> None:
    mail = compose(
        NOTICE,
        LANGUAGES["en"],
        sender="theatre@example.org",
        link="https://tickets.example.org",
        message_id="<1@example.org>",
        attachments=[Attachment("tickets.pdf", "application", "pdf", b"%PDF")],
    )
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["tickets.pdf", "event.ics"]


def test_a_later_entry_replaces_an_earlier_one() -> None:
    def sequence(notice: Notice) -> int:
        (line,) = [line for line in told(notice) if line.startswith("SEQUENCE:")]
        return int(line.removeprefix("SEQUENCE:"))

    later = replace(NOTICE, written_at=NOTICE.written_at + 60)
    assert sequence(NOTICE) < sequence(later) < 2**31
