"""The plans that a process has in memory: each is read once, however many events have it."""

from typing import Any
from weakref import WeakValueDictionary

from booking.domain.model import Event
from booking.engines.database import rows
from booking.plans.model import Plan
from booking.plans.reading import PlanError

UNREADABLE = (PlanError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError)
"""What reading raises if what the database has of an event makes no sense."""


class Plans:
    """Knows each plan by the digest of its JSON, for as long as anybody has it in use. To read
    50,000 seats takes a quarter of a second.

    Safe for threads: two may each read the same plan.
    """

    def __init__(self) -> None:
        self._plans: WeakValueDictionary[bytes, Plan] = WeakValueDictionary()

    def description_row(self, event: Event) -> dict[str, Any]:
        """The event for ``put_description``. What this writes is not read by this process."""
        row = rows.description_row(event)
        self._plans[rows.plan_digest(row["document"])] = event.plan
        return row

    def event_of(self, event: str, document: str) -> Event:
        """Read an event from its description. Raises one of :data:`UNREADABLE`."""
        digest = rows.plan_digest(document)
        found = rows.event_of(event, document, self._plans.get(digest))
        self._plans[digest] = found.plan
        return found
