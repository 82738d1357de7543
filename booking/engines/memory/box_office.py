"""The events on sale, each with its registry of seats."""

import secrets
import threading
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from weakref import WeakValueDictionary

from booking.domain import notices
from booking.domain.errors import BookingNotFound, EventChanged, EventNotFound
from booking.domain.model import DEFAULT_EVENT, Booking, Event, Summary
from booking.engines.clock import Clock, system_clock
from booking.engines.contract import BoxOffice, KeyName, Put
from booking.engines.expiry import ExpiryTimer
from booking.engines.keys import KeysInMemory
from booking.engines.memory.registry import ClientLocks, SeatRegistry
from booking.engines.meter import Meter
from booking.engines.outbox import OutboxInMemory
from booking.plans.model import Plan
from booking.settings import Settings

_TIDY_SECONDS = 600
"""How often details are forgotten that were kept for long enough."""


class MemoryBoxOffice(BoxOffice):
    """Keeps the events in memory.

    Finding a registry takes no lock: a dictionary of registries never changes but is replaced by
    another one. Calls that open or end events take turns.
    """

    def __init__(
        self, settings: Settings, *, clock: Clock = system_clock, meter: Meter | None = None
    ) -> None:
        """Begin with the default event, of as many seats as the settings say."""
        super().__init__(settings, ExpiryTimer(lambda: clock().monotonic), meter)
        self._clock = clock
        self.keys = KeysInMemory(clock)
        self.outbox: OutboxInMemory = OutboxInMemory(clock)
        self._history_limit = settings.history_limit
        self._shared_keys: dict[KeyName, bytes] = {
            "clients": secrets.token_bytes(32),
            "links": secrets.token_bytes(32),
        }
        self._client_locks = ClientLocks(lambda: self._registries.values())

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
        if self._keep_details is not None:
            self._tidy()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{len(self._registries)} events]>"

    def registry(self, event: str) -> SeatRegistry:
        try:
            return self._registries[event]
        except KeyError:
            raise EventNotFound(event) from None

    def registry_of_booking(self, reference: str) -> SeatRegistry:
        for registry in self._registries.values():
            if registry.has_booking(reference):
                return registry
        raise BookingNotFound(reference)

    def events(self, after: str = "", most: int = 100) -> tuple[list[Summary], str | None]:
        ids = self._ids
        start = bisect_right(ids, after)
        page = ids[start : start + most]
        more = start + most < len(ids)
        return self._summaries(page), page[-1] if more else None

    def programme(self, after: str = "", most: int = 100) -> tuple[list[Summary], str | None]:
        now = self._clock().wall
        listed = {
            event: registry.event.listed_at
            for event, registry in self._registries.items()
            if registry.event.over_at > now
        }
        dates = sorted((at, event) for event, at in listed.items() if at is not None)
        start = bisect_right(dates, (listed.get(after) or -1, after))
        page = [event for _, event in dates[start : start + most]]
        return self._summaries(page), page[-1] if start + most < len(dates) else None

    def _summaries(self, ids: Sequence[str]) -> list[Summary]:
        found = []
        for event in ids:
            try:
                found.append(self.registry(event).summary())
            except EventNotFound:
                continue  # It was ended just now.
        return found

    def put(self, event: Event, *, expect: int | None = None, move_booked: bool = False) -> Put:
        with self._lock:
            registry = self._registries.get(event.id)
            if expect is not None and (registry is None) is not (expect == 0):
                raise EventChanged(event.id)
            event = replace(event, plan=self._shared(event.plan))
            if registry is not None:
                gone = registry.update(event, expect=expect, move_booked=move_booked)
                return Put(registry.summary(), opened=False, gone=gone)
            registry = SeatRegistry(
                event,
                clock=self._clock,
                expiry=self._expiry,
                history_limit=self._history_limit,
                least_version=self._last_version + 1,
                outbox=self.outbox if self._mails else None,
                clients=self._client_locks,
                meter=self._meter,
            )
            self._registries = {**self._registries, event.id: registry}
            self._ids = tuple(sorted(self._registries))
            return Put(registry.summary(), opened=True)

    def _shared(self, plan: Plan) -> Plan:
        """An equal plan of another event if there is one: what follows from a plan is worked out
        once, and takes as much memory again as the seats of an event."""
        key = hash(plan)
        known = self._plans.get(key)
        if known == plan:
            return known
        self._plans[key] = plan
        return plan

    def end(self, event: str, *, expect: int | None = None) -> None:
        with self._lock:
            version = self.registry(event).close(expect=expect)
            self._last_version = max(self._last_version, version)
            self._registries = {
                name: registry for name, registry in self._registries.items() if name != event
            }
            self._ids = tuple(sorted(self._registries))

    def bookings_of(self, address: str, most: int = 10) -> list[tuple[str, str]]:
        email = notices.same_address(address)
        found: list[Booking] = []
        for registry in self._registries.values():
            with suppress(EventNotFound):  # It was ended just now.
                found += registry.bookings_of(email)
        found.sort(key=lambda booking: -booking.booked_at)
        return [(booking.event, booking.reference) for booking in found[:most]]

    def remind(self, ahead: float) -> None:
        for registry in self._registries.values():
            with suppress(EventNotFound):  # It was ended just now.
                registry.remind(ahead)

    def shared_key(self, name: KeyName) -> bytes:
        return self._shared_keys[name]

    def ready(self) -> tuple[str, ...]:
        return ()

    def forget_old_details(self) -> None:
        if self._keep_details is None:
            return
        before = self._clock().wall - self._keep_details
        registries = self._registries
        for registry in registries.values():
            with suppress(EventNotFound):  # It was ended just now.
                registry.forget_details(before)
        self.outbox.forget_ended(frozenset(registries), before)

    def _tidy(self) -> None:
        self.forget_old_details()
        self._expiry.schedule(self._clock().monotonic + _TIDY_SECONDS, self._tidy)

    def close(self) -> None:
        self._expiry.close()
