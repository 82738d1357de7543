"""The calls of buyers: seats and bookings."""

from collections.abc import Iterator

from booking.api.openapi import examples
from booking.api.openapi.operations import (
    ANYONE,
    CHANGE,
    HOLDER,
    KEYED,
    OF_AN_EVENT,
    ORGANISER,
    SEVERAL,
    Operation,
    answer,
    changed,
    not_changed,
    operation,
)
from booking.api.openapi.parts import (
    EVENT_ID,
    MESSAGE,
    SEAT_IDS,
    SECONDS,
    TEXT,
    Schema,
    list_of,
    of_object,
    ref,
)

_LOCK_RULES = (
    "seat_not_found",
    "seat_locked",
    "seat_booked",
    "seat_blocked",
    "seat_held_too_long",
    "too_many_expired_locks",
    "holder_limit_reached",
    "not_on_sale",
    "lock_taken",
)
_HELD_RULES = (
    "token_required",
    "not_your_lock",
    "seat_not_found",
    "seat_not_locked",
    "lock_expired",
    "seat_booked",
    "seat_blocked",
    "lock_taken",
)


_ONE: dict[str, Schema] = {"seat": ref("Seat")}
_LOCK: dict[str, Schema] = {"expires_in": SECONDS, "leaves_single": SEAT_IDS, "token": TEXT}


def of_seats() -> Iterator[tuple[str, str, Operation]]:
    """The calls that are served at the root and under ``/events/{event}``: path, method, what."""
    shown = {
        200: answer("The seats.", ref("Seats"), "ETag", "Cache-Control"),
        304: not_changed("Nothing has changed."),
    }
    yield (
        "/seats",
        "get",
        operation(
            "list_seats",
            "All seats, or those that changed after a version",
            "seats",
            shown,
            parameters=("since", "If-None-Match"),
            codes=OF_AN_EVENT,
        ),
    )
    yield (
        "/seats/{seat_id}",
        "get",
        operation(
            "see_seat",
            "One seat",
            "seats",
            {
                200: answer(
                    "The seat.",
                    of_object({"seat": ref("Seat")}),
                    "Cache-Control",
                    example={"seat": examples.AVAILABLE_SEAT},
                )
            },
            parameters=("seat_id",),
            codes=(*OF_AN_EVENT, "seat_not_found"),
        ),
    )
    basket: dict[str, Schema] = {
        "event": EVENT_ID,
        "seats": list_of(ref("LockedSeat")),
        "bookings": list_of(ref("Booking")),
        "leaves_single": SEAT_IDS,
    }
    yield (
        "/basket",
        "get",
        operation(
            "see_basket",
            "What you have: locked seats and bookings",
            "seats",
            {
                200: answer(
                    "Your basket; empty without a token.",
                    of_object(basket, optional=("leaves_single",)),
                    "Cache-Control",
                    "Set-Cookie",
                )
            },
            parameters=("X-Requested-With",),
            codes=(*OF_AN_EVENT, "invalid_token"),
            security=[*ANYONE, *HOLDER],
        ),
    )
    yield (
        "/plan",
        "get",
        operation(
            "see_plan",
            "The seating plan: zones, rows, seats with coordinates",
            "seats",
            {
                200: answer("The plan.", ref("Plan"), "ETag", "Cache-Control"),
                304: not_changed("You have it already."),
            },
            parameters=("If-None-Match",),
            codes=OF_AN_EVENT,
        ),
    )
    yield from _locking()
    yield from _holding()


def _locking() -> Iterator[tuple[str, str, Operation]]:
    codes = (*OF_AN_EVENT, *CHANGE, *KEYED, *_LOCK_RULES, "invalid_token")
    single = ("leaves_single",)
    yield (
        "/lock/{seat_id}",
        "post",
        operation(
            "lock_seat",
            "Lock a seat",
            "buying",
            changed(_ONE | _LOCK, "Set-Cookie", optional=single),
            parameters=("seat_id", "Idempotency-Key"),
            codes=codes,
            security=[*ANYONE, *HOLDER],
        ),
    )
    yield (
        "/lock",
        "post",
        operation(
            "lock_seats",
            "Lock several seats, all or none: those that you name, or the best available",
            "buying",
            changed(SEVERAL | _LOCK, "Set-Cookie", optional=single),
            parameters=("Idempotency-Key",),
            body=ref("SeatChoice"),
            security=[*ANYONE, *HOLDER],
            codes=(*codes, "seats_unavailable", "not_enough_seats"),
        ),
    )


def _holding() -> Iterator[tuple[str, str, Operation]]:
    codes = (*OF_AN_EVENT, *CHANGE, *KEYED, *_HELD_RULES, "invalid_token")
    booked: dict[str, Schema] = {"booking": ref("Booking")}
    for verb, summary, more, besides in (
        ("confirm", "Book", booked, ("leaves_single_seat", "bad_details")),
        ("release", "Give up", {}, ()),
    ):
        yield (
            f"/{verb}/{{seat_id}}",
            "post",
            operation(
                f"{verb}_seat",
                f"{summary} a seat that you have locked",
                "buying",
                changed(_ONE | more),
                parameters=("seat_id", "Idempotency-Key"),
                security=HOLDER,
                body=ref("Answers") if verb == "confirm" else None,
                body_required=False,
                codes=(*codes, *besides),
            ),
        )
        yield (
            f"/{verb}",
            "post",
            operation(
                f"{verb}_seats",
                f"{summary} several seats that you have locked, all or none",
                "buying",
                changed(SEVERAL | more),
                parameters=("Idempotency-Key",),
                security=HOLDER,
                body=ref("Confirmation" if verb == "confirm" else "NamedSeats"),
                body_required=verb != "confirm",
                codes=(*codes, *besides),
            ),
        )
    yield (
        "/extend",
        "post",
        operation(
            "extend_seats",
            "More time for several seats that you have locked, all or none",
            "buying",
            changed(SEVERAL | {"expires_in": SECONDS}),
            parameters=("Idempotency-Key",),
            body=ref("NamedSeats"),
            codes=codes,
            security=HOLDER,
        ),
    )


def of_links() -> Iterator[tuple[str, str, Operation]]:
    """The call that mails links to bookings."""
    yield (
        "/bookings/link",
        "post",
        operation(
            "send_links",
            "Mail the links of the bookings of an address to that address; not found where the"
            " service sends no mail",
            "bookings",
            {202: answer("Asked for.", of_object({"message": MESSAGE}), "Cache-Control")},
            body=ref("Address"),
            codes=(*CHANGE, "not_found", "unavailable"),
        ),
    )


def of_bookings() -> Iterator[tuple[str, str, Operation]]:
    """The call that shows a booking, served at the root and under an event, too."""
    codes = (
        "booking_not_found",
        "invalid_token",
        "scope_required",
        "unavailable",
        "event_unreadable",
    )
    yield (
        "/bookings/{reference}",
        "get",
        operation(
            "see_booking",
            "A booking of yours",
            "bookings",
            {
                200: answer(
                    "The booking.",
                    of_object({"booking": ref("Booking")}),
                    "Cache-Control",
                    example={"booking": examples.BOOKING},
                )
            },
            parameters=("reference",),
            codes=codes,
            security=[*HOLDER, *ORGANISER],
        ),
    )
