"""What is sent and answered, as JSON Schemas."""

from typing import Any

from booking.api.openapi import examples
from booking.domain import identifiers
from booking.domain.keys import Scope
from booking.domain.model import Override, SeatChange, SeatStatus, Visibility
from booking.domain.questions import MOST_OWN_QUESTIONS, STANDARD
from booking.http import problems
from booking.plans.limits import FARTHEST, MOST_IN_LINE
from booking.plans.model import MAX_SEATS
from booking.plans.seat_ids import MAX_SEAT_ID
from booking.plans.space.front import Reason

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def of_object(
    properties: dict[str, Schema], *, optional: tuple[str, ...] = (), **more: Any
) -> Schema:
    """An object that has all these members, but for the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, **more}


def list_of(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _accepted(properties: dict[str, Schema], **more: Any) -> Schema:
    """An object that is sent: what is not known is refused."""
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


TIME: Schema = {"type": "string", "format": "date-time", "examples": [examples.TIME]}
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SECONDS: Schema = {"type": "number", "minimum": 0, "description": "Seconds, to the millisecond."}
MESSAGE = _text("A sentence for a person.")
SEAT_ID: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_SEAT_ID, "examples": ["7"]}
SEAT_IDS = list_of(SEAT_ID)
NAMED_SEATS = list_of(SEAT_ID, minItems=1, uniqueItems=True)
EVENT_ID: Schema = {"type": "string", "pattern": f"^{identifiers.FORM}$", "examples": ["gala"]}
VERSION: Schema = {
    "type": "integer",
    "minimum": 0,
    "description": "Grows with every visible change of the event.",
}

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
    "reason": _text("Why the box office took your lock."),
}
_AS_SENT: dict[str, Any] = {"additionalProperties": True}
"""Whatever else a plan was sent with is given back."""
_POSITION = of_object({"x": NUMBER, "y": NUMBER})
_COORDINATE: Schema = {"type": "number", "minimum": -FARTHEST, "maximum": FARTHEST}
_SHORT: Schema = {"type": "string", "maxLength": 200}
_POLICY_SECONDS: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": 86400}
_FOCAL_POINT = or_null(
    _accepted({"x": _COORDINATE, "y": _COORDINATE}, required=["x", "y"])
    | {"description": "Where the eyes go: the middle of the front, unless you say otherwise."}
)
_BESIDES: dict[str, Schema] = {"name": _SHORT, "focal_point": _FOCAL_POINT}
_MANY: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_IN_LINE}

_QUESTION: dict[str, Schema] = {
    "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"},
    "required": {"type": "boolean"},
    "type": {"type": "string", "enum": ["text", "choice", "yes_no"]},
    "question": _SHORT,
    "choices": list_of(_SHORT, maxItems=20),
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
    "scopes": list_of({"type": "string", "enum": [each.value for each in Scope]}, minItems=1),
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
        _SHORT | {"description": "A category, only chosen from if the wish names it."}, maxItems=100
    ),
}

_FOR_PEOPLE: dict[str, Schema] = {
    "time_zone": or_null(_text("That of the venue: an IANA name, or an offset such as +01:00.")),
    "doors_at": or_null(TIME),
    "ends_at": or_null(TIME),
    "place": _SHORT,
    "description": {"type": "string", "maxLength": 4000},
    "visibility": {"type": "string", "enum": [each.value for each in Visibility]},
}

_EVENT: dict[str, Schema] = {
    "name": _SHORT | {"minLength": 1},
    **_FOR_PEOPLE,
    "starts_at": or_null(TIME),
    "on_sale_from": or_null(TIME),
    "on_sale_until": or_null(TIME),
    "plan": or_null(ref("PlanDescription")),
    "allow_same_labels": {"type": "boolean"},
    "move_booked": {"type": "boolean", "description": "Booked seats may become others."},
    "policy": _accepted(_POLICY),
}

_PROBLEM = of_object(
    {
        "type": _text("about:blank: the code says what happened."),
        "title": _text("The phrase of the status."),
        "status": {"type": "integer"},
        "detail": _text("A sentence for a person: what happened and what to do."),
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
        "door": _text("Where."),
        "void_at": TIME,
        "outcome_unknown": {
            "type": "boolean",
            "description": "It may have been carried out. Send it again, as it was.",
        },
        "request_id": _text("As in X-Request-Id: the server log has it, too."),
        "incident": _text("The server log has the details under this."),
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
            "note": _text("What the box office wrote down."),
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
            "text": _text("What is written on the stage, if it is an area."),
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
            "holder": or_null(_text("The SHA-256 of the holder's token; null is an organiser.")),
            "by": or_null(_text("The organiser: the name of the key, or administrator.")),
            "note": _text("Why, or how."),
        },
        optional=("note",),
    ),
    "SeatChoice": {
        "oneOf": [
            _accepted({"seats": NAMED_SEATS}, required=["seats"]),
            _accepted({"best_available": ref("BestAvailable")}, required=["best_available"]),
        ],
        "examples": [{"seats": ["7", "8"]}, {"best_available": {"count": 3}}],
    },
    "Address": of_object({"email": TEXT | {"examples": ["ann@example.org"]}}),
    "NamedSeats": _accepted({"seats": NAMED_SEATS}, required=["seats"])
    | {"examples": [{"seats": ["7", "8"]}]},
    # Each has a name, for generators make a class of each.
    "Details": _ANSWERS,
    "ConfirmSeat": _accepted({"details": ref("Details")}),
    "ConfirmSeats": _accepted(
        {"seats": NAMED_SEATS, "details": ref("Details")}, required=["seats"]
    ),
    "ConfirmAll": _accepted(
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
    "SeatsIfAny": or_null(_accepted({"seats": NAMED_SEATS})),
    "Answers": or_null(ref("ConfirmSeat")),
    "Question": _accepted(_QUESTION, required=["id"])
    | {
        "description": f"{', '.join(STANDARD)} need an id alone. Up to {MOST_OWN_QUESTIONS} others"
        " have a question, too."
    },
    "Sale": _accepted(
        {"seats": NAMED_SEATS, "details": ref("Details"), "note": _LINE, "override": _OVERRIDE},
        required=["seats"],
    ),
    "Move": _accepted(
        {"from": NAMED_SEATS, "to": NAMED_SEATS, "override": _OVERRIDE}, required=["from", "to"]
    ),
    "Swap": _accepted(
        {"seats": NAMED_SEATS, "for": NAMED_SEATS, "with": _REASON},
        required=["seats", "for", "with"],
    ),
    "Taking": _accepted({"seats": NAMED_SEATS, "reason": _REASON}, required=["seats", "reason"]),
    "Blocking": _accepted({"seats": NAMED_SEATS, "name": _LINE, "note": _LINE}, required=["seats"]),
    "Block": of_object({"name": TEXT, "note": TEXT, "seats": SEAT_IDS}),
    "KeyDescription": _accepted(_KEY, required=["scopes"]),
    "Key": of_object({"key": EVENT_ID, **_KEY, "created_at": TIME}),
    "BestAvailable": _accepted(
        {
            "count": {"type": "integer", "minimum": 1, "maximum": MAX_SEATS},
            "category": TEXT,
            "zone": TEXT,
            "split": {"type": "boolean", "description": "In several blocks, if need be."},
        },
        required=["count"],
    ),
    "EventDescription": _accepted(
        _EVENT,
        examples=[{"name": "The gala", "plan": {"grid": {"rows": 12, "seats_per_row": 20}}}],
    ),
    "EventPatch": _accepted(
        _EVENT | {"plan": {"anyOf": [ref("PlanPatch"), ref("PlanDescription")]}},
        examples=[{"plan": {"focal_point": {"x": 250, "y": 400}}}],
    ),
    "PlanDescription": {
        "oneOf": [ref("CountPlan"), ref("GridPlan"), ref("Plan")],
        "description": f"Up to {MAX_SEATS:,} seats: numbered, as a grid, or a plan of pretix.",
    },
    "PlanPatch": _accepted(
        {"name": _SHORT, "focal_point": _FOCAL_POINT},
        description="In a patch alone: the plan keeps its seats.",
    ),
    "PlanToRepair": _accepted(
        {"plan": {"description": "A plan of pretix, with whatever mistakes it has."}},
        required=["plan"],
    ),
    "CountPlan": _accepted(
        {"count": {"type": "integer", "minimum": 1, "maximum": MAX_SEATS}, **_BESIDES},
        required=["count"],
    ),
    "GridPlan": _accepted(
        {
            "grid": _accepted(
                {
                    "rows": _MANY,
                    "seats_per_row": _MANY,
                    "categories": {
                        "type": "object",
                        "additionalProperties": list_of(TEXT),
                        "description": "The labels of the rows of each category.",
                    },
                    "aisle_after": list_of({"type": "integer"}),
                    "skip": list_of(TEXT),
                },
                required=["rows", "seats_per_row"],
            ),
            **_BESIDES,
        },
        required=["grid"],
    ),
    "Plan": of_object(
        {
            "name": TEXT,
            "categories": list_of(of_object({"name": TEXT, "color": TEXT})),
            "zones": list_of(ref("Zone")),
            "size": of_object({"width": NUMBER, "height": NUMBER}),
            "focal_point": _POSITION,
        },
        optional=("name", "size", "focal_point"),
        description="A seating plan in the shape of pretix. Positions add up.",
        **_AS_SENT,
    ),
    "Zone": of_object(
        {
            "name": TEXT,
            "position": _POSITION,
            "rows": list_of(
                of_object(
                    {
                        "row_number": TEXT,
                        "row_number_position": TEXT,
                        "position": _POSITION,
                        "seats": list_of(
                            of_object(
                                {
                                    "seat_guid": SEAT_ID,
                                    "seat_number": TEXT,
                                    "category": TEXT,
                                    "position": _POSITION,
                                },
                                **_AS_SENT,
                            )
                        ),
                    },
                    optional=("row_number_position", "position"),
                    **_AS_SENT,
                )
            ),
            "areas": list_of(
                of_object(
                    {"shape": TEXT, "position": _POSITION, "color": TEXT},
                    optional=("shape", "position", "color"),
                    **_AS_SENT,
                )
            ),
        },
        optional=("name", "areas"),
        **_AS_SENT,
    ),
}
