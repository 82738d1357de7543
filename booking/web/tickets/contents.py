"""What is written on a ticket, in the language of its holder."""

from collections.abc import Iterator
from typing import NamedTuple

from booking.domain.model import DEFAULT_EVENT, Event
from booking.domain.tickets import Ticket
from booking.http.door import place_document
from booking.http.time_zones import local_datetime
from booking.web.languages import Language

_IN_A_GROUP = 4


class Line(NamedTuple):
    """A label and what it is of: “Row”, “C”."""

    label: str
    value: str


class Contents(NamedTuple):
    """A ticket in words. ``places`` says where its holder sits, ``lines`` all the rest."""

    title: str
    places: tuple[Line, ...]
    lines: tuple[Line, ...]
    code: str

    @property
    def spelled_code(self) -> str:
        """The code in groups, for someone who has to type it."""
        groups = range(0, len(self.code), _IN_A_GROUP)
        return " ".join(self.code[start : start + _IN_A_GROUP] for start in groups)


def contents_of(event: Event, ticket: Ticket, name: str, language: Language) -> Contents:
    """What is written on a ticket in someone's name, which may be empty."""
    texts = language.texts["ticket"]
    place = place_document(ticket.seat, event.plan.names)
    places = (("section", "section"), ("row", "row"), ("seat", "number"))
    title = language.texts["untitled"] if event.name == DEFAULT_EVENT else event.name
    return Contents(
        title=title,
        places=tuple(Line(texts[label], place[field]) for label, field in places if place[field]),
        lines=tuple(_lines(event, ticket, name, language)),
        code=ticket.code,
    )


def _lines(event: Event, ticket: Ticket, name: str, language: Language) -> Iterator[Line]:
    texts = language.texts["ticket"]
    zone = event.time_zone
    if event.starts_at is not None:
        yield Line(texts["starts"], _when(event.starts_at, zone, language))
    if event.doors_at is not None:
        yield Line(texts["doors"], f"{local_datetime(event.doors_at, zone):%H:%M}")
    if event.place:
        yield Line(texts["place"], event.place)
    if name:
        yield Line(texts["name"], name)
    yield Line(texts["reference"], ticket.reference)


def _when(unix_time: float, zone: str | None, language: Language) -> str:
    """A time as the clock at the venue shows it, in UTC if nobody said where that is."""
    texts = language.texts["ticket"]
    moment = local_datetime(unix_time, zone)
    when: str = texts["when"].format(
        weekday=texts["weekdays"].split()[moment.weekday()],
        day=moment.day,
        month=texts["months"].split()[moment.month - 1],
        year=moment.year,
        time=f"{moment:%H:%M}",
    )
    return when if zone is not None else f"{when} UTC"
