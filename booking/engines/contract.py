"""What every engine does: it finds, opens and ends events, and carries out the calls on each."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeVar, overload

from booking.domain import references
from booking.domain.errors import EventNotFound
from booking.domain.model import (
    Actor,
    Basket,
    BestAvailable,
    Block,
    Booking,
    BookingPage,
    Changes,
    Event,
    HistoryPage,
    LockedSeats,
    Override,
    Policy,
    Seat,
    Summary,
)
from booking.domain.moment import Moment
from booking.domain.questions import NO_DETAILS, Details
from booking.engines.expiry import ExpiryTimer
from booking.engines.idempotency import Answers, Document, KeyedRequest, Reply
from booking.engines.keys import Keys
from booking.plans import grid
from booking.plans.names import SeatNames
from booking.sale import counter
from booking.sale.sale import Sale
from booking.settings import Settings

_SWEEP_INTERVAL = 0.01
"""Seconds at least between two sweeps by the timer. Each costs a thread; locks that run out one by
one are swept in company instead."""

T = TypeVar("T")

Seats = tuple[Seat, ...]
Booked = tuple[Seats, Booking]

Choice = Sequence[str] | BestAvailable
"""What somebody wants to lock: seats of these ids, or the best available."""

Act = Callable[[Sale, Moment], T]
"""What is done with a sale at a moment: one of its calls."""


class Registry(ABC):
    """Sees, locks, confirms, releases and extends the seats of one event.

    Safe for any number of threads. Every call is atomic: it is carried out for all the seats that
    it names or, if it raises, for none. A holder is the digest of a holder token, see
    :mod:`booking.http.tokens`. Once the event has ended, each call raises EventNotFound.

    The clock decides what is locked. Each call first turns the locks that have run out into
    available seats, so that the timer only has to wake up a registry that nobody calls.

    What a holder can ask for takes a :class:`Reply`: then the call returns the answer instead of
    the result, and the answer that was given before to a request with a key.
    """

    _answers: Answers
    """Given again to requests that are sent again. Guarded by what guards the sale."""

    def __init__(
        self, expiry: ExpiryTimer | None, mint_reference: Callable[[], str] = references.mint
    ) -> None:
        """Without an ``expiry`` timer, a lock that has run out is released by the next call."""
        self._expiry = expiry
        self._mint_reference = mint_reference
        # When the sweep that is scheduled will be. Guarded by what guards the sale.
        self._sweep_at = math.inf

    @property
    @abstractmethod
    def event(self) -> Event:
        """What is sold, and how."""

    @property
    @abstractmethod
    def names(self) -> SeatNames:
        """How people read the seats, by the plan as the last call found it. Asks no database."""

    @abstractmethod
    def _read(self, act: Act[T]) -> T:
        """Do something that changes nothing with the sale as it is now."""

    @abstractmethod
    def _write(self, act: Act[T], request: KeyedRequest | None = None) -> T:
        """Do something with the sale as it is now. Then see to it that the next lock is released
        in time. The act may ask for the answer to the ``request``."""

    def _reply(self, act: Act[T], reply: Reply[T] | None) -> T | Document:
        """The result of an act or, with a reply, the answer that it makes of that."""
        if reply is None:
            return self._write(act)
        describe, request = reply.describe, reply.request
        if request is None:
            return describe(self._write(act))

        def act_once(sale: Sale, now: Moment) -> Document:
            return self._answers.once(request, now, lambda: describe(act(sale, now)))

        return self._write(act_once, request)

    # What there is to see

    def summary(self) -> Summary:
        """The event and the number of its seats by status."""
        return self._read(lambda sale, _: sale.summary())

    def seat(self, seat_id: str) -> Seat:
        """The seat as it is now. Raises SeatNotFound."""
        return self._read(lambda sale, _: sale.seats.find([seat_id])[0])

    def changes(self, since: int | None = None, most: int | None = None) -> Changes:
        """The seats that changed after version ``since``: a call costs what it returns.

        All seats without ``since``, with one that this registry has not given out, or if more than
        ``most`` have changed.
        """
        return self._read(lambda sale, _: sale.seats.changes(since, most))

    def basket(self, holder: bytes) -> Basket:
        """What the holder has: seats that are locked, and bookings."""
        return self._read(lambda sale, now: sale.basket(holder, now))

    # What a holder can do

    @overload
    def lock(self, choice: Choice, holder: bytes) -> LockedSeats: ...
    @overload
    def lock(self, choice: Choice, holder: bytes, reply: Reply[LockedSeats]) -> Document: ...
    def lock(
        self, choice: Choice, holder: bytes, reply: Reply[LockedSeats] | None = None
    ) -> LockedSeats | Document:
        """Lock seats for the holder, all of them: those of the given ids, or the best available.

        Raises:
            SeatNotFound: some are not part of the event.
            NotInPlan: the plan has no such category or zone.
            NotOnSale: it is too early, or too late.
            SeatsUnavailable: some are locked (be it by the same holder), booked or blocked.
            HolderLimitReached: the holder would have more than the policy allows.
            NotEnoughSeats: there are not as many next to each other.
        """
        return self._reply(lambda sale, now: sale.lock(choice, holder, now), reply)

    @overload
    def confirm(
        self,
        seat_ids: Sequence[str] | None,
        holder: bytes | None,
        expect: int | None = None,
        details: Details = NO_DETAILS,
    ) -> Booked: ...
    @overload
    def confirm(
        self,
        seat_ids: Sequence[str] | None,
        holder: bytes | None,
        expect: int | None,
        details: Details,
        reply: Reply[Booked],
    ) -> Document: ...
    def confirm(
        self,
        seat_ids: Sequence[str] | None,
        holder: bytes | None,
        expect: int | None = None,
        details: Details = NO_DETAILS,
        reply: Reply[Booked] | None = None,
    ) -> Booked | Document:
        """Book the seats that the holder has locked, all together under one reference.

        ``None`` stands for all that the holder has locked, in plan order. The holder can say how
        many seats these are with ``expect``.

        Raises:
            SeatNotFound: some are not part of the event.
            WrongNumberOfLocks: the holder expects another number of seats.
            LeavesSingleSeat: the policy forbids to leave a seat single, and this would.
            BadDetails: the details do not answer what the policy asks.
            SeatUnavailable, TokenRequired, NotYourLock, LockExpired, SeatNotLocked: the first
                seat that is not the holder's to confirm; see :func:`booking.domain.seats.lock_of`.
        """
        reference = self._mint_reference()
        return self._reply(
            lambda sale, now: sale.confirm(seat_ids, holder, reference, now, expect, details), reply
        )

    @overload
    def release(self, seat_ids: Sequence[str], holder: bytes | None) -> Seats: ...
    @overload
    def release(
        self, seat_ids: Sequence[str], holder: bytes | None, reply: Reply[Seats]
    ) -> Document: ...
    def release(
        self, seat_ids: Sequence[str], holder: bytes | None, reply: Reply[Seats] | None = None
    ) -> Seats | Document:
        """Make seats that the holder has locked available. Raises what :meth:`confirm` raises."""
        return self._reply(lambda sale, now: sale.release(seat_ids, holder, now), reply)

    @overload
    def extend(self, seat_ids: Sequence[str], holder: bytes | None) -> LockedSeats: ...
    @overload
    def extend(
        self, seat_ids: Sequence[str], holder: bytes | None, reply: Reply[LockedSeats]
    ) -> Document: ...
    def extend(
        self,
        seat_ids: Sequence[str],
        holder: bytes | None,
        reply: Reply[LockedSeats] | None = None,
    ) -> LockedSeats | Document:
        """Let the holder's locks run for the policy's ``lock_seconds`` from now, within its
        ``max_lock_seconds`` from when they were made. Raises what :meth:`confirm` raises."""
        return self._reply(lambda sale, now: sale.extend(seat_ids, holder, now), reply)

    # Bookings

    def booking(self, reference: str) -> Booking:
        """The booking of that reference. Raises BookingNotFound."""
        return self._read(lambda sale, _: sale.booking(reference))

    def details(self, reference: str) -> Details | None:
        """What is known of the people of a booking. The caller may know."""
        return self._read(lambda sale, _: sale.bookings.details(reference))

    def erase_details(self, reference: str) -> None:
        """Forget what is known of the people of a booking. Raises BookingNotFound."""
        self._write(lambda sale, _: sale.erase_details(reference))

    def bookings(self, after: int = 0, most: int = 100) -> BookingPage:
        """Bookings in the order in which they were made, cancelled ones included, from after the
        page that ended at ``after``."""
        return self._read(lambda sale, _: sale.bookings.page(after, most))

    @overload
    def cancel(
        self, reference: str, by: Actor, seat_ids: Sequence[str] | None = None
    ) -> Booked: ...
    @overload
    def cancel(
        self, reference: str, by: Actor, seat_ids: Sequence[str] | None, reply: Reply[Booked]
    ) -> Document: ...
    def cancel(
        self,
        reference: str,
        by: Actor,
        seat_ids: Sequence[str] | None = None,
        reply: Reply[Booked] | None = None,
    ) -> Booked | Document:
        """Cancel a booking, or some of its seats, and make them available. The deadline binds
        holders alone. The caller makes sure that the booking is theirs.

        Raises:
            BookingNotFound: there is none of that reference.
            BookingCancelled, CancellationClosed: see
                :func:`booking.domain.terms.expect_changeable`.
            NotInBooking: the booking does not have some of the seats.
        """

        def cancel(sale: Sale, now: Moment) -> Booked:
            if seat_ids is None:
                return sale.cancel(reference, by, now)
            return counter.cancel_part(sale, reference, seat_ids, by, now)

        return self._reply(cancel, reply)

    @overload
    def move(
        self,
        reference: str,
        places: Mapping[str, str],
        by: Actor,
        override: Collection[Override] = (),
    ) -> Booked: ...
    @overload
    def move(
        self,
        reference: str,
        places: Mapping[str, str],
        by: Actor,
        override: Collection[Override],
        reply: Reply[Booked],
    ) -> Document: ...
    def move(
        self,
        reference: str,
        places: Mapping[str, str],
        by: Actor,
        override: Collection[Override] = (),
        reply: Reply[Booked] | None = None,
    ) -> Booked | Document:
        """Move seats of a booking, each to the one that ``places`` says. Raises what :meth:`cancel`
        raises, and:

            SeatNotFound, SeatsUnavailable: some seats cannot be had.
            NotOnSale, OtherCategory: a holder moves too late, or to other seats than were paid for.
        """
        return self._reply(
            lambda sale, now: counter.move(sale, reference, places, override, by, now), reply
        )

    # What the box office can do

    @overload
    def sell(
        self,
        seat_ids: Sequence[str],
        holder: bytes,
        details: Details,
        by: Actor,
        override: Collection[Override] = (),
    ) -> Booked: ...
    @overload
    def sell(
        self,
        seat_ids: Sequence[str],
        holder: bytes,
        details: Details,
        by: Actor,
        override: Collection[Override],
        reply: Reply[Booked],
    ) -> Document: ...
    def sell(
        self,
        seat_ids: Sequence[str],
        holder: bytes,
        details: Details,
        by: Actor,
        override: Collection[Override] = (),
        reply: Reply[Booked] | None = None,
    ) -> Booked | Document:
        """Book seats for someone else, who is ``holder`` from now on, in one step.

        Raises:
            SeatNotFound, SeatsUnavailable: some seats cannot be had.
            NotOnSale, HolderLimitReached: unless the caller overrides that.
            BadDetails: the details do not answer what the policy asks.
        """
        reference = self._mint_reference()
        return self._reply(
            lambda sale, now: counter.sell(
                sale, seat_ids, holder, details, override, by, reference, now
            ),
            reply,
        )

    @overload
    def swap(
        self, reference: str, other: str, places: Mapping[str, str], by: Actor
    ) -> tuple[Booking, Booking]: ...
    @overload
    def swap(
        self,
        reference: str,
        other: str,
        places: Mapping[str, str],
        by: Actor,
        reply: Reply[tuple[Booking, Booking]],
    ) -> Document: ...
    def swap(
        self,
        reference: str,
        other: str,
        places: Mapping[str, str],
        by: Actor,
        reply: Reply[tuple[Booking, Booking]] | None = None,
    ) -> tuple[Booking, Booking] | Document:
        """Let two bookings exchange seats. Raises what :meth:`cancel` raises."""
        return self._reply(
            lambda sale, now: counter.swap(sale, reference, other, places, by, now), reply
        )

    def take(self, seat_ids: Sequence[str], reason: str, by: Actor) -> Seats:
        """Take locks from whoever has them, who are told the reason.

        Raises:
            SeatNotFound, SeatNotLocked, SeatUnavailable: nobody has locked some of the seats.
        """
        return self._write(lambda sale, now: counter.take(sale, seat_ids, reason, by, now))

    # What the organiser can do

    def blocked(self) -> tuple[Seat, ...]:
        """The seats that are off sale."""
        return self._read(lambda sale, _: sale.blocked())

    def block(
        self, seat_ids: Sequence[str], block: Block | None = None, by: Actor = None
    ) -> tuple[Seat, ...]:
        """Take seats off sale, and say for what. Those that are off sale already stay so.

        Raises:
            SeatNotFound: some are not part of the event.
            SeatsUnavailable: some are locked or booked.
        """
        return self._write(lambda sale, now: sale.block(seat_ids, now, block, by))

    def unblock(self, seat_ids: Sequence[str], by: Actor = None) -> tuple[Seat, ...]:
        """Put seats that are off sale on sale again; others stay as they are.

        Raises:
            SeatNotFound: some are not part of the event.
        """
        return self._write(lambda sale, now: sale.unblock(seat_ids, now, by))

    def history(self, since: int = 0, most: int = 1000) -> HistoryPage:
        """What became of the seats after version ``since``, the oldest first."""
        return self._read(lambda sale, _: sale.history(since, most))

    @abstractmethod
    def update(
        self, event: Event, *, expect: int | None = None, move_booked: bool = False
    ) -> tuple[str, ...]:
        """Change what is sold, and how. Seats that stay, locks and bookings stay as they are.
        Returns the blocked seats that are no longer in the plan.

        Raises:
            EventChanged: it was changed since the version ``expect``.
            SeatsMoved: booked seats would be others; not with ``move_booked``.
            SeatsInUse: the plan lacks seats that are locked or booked.
        """

    @abstractmethod
    def close(self, *, expect: int | None = None) -> int:
        """End the sale for good: from now on, there is no such event. Returns the last version.

        Raises:
            EventChanged: it was changed since the version ``expect``.
            SeatsInUse: some seats are locked or booked, and the event is not over.
        """

    # What happens by itself

    def sweep(self) -> None:
        """Release the locks that have run out, and see to it that the next one is released in time.

        May be called at any moment and any number of times.
        """
        with suppress(EventNotFound):
            self._write(lambda _sale, _now: None)

    def _next_sweep(self, sale: Sale, now: Moment) -> float | None:
        """When to sweep, if the sweep that is scheduled comes too late for the first deadline, or
        has not come when it should. Called under what guards the sale."""
        deadline = sale.seats.next_deadline()
        if deadline is None:
            return None
        deadline = max(deadline, now.monotonic + _SWEEP_INTERVAL)
        if now.monotonic < self._sweep_at <= deadline:
            return None
        self._sweep_at = deadline
        return deadline

    def _schedule_sweep(self, sweep_at: float | None) -> None:
        # Called afterwards: the timer has a lock of its own and may start a thread.
        if sweep_at is not None and self._expiry is not None:
            self._expiry.schedule(sweep_at, self.sweep)


class Put(NamedTuple):
    """An event that was opened or changed. ``gone`` are blocked seats that its plan has no more."""

    summary: Summary
    opened: bool
    gone: tuple[str, ...] = ()


class BoxOffice(ABC):
    """Opens and ends events, and finds the registry of each. Safe for any number of threads."""

    keys: Keys
    """The keys of those who may do a part of what the administrator may."""

    def __init__(self, settings: Settings, expiry: ExpiryTimer) -> None:
        """``expiry`` serves the registries of all events."""
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
    def forget_old_details(self) -> None:
        """Forget what is known of the people of bookings that were long enough ago by the settings.
        Called every now and then."""

    @abstractmethod
    def ready(self) -> tuple[str, ...]:
        """What an operator should know, although seats can be sold: a sentence each.

        Raises:
            Unavailable: they cannot.
        """

    @abstractmethod
    def close(self) -> None:
        """Stop releasing locks by the timer. Seats can still be seen and sold."""
