"""The words of mail in each language, and dates and seats in them."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from booking.http.time_zones import local_time
from booking.plans.names import Place
from booking.web.languages import Language

_FOLDER = Path(__file__).with_name("languages")


def read_words() -> dict[str, Language]:
    """The languages of mail, by their codes."""
    return {
        file.stem: Language(file.stem, json.loads(file.read_text(encoding="utf-8")))
        for file in sorted(_FOLDER.glob("*.json"))
    }


def date(unix_time: float, time_zone: str | None, texts: Mapping[str, Any]) -> str:
    """A date with its time, as the clock at the venue shows it."""
    return _date(unix_time, time_zone, texts, "date")


def clock(unix_time: float, time_zone: str | None, texts: Mapping[str, Any]) -> str:
    """The time alone, where the date is known."""
    return _date(unix_time, time_zone, texts, "clock")


def is_same_day(one: float, other: float | None, time_zone: str | None) -> bool:
    """Whether two times are on one day at the venue. None is on none."""
    return other is not None and _local(one, time_zone).date() == _local(other, time_zone).date()


def _local(unix_time: float, time_zone: str | None) -> datetime:
    return datetime.fromisoformat(local_time(unix_time, time_zone))


def _date(unix_time: float, time_zone: str | None, texts: Mapping[str, Any], form: str) -> str:
    local = _local(unix_time, time_zone)
    words: str = texts[form].format(
        weekday=texts["weekdays"][local.weekday()],
        day=local.day,
        month=texts["months"][local.month - 1],
        year=local.year,
        hour=f"{local.hour:02}",
        minute=f"{local.minute:02}",
    )
    return words if time_zone is not None else f"{words} UTC"


def seat(place: Place, texts: Mapping[str, Any]) -> str:
    """A seat as it is found in the house: ``Balcony, Row 3, Seat 7``."""
    row = texts["row"].format(row=place.row) if place.row else ""
    number = texts["seat"].format(seat=place.seat)
    return ", ".join(filter(None, (place.section, row, number)))
