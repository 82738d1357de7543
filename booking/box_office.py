"""The events on sale, each with its registry of seats."""

import threading
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from booking.clock import Clock, system_clock
from booking.errors import BookingNotFound, EventNotFound
from booking.expiry import ExpiryTimer
from booking.model import DEFAULT_EVENT, Event, Policy, Summary
from booking.plans import grid
from booking.plans.model import Plan
from booking.registry import SeatRegistry
from booking.settings import Settings


def default_policy(settings: Settings) -> Policy:
    """How an event sells that says nothing else."""
    return Policy(
        lock_seconds=settings.lock_seconds,
        max_lock_seconds=settings.max_lock_seconds,
        max_seats_per_holder=settings.max_seats_per_holder,
        forbid_single_seats=settings.forbid_single_seats,
        cancel_until=settings.cancel_until,
    )


class BoxOffice:
    """Opens and ends events, and finds the registry of an event. One expiry timer serves all.

    Finding a registry takes no lock: a dictionary of registries never changes but is replaced by
    another one. Calls that open or end events take turns.
    """

    def __init__(self, settings: Settings, *, clock: Clock = system_clock) -> None:
        """Begin with the default event, of as many seats as the settings say."""
        self.policy = default_policy(settings)
        """How an event sells that says nothing else."""
        self.plan = grid.count(settings.seats)
        """The seats of an event that says nothing else."""
        self._clock = clock
        self._history_limit = settings.history_limit
        self._expiry = ExpiryTimer(lambda: clock().monotonic)

        # Held while an event is opened, changed or ended.
        self._lock = threading.Lock()
        self._registries: Mapping[str, SeatRegistry] = {}
        # The plans of the events, by hash.
        self._plans: WeakValueDictionary[int, Plan] = WeakValueDictionary()
        # The ids of the events, ascending: replaced as a whole.
        self._ids: tuple[str, ...] = ()
        # The last version of all events that were ended: one of the same name goes on from there.
        self._last_version = 0
        self.put(Event(id=DEFAULT_EVENT, plan=self.plan, policy=self.policy))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{len(self._registries)} events]>"

    def registry(self, event: str) -> SeatRegistry:
        """The registry of the event. Raises EventNotFound."""
        try:
            return self._registries[event]
        except KeyError:
            raise EventNotFound(event) from None

    def registry_of_booking(self, reference: str) -> SeatRegistry:
        """The registry that has the booking. Raises BookingNotFound."""
        for registry in self._registries.values():
            if registry.has_booking(reference):
                return registry
        raise BookingNotFound(reference)

    def events(self, after: str = "", most: int = 100) -> tuple[list[Summary], str | None]:
        """Events in the order of their ids, ``most`` of them from after the id ``after``; and the
        id of the last, if there are more."""
        ids = self._ids
        start = bisect_right(ids, after)
        page = ids[start : start + most]
        more = start + most < len(ids)
        return self._summaries(page), page[-1] if more else None

    def _summaries(self, ids: Sequence[str]) -> list[Summary]:
        found = []
        for event in ids:
            try:
                found.append(self.registry(event).summary())
            except EventNotFound:
                continue  # It was ended just now.
        return found

    def put(self, event: Event, *, keep_plan: bool = False) -> tuple[Summary, bool]:
        """Open an event or, if there is one of that id, change it; with ``keep_plan``, all but its
        plan. Returns its summary, and whether it was opened.

        Raises:
            SeatsInUse: the plan lacks seats that are locked or booked.
        """
        with self._lock:
            registry = self._registries.get(event.id)
            if registry is not None:
                event = replace(event, plan=self._shared(event.plan))
                registry.update(event, keep_plan=keep_plan)
                return registry.summary(), False
            event = replace(event, plan=self._shared(event.plan))
            registry = SeatRegistry(
                event,
                clock=self._clock,
                expiry=self._expiry,
                history_limit=self._history_limit,
                least_version=self._last_version + 1,
            )
            self._registries = {**self._registries, event.id: registry}
            self._ids = tuple(sorted(self._registries))
            return registry.summary(), True

    def _shared(self, plan: Plan) -> Plan:
        """An equal plan of another event if there is one: what follows from a plan is worked out
        once, and takes as much memory again as the seats of an event."""
        key = hash(plan)
        known = self._plans.get(key)
        if known == plan:
            return known
        self._plans[key] = plan
        return plan

    def end(self, event: str) -> None:
        """End an event; its bookings and its history go with it.

        Raises:
            EventNotFound: there is none.
            SeatsInUse: it has seats that are locked or booked.
        """
        with self._lock:
            version = self.registry(event).close()
            self._last_version = max(self._last_version, version)
            self._registries = {
                name: registry for name, registry in self._registries.items() if name != event
            }
            self._ids = tuple(sorted(self._registries))

    def ready(self) -> tuple[str, ...]:
        """See :meth:`booking.engine.AnyBoxOffice.ready`. There is nothing that could fail."""
        return ()

    def close(self) -> None:
        """Stop releasing locks by the timer. Seats can still be seen and sold."""
        self._expiry.close()
