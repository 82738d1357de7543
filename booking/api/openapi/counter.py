"""The calls of the box office, those that change a booking, and the keys."""

from collections.abc import Iterator

from booking.api.openapi.operations import (
    ADMINISTRATION,
    ADMINISTRATOR,
    CHANGE,
    HOLDER,
    KEYED,
    OF_AN_EVENT,
    ORGANISER,
    ORGANISING,
    SEVERAL,
    Operation,
    answer,
    changed,
    operation,
)
from booking.api.openapi.parts import EVENT_ID, MESSAGE, TEXT, Schema, list_of, of_object, ref

_BOOKING: dict[str, Schema] = {"booking": ref("Booking")}


def of_bookings() -> Iterator[tuple[str, str, Operation]]:
    """The calls that change one booking, served at the root and under an event, too."""
    codes = (
        "booking_not_found",
        "invalid_token",
        "scope_required",
        "unavailable",
        "event_unreadable",
        *CHANGE,
    )
    rules = (*KEYED, "booking_cancelled", "cancellation_closed", "not_in_booking")
    yield (
        "/bookings/{reference}/details",
        "delete",
        operation(
            "erase_details",
            "Forget what is known of the people of a booking",
            "bookings",
            changed(_BOOKING, "Cache-Control"),
            parameters=("reference",),
            codes=codes,
            security=[*HOLDER, *ORGANISER],
        ),
    )
    yield (
        "/bookings/{reference}/cancel",
        "post",
        operation(
            "cancel_booking",
            "Give the seats of a booking back, or those that the body names",
            "bookings",
            changed(SEVERAL | _BOOKING, "Cache-Control"),
            parameters=("reference", "Idempotency-Key"),
            body=ref("SeatsIfAny"),
            body_required=False,
            codes=(*codes, *rules),
            security=[*HOLDER, *ORGANISER],
        ),
    )
    yield (
        "/bookings/{reference}/move",
        "post",
        operation(
            "move_booking",
            "Move seats of a booking to others, all or none",
            "bookings",
            changed(SEVERAL | _BOOKING, "Cache-Control"),
            parameters=("reference", "Idempotency-Key"),
            body=ref("Move"),
            codes=(
                *codes,
                *rules,
                "administrator_required",
                "seat_not_found",
                "seats_unavailable",
                "not_on_sale",
                "other_category",
                "leaves_single_seat",
            ),
            security=[*HOLDER, *ORGANISER],
        ),
    )
    yield (
        "/bookings/{reference}/swap",
        "post",
        operation(
            "swap_bookings",
            "Let two bookings exchange seats",
            "administration",
            changed({"bookings": list_of(ref("Booking"))}, "Cache-Control"),
            parameters=("reference", "Idempotency-Key"),
            body=ref("Swap"),
            codes=(*codes, *rules, "administrator_required"),
            security=ORGANISER,
        ),
    )


def of_the_box_office() -> Iterator[tuple[str, str, Operation]]:
    """The calls for whoever sells at the box office or takes seats off sale."""
    codes = (*OF_AN_EVENT, *ORGANISING)
    changes = (*codes, *CHANGE, "seat_not_found")
    sold = of_object({"message": MESSAGE, **SEVERAL, **_BOOKING})
    yield (
        "/events/{event}/bookings",
        "post",
        operation(
            "sell",
            "Book seats for someone else in one step",
            "administration",
            {201: answer("The seats are booked.", sold, "Cache-Control")},
            parameters=("Idempotency-Key",),
            body=ref("Sale"),
            codes=(
                *changes,
                *KEYED,
                "seats_unavailable",
                "not_on_sale",
                "holder_limit_reached",
                "bad_details",
            ),
            security=ORGANISER,
        ),
    )
    for verb, summary, body, refusals in (
        (
            "take",
            "Take locks from whoever has them, who are told the reason",
            "Taking",
            ("seat_not_locked", "seat_booked", "seat_blocked"),
        ),
        ("block", "Take seats off sale, all or none", "Blocking", ("seats_unavailable",)),
        ("unblock", "Put seats on sale again, all or none", "NamedSeats", ()),
    ):
        yield (
            f"/events/{{event}}/{verb}",
            "post",
            operation(
                verb,
                summary,
                "administration",
                changed(SEVERAL),
                body=ref(body),
                codes=(*changes, *refusals),
                security=ORGANISER,
            ),
        )
    blocks = of_object({"event": EVENT_ID, "blocks": list_of(ref("Block"))})
    yield (
        "/events/{event}/blocks",
        "get",
        operation(
            "list_blocks",
            "What is off sale, by what it is off sale for",
            "administration",
            {200: answer("The seats that are off sale.", blocks, "Cache-Control")},
            codes=codes,
            security=ORGANISER,
        ),
    )


def of_keys() -> Iterator[tuple[str, str, Operation]]:
    """The keys that the administrator makes for others."""
    codes = (*ADMINISTRATION, "unavailable")
    yield (
        "/keys",
        "get",
        operation(
            "list_keys",
            "All keys, without their tokens",
            "administration",
            {200: answer("The keys.", of_object({"keys": list_of(ref("Key"))}), "Cache-Control")},
            codes=codes,
            security=ADMINISTRATOR,
        ),
    )
    described = {"allOf": [of_object({"message": MESSAGE}), ref("Key")]}
    made = {"allOf": [of_object({"message": MESSAGE, "token": TEXT}), ref("Key")]}
    yield (
        "/keys/{name}",
        "put",
        operation(
            "put_key",
            "Make a key, or change what a key is good for",
            "administration",
            {
                200: answer("The key was changed. It keeps its token.", described, "Cache-Control"),
                201: answer("The key, and its token: shown this once.", made, "Cache-Control"),
            },
            body=ref("KeyDescription"),
            codes=(*codes, *CHANGE),
            security=ADMINISTRATOR,
        ),
    )
    yield (
        "/keys/{name}",
        "delete",
        operation(
            "end_key",
            "Revoke a key, at once and on every process",
            "administration",
            changed({"key": EVENT_ID}, "Cache-Control"),
            codes=(*codes, *CHANGE, "key_not_found"),
            security=ADMINISTRATOR,
        ),
    )
    may = {"event": EVENT_ID, "by": TEXT, "scopes": list_of(ref("Scope"))}
    yield (
        "/events/{event}/scopes",
        "get",
        operation(
            "see_scopes",
            "What the sender of the request may do with an event",
            "administration",
            {200: answer("The scopes of the key.", of_object(may), "Cache-Control")},
            codes=(*OF_AN_EVENT, *ADMINISTRATION),
            security=ORGANISER,
        ),
    )
