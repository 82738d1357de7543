"""The nouns: a seat, the lock on it, the booking of it. Values that never change."""

from dataclasses import dataclass
from enum import StrEnum

from booking.clock import Moment

DEFAULT_EVENT = "default"
"""The event that the paths without an event name belong to."""


class SeatStatus(StrEnum):
    """What can be done with a seat."""

    AVAILABLE = "available"
    """Anyone may lock it."""

    LOCKED = "locked"
    """One holder may confirm, release or extend it until the deadline; then it is available."""

    BOOKED = "booked"
    """Sold."""

    BLOCKED = "blocked"
    """Taken off sale by the organiser."""


@dataclass(frozen=True, slots=True)
class SeatLock:
    """The right of one holder to confirm one seat, for a while.

    ``seconds`` counts from ``locked_at``; extending a lock makes it grow and leaves ``locked_at``
    as it was. ``holder`` is the digest of the holder's token.
    """

    holder: bytes
    locked_at: Moment
    seconds: float

    @property
    def deadline(self) -> float:
        """The first monotonic second at which the lock is no longer valid."""
        return self.locked_at.monotonic + self.seconds

    @property
    def expires_at(self) -> float:
        """The deadline in Unix time, for people."""
        return self.locked_at.wall + self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Seats of one event that were sold together to one holder."""

    reference: str
    event: str
    seats: tuple[str, ...]
    booked_at: float
    holder: bytes


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of one event.

    A locked seat has a ``lock``, a booked one a ``booking``. An available seat keeps the ``lock``
    that ran out on it, until someone locks the seat again: its holder can then be told so.
    """

    id: str
    status: SeatStatus = SeatStatus.AVAILABLE
    lock: SeatLock | None = None
    booking: Booking | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How an event sells: durations in seconds, the limit in seats."""

    lock_seconds: float = 60.0
    max_lock_seconds: float = 300.0
    max_seats_per_holder: int = 10


@dataclass(frozen=True, slots=True)
class Changes:
    """The seats that changed after some version, in plan order; all of them when ``full``."""

    version: int
    seats: tuple[Seat, ...]
    full: bool


@dataclass(frozen=True, slots=True)
class Held:
    """Seats that a holder has locked, and the seconds until the first of these locks runs out."""

    seats: tuple[Seat, ...]
    expires_in: float
