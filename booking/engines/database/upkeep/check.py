"""Check a whole database for anything that must not happen."""

from collections.abc import Iterator
from dataclasses import dataclass

from booking.engines.database import rows
from booking.engines.database.connection import Transaction
from booking.plans.reading import PlanError

_MOST = 20
"""How many findings of a kind to list one by one."""

_INVARIANTS = {
    "check_sold_twice": "seat {seat} is in {bookings} live bookings",
    "disputed_seats": "seat {seat} was sold twice by an earlier version: {reference} has it, too",
    "check_booked_without_booking": "seat {seat} is booked under {reference}, which lacks it",
    "check_booking_without_seat": "booking {reference} has seat {seat}, whose row says otherwise",
    "check_bookings_without_seats": "booking {reference} has no seats",
    "check_seats_without_booking": "seat {seat} is in booking {reference}, which does not exist",
    "check_given_back": "{reference} and its seat {seat} disagree on whether it is cancelled",
    "check_tickets": "a ticket opens the door for seat {seat}, which {reference} does not have",
    "check_versions": "seat {seat} has version {version}, later than the event's",
    "check_history": "the history goes on to version {version}, later than the event's",
    "check_unplaced": "there are seats, bookings or a description, but there is no such event",
}
"""Statements that find broken rows, and the sentence to report each row with."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a database contains, and what is wrong with it: a sentence for each finding."""

    events: int
    bookings: int
    seats: int
    """Seats in live bookings."""
    findings: tuple[str, ...]


def check(transaction: Transaction) -> Report:
    """Check everything, in a transaction that reads.

    Raises:
        Unavailable: the transaction failed.
    """
    counts = transaction.run("check_counts")[0]
    findings = [*transaction.damage(), *_invariants(transaction), *_documents(transaction)]
    return Report(counts["events"], counts["bookings"], counts["seats"], tuple(findings))


def _invariants(transaction: Transaction) -> Iterator[str]:
    if not transaction.has_index("live_booked_seat"):
        yield "The index live_booked_seat is missing, which refuses to sell a seat twice."
    for statement, words in _INVARIANTS.items():
        found = transaction.run(statement)
        for row in found[:_MOST]:
            yield f"Event {row['event']}: {words.format(**row)}."
        if len(found) > _MOST:
            yield f"… and {len(found) - _MOST:,} more such seats or events."


def _documents(transaction: Transaction) -> Iterator[str]:
    """Check that each event can be read, and that its plan has every seat with a row."""
    after = ""
    while page := transaction.run("list_events", after=after, most=100):
        for row in page:
            event = after = row["event"]
            described = transaction.run("find_event", event=event)
            if not described:
                yield f"Event {event}: it has no description."
                continue
            try:
                plan = rows.event_of(event, described[0]["document"]).plan
            except (LookupError, TypeError, ValueError, ArithmeticError, PlanError) as error:
                yield f"Event {event}: its description cannot be read ({type(error).__name__})."
                continue
            unknown = [
                seat["seat"]
                for seat in transaction.run("check_seats", event=event)
                if seat["seat"] not in plan.places
            ]
            for seat in unknown[:_MOST]:
                yield f"Event {event}: seat {seat} is not in its plan."
