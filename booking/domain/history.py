"""The history of an event: what became of its seats."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class SeatChange(StrEnum):
    """What became of a seat, as the history of its event has it."""

    LOCKED = "locked"
    EXTENDED = "extended"
    RELEASED = "released"
    EXPIRED = "expired"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MOVED = "moved"
    """Booked, and another place in a plan that changed, or of another booking by a swap."""

    SOLD = "sold"
    """Booked without a lock, by the box office or because a booking moved there."""

    TAKEN = "taken"
    """The box office took the lock from its holder."""

    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    """Whoever has it came in at the door, or went out again."""

    CHANGED = "changed"
    """Its booking has other seats besides, or what it is off sale for has another name."""


class HistoryEntry(NamedTuple):
    """One change of one seat: at which version of the event, when (Unix time), and whose doing.

    ``holder`` is a digest, for a lock that expired of who had it. Without a holder, it was the
    organiser whose key has the name ``actor``; None is the administrator.
    """

    version: int
    at: float
    seat: str
    change: SeatChange
    holder: bytes | None
    actor: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Changes of seats in the order of their versions.

    ``more`` tells that there are later ones, ``complete`` that none is missing since the version
    that was asked for (0 is when the event was opened), and ``limit`` how many are kept, None
    being all.
    """

    entries: tuple[HistoryEntry, ...]
    more: bool
    complete: bool
    limit: int | None
