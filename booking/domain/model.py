"""The nouns: a seat, the lock on it, the booking of it, the event. Values that never change.

What each sale makes anew is a NamedTuple: a frozen dataclass takes twice as long, 1.1 µs more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from booking.domain.moment import Moment
from booking.domain.questions import Details, Question
from booking.plans.model import Plan

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


AVAILABLE, LOCKED, BOOKED, BLOCKED = SeatStatus
"""The same without the class, in which Python 3.11 takes 0.2 µs to look one up: a sale asks dozens
of times."""


class SeatLock(NamedTuple):
    """The right of one holder to confirm one seat, for a while.

    ``seconds`` counts from ``locked_at``. Extending a lock makes it grow and leaves ``locked_at``
    as it was. So does locking the seat again too soon, see :func:`booking.domain.seats.lock`.
    ``released`` says that the holder gave the seat back, at the deadline. ``holder`` is the digest
    of the holder's token. ``ran_out`` counts the holder's earlier locks on the seat that ran out.
    """

    holder: bytes
    locked_at: Moment
    seconds: float
    released: bool = False
    taken: str | None = None
    """Why the box office took it from the holder, if it did; then it is ``released``, too."""

    ran_out: int = 0
    client: bytes | None = None
    """Whom it counts against, where locks are limited by address: see :class:`Client`."""

    @property
    def deadline(self) -> float:
        """The first monotonic second at which the lock is no longer valid."""
        return self.locked_at.monotonic + self.seconds

    @property
    def expires_at(self) -> float:
        """The deadline in Unix time, for people."""
        return self.locked_at.wall + self.seconds


class Client(NamedTuple):
    """Who asks for locks, whatever tokens they use: a keyed digest of an address, and how many
    seats one may have locked."""

    digest: bytes
    most: int


class Booking(NamedTuple):
    """Seats of one event that were sold together to one holder. Times are Unix times."""

    reference: str
    event: str
    seats: tuple[str, ...]
    booked_at: float
    holder: bytes
    cancelled_at: float | None = None


class Block(NamedTuple):
    """What blocked seats are off sale for, such as “press”."""

    name: str = ""
    note: str = ""


class Seat(NamedTuple):
    """One seat of one event.

    A locked seat has a ``lock``, a booked one a ``booking``. An available seat keeps the last
    ``lock`` that ran out or was released, until someone locks the seat again. Its holder is told
    that it ran out, and cannot hold the seat for ever by locking it again and again.
    """

    id: str
    status: SeatStatus = AVAILABLE
    lock: SeatLock | None = None
    booking: Booking | None = None
    block: Block | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How an event sells: durations in seconds, the limit in seats, the time in Unix time."""

    lock_seconds: float = 60.0
    max_lock_seconds: float = 300.0
    """For how long one holder can have a seat without booking it, however often it is locked,
    extended and released, until it has been free for ``lock_seconds`` or someone else had it."""

    max_seats_per_holder: int = 10
    forbid_single_seats: bool = False
    """Whether a booking that leaves a seat free on its own is refused."""

    max_expired_locks: int | None = None
    """After so many of a holder's locks on a seat ran out in a row, the holder has to wait for
    ``max_lock_seconds`` before locking that seat again. None is no limit."""

    cancel_until: float | None = None
    """Until when holders can cancel their bookings; None is until the event starts."""

    ask: tuple[Question, ...] = ()
    """What buyers are asked when they confirm."""

    best_available_excludes: tuple[str, ...] = ()
    """Categories, such as wheelchair places, that the best seats are only chosen from if the wish
    names them."""


class Visibility(StrEnum):
    """Who finds an event."""

    PUBLIC = "public"
    """It is in the list of events."""

    UNLISTED = "unlisted"
    """It is sold to those who know its address."""

    DRAFT = "draft"
    """Its organiser alone sees it, and it is not sold."""


NEVER = 1e15
"""Later than any time: the 33rd million of years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What is sold: the seats of a plan, for one occasion. Times are Unix times.

    Seats can be locked from ``on_sale_from`` on, which is at once if that is None, and until
    :attr:`sale_ends_at`.
    """

    id: str
    plan: Plan = field(repr=False)
    policy: Policy = Policy()
    given_name: str = ""
    starts_at: float | None = None
    on_sale_from: float | None = None
    on_sale_until: float | None = None
    time_zone: str | None = None
    """The time zone of the venue, an IANA name or an offset from UTC; None if nobody said."""

    doors_at: float | None = None
    ends_at: float | None = None
    place: str = ""
    description: str = ""
    visibility: Visibility = Visibility.PUBLIC

    @property
    def name(self) -> str:
        """What people call it: the name that it was given, else that of its plan, else its id."""
        return self.given_name or self.plan.name or self.id

    @property
    def sale_ends_at(self) -> float | None:
        """When the sale ends: when the event starts, unless ``on_sale_until`` says otherwise. None
        if neither is known."""
        return self.starts_at if self.on_sale_until is None else self.on_sale_until

    @property
    def over_at(self) -> float:
        """When the event is over: when it ends or, where nobody said so, when it has started and is
        no longer sold."""
        if self.ends_at is not None:
            return self.ends_at
        known = [time for time in (self.starts_at, self.on_sale_until) if time is not None]
        return max(known, default=NEVER)

    @property
    def listed_at(self) -> float | None:
        """Where it stands in the programme, by its date; None if it is not in there. The default
        event is only if somebody gave it a name."""
        unnamed = self.id == DEFAULT_EVENT and self.name == self.id
        if unnamed or self.visibility is not Visibility.PUBLIC:
            return None
        return NEVER if self.starts_at is None else self.starts_at


class Override(StrEnum):
    """Rules that the box office can set aside for one call."""

    BLOCKED = "blocked"
    CLOSED = "closed"
    LIMIT = "limit"


Actor = bytes | str | None
"""Who does something: the digest of a holder's token, or the name of an organiser's key, or
“administrator”. None is nobody in particular."""


@dataclass(frozen=True, slots=True)
class BestAvailable:
    """A wish for the best seats that are free: ``count`` of them next to each other, of a category
    and a zone if these are named. With ``split``, in a few blocks near each other if there are not
    as many together."""

    count: int
    category: str | None = None
    zone: str | None = None
    split: bool = False


class Changes(NamedTuple):
    """The seats that changed after some version, in plan order; all of them when ``full``."""

    version: int
    seats: tuple[Seat, ...]
    full: bool


class LockedSeats(NamedTuple):
    """Seats that a holder has locked, and the seconds until the first of these locks runs out.

    ``leaves_single`` are the seats for which the single-seat rule would refuse to confirm all that
    the holder has locked now.
    """

    seats: tuple[Seat, ...]
    expires_in: float
    leaves_single: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Basket:
    """What a holder has of an event at a moment: seats that are locked, and bookings.

    ``leaves_single`` are the seats for which the single-seat rule would refuse to confirm all that
    the holder has locked.
    """

    event: str
    now: Moment
    seats: tuple[Seat, ...]
    bookings: tuple[Booking, ...]
    leaves_single: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """An event at a version, with the number of its seats by status.

    ``described_at`` is the version at which what is sold, or how, was changed last. Sales leave it
    as it is.
    """

    event: Event
    version: int
    described_at: int
    seats: Mapping[SeatStatus, int]


@dataclass(frozen=True, slots=True)
class BookingPage:
    """Bookings in the order in which they were made, and the details of those that have some. The
    next page begins after ``next``; None if this is the last."""

    bookings: tuple[Booking, ...]
    next: int | None
    details: Mapping[str, Details] = field(default_factory=dict)
