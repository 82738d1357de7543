"""The sale of one event: its seats, its bookings, and all that can be done with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from booking.domain import admission, errors, notices, references, seats, terms
from booking.domain.history import HistoryPage, SeatChange
from booking.domain.model import (
    Actor,
    Basket,
    BestAvailable,
    Booking,
    Client,
    Event,
    LockedSeats,
    Seat,
    Summary,
)
from booking.domain.moment import Moment
from booking.domain.notices import Notice, Occasion
from booking.domain.questions import NO_DETAILS, Details
from booking.plans.names import Place, SeatLabel
from booking.sale.bookings import Bookings
from booking.sale.mailing import Mailing, Send
from booking.sale.seat_table import SeatTable
from booking.sale.tickets import Tickets

P = ParamSpec("P")
T = TypeVar("T")


def naming_seats(
    call: Callable[Concatenate["Sale", P], T],
) -> Callable[Concatenate["Sale", P], T]:
    """Let what the call raises name seats as people read them."""

    @wraps(call)
    def named(sale: "Sale", /, *arguments: P.args, **keywords: P.kwargs) -> T:
        try:
            return call(sale, *arguments, **keywords)
        except errors.BookingError as error:
            error.names = sale.seats.names
            raise

    return named


class Sale:
    """The seats and the bookings of one event.

    Not safe for threads: whoever owns it has a lock, and tells the moment of each call, which is
    not before the last. Every call is carried out for all the seats that it names or, if it raises,
    for none. What it raises is said in :class:`booking.engines.contract.Registry`.
    """

    def __init__(
        self,
        event: Event,
        table: SeatTable,
        bookings: Bookings,
        tickets: Tickets,
        mint_reference: Callable[[], str] = references.mint,
        mail: Send | None = None,
    ) -> None:
        """``mail`` takes what the people of bookings are told; without it, nobody is."""
        self.event = event
        self.described_at = table.version
        """The version at which the event was opened or last changed."""
        self.seats = table
        self.bookings = bookings
        self.tickets = tickets
        self._mint_reference = mint_reference
        self.mailing = Mailing(bookings, mail)

    def summary(self) -> Summary:
        """The event and the number of its seats by status."""
        counts = self.seats.counts()
        return Summary(self.event, self.seats.version, self.described_at, counts)

    def basket(self, holder: bytes, now: Moment) -> Basket:
        """The seats that the holder has locked, in plan order, and the bookings, oldest first."""
        held = self.seats.find(list(self.seats.holders.held_by(holder)))
        bookings = {seat.booking.reference: seat.booking for seat in held if seat.booking}
        return Basket(
            self.event.id,
            now,
            tuple(self.seats.find(self.seats.locked_by(holder))),
            tuple(sorted(bookings.values(), key=lambda booking: booking.booked_at)),
            self._left_single(holder),
        )

    @naming_seats
    def lock(
        self,
        choice: Sequence[str] | BestAvailable,
        holder: bytes,
        now: Moment,
        client: Client | None = None,
        locked_elsewhere: int = 0,
    ) -> LockedSeats:
        """Lock seats for the holder: those of the given ids, or the best available. They count
        against the client, who has some ``locked_elsewhere`` already: in other events."""
        policy = self.event.policy
        held = len(self.seats.holders.held_by(holder))
        found = [] if isinstance(choice, BestAvailable) else self._find_to_lock(choice, held)
        terms.expect_on_sale(self.event, now.wall)
        if client is not None:
            more = choice.count if isinstance(choice, BestAvailable) else len(choice)
            has = self.seats.locked_by_client.get(client.digest, 0) + locked_elsewhere
            terms.expect_within_client_limit(client, has, more)
        if isinstance(choice, BestAvailable):
            if choice.count < 1:
                raise errors.BadChoice(())
            terms.expect_within_limit(policy, held, choice.count)
            choice = self.seats.free.best(
                choice,
                forbid_single_seats=policy.forbid_single_seats,
                excluded=policy.best_available_excludes,
                without=self._to_wait_for(holder, now),
            )
            found = self.seats.find(choice)
        terms_of_locks = policy.lock_seconds, policy.max_lock_seconds, policy.max_expired_locks
        digest = None if client is None else client.digest
        locked = seats.all_or_none(
            lambda seat: seats.lock(seat, holder, now, *terms_of_locks, digest), found
        )
        terms.expect_within_limit(policy, held, len(locked), choice)
        self.seats.store(locked, SeatChange.LOCKED, holder, now)
        return LockedSeats(tuple(locked), _time_left(locked, now), self._left_single(holder))

    @naming_seats
    def confirm(
        self,
        seat_ids: Sequence[str] | None,
        holder: bytes | None,
        reference: str,
        now: Moment,
        expect: int | None = None,
        details: Details = NO_DETAILS,
    ) -> tuple[tuple[Seat, ...], Booking]:
        """Book the seats that the holder has locked, or all of those, under a new reference."""
        if seat_ids is None:
            seat_ids = self._locked_by(holder, expect)
        found = self._find(seat_ids)
        booking = Booking(
            reference=self.unused(reference),
            event=self.event.id,
            seats=tuple(seat_ids),
            booked_at=now.wall,
            # Without a holder, the rule refuses to confirm any seat.
            holder=holder or b"",
        )
        booked = [seats.confirm(seat, holder, now, booking) for seat in found]
        if holder is not None and (single := self._left_single(holder, seat_ids)):
            raise errors.LeavesSingleSeat(single)
        terms.expect_answers(self.event.policy, details)
        self.seats.store(booked, SeatChange.BOOKED, holder, now)
        self.bookings.add(self.seats.version, booking)
        if details != NO_DETAILS:
            self.bookings.keep_details(booking.reference, details)
            self.tell(Occasion.BOOKED, booking, now)
        return tuple(booked), booking

    @naming_seats
    def release(
        self, seat_ids: Sequence[str], holder: bytes | None, now: Moment
    ) -> tuple[Seat, ...]:
        """Make seats that the holder has locked available."""
        released = [seats.release(seat, holder, now) for seat in self._find(seat_ids)]
        self.seats.store(released, SeatChange.RELEASED, holder, now)
        return tuple(released)

    @naming_seats
    def extend(self, seat_ids: Sequence[str], holder: bytes | None, now: Moment) -> LockedSeats:
        """Let the holder's locks run for longer."""
        seconds, most = self.event.policy.lock_seconds, self.event.policy.max_lock_seconds
        found = self._find(seat_ids)
        extended = [seats.extend(seat, holder, now, seconds, most) for seat in found]
        # A lock that has come to its limit stays as it is, and so does its version.
        self.seats.store(seats.changed(found, extended), SeatChange.EXTENDED, holder, now)
        return LockedSeats(tuple(extended), _time_left(extended, now))

    def booking(self, reference: str) -> Booking:
        """The booking of that reference."""
        booking = self.bookings.find(reference)
        if booking is None:
            raise errors.BookingNotFound(reference)
        return booking

    def erase_details(self, reference: str) -> None:
        """Forget whose a booking is. It stays, and its holder keeps it."""
        self.booking(reference)
        self.bookings.keep_details(reference, None)

    def cancel(self, reference: str, by: Actor, now: Moment) -> tuple[tuple[Seat, ...], Booking]:
        """Cancel a booking and make its seats available."""
        booking = terms.cancel(self.event, self.booking(reference), by, now.wall)
        # A seat that another booking has, too, stays that one's.
        freed = [
            seats.cancel(seat)
            for seat in self.seats.find(booking.seats)
            if seat.booking is not None and seat.booking.reference == reference
        ]
        self.seats.store(freed, SeatChange.CANCELLED, by, now)
        self.void_tickets([seat.id for seat in freed], now)
        self.tell(Occasion.CANCELLED, booking, now)
        self.bookings.cancel(booking)
        return tuple(freed), booking

    def tell(
        self, occasion: Occasion, booking: Booking, now: Moment, before: Sequence[Place] = ()
    ) -> None:
        """Let the people of a booking know, at the end of a call that has changed it."""
        self.mailing.tell(occasion, self.event, booking, self.seats.names, now, before)

    def notice(self, occasion: Occasion, reference: str, now: Moment) -> Notice | None:
        """What to tell the people of a booking; None if they gave no address."""
        booking, details = self.booking(reference), self.bookings.details(reference)
        names = self.seats.names
        return notices.notice(occasion, self.event, booking, details, names, now.wall)

    def history(self, since: int, most: int) -> HistoryPage:
        """What became of the seats after a version."""
        page = self.seats.history.since(since, most)
        return page if since <= self.seats.version else replace(page, complete=False)

    def _to_wait_for(self, holder: bytes, now: Moment) -> list[str]:
        """The available seats that the holder cannot lock yet, having had them for too long or let
        too many locks on them run out."""
        policy = self.event.policy
        seconds, most = policy.lock_seconds, policy.max_lock_seconds
        expired = policy.max_expired_locks
        longest = seconds if expired is None else max(seconds, most)
        return [
            seat.id
            for seat in self.seats.had_since(holder, now.monotonic - longest)
            if seats.is_held_too_long(seat, holder, now, seconds, most)
            or seats.has_run_out_too_often(seat, holder, now, most, expired)
        ]

    def _left_single(self, holder: bytes, seat_ids: Sequence[str] | None = None) -> tuple[str, ...]:
        """The seats for which the single-seat rule refuses to confirm some of the seats that the
        holder has locked, or all of them."""
        if not self.event.policy.forbid_single_seats:
            return ()
        held = self.seats.holders.held_by(holder)
        locked = self.seats.locked_by(holder)
        chosen = locked if seat_ids is None else seat_ids
        return tuple(self.seats.free.left_single(chosen, locked, set(held).difference(locked)))

    def left_single_by_move(self, holder: bytes, places: Mapping[str, str]) -> tuple[str, ...]:
        """The seats for which the single-seat rule refuses to move booked seats of the holder. The
        seats that are given up count as free."""
        if not self.event.policy.forbid_single_seats:
            return ()
        held, locked = self.seats.holders.held_by(holder), self.seats.locked_by(holder)
        kept = set(held).difference(locked, places)
        return tuple(self.seats.free.left_single(places.values(), {*locked, *places}, kept))

    def unused(self, reference: str) -> str:
        """A reference that no booking has: this one if it is so."""
        while reference in self.bookings:
            reference = self._mint_reference()
        return reference

    def void_tickets(self, seat_ids: Sequence[str], now: Moment) -> None:
        """The seats are cancelled or moved: their tickets, if they have any, open no door."""
        for ticket in self.tickets.valid(seat_ids).values():
            self.tickets.keep(admission.void(ticket, now.wall))

    def category(self, seat_id: str) -> str:
        """The category of a seat of the plan."""
        return self.label(seat_id).category

    def label(self, seat_id: str) -> SeatLabel:
        """What is written on a seat of the plan."""
        label = self.seats.names.label(seat_id)
        assert label is not None
        return label

    def _find(self, seat_ids: Sequence[str]) -> list[Seat]:
        terms.expect_choice(seat_ids)
        return self.seats.find(seat_ids)

    def _find_to_lock(self, seat_ids: Sequence[str], held: int) -> list[Seat]:
        policy = self.event.policy
        if len(seat_ids) > policy.max_seats_per_holder:
            # However many are free. Thousands would take long to look up.
            terms.expect_within_limit(policy, held, len(seat_ids), seat_ids)
        return self._find(seat_ids)

    def _locked_by(self, holder: bytes | None, expect: int | None) -> list[str]:
        if holder is None:
            raise errors.TokenRequired
        locked = self.seats.locked_by(holder)
        if expect is not None and len(locked) != expect:
            missing = expect - len(locked)
            # Only the latest: those that ran out before were in another basket.
            ran_out = self.seats.ran_out_of(holder)[-missing:] if missing > 0 else []
            raise errors.WrongNumberOfLocks(expect, len(locked), ran_out)
        if not locked:
            for seat_id in self.seats.ran_out_of(holder):
                raise errors.LockExpired(seat_id)
            raise errors.SeatNotLocked
        return locked


def _time_left(locked: Sequence[Seat], now: Moment) -> float:
    """The seconds until the first of the locks runs out."""
    return min([seat.lock.deadline for seat in locked if seat.lock is not None]) - now.monotonic
