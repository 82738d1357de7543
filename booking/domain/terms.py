"""The terms of a sale: who may lock how many seats when, and until when a booking is cancelled.

Pure functions, as those of a seat (:mod:`booking.domain.seats`). Times are Unix times.
"""

from collections.abc import Sequence
from dataclasses import replace

from booking.domain import errors, questions
from booking.domain.model import NEVER, Actor, Booking, Client, Event, Policy, Visibility
from booking.domain.questions import Details


def expect_on_sale(event: Event, now: float) -> None:
    """Raises NotOnSale before the sale of the event begins, and from its end on: when the event
    starts, unless it has another ``on_sale_until``. A draft is not on sale at all."""
    begun = event.on_sale_from is None or event.on_sale_from <= now
    over = event.sale_ends_at is not None and event.sale_ends_at <= now
    if over or not begun or event.visibility is Visibility.DRAFT:
        raise errors.NotOnSale(event, now)


def expect_choice(seat_ids: Sequence[str]) -> None:
    """Raises BadChoice unless the ids name at least one seat, and each seat once."""
    if not seat_ids or len(set(seat_ids)) != len(seat_ids):
        raise errors.BadChoice(seat_ids)


def expect_within_limit(policy: Policy, has: int, more: int, seat_ids: Sequence[str] = ()) -> None:
    """Raises HolderLimitReached if a holder of ``has`` seats cannot have so many more, which are
    ``seat_ids`` if that is known yet."""
    if has + more > policy.max_seats_per_holder:
        raise errors.HolderLimitReached(policy.max_seats_per_holder, has, more, seat_ids)


def expect_within_client_limit(client: Client, has: int, more: int) -> None:
    """Raises ClientLimitReached if a client that has so many seats locked, by whatever tokens,
    cannot lock so many more."""
    if has + more > client.most:
        raise errors.ClientLimitReached(client.most)


def expect_answers(policy: Policy, details: Details, *, required: bool = True) -> None:
    """Raises BadDetails unless the details answer what the policy asks. The box office need not
    answer what is ``required``."""
    asked = policy.ask
    if not required:
        asked = tuple(replace(question, required=False) for question in asked)
    if faults := dict(questions.faults(asked, details.answers)):
        raise errors.BadDetails(faults)


def details_kept_from(event: Event, booked_at: float) -> float:
    """When the time begins for which the details of a booking are kept: when the event is over or,
    if nobody knows when that is, when they were given."""
    return event.over_at if event.over_at < NEVER else booked_at


def cancel(event: Event, booking: Booking, by: Actor, now: float) -> Booking:
    """The booking, cancelled. Raises what :func:`expect_changeable` raises."""
    expect_changeable(event, booking, by, now)
    return booking._replace(cancelled_at=now)


def expect_changeable(event: Event, booking: Booking, by: Actor, now: float) -> None:
    """Seats of a booking can be given back or moved. The deadline binds holders alone.

    Raises:
        BookingCancelled: it is cancelled already.
        CancellationClosed: the deadline has passed.
    """
    if booking.cancelled_at is not None:
        raise errors.BookingCancelled(booking)
    until = event.policy.cancel_until
    if until is None:
        until = event.starts_at
    if isinstance(by, bytes) and until is not None and until <= now:
        raise errors.CancellationClosed(booking, until)
