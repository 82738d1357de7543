"""The rules of a seat, one by one."""

import pytest

from booking.domain import errors, seats
from booking.domain.model import Booking, Seat, SeatStatus
from booking.domain.moment import Moment

ANN, BOB = b"ann", b"bob"


def moment(seconds: float) -> Moment:
    return Moment(monotonic=seconds, wall=1_800_000_000 + seconds)


T0 = moment(0)
FREE = Seat("7")
LOCKED = seats.lock(FREE, ANN, T0, 60, 300)
BLOCKED = Seat("7", SeatStatus.BLOCKED)
BOOKING = Booking(reference="R", event="default", seats=("7",), booked_at=0, holder=ANN)
BOOKED = seats.confirm(LOCKED, ANN, T0, BOOKING)


def test_an_available_seat_can_be_locked() -> None:
    assert LOCKED.status is SeatStatus.LOCKED
    assert LOCKED.lock is not None
    assert (LOCKED.lock.holder, LOCKED.lock.deadline) == (ANN, 60)
    assert LOCKED.lock.expires_at == T0.wall + 60


def test_a_locked_seat_cannot_be_locked_and_its_own_holder_is_told_so() -> None:
    with pytest.raises(errors.SeatLocked) as by_bob:
        seats.lock(LOCKED, BOB, moment(10), 60, 300)
    assert (by_bob.value.yours, by_bob.value.retry_after) == (False, 50)
    with pytest.raises(errors.SeatLocked) as by_ann:
        seats.lock(LOCKED, ANN, moment(10), 60, 300)
    assert by_ann.value.yours


def test_a_booked_seat_cannot_be_locked_and_its_own_holder_is_told_so() -> None:
    with pytest.raises(errors.SeatBooked) as by_bob:
        seats.lock(BOOKED, BOB, T0, 60, 300)
    assert not by_bob.value.yours
    with pytest.raises(errors.SeatBooked) as by_ann:
        seats.lock(BOOKED, ANN, T0, 60, 300)
    assert by_ann.value.yours
    assert by_ann.value.seat.booking is BOOKING


def test_a_blocked_seat_cannot_be_locked() -> None:
    with pytest.raises(errors.SeatBlocked):
        seats.lock(BLOCKED, ANN, T0, 60, 300)


@pytest.mark.parametrize("seconds", [60, 60.001, 1e9])
def test_from_its_deadline_on_a_lock_is_none(seconds: float) -> None:
    assert seats.expire(LOCKED, moment(59.999)) is LOCKED
    assert seats.expire(LOCKED, moment(seconds)).status is SeatStatus.AVAILABLE
    assert seats.lock(LOCKED, BOB, moment(seconds), 60, 300).status is SeatStatus.LOCKED


def test_only_the_holder_of_a_lock_can_confirm_it() -> None:
    assert (BOOKED.status, BOOKED.booking, BOOKED.lock) == (SeatStatus.BOOKED, BOOKING, None)
    with pytest.raises(errors.NotYourLock):
        seats.confirm(LOCKED, BOB, T0, BOOKING)
    with pytest.raises(errors.TokenRequired):
        seats.confirm(LOCKED, None, T0, BOOKING)


def test_a_lock_is_confirmed_until_its_deadline_and_not_from_then_on() -> None:
    assert seats.confirm(LOCKED, ANN, moment(59.999), BOOKING).status is SeatStatus.BOOKED
    with pytest.raises(errors.LockExpired):
        seats.confirm(LOCKED, ANN, moment(60), BOOKING)


def test_only_the_last_holder_is_told_that_a_lock_ran_out() -> None:
    expired = seats.expire(LOCKED, moment(60))
    with pytest.raises(errors.LockExpired):
        seats.release(expired, ANN, moment(61))
    for stranger in (BOB, None):
        with pytest.raises(errors.SeatNotLocked):
            seats.release(expired, stranger, moment(61))
    taken_by_bob = seats.lock(expired, BOB, moment(61), 60, 300)
    with pytest.raises(errors.NotYourLock):
        seats.release(taken_by_bob, ANN, moment(62))


def test_what_is_not_locked_cannot_be_confirmed() -> None:
    for seat, error in [
        (FREE, errors.SeatNotLocked),
        (BOOKED, errors.SeatBooked),
        (BLOCKED, errors.SeatBlocked),
    ]:
        for holder in (ANN, None):
            with pytest.raises(error):
                seats.confirm(seat, holder, T0, BOOKING)


def test_a_released_seat_is_free_for_all_and_nobody_is_told_that_it_ran_out() -> None:
    released = seats.release(LOCKED, ANN, moment(1))
    assert released.status is SeatStatus.AVAILABLE
    for holder in (ANN, BOB):
        with pytest.raises(errors.SeatNotLocked):
            seats.confirm(released, holder, moment(1), BOOKING)
    by_bob = seats.lock(released, BOB, moment(1), 60, 300)
    assert by_bob.lock is not None
    assert (by_bob.lock.holder, by_bob.lock.deadline) == (BOB, 61)
    with pytest.raises(errors.NotYourLock):
        seats.release(LOCKED, BOB, moment(1))


def again(seat: Seat, seconds: float) -> float:
    """When a lock ends that Ann makes on the seat at that time."""
    locked = seats.lock(seat, ANN, moment(seconds), 60, 300)
    assert locked.lock is not None
    return locked.lock.deadline


@pytest.mark.parametrize(
    ("at", "deadline"),
    [
        (290, 300),  # Not for longer than 300 seconds in all.
        (349.5, None),
        (350, 410),  # Others have had 60 seconds: that is a fair chance.
    ],
)
def test_the_time_of_a_holder_counts_across_release_and_lock_until_others_had_a_chance(
    at: float, deadline: float | None
) -> None:
    held = seats.extend(seats.extend(LOCKED, ANN, moment(50), 200, 300), ANN, moment(240), 60, 300)
    released = seats.release(held, ANN, moment(290))
    if deadline is not None:
        assert again(released, at) == deadline
        return
    with pytest.raises(errors.LockedTooLong) as error:
        seats.lock(released, ANN, moment(at), 60, 300)
    assert error.value.retry_after == 0.5
    assert seats.is_held_too_long(released, ANN, moment(at), 60, 300)
    assert not seats.is_held_too_long(released, BOB, moment(at), 60, 300)


def test_the_time_of_a_holder_counts_across_locks_that_run_out() -> None:
    seat, now = LOCKED, 60
    for _ in range(4):
        seat = seats.lock(seat, ANN, moment(now), 60, 300)
        now += 60
    assert seat.lock is not None
    assert seat.lock.deadline == 300
    with pytest.raises(errors.LockedTooLong):
        seats.lock(seat, ANN, moment(300), 60, 300)
    assert again(seat, 360) == 420


def test_once_someone_else_has_had_the_seat_time_counts_anew() -> None:
    exhausted = seats.release(seats.lock(FREE, ANN, T0, 60, 60), ANN, moment(59))
    by_bob = seats.release(seats.lock(exhausted, BOB, moment(60), 60, 60), BOB, moment(61))
    assert again(by_bob, 62) == 122


def test_a_clock_that_was_set_back_does_not_keep_a_holder_out() -> None:
    released = seats.release(seats.lock(FREE, ANN, moment(1000), 60, 60), ANN, moment(1060 - 1))
    assert again(released, 5) == 65


def test_extending_restarts_the_lock_and_keeps_when_it_was_made() -> None:
    extended = seats.extend(LOCKED, ANN, moment(50), 60, 300)
    assert extended.lock is not None
    assert (extended.lock.deadline, extended.lock.locked_at) == (110, T0)


def test_extending_goes_no_further_than_the_longest_lock() -> None:
    extended = LOCKED
    for seconds in range(50, 300, 50):
        extended = seats.extend(extended, ANN, moment(seconds), 60, 300)
    assert extended.lock is not None
    assert extended.lock.deadline == 300
    assert seats.extend(extended, ANN, moment(299), 60, 300) == extended
    with pytest.raises(errors.LockExpired):
        seats.extend(extended, ANN, moment(300), 60, 300)


def test_extending_never_makes_a_lock_shorter() -> None:
    assert seats.extend(LOCKED, ANN, moment(1), 10, 20) == LOCKED


def test_only_the_holder_can_extend() -> None:
    with pytest.raises(errors.NotYourLock):
        seats.extend(LOCKED, BOB, moment(1), 60, 300)


# Locks that run out again and again


def after_locks(*ends: str) -> tuple[Seat, float]:
    """Seat 7 after locks of Ann's that each ran out or were released, and the time by then."""
    seat, now = FREE, 0.0
    for end in ends:
        seat = seats.lock(seat, ANN, moment(now), 60, 3600)
        now += 60
        if end == "released":
            seat = seats.release(seat, ANN, moment(now - 1))
    return seats.expire(seat, moment(now)), now


@pytest.mark.parametrize(
    ("ends", "waits"),
    [
        (["ran out"], False),
        (["ran out", "ran out"], True),
        (["ran out", "released"], False),
        (["ran out", "released", "ran out"], True),
    ],
)
def test_a_holder_waits_after_so_many_locks_on_the_seat_that_ran_out(
    ends: list[str], waits: bool
) -> None:
    seat, now = after_locks(*ends)
    assert seats.has_run_out_too_often(seat, ANN, moment(now), 3600, 2) is waits
    assert not seats.has_run_out_too_often(seat, ANN, moment(now), 3600, None)
    assert not seats.has_run_out_too_often(seat, BOB, moment(now), 3600, 2)


def test_the_wait_ends_when_the_seat_has_been_free_for_the_longest_time_of_a_lock() -> None:
    seat, now = after_locks("ran out", "ran out")
    with pytest.raises(errors.TooManyExpiredLocks) as refused:
        seats.lock(seat, ANN, moment(now + 3599), 60, 3600, 2)
    assert refused.value.retry_after == 1
    again = seats.lock(seat, ANN, moment(now + 3600), 60, 3600, 2)
    assert again.lock is not None
    assert again.lock.ran_out == 0
