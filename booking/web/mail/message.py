"""A notice as a mail: text, HTML, and what is attached."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template

from booking.domain.model import DEFAULT_EVENT
from booking.domain.notices import Notice, Occasion
from booking.web.languages import Language
from booking.web.mail import words
from booking.web.mail.attachments import Attachment, attach, attach_entry

Facts = Sequence[tuple[str, Sequence[str]]]
"""What the mail says of the event and the booking: a label, and lines."""


class UnusableAddress(ValueError):
    """No mail can go to an address. The message does not tell it."""


def compose(
    notice: Notice,
    language: Language,
    *,
    sender: str,
    link: str,
    message_id: str,
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """The mail that tells a notice, with files and the entry for a calendar.

    Raises:
        UnusableAddress: the address cannot be written in a mail.
    """
    texts = language.texts
    title = texts["untitled"] if notice.title == DEFAULT_EVENT else notice.title
    subject = texts["subjects"][notice.occasion.value].format(title=title)
    parts = {
        "greeting": _greeting(notice, texts),
        "paragraphs": list(_paragraphs(notice, texts)),
        "title": title,
        "facts": _facts(notice, texts),
        "link": link,
        "open": texts["open"],
        "small": [texts["secret"], texts["reason"]],
    }
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _recipient(notice.to)
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.fromtimestamp(int(notice.written_at), UTC))
    message["Message-ID"] = message_id
    # No answer of a machine is wanted (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(**parts))
    html = _template().render(
        language=language.code, direction=texts["direction"], subject=subject, **parts
    )
    message.add_alternative(html, subtype="html")
    attach(message, attachments)
    seats = "\n".join(words.seat(place, texts) for place in notice.seats)
    attach_entry(
        message,
        notice,
        title=title,
        description=f"{seats}\n{texts['reference']}: {notice.reference}",
        organizer=parseaddr(sender)[1],
    )
    # At last: the library takes such headers for those of a part.
    message["Content-Language"] = language.code
    return message


def _recipient(to: str) -> Address:
    local, _, domain = to.rpartition("@")
    try:
        return Address(username=local, domain=domain.encode("idna").decode())
    except Exception:  # noqa: BLE001  The parser of the library raises many; none may be logged.
        raise UnusableAddress("This is no address to which mail can be sent.") from None


def _greeting(notice: Notice, texts: Mapping[str, Any]) -> str:
    if not notice.name:
        return str(texts["greeting_without_name"])
    return str(texts["greeting"]).format(name=notice.name)


def _paragraphs(notice: Notice, texts: Mapping[str, Any]) -> Iterator[str]:
    yield texts["leads"][notice.occasion.value]
    if notice.occasion is Occasion.POSTPONED:
        if notice.before:
            yield texts["moved"]
        if notice.starts_at is None:
            yield texts["date_not_known"]


def _facts(notice: Notice, texts: Mapping[str, Any]) -> Facts:
    zone = notice.time_zone
    facts: list[tuple[str, Sequence[str]]] = []
    for name, at in (("when", notice.starts_at), ("until", notice.ends_at)):
        if at is not None:
            facts.append((texts[name], [words.date(at, zone, texts)]))
    if notice.doors_at is not None:
        same_day = words.is_same_day(notice.doors_at, notice.starts_at, zone)
        write = words.clock if same_day else words.date
        facts.append((texts["doors"], [write(notice.doors_at, zone, texts)]))
    if notice.started_at not in (None, notice.starts_at):
        assert notice.started_at is not None
        facts.append((texts["started"], [words.date(notice.started_at, zone, texts)]))
    if notice.place:
        facts.append((texts["where"], [notice.place]))
    facts.append((texts["seats"], [words.seat(place, texts) for place in notice.seats]))
    if notice.before:
        facts.append((texts["before"], [words.seat(place, texts) for place in notice.before]))
    facts.append((texts["reference"], [notice.reference]))
    return facts


def _text(
    *,
    greeting: str,
    paragraphs: Sequence[str],
    title: str,
    facts: Facts,
    link: str,
    open: str,  # noqa: A002  The name in the template.
    small: Sequence[str],
) -> str:
    told = [f"{label}: {'; '.join(lines)}" for label, lines in facts]
    blocks = [greeting, *paragraphs, "\n".join([title, *told]), f"{open}:\n{link}"]
    return "\n\n".join([*blocks, "\n".join(small)]) + "\n"


@cache
def _template() -> Template:
    folder = Path(__file__).with_name("templates")
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True)
    return environment.get_template("mail.html")
