"""What an engine does with all events: it opens, finds and ends them."""

from abc import ABC, abstractmethod
from typing import Literal, NamedTuple

from booking.domain.model import Event, Policy, Summary
from booking.engines.contract.registry import Registry
from booking.engines.expiry import ExpiryTimer
from booking.engines.keys import Keys
from booking.engines.meter import Meter
from booking.engines.outbox import Outbox
from booking.plans import grid
from booking.settings import Settings


class Put(NamedTuple):
    """An event that was opened or changed. ``gone`` are blocked seats that its plan has no more."""

    summary: Summary
    opened: bool
    gone: tuple[str, ...] = ()


KeyName = Literal["clients", "links"]
"""What a random key is for: to tell clients apart, or to sign the links to bookings."""


class BoxOffice(ABC):
    """Opens and ends events, and finds the registry of each. Safe for any number of threads."""

    keys: Keys
    """The keys of those who may do a part of what the administrator may."""

    outbox: Outbox
    """What waits for the mail. Stays empty if the settings name no mail server."""

    def __init__(self, settings: Settings, expiry: ExpiryTimer, meter: Meter | None) -> None:
        """``expiry`` serves the registries of all events, and the ``meter`` is told what they
        do."""
        self.policy = Policy(
            lock_seconds=settings.lock_seconds,
            max_lock_seconds=settings.max_lock_seconds,
            max_seats_per_holder=settings.max_seats_per_holder,
            forbid_single_seats=settings.forbid_single_seats,
            cancel_until=settings.cancel_until,
        )
        """The policy of an event that sets none."""
        self.plan = grid.count(settings.seats)
        """The plan of an event that has none."""
        self._expiry = expiry
        self._mails = settings.smtp_url is not None
        self._meter = meter or Meter()
        days = settings.keep_details_days
        # In seconds; None is for ever.
        self._keep_details = None if days is None else days * 86400

    @abstractmethod
    def registry(self, event: str) -> Registry:
        """The registry of the event. Raises EventNotFound."""

    @abstractmethod
    def registry_of_booking(self, reference: str) -> Registry:
        """The registry that has the booking. Raises BookingNotFound."""

    @abstractmethod
    def events(self, after: str = "", most: int = 100) -> tuple[list[Summary], str | None]:
        """Events in the order of their ids, ``most`` of them from after the id ``after``; and the
        id of the last, if there are more."""

    @abstractmethod
    def programme(self, after: str = "", most: int = 100) -> tuple[list[Summary], str | None]:
        """The same of the listed events that are not over, in the order of their dates; those
        without a date come last."""

    @abstractmethod
    def put(self, event: Event, *, expect: int | None = None, move_booked: bool = False) -> Put:
        """Open an event or, if there is one of that id, change it. ``expect`` is when the event was
        described, as the caller knows it; 0 is that there is none.

        Raises:
            EventChanged: the event is not what the caller knows of it.
            SeatsMoved: booked seats would be others; not with ``move_booked``.
            SeatsInUse: the plan lacks seats that are locked or booked.
        """

    @abstractmethod
    def end(self, event: str, *, expect: int | None = None) -> None:
        """End an event; its bookings and its history go with it.

        Raises:
            EventChanged: it was changed since the version ``expect``.
            EventNotFound: there is none.
            SeatsInUse: it has seats that are locked or booked, and is not over.
        """

    @abstractmethod
    def bookings_of(self, address: str, most: int = 10) -> list[tuple[str, str]]:
        """The live bookings of an e-mail address for events that are not over, the latest first: of
        each its event and its reference."""

    @abstractmethod
    def remind(self, ahead: float) -> None:
        """Remind those who have booked for events that start within so many seconds, if that was
        not done yet. Called every now and then."""

    @abstractmethod
    def forget_old_details(self) -> None:
        """Forget what is known of the people of bookings that were long enough ago by the settings.
        Called every now and then."""

    @abstractmethod
    def shared_key(self, name: KeyName) -> bytes:
        """A random key of 32 bytes: the same in all processes that share the events and, if there
        is a database, after a restart."""

    @abstractmethod
    def ready(self) -> tuple[str, ...]:
        """What an operator should know, although seats can be sold: a sentence each.

        Raises:
            Unavailable: they cannot.
        """

    @abstractmethod
    def close(self) -> None:
        """Stop releasing locks by the timer. Seats can still be seen and sold."""
