"""Finding bookings by what people say of them: a reference, a seat, a name."""

import re
import unicodedata
from collections.abc import Iterator

from booking.domain.model import Booking
from booking.domain.questions import Details
from booking.plans.names import SeatNames

_SEPARATORS = re.compile(r"[\s,;:]+")

# As people say it, and as the German page does.
_SAID_AS = {"reihe": "row", "platz": "seat", "platze": "seat", "sitz": "seat", "seats": "seat"}


class Search:
    """What is searched for. Small and capital letters are the same, and so are e and é."""

    def __init__(self, words: str) -> None:
        self._words = _words(words)
        self._phrase = " ".join(self._words)

    def finds(self, booking: Booking, details: Details | None, names: SeatNames) -> bool:
        """Whether a booking is what is searched for: it has the seat, or each word is the beginning
        of a word of its reference or its details."""
        if any(f" {self._phrase} " in f" {seat} " for seat in _seats(booking, names)):
            return True
        known = [*_words(booking.reference), booking.reference.replace("-", "").casefold()]
        for answer in details.answers.values() if details else ():
            if isinstance(answer, str):
                known += _words(answer)
        return all(any(word.startswith(each) for word in known) for each in self._words)


def _seats(booking: Booking, names: SeatNames) -> Iterator[str]:
    """The seats of a booking in words and by their ids: ``balcony row c seat 7``, ``c7``."""
    for seat_id in booking.seats:
        yield " ".join(_words(seat_id))
        if label := names.label(seat_id):
            yield " ".join(_words(f"{label.section} row {label.row} seat {label.seat}"))
            yield " ".join(_words(f"{label.row}{label.seat}"))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [_SAID_AS.get(word, word) for word in _SEPARATORS.split(letters) if word]
