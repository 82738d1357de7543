"""What is sent and answered, as JSON Schemas."""

from booking.api.openapi import examples
from booking.api.openapi.parts import (
    COUNT,
    EVENT_ID,
    NAMED_SEATS,
    NUMBER,
    SEAT_ID,
    SEAT_IDS,
    SECONDS,
    SHORT,
    TEXT,
    TIME,
    VERSION,
    Schema,
    accepted,
    list_of,
    of_object,
    or_null,
    ref,
    text,
)
from booking.api.openapi.plan_schemas import PLAN_SCHEMAS
from booking.domain.history import SeatChange
from booking.domain.keys import Scope
from booking.domain.model import Override, SeatStatus, Visibility
from booking.domain.questions import MOST_OWN_QUESTIONS, STANDARD
from booking.http import problems
from booking.plans.model import MAX_SEATS
from booking.plans.space.front import Reason

_SEAT: dict[str, Schema] = {
    "id": SEAT_ID,
    "status": {"type": "string", "enum": [each.value for each in SeatStatus]},
    "locked_at": TIME,
    "expires_at": TIME,
}
_IF_LOCKED = ("locked_at", "expires_at")
_OWN: dict[str, Schema] = {
    "held_by_you": {"type": "boolean", "description": "The lock is yours already."},
    "booked_by_you": {"type": "boolean", "description": "The seat is yours; see booking."},
    "booking": ref("Booking"),
    "held_too_long": {"type": "boolean", "description": "You have had it for as long as one can."},
    "too_many_expired_locks": {
        "type": "boolean",
        "description": "You let too many locks on it run out.",
    },
    "reason": text("Why the box office took your lock."),
}
_POLICY_SECONDS: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": 86400}
_QUESTION: dict[str, Schema] = {
    "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"},
    "required": {"type": "boolean"},
    "type": {"type": "string", "enum": ["text", "choice", "yes_no"]},
    "question": SHORT,
    "choices": list_of(SHORT, maxItems=20),
}
_ANSWERS: Schema = {
    "type": "object",
    "additionalProperties": {"type": ["string", "boolean", "null"]},
    "description": "The answers to what the policy asks, by question.",
    "examples": [{"name": "Ann Miller"}],
}
_LINE: Schema = {"type": "string", "maxLength": 500}
_REASON: Schema = _LINE | {"minLength": 1}
_OVERRIDE = list_of({"type": "string", "enum": [each.value for each in Override]})
_KEY: dict[str, Schema] = {
    "scopes": list_of(ref("Scope"), minItems=1),
    "events": or_null(list_of(EVENT_ID) | {"description": "null is all events."}),
    "until": or_null(TIME | {"description": "null is for ever."}),
}

_POLICY: dict[str, Schema] = {
    "lock_seconds": _POLICY_SECONDS,
    "max_lock_seconds": _POLICY_SECONDS,
    "max_seats_per_holder": {"type": "integer", "minimum": 1, "maximum": 100_000},
    "forbid_single_seats": {"type": "boolean"},
    "max_expired_locks": or_null({"type": "integer", "minimum": 1, "maximum": 1000}),
    "cancel_until": or_null(TIME),
    "ask": list_of(ref("Question")),
    "best_available_excludes": list_of(
        SHORT | {"description": "A category, only chosen from if the wish names it."}, maxItems=100
    ),
}

_FOR_PEOPLE: dict[str, Schema] = {
    "time_zone": or_null(text("That of the venue: an IANA name, or an offset such as +01:00.")),
    "doors_at": or_null(TIME),
    "ends_at": or_null(TIME),
    "place": SHORT,
    "description": {"type": "string", "maxLength": 4000},
    "visibility": {"type": "string", "enum": [each.value for each in Visibility]},
}

_EVENT: dict[str, Schema] = {
    "name": SHORT | {"minLength": 1},
    **_FOR_PEOPLE,
    "starts_at": or_null(TIME),
    "on_sale_from": or_null(TIME),
    "on_sale_until": or_null(TIME),
    "plan": or_null(ref("PlanDescription")),
    "allow_same_labels": {"type": "boolean"},
    "move_booked": {"type": "boolean", "description": "Booked seats may become others."},
    "policy": accepted(_POLICY),
}

_PROBLEM = of_object(
    {
        "type": text("about:blank: the code says what happened."),
        "title": text("The phrase of the status."),
        "status": {"type": "integer"},
        "detail": text("A sentence for a person: what happened and what to do."),
        "code": {"type": "string", "enum": sorted(problems.CODES)},
        "seats": list_of(TEXT, description="The seats that it is about, as they were named."),
        "mistakes": list_of(TEXT, description="What is wrong with an event, each with its place."),
        "mistake_count": COUNT | {"description": "How many mistakes there are, told or not."},
        "expires_at": TIME | {"description": "When the lock of someone else runs out."},
        **_OWN,
        "unavailable": list_of(ref("UnavailableSeat")),
        "fields": {
            "type": "object",
            "additionalProperties": TEXT,
            "description": "What is wrong with the answer to each question.",
        },
        "on_sale_from": or_null(TIME),
        "on_sale_until": or_null(TIME),
        "largest_block": COUNT | {"description": "How many can be had next to each other."},
        "cancel_until": TIME,
        "checked_in_at": TIME,
        "door": text("Where."),
        "void_at": TIME,
        "outcome_unknown": {
            "type": "boolean",
            "description": "It may have been carried out. Send it again, as it was.",
        },
        "request_id": text("As in X-Request-Id: the server log has it, too."),
        "incident": text("The server log has the details under this."),
    },
    optional=(
        "seats",
        "mistakes",
        "mistake_count",
        "expires_at",
        *_OWN,
        "unavailable",
        "fields",
        "on_sale_from",
        "on_sale_until",
        "largest_block",
        "cancel_until",
        "checked_in_at",
        "door",
        "void_at",
        "outcome_unknown",
        "request_id",
        "incident",
    ),
)

SCHEMAS: dict[str, Schema] = {
    "Problem": _PROBLEM | {"description": "What went wrong, as RFC 9457 has it."},
    "Seat": of_object(_SEAT, optional=_IF_LOCKED, examples=[examples.LOCKED_SEAT]),
    "LockedSeat": of_object({**_SEAT, "expires_in": SECONDS}),
    "UnavailableSeat": of_object({**_SEAT, **_OWN}, optional=(*_IF_LOCKED, *_OWN)),
    "Booking": of_object(
        {
            "reference": {"type": "string", "examples": ["7KQM4-T9X2P"]},
            "event": EVENT_ID,
            "seats": SEAT_IDS,
            "booked_at": TIME,
            "cancelled_at": TIME,
            "details": ref("Details"),
            "note": text("What the box office wrote down."),
        },
        optional=("cancelled_at", "details", "note"),
        examples=[examples.BOOKING],
    ),
    "Seats": of_object(
        {
            "event": EVENT_ID,
            "version": VERSION,
            "full": {"type": "boolean", "const": True, "description": "These are all seats."},
            "seats": list_of(ref("Seat")),
        },
        optional=("full",),
    ),
    "Event": of_object(
        {
            "event": EVENT_ID,
            "name": TEXT,
            **_FOR_PEOPLE,
            "starts_at": or_null(TIME),
            "on_sale_from": or_null(TIME),
            "on_sale_until": or_null(TIME),
            "policy": of_object(_POLICY | {"lock_seconds": SECONDS, "max_lock_seconds": SECONDS}),
            "seats": of_object({"total": COUNT, **{each.value: COUNT for each in SeatStatus}}),
            "version": VERSION,
            "front": ref("Front"),
        },
        optional=("front",),
    ),
    "Front": of_object(
        {
            "x": NUMBER,
            "y": NUMBER,
            "reason": {"type": "string", "enum": [each.value for each in Reason]},
            "text": text("What is written on the stage, if it is an area."),
        },
        optional=("text",),
        description="The place of the plan that the best seats are nearest to. Set another as the"
        " focal_point of the plan. A list of events does not tell it.",
    ),
    "EventPage": of_object({"events": list_of(ref("Event")), "next_cursor": or_null(EVENT_ID)}),
    "HistoryEntry": of_object(
        {
            "version": VERSION,
            "at": TIME,
            "seat": SEAT_ID,
            "change": {"type": "string", "enum": [each.value for each in SeatChange]},
            "holder": or_null(text("The SHA-256 of the holder's token; null is an organiser.")),
            "by": or_null(text("The organiser: the name of the key, or administrator.")),
            "note": text("Why, or how."),
        },
        optional=("note",),
    ),
    "SeatChoice": {
        "oneOf": [
            accepted({"seats": NAMED_SEATS}, required=["seats"]),
            accepted({"best_available": ref("BestAvailable")}, required=["best_available"]),
        ],
        "examples": [{"seats": ["7", "8"]}, {"best_available": {"count": 3}}],
    },
    "Address": of_object({"email": TEXT | {"examples": ["ann@example.org"]}}),
    "NamedSeats": accepted({"seats": NAMED_SEATS}, required=["seats"])
    | {"examples": [{"seats": ["7", "8"]}]},
    # Each has a name, for generators make a class of each.
    "Details": _ANSWERS,
    "ConfirmSeat": accepted({"details": ref("Details")}),
    "ConfirmSeats": accepted({"seats": NAMED_SEATS, "details": ref("Details")}, required=["seats"]),
    "ConfirmAll": accepted(
        {
            "expect": {"type": "integer", "minimum": 1, "maximum": MAX_SEATS},
            "details": ref("Details"),
        },
        description="All that you have locked; with expect, only if it is so many.",
    ),
    "Confirmation": {
        "anyOf": [
            ref("ConfirmSeats"),
            ref("ConfirmAll"),
            {"type": "null"},
        ],
        "examples": [{"seats": ["7", "8"]}, {"expect": 2}, {}],
    },
    "SeatsIfAny": or_null(accepted({"seats": NAMED_SEATS})),
    "Answers": or_null(ref("ConfirmSeat")),
    "Question": accepted(_QUESTION, required=["id"])
    | {
        "description": f"{', '.join(STANDARD)} need an id alone. Up to {MOST_OWN_QUESTIONS} others"
        " have a question, too."
    },
    "Sale": accepted(
        {"seats": NAMED_SEATS, "details": ref("Details"), "note": _LINE, "override": _OVERRIDE},
        required=["seats"],
    ),
    "Move": accepted(
        {"from": NAMED_SEATS, "to": NAMED_SEATS, "override": _OVERRIDE}, required=["from", "to"]
    ),
    "Swap": accepted(
        {"seats": NAMED_SEATS, "for": NAMED_SEATS, "with": _REASON},
        required=["seats", "for", "with"],
    ),
    "Taking": accepted({"seats": NAMED_SEATS, "reason": _REASON}, required=["seats", "reason"]),
    "Blocking": accepted({"seats": NAMED_SEATS, "name": _LINE, "note": _LINE}, required=["seats"]),
    "Block": of_object({"name": TEXT, "note": TEXT, "seats": SEAT_IDS}),
    "Scope": {"type": "string", "enum": [each.value for each in Scope]},
    "KeyDescription": accepted(_KEY, required=["scopes"]),
    "Key": of_object({"key": EVENT_ID, **_KEY, "created_at": TIME}),
    "BestAvailable": accepted(
        {
            "count": {"type": "integer", "minimum": 1, "maximum": MAX_SEATS},
            "category": TEXT,
            "zone": TEXT,
            "split": {"type": "boolean", "description": "In several blocks, if need be."},
        },
        required=["count"],
    ),
    "EventDescription": accepted(
        _EVENT,
        examples=[{"name": "The gala", "plan": {"grid": {"rows": 12, "seats_per_row": 20}}}],
    ),
    "EventPatch": accepted(
        _EVENT | {"plan": {"anyOf": [ref("PlanPatch"), ref("PlanDescription")]}},
        examples=[{"plan": {"focal_point": {"x": 250, "y": 400}}}],
    ),
    **PLAN_SCHEMAS,
}
