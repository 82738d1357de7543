"""Convert values of the domain to rows of the database, and back."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from booking.domain import notices
from booking.domain.history import HistoryEntry, SeatChange
from booking.domain.model import (
    Block,
    Booking,
    Event,
    Policy,
    Seat,
    SeatLock,
    SeatStatus,
    Visibility,
)
from booking.domain.moment import Moment
from booking.domain.notices import Errand, LinkRequest, Notice, Occasion
from booking.domain.questions import Details, Kind, Question
from booking.domain.tickets import Entry, Ticket
from booking.engines.database.connection import Row
from booking.plans import pretix, reading
from booking.plans.model import Plan
from booking.plans.names import Place


def description_row(event: Event) -> dict[str, Any]:
    """What is sold and how for ``put_description``: as JSON, and what lists go by."""
    return {
        "document": describe(event),
        "plan_name": event.plan.name,
        "seats": len(event.plan.seats),
        "listed_at": event.listed_at,
        "starts_at": event.starts_at,
        "over_at": event.over_at,
    }


def describe(event: Event) -> str:
    """Write what is sold, and under which terms, as JSON. The plan, up to 10 MB, comes last."""
    document = {
        "given_name": event.given_name,
        "starts_at": event.starts_at,
        "on_sale_from": event.on_sale_from,
        "on_sale_until": event.on_sale_until,
        "time_zone": event.time_zone,
        "doors_at": event.doors_at,
        "ends_at": event.ends_at,
        "place": event.place,
        "description": event.description,
        "visibility": event.visibility.value,
        "policy": asdict(event.policy),
    }
    terms = json.dumps(document, separators=(",", ":"))
    return f"{terms[:-1]}{_PLAN}{pretix.text(event.plan)}}}"


_PLAN = ',"plan":'
"""Where the plan begins in what :func:`describe` writes; in a name, a quotation mark is escaped."""


def plan_digest(text: str) -> bytes:
    """Tell the plan in a description from other plans, without reading it."""
    return hashlib.sha256((text.partition(_PLAN)[2] or text).encode()).digest()


def event_of(event: str, text: str, plan: Plan | None = None) -> Event:
    """Read an event that :func:`describe` wrote; all but its plan, if that is known."""
    terms, divided, _ = text.partition(_PLAN)
    document = json.loads(terms + "}" if plan and divided else text)
    told = document.pop("plan", None)
    if plan is None:
        plan = reading.read_kept(told)
    policy = _policy(document.pop("policy"))
    # Events that were kept before there were drafts have no visibility.
    visibility = Visibility(document.pop("visibility", Visibility.PUBLIC))
    return Event(id=event, plan=plan, policy=policy, visibility=visibility, **document)


def outline_of(event: str, row: Row) -> Event:
    """Read an event from a row of ``find_outline``: of its plan, it has the name alone."""
    plan = Plan(categories=(), zones=(), name=row["plan_name"])
    return event_of(event, row["terms"] + "}", plan)


def _policy(document: dict[str, Any]) -> Policy:
    ask = tuple(
        Question(
            **question | {"kind": Kind(question["kind"]), "choices": tuple(question["choices"])}
        )
        for question in document.pop("ask", ())
    )
    excluded = tuple(document.pop("best_available_excludes", ()))
    return Policy(**document, ask=ask, best_available_excludes=excluded)


def details_row(details: Details) -> dict[str, Any]:
    """What is known of the people of a booking for ``put_details``: as JSON, and the address by
    which the booking is found."""
    document: dict[str, Any] = {"answers": dict(details.answers), "note": details.note}
    if details.language:
        document["language"] = details.language
    to = notices.address(details)
    return {
        "details": json.dumps(document, separators=(",", ":")),
        "email": None if to is None else notices.same_address(to),
    }


def details_of(text: str) -> Details:
    """The details that :func:`details_row` wrote."""
    return Details(**json.loads(text))


def seat_of(event: str, row: Row) -> Seat:
    """Read a seat from a row of ``find_seats``."""
    status = SeatStatus(row["status"])
    lock = booking = None
    if row["locked_at"] is not None:
        at, seconds = row["locked_at"], row["seconds"]
        # A database has only a wall clock. A released lock has zero or negative seconds; one that
        # is valid or has expired has positive ones.
        lock = SeatLock(
            bytes.fromhex(row["holder"]),
            Moment(at, at),
            abs(seconds),
            released=seconds <= 0,
            taken=row["taken"],
            ran_out=row["ran_out"] or 0,
            client=None if row["client"] is None else bytes.fromhex(row["client"]),
        )
    if status is SeatStatus.BOOKED:
        booking = Booking(
            reference=row["reference"],
            event=event,
            seats=tuple(json.loads(row["seats"])),
            booked_at=row["booked_at"],
            holder=bytes.fromhex(row["booked_by"]),
        )
    block = None if row["block_name"] is None else Block(row["block_name"], row["block_note"])
    return Seat(row["seat"], status, lock, booking, block)


def seat_row(event: str, seat: Seat, version: int, previous: int) -> dict[str, Any]:
    """Write a seat for ``put_seat``, which replaces the row with version ``previous``."""
    return {
        "event": event,
        "seat": seat.id,
        "version": version,
        "previous": previous,
        "status": seat.status.value,
        "holder": None if seat.lock is None else seat.lock.holder.hex(),
        "locked_at": None if seat.lock is None else seat.lock.locked_at.wall,
        "seconds": None if seat.lock is None else _seconds(seat.lock),
        "taken": None if seat.lock is None else seat.lock.taken,
        "ran_out": None if seat.lock is None else seat.lock.ran_out or None,
        "client": _client(seat),
        "reference": None if seat.booking is None else seat.booking.reference,
        "block_name": None if seat.block is None else seat.block.name,
        "block_note": None if seat.block is None else seat.block.note,
    }


def _client(seat: Seat) -> str | None:
    """Whom the lock counts against. Nothing is kept of that once it is over."""
    if seat.lock is None or seat.lock.client is None or seat.status is not SeatStatus.LOCKED:
        return None
    return seat.lock.client.hex()


def _seconds(lock: SeatLock) -> float:
    return -lock.seconds if lock.released else lock.seconds


def booking_of(event: str, row: Row) -> Booking:
    """Read a booking from a row."""
    return Booking(
        reference=row["reference"],
        event=event,
        seats=tuple(json.loads(row["seats"])),
        booked_at=row["booked_at"],
        holder=bytes.fromhex(row["holder"]),
        cancelled_at=row["cancelled_at"],
    )


def booking_row(booking: Booking, number: int) -> dict[str, Any]:
    """Write a booking for ``add_booking``."""
    return {
        "event": booking.event,
        "reference": booking.reference,
        "number": number,
        "booked_at": booking.booked_at,
        "holder": booking.holder.hex(),
        "cancelled_at": booking.cancelled_at,
    }


def booked_seat_rows(booking: Booking) -> list[dict[str, Any]]:
    """Write the seats of a booking for ``add_booked_seat``."""
    return [
        {
            "event": booking.event,
            "reference": booking.reference,
            "seat": seat_id,
            "position": position,
            "given_back_at": booking.cancelled_at,
        }
        for position, seat_id in enumerate(booking.seats)
    ]


def ticket_of(row: Row) -> Ticket:
    """Read a ticket from a row."""
    entry = None if row["entered_at"] is None else Entry(row["entered_at"], row["door"])
    return Ticket(
        code=row["code"],
        reference=row["reference"],
        seat=row["seat"],
        entry=entry,
        void_at=row["void_at"],
    )


def ticket_row(event: str, ticket: Ticket) -> dict[str, Any]:
    """Write a ticket for ``put_ticket``."""
    return {
        "event": event,
        "code": ticket.code,
        "reference": ticket.reference,
        "seat": ticket.seat,
        "entered_at": None if ticket.entry is None else ticket.entry.at,
        "door": None if ticket.entry is None else ticket.entry.door,
        "void_at": ticket.void_at,
    }


def entry_of(row: Row) -> HistoryEntry:
    """Read an entry of the history from a row."""
    return HistoryEntry(
        row["version"],
        row["changed_at"],
        row["seat"],
        SeatChange(row["change"]),
        None if row["holder"] is None else bytes.fromhex(row["holder"]),
        row["actor"],
        row["note"] or "",
    )


def entry_row(event: str, entry: HistoryEntry, mark: int) -> dict[str, Any]:
    """Write an entry of the history for ``add_history``, with the transaction's mark."""
    return {
        "event": event,
        "version": entry.version,
        "seat": entry.seat,
        "changed_at": entry.at,
        "change": entry.change.value,
        "holder": None if entry.holder is None else entry.holder.hex(),
        "actor": entry.actor,
        "note": entry.note or None,
        "mark": mark,
    }


def errand_row(errand: Errand, version: int, number: int) -> dict[str, Any]:
    """Write an errand for ``put_errand``."""
    document = asdict(errand)
    return {
        "event": document.get("event", ""),
        "version": version,
        "number": number,
        "reference": document.get("reference", ""),
        "written_at": errand.written_at,
        "document": json.dumps(document, separators=(",", ":")),
    }


def errand_of(text: str) -> Errand:
    """The errand that :func:`errand_row` wrote."""
    document: dict[str, Any] = json.loads(text)
    if "occasion" not in document:
        return LinkRequest(**document)
    for name in ("seats", "before"):
        document[name] = tuple(Place(*place) for place in document[name])
    return Notice(**document | {"occasion": Occasion(document["occasion"])})
