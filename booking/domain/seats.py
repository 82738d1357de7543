"""The rules of a seat: what each call makes of it, or why it is refused.

Pure functions of a seat, a holder (the digest of a token) and a moment. They hold no state, take
no lock and read no clock, so that every engine can call them: in memory, or inside a transaction.

    available --lock--> locked --confirm--> booked
     ^  |  ^              |                   |
     |  |  +--- release --+                   |
     |  |  +--- deadline -+                   |
     |  |  +------------ cancel --------------+
     |  +--block--> blocked
     +--unblock--------+
"""

from collections.abc import Callable, Collection, Sequence

from booking.domain import errors
from booking.domain.model import (
    AVAILABLE,
    BLOCKED,
    BOOKED,
    LOCKED,
    Block,
    Booking,
    Override,
    Seat,
    SeatLock,
)
from booking.domain.moment import Moment


def expire(seat: Seat, now: Moment) -> Seat:
    """The seat as it is at a moment: from its deadline on, a lock is none, swept or not."""
    if seat.lock is None or seat.status is not LOCKED or now.monotonic < seat.lock.deadline:
        return seat
    return Seat(seat.id, AVAILABLE, lock=seat.lock)


def relock(seat: Seat, now: Moment) -> Seat:
    """The seat with its lock as if it was made now. For a lock that was made at a time that is yet
    to come: the clock was wrong then and has been set back since, or would hold the seat until
    it is there again."""
    if seat.lock is None or seat.lock.locked_at.monotonic <= now.monotonic:
        return seat
    return Seat(seat.id, seat.status, lock=seat.lock._replace(locked_at=now))


def lock(
    seat: Seat,
    holder: bytes,
    now: Moment,
    seconds: float,
    max_seconds: float,
    max_expired: int | None = None,
    client: bytes | None = None,
) -> Seat:
    """Lock an available seat for ``seconds``; the lock counts against the ``client``.

    A holder who had the seat last, and locks it again before it has been free for ``seconds``,
    goes on with that lock: it lasts for ``max_seconds`` in all. Others had no fair chance yet.

    Raises:
        SeatUnavailable: it is locked (by anyone, the holder included), booked or blocked, or the
            holder has had it for ``max_seconds``, or let ``max_expired`` locks on it run out.
    """
    seat = expire(seat, now)
    if seat.status is not AVAILABLE:
        raise _unavailable(seat, holder, now)
    last = seat.lock
    if last is None:
        return Seat(seat.id, LOCKED, lock=SeatLock(holder, now, seconds, client=client))
    goes_on = _goes_on(last, holder, now, seconds)
    if goes_on and last.taken is not None:
        raise errors.LockTaken(seat, last.taken)
    if has_run_out_too_often(seat, holder, now, max_seconds, max_expired):
        raise errors.TooManyExpiredLocks(seat, last.deadline + max_seconds - now.monotonic)
    begun, in_all = now, seconds
    if goes_on:
        begun, elapsed = last.locked_at, now.monotonic - last.locked_at.monotonic
        if elapsed >= max_seconds:
            raise errors.LockedTooLong(seat, last.deadline + seconds - now.monotonic)
        in_all = min(elapsed + seconds, max_seconds)
    ran_out = _ran_out(last, holder, now, max_seconds)
    made = SeatLock(holder, begun, in_all, ran_out=ran_out, client=client)
    return Seat(seat.id, LOCKED, lock=made)


def is_held_too_long(
    seat: Seat, holder: bytes, now: Moment, seconds: float, max_seconds: float
) -> bool:
    """Whether :func:`lock` refuses an available seat because the holder has had it for
    ``max_seconds``."""
    return (
        seat.lock is not None
        and _goes_on(seat.lock, holder, now, seconds)
        and now.monotonic - seat.lock.locked_at.monotonic >= max_seconds
    )


def has_run_out_too_often(
    seat: Seat, holder: bytes, now: Moment, max_seconds: float, max_expired: int | None
) -> bool:
    """Whether :func:`lock` refuses an available seat because the holder let ``max_expired`` locks
    on it run out, the last less than ``max_seconds`` ago."""
    return (
        max_expired is not None
        and seat.lock is not None
        and _ran_out(seat.lock, holder, now, max_seconds) >= max_expired
    )


def _ran_out(last: SeatLock, holder: bytes, now: Moment, max_seconds: float) -> int:
    """How many locks of the holder on an available seat ran out in a row. A seat that nobody
    wanted for ``max_seconds`` begins anew, and so does one that someone else had."""
    ended = last.deadline
    if last.holder != holder or not ended <= now.monotonic < ended + max_seconds:
        return 0
    return last.ran_out + (not last.released)


def _goes_on(last: SeatLock, holder: bytes, now: Moment, seconds: float) -> bool:
    """Whether the last lock on an available seat goes on if the holder locks the seat now."""
    return (
        last.holder == holder
        # A clock that was set back says nothing about how long the seat has been free.
        and last.locked_at.monotonic <= now.monotonic < last.deadline + seconds
    )


def confirm(seat: Seat, holder: bytes | None, now: Moment, booking: Booking) -> Seat:
    """Make the holder's lock a booking. Raises what :func:`lock_of` raises."""
    lock_of(seat, holder, now)
    return Seat(seat.id, BOOKED, booking=booking)


def release(seat: Seat, holder: bytes | None, now: Moment) -> Seat:
    """Give the holder's lock up. Raises what :func:`lock_of` raises."""
    held = lock_of(seat, holder, now)
    elapsed = now.monotonic - held.locked_at.monotonic
    return Seat(seat.id, lock=held._replace(seconds=elapsed, released=True))


def extend(
    seat: Seat, holder: bytes | None, now: Moment, seconds: float, max_seconds: float
) -> Seat:
    """Let the holder's lock run for ``seconds`` from now, but no more than ``max_seconds`` in all.

    A lock never becomes shorter by this. Raises what :func:`lock_of` raises.
    """
    held = lock_of(seat, holder, now)
    elapsed = now.monotonic - held.locked_at.monotonic
    prolonged = max(held.seconds, min(elapsed + seconds, max_seconds))
    return Seat(seat.id, LOCKED, lock=held._replace(seconds=prolonged))


def book(
    seat: Seat,
    holder: bytes | None,
    now: Moment,
    booking: Booking,
    override: Collection[Override] = (),
) -> Seat:
    """Book a seat in one step: one that is available, locked by the holder, or blocked, if the
    caller overrides that.

    Raises:
        SeatUnavailable: it is none of these.
    """
    seat = expire(seat, now)
    own = seat.status is LOCKED and seat.lock is not None and seat.lock.holder == holder
    blocked = seat.status is BLOCKED and Override.BLOCKED in override
    if not (own or blocked or seat.status is AVAILABLE):
        raise _unavailable(seat, None, now)
    return Seat(seat.id, BOOKED, booking=booking)


def take(seat: Seat, reason: str, now: Moment) -> Seat:
    """Take the lock from whoever has it, and keep the reason for them.

    Raises:
        SeatUnavailable, SeatNotLocked: nobody has locked it.
    """
    seat = expire(seat, now)
    if seat.lock is None or seat.status is not LOCKED:
        if seat.status is not AVAILABLE:
            raise _unavailable(seat, None, now)
        raise errors.SeatNotLocked(seat.id)
    elapsed = now.monotonic - seat.lock.locked_at.monotonic
    taken = seat.lock._replace(seconds=elapsed, released=True, taken=reason)
    return Seat(seat.id, lock=taken)


def cancel(seat: Seat) -> Seat:
    """Give a booked seat back."""
    return Seat(seat.id)


def block(seat: Seat, now: Moment, block: Block | None = None) -> Seat:
    """Take an available seat off sale, for what ``block`` says. One that is blocked stays so.

    Raises:
        SeatUnavailable: it is locked or booked.
    """
    seat = expire(seat, now)
    if seat.status in (LOCKED, BOOKED):
        raise _unavailable(seat, None, now)
    return Seat(seat.id, BLOCKED, block=block or seat.block)


def unblock(seat: Seat) -> Seat:
    """Put a blocked seat on sale again; one that is not blocked stays as it is."""
    return Seat(seat.id) if seat.status is BLOCKED else seat


def all_or_none(change: Callable[[Seat], Seat], found: Sequence[Seat]) -> list[Seat]:
    """What the seats become. Raises SeatsUnavailable with all that cannot."""
    after, refusals = [], []
    for seat in found:
        try:
            after.append(change(seat))
        except errors.SeatUnavailable as refusal:
            refusals.append(refusal)
    if refusals:
        raise errors.SeatsUnavailable(refusals)
    return after


def changed(before: Sequence[Seat], after: Sequence[Seat]) -> list[Seat]:
    """The seats that have become others."""
    return [new for old, new in zip(before, after, strict=True) if new != old]


def lock_of(seat: Seat, holder: bytes | None, now: Moment) -> SeatLock:
    """The valid lock that the holder has on the seat.

    Raises:
        SeatUnavailable: the seat is booked or blocked.
        TokenRequired: it is locked, and there is no holder to compare with.
        NotYourLock: it is locked by another holder.
        LockTaken: it is available, and the box office took the holder's lock.
        LockExpired: it is available, and the holder's lock was the last on it and ran out.
        SeatNotLocked: it is available.
    """
    seat = expire(seat, now)
    if seat.lock is not None and seat.status is LOCKED:
        if holder is None:
            raise errors.TokenRequired(seat.id)
        if holder != seat.lock.holder:
            raise errors.NotYourLock(seat.id)
        return seat.lock
    if seat.status is not AVAILABLE:
        raise _unavailable(seat, holder, now)
    if seat.lock is not None and holder == seat.lock.holder:
        if seat.lock.taken is not None:
            raise errors.LockTaken(seat, seat.lock.taken)
        if not seat.lock.released:
            raise errors.LockExpired(seat.id)
    raise errors.SeatNotLocked(seat.id)


def _unavailable(seat: Seat, holder: bytes | None, now: Moment) -> errors.SeatUnavailable:
    if seat.lock is not None:
        return errors.SeatLocked(seat, now, yours=holder == seat.lock.holder)
    if seat.booking is not None:
        return errors.SeatBooked(seat, yours=holder == seat.booking.holder)
    return errors.SeatBlocked(seat)
