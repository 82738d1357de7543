"""Sending what waits: to a real mail server, and what happens if there is none."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from booking.domain.notices import LinkRequest
from booking.domain.questions import Details
from booking.engines.contract import BoxOffice, Registry
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.settings import Settings
from booking.web.mail.postman import Postman
from booking.web.mail.tickets import tickets_of
from tests.contracts.mail import DAY, GALA, book
from tests.support.clocks import START, ManualClock
from tests.support.engine import ANN, BOB
from tests.support.mailbox import (
    PASSWORD,
    USER,
    Mailbox,
    free_port,
    link_of,
    mail_server,
    text_of,
)
from tests.support.waiting import wait_until


def settings_for(url: str) -> Settings:
    return Settings.from_environ(
        {
            "BOOKING_SMTP_URL": url,
            "BOOKING_MAIL_FROM": "Village Theatre <theatre@example.org>",
            "BOOKING_PUBLIC_URL": "https://tickets.example.org/",
        }
    )


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    with mail_server(port) as mailbox:
        yield mailbox


@pytest.fixture
def settings(port: int) -> Settings:
    return settings_for(f"smtp://localhost:{port}")


@pytest.fixture
def box_office(settings: Settings, clock: ManualClock) -> Iterator[BoxOffice]:
    box_office = MemoryBoxOffice(settings, clock=clock)
    box_office.put(GALA)
    yield box_office
    box_office.close()


@pytest.fixture
def gala(box_office: BoxOffice) -> Registry:
    return box_office.registry("gala")


@pytest.fixture
def outcomes() -> list[str]:
    return []


@pytest.fixture
def postman(
    box_office: BoxOffice, settings: Settings, clock: ManualClock, outcomes: list[str]
) -> Postman:
    return Postman(box_office, settings, outcomes.append, wall_clock=lambda: clock().wall)


def test_a_mail_has_text_html_a_calendar_entry_and_a_link_in_the_language_of_the_buyer(
    postman: Postman, gala: Registry, mailbox: Mailbox, outcomes: list[str]
) -> None:
    reference = book(gala, "A2", "A1")
    postman.work()
    (mail,) = mailbox.mails
    assert mail["From"] == "Village Theatre <theatre@example.org>"
    assert mail["To"] == "Ann@example.org"
    assert (mail["Subject"], mail["Content-Language"]) == ("Ihre Plätze: The gala", "de")
    assert "Plätze: Reihe A, Platz 1; Reihe A, Platz 2" in text_of(mail)
    assert '<html lang="de"' in text_of(mail, "html")
    assert link_of(mail) in text_of(mail, "html")
    assert link_of(mail).startswith(f"https://tickets.example.org/bookings/#{reference}.")
    (entry,) = mail.iter_attachments()
    assert entry.get_content_type() == "text/calendar"
    assert outcomes == ["sent"]


def test_the_tickets_go_with_a_mail_as_they_are_when_it_is_sent(
    box_office: BoxOffice, settings: Settings, clock: ManualClock, gala: Registry, mailbox: Mailbox
) -> None:
    postman = Postman(
        box_office, settings, attach=tickets_of(box_office), wall_clock=lambda: clock().wall
    )
    kept, cancelled = book(gala, "A1"), book(gala, "A2")
    gala.cancel(cancelled, None)
    postman.work()
    with_tickets = {
        link_of(mail): "application/pdf" in [file.get_content_type() for file in files]
        for mail in mailbox.mails
        if (files := list(mail.iter_attachments()))
    }
    assert len(mailbox.mails) == 3
    assert [link for link, attached in with_tickets.items() if attached] == [
        link for link in with_tickets if f"#{kept}." in link
    ]


# The mail server of the tests does not see that such a connection is encrypted.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_mail_is_handed_in_encrypted_and_with_a_password(
    scheme: str,
    port: int,
    tmp_path: Path,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = settings_for(f"{scheme}://{USER}:{quote(PASSWORD)}@localhost:{port}")
    box_office = MemoryBoxOffice(settings, clock=clock)
    box_office.put(GALA)
    book(box_office.registry("gala"), "A1")
    with mail_server(port, scheme, tmp_path) as mailbox:
        Postman(box_office, settings).work()
        # Nobody knows who made the certificate.
        assert mailbox.mails == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        Postman(box_office, settings).work()
        assert len(mailbox.mails) == 1
    box_office.close()


def test_a_dead_mail_server_loses_nothing_and_the_pauses_grow(
    postman: Postman, gala: Registry, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    book(gala, "A1")
    assert [postman.work() for _ in range(3)] == [5, 10, 20]
    with mail_server(port) as mailbox:
        postman.work()
        assert len(mailbox.mails) == 1
        book(gala, "A2", who="Bob", holder=BOB)
    assert postman.work() == 5
    # Each reason is told once, and no address.
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "example.org" not in caplog.text


def test_the_server_is_looked_for_before_there_is_any_mail(
    postman: Postman, caplog: pytest.LogCaptureFixture, port: int
) -> None:
    postman.work()
    assert f"Mail waits, because smtp://localhost:{port} takes none" in caplog.text
    caplog.set_level(logging.INFO)
    with mail_server(port):
        postman.work()
    assert f"Mail goes out through smtp://localhost:{port}." in caplog.text


def test_a_mail_that_is_refused_for_now_waits_for_itself_alone(
    postman: Postman,
    gala: Registry,
    mailbox: Mailbox,
    clock: ManualClock,
    outcomes: list[str],
) -> None:
    mailbox.refused["Ann@example.org"] = "450 Try again later"
    book(gala, "A1")
    book(gala, "A2", who="Bob", holder=BOB)
    postman.work()
    assert [mail["To"] for mail in mailbox.mails] == ["Bob@example.org"]
    postman.work()
    assert outcomes == ["later", "sent"]
    mailbox.refused.clear()
    clock.advance(60)
    postman.work()
    assert len(mailbox.to("Ann@example.org")) == 1


def test_a_mail_that_is_refused_for_good_is_given_up_and_no_address_is_logged(
    postman: Postman,
    gala: Registry,
    mailbox: Mailbox,
    box_office: BoxOffice,
    outcomes: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    mailbox.refused["Ann@example.org"] = "550 Ann@example.org is nobody here"
    mailbox.answers.append("554 Bob@example.org wants no mail")
    reference = book(gala, "A1")
    book(gala, "A2", who="Bob", holder=BOB)
    postman.work()
    assert outcomes == ["refused", "refused"]
    assert box_office.outbox.waiting() == 0
    assert f"Booking {reference}: its mail cannot be sent (code 550)." in caplog.text
    assert "@example.org" not in caplog.text


def test_a_mail_server_that_is_set_up_wrongly_loses_no_mail(
    postman: Postman,
    gala: Registry,
    mailbox: Mailbox,
    clock: ManualClock,
    outcomes: list[str],
) -> None:
    mailbox.refused["Ann@example.org"] = "554 5.7.1 Relay access denied"
    book(gala, "A1")
    postman.work()
    mailbox.refused.clear()
    clock.advance(60)
    postman.work()
    assert outcomes == ["later", "sent"]


def test_a_mail_that_is_refused_for_three_days_is_given_up(
    postman: Postman,
    gala: Registry,
    mailbox: Mailbox,
    clock: ManualClock,
    outcomes: list[str],
) -> None:
    mailbox.refused["Ann@example.org"] = "450 Try again later"
    book(gala, "A1")
    for _ in range(30):
        postman.work()
        clock.advance(4 * 3600)
    assert set(outcomes[:-1]) == {"later"}
    assert outcomes[-1] == "refused"


def test_an_address_that_no_mail_can_have_keeps_no_other_waiting(
    postman: Postman, gala: Registry, mailbox: Mailbox, outcomes: list[str]
) -> None:
    gala.lock(["A1"], ANN)
    gala.confirm(["A1"], ANN, None, Details({"email": f"ann@{'x' * 64}.example"}))
    book(gala, "A2", who="Bob", holder=BOB)
    postman.work()
    assert outcomes == ["refused", "sent"]


def test_an_address_beyond_ascii_is_written_for_those_who_know_it(
    postman: Postman, gala: Registry, mailbox: Mailbox, outcomes: list[str]
) -> None:
    gala.lock(["A1"], ANN)
    gala.confirm(["A1"], ANN, None, Details({"email": "ann@bücher.example"}))
    postman.work()
    assert mailbox.mails[0]["To"] == "ann@xn--bcher-kva.example"


def test_a_reminder_comes_a_day_before_and_never_after_the_start(
    postman: Postman,
    gala: Registry,
    box_office: BoxOffice,
    mailbox: Mailbox,
    clock: ManualClock,
    outcomes: list[str],
) -> None:
    book(gala, "A1")
    postman.work()
    clock.advance(9.1 * DAY)
    box_office.remind(DAY)
    mailbox.refused["Ann@example.org"] = "450 Try again later"
    postman.work()
    clock.advance(DAY)
    mailbox.refused.clear()
    postman.work()
    assert outcomes == ["sent", "later", "dropped"]


def test_links_are_mailed_to_the_address_as_it_was_given(
    postman: Postman,
    gala: Registry,
    box_office: BoxOffice,
    mailbox: Mailbox,
    clock: ManualClock,
) -> None:
    book(gala, "A1")
    book(gala, "A2", who="Bob", holder=BOB)
    postman.work()
    mailbox.mails.clear()
    for to in ("ann@example.org", "nobody@example.org"):
        box_office.outbox.put(LinkRequest(written_at=START.wall, to=to, language="en"))
    for _ in range(3):
        postman.work()
    assert [mail["To"] for mail in mailbox.mails] == ["Ann@example.org"]
    assert mailbox.mails[0]["Subject"] == "Ihre Buchung: The gala"
    assert box_office.outbox.waiting() == 0


def test_the_thread_sends_by_itself_and_stops(
    postman: Postman, gala: Registry, mailbox: Mailbox
) -> None:
    postman.start()
    book(gala, "A1")
    wait_until(lambda: len(mailbox.mails) == 1)
    postman.close()
    gala.update(replace(GALA, starts_at=GALA.starts_at and GALA.starts_at + DAY))
    assert len(mailbox.mails) == 1
