"""The calls of organisers and operators, and the pages."""

from collections.abc import Iterator
from typing import Any

from booking.api.openapi.operations import (
    CHANGE,
    JSON,
    OF_AN_EVENT,
    ORGANISER,
    ORGANISING,
    Operation,
    answer,
    changed,
    not_changed,
    operation,
)
from booking.api.openapi.parts import (
    COUNT,
    EVENT_ID,
    MESSAGE,
    SEAT_IDS,
    TEXT,
    VERSION,
    Schema,
    list_of,
    of_object,
    or_null,
    ref,
)


def of_events() -> Iterator[tuple[str, str, Operation]]:
    """The calls for events, those of organisers among them."""
    event = {200: answer("The event.", ref("Event"), "Cache-Control")}
    codes = (*OF_AN_EVENT, *ORGANISING)
    changes = (*codes, *CHANGE)
    yield (
        "/events",
        "get",
        operation(
            "list_events",
            "The events, a page at a time",
            "events",
            {200: answer("Events in the order of their ids.", ref("EventPage"), "Cache-Control")},
            parameters=("limit", "event_cursor"),
            codes=("unavailable",),
        ),
    )
    yield (
        "/events/{event}",
        "get",
        operation(
            "see_event",
            "One event: times, policy, seats by status",
            "events",
            event,
            codes=OF_AN_EVENT,
        ),
    )
    gone = SEAT_IDS | {"description": "Blocked seats that the plan no longer has."}
    done = of_object({"message": MESSAGE, "gone": gone}, optional=("gone",))
    described = {"allOf": [done, ref("Event")]}
    yield (
        "/events/{event}",
        "put",
        operation(
            "put_event",
            "Open an event, or change it",
            "administration",
            {
                200: answer("The event was changed.", described),
                201: answer("The event is open.", described, "Location"),
            },
            body=or_null(ref("EventDescription")),
            body_required=False,
            security=ORGANISER,
            codes=(*changes, "seats_in_use", "seats_moved", "precondition_failed"),
        ),
    )
    yield (
        "/events/{event}",
        "patch",
        operation(
            "patch_event",
            "Change what the body names, as a JSON Merge Patch (RFC 7396)",
            "administration",
            {200: answer("The event was changed.", described, "ETag")},
            body=or_null(ref("EventPatch")),
            body_required=False,
            security=ORGANISER,
            codes=(*changes, "seats_in_use", "seats_moved", "precondition_failed"),
        ),
    )
    yield (
        "/events/{event}",
        "delete",
        operation(
            "end_event",
            "End an event that is over, or of which no seat is locked or booked",
            "administration",
            changed({"event": EVENT_ID}),
            codes=(*changes, "seats_in_use", "precondition_failed"),
            security=ORGANISER,
        ),
    )
    yield (
        "/events/{event}/plan/repair",
        "post",
        operation(
            "repair_plan",
            "Mend what can be mended in a plan without guessing; nothing is kept",
            "administration",
            {
                200: answer(
                    "The mended plan, which may still have mistakes.",
                    of_object(
                        {
                            "plan": {},
                            "done": list_of(TEXT, description="Each thing that was mended."),
                            "done_count": COUNT | {"description": "How many, told or not."},
                        }
                    ),
                )
            },
            body=ref("PlanToRepair"),
            security=ORGANISER,
            codes=("unavailable", *ORGANISING, *CHANGE),
        ),
    )
    yield from _records(codes)


def _records(codes: tuple[str, ...]) -> Iterator[tuple[str, str, Operation]]:
    bookings = of_object(
        {"event": EVENT_ID, "bookings": list_of(ref("Booking")), "next_cursor": or_null(TEXT)}
    )
    listed = answer("The bookings.", bookings, "Link", "Cache-Control", "Content-Disposition")
    listed["content"]["text/csv"] = {"schema": TEXT}
    yield (
        "/events/{event}/bookings",
        "get",
        operation(
            "list_bookings",
            "The bookings of an event, or those that match, a page at a time; as CSV all",
            "administration",
            {200: listed},
            parameters=("limit", "booking_cursor", "q"),
            codes=codes,
            security=ORGANISER,
        ),
    )
    history: dict[str, Schema] = {
        "event": EVENT_ID,
        "history": list_of(ref("HistoryEntry")),
        "next_since": or_null(VERSION),
        "complete": {"type": "boolean", "description": "Nothing is missing since then."},
        "kept": or_null(COUNT | {"description": "How many changes are kept; null is all."}),
    }
    yield (
        "/events/{event}/history",
        "get",
        operation(
            "see_history",
            "What became of the seats after a version, a page at a time",
            "administration",
            {200: answer("The changes.", of_object(history), "Cache-Control")},
            parameters=("since", "history_limit"),
            codes=codes,
            security=ORGANISER,
        ),
    )


def of_the_service() -> Iterator[tuple[str, str, Operation]]:
    """Whether it serves, and what it understands."""
    ok: dict[str, Schema] = {"status": {"type": "string", "const": "ok"}}
    yield (
        "/healthz",
        "get",
        operation(
            "healthz",
            "Whether the service answers",
            "service",
            {200: answer("It does.", of_object(ok), "Cache-Control")},
        ),
    )
    ready = of_object({**ok, "warnings": list_of(TEXT)}, optional=("warnings",))
    yield (
        "/readyz",
        "get",
        operation(
            "readyz",
            "Whether it can sell",
            "service",
            {200: answer("It can.", ready, "Cache-Control")},
            codes=("unavailable",),
        ),
    )
    yield (
        "/openapi.json",
        "get",
        operation(
            "openapi",
            "This document",
            "service",
            {
                200: answer("The document.", {"type": "object"}, "ETag", "Cache-Control"),
                304: not_changed("You have it already."),
            },
            parameters=("If-None-Match",),
        ),
    )


_STATIC = ("text/css", "text/javascript", "image/svg+xml")


def of_pages() -> Iterator[tuple[str, str, Operation]]:
    """The pages for people."""
    event = ("unavailable", "event_unreadable")
    for path, name, summary, codes in (
        ("/", "default_event_page", "The seats of the default event, to buy some", event),
        ("/events/", "events_page", "The events", ("unavailable",)),
        ("/events/{event}/", "event_page", "The seats of an event, to buy some", event),
        ("/events/{event}/admin", "organiser_page", "An event as its organiser sees it", event),
        ("/events/{event}/door", "door_page", "The door, on a phone", event),
        ("/events/{event}/door/list", "door_list_page", "Who is expected, to print", event),
        ("/events/{event}/report/", "report_page", "What came of an event", event),
        (
            "/events/{event}/door-worker.js",
            "door_worker",
            "The script that opens the door's page without a network",
            ("not_found",),
        ),
        ("/bookings/", "bookings_page", "A booking, found by its reference", ()),
        ("/docs", "docs_page", "This document, for people", ()),
        ("/static/{digest}/{name}", "static_file", "A style or a script", ("not_found",)),
    ):
        kinds = (
            ("text/css", "text/javascript", "image/svg+xml")
            if codes == ("not_found",)
            else ("text/html",)
        )
        page: dict[str, Any] = {
            "description": "The page.",
            "content": {kind: {"schema": TEXT} for kind in kinds},
        }
        if path == "/events/":
            page["content"][JSON] = {"schema": ref("EventPage")}
        described = operation(name, summary, "pages", {200: page}, codes=codes)
        if event is codes:
            missing = {"description": "There is no such event.", "content": page["content"]}
            described["responses"]["404"] = missing
        yield path, "get", described
