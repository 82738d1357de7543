"""Tickets: a code for each booked seat, which opens the door once."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from booking.domain import references

_LENGTH = 26
"""Characters of a code. They have 130 bits, and 128 are beyond guessing."""


class Entry(NamedTuple):
    """When somebody came in (Unix time), and at which door."""

    at: float
    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """The right to one seat of a booking. It ends when the seat is cancelled or moved; another
    booking of the seat has another ticket. ``entry`` is set while its holder is in."""

    code: str = field(repr=False)
    reference: str
    seat: str
    entry: Entry | None = None
    void_at: float | None = None


def mint() -> str:
    """A new code: 26 letters and digits, the only characters of which a QR code is small."""
    return references.mint_characters(_LENGTH)


def normal(text: str) -> str | None:
    """A code as it was given out, however somebody has typed it. None if it cannot be one."""
    return references.normal_characters(text, _LENGTH)


def digest(code: str) -> str:
    """What a door without a network knows a ticket by. Nobody can make the ticket of it."""
    return hashlib.sha256(code.encode("ascii")).hexdigest()
