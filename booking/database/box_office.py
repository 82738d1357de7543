"""The events in a database, each with a registry."""

from contextlib import suppress

from booking import ids
from booking.box_office import default_policy
from booking.database import rows
from booking.database.connection import Database
from booking.database.migrations import migrate
from booking.database.registry import DatabaseClock, DatabaseRegistry, database_clock
from booking.errors import BookingNotFound, EventNotFound
from booking.expiry import ExpiryTimer
from booking.model import DEFAULT_EVENT, Event, Summary
from booking.plans import grid
from booking.settings import Settings


class DatabaseBoxOffice:
    """Opens and ends events, and finds the registry of an event. One expiry timer serves all."""

    def __init__(
        self, settings: Settings, database: Database, *, clock: DatabaseClock = database_clock
    ) -> None:
        """Bring the schema up to date and, if there is no event at all yet, begin with the default
        event, of as many seats as the settings say.

        Raises:
            SchemaError: the database belongs to a later version of this program.
            Unavailable: the database does not do what it is asked for.
        """
        self.policy = default_policy(settings)
        self.plan = grid.count(settings.seats)
        self._clock = clock
        self._database = database
        self.migrated = migrate(self._database)
        self._expiry = ExpiryTimer()
        # Only ever read and added to in one step, so that no lock is needed. A registry of an event
        # that has ended finds that out by itself.
        self._registries: dict[str, DatabaseRegistry] = {}
        with self._database.transaction(writing=False) as transaction:
            used = transaction.run("list_events", after="", most=1)
            used += transaction.run("find_ended_version", event=DEFAULT_EVENT)
        if not used:
            self.put(Event(id=DEFAULT_EVENT, plan=self.plan, policy=self.policy), keep_plan=True)
        # Not when the first buyer comes: a house of 100,000 seats takes 2 s.
        with suppress(EventNotFound):
            self.registry(DEFAULT_EVENT).summary()
        # Locks that were made before a restart run out by the timer, too.
        with self._database.transaction(writing=False) as transaction:
            locked = transaction.run("events_with_locks")
        for row in locked:
            self.registry(row["event"]).sweep()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._database.name!r}>"

    def registry(self, event: str) -> DatabaseRegistry:
        """The registry of the event. Raises EventNotFound."""
        registry = self._registries.get(event)
        if registry is not None:
            return registry
        if not ids.is_id(event):
            raise EventNotFound(event)
        with self._database.transaction(writing=False) as transaction:
            if not transaction.run("find_version", event=event):
                raise EventNotFound(event)
        opened = DatabaseRegistry(self._database, event, clock=self._clock, expiry=self._expiry)
        return self._registries.setdefault(event, opened)

    def registry_of_booking(self, reference: str) -> DatabaseRegistry:
        """The registry that has the booking. Raises BookingNotFound."""
        with self._database.transaction(writing=False) as transaction:
            found = transaction.run("find_event_of_booking", reference=reference)
        if not found:
            raise BookingNotFound(reference)
        return self.registry(found[0]["event"])

    def events(self, after: str = "", most: int = 100) -> tuple[list[Summary], str | None]:
        """Events in the order of their ids, ``most`` of them from after the id ``after``; and the
        id of the last, if there are more."""
        named = self._ids(after, most + 1)
        found = []
        for event in named[:most]:
            with suppress(EventNotFound):  # It was ended just now.
                found.append(self.registry(event).summary())
        return found, named[most - 1] if len(named) > most else None

    def put(self, event: Event, *, keep_plan: bool = False) -> tuple[Summary, bool]:
        """Open an event or, if there is one of that id, change it; with ``keep_plan``, all but its
        plan. Returns its summary, and whether it was opened.

        Raises:
            SeatsInUse: the plan lacks seats that are locked or booked.
        """
        with self._database.transaction(writing=True) as transaction:
            opened = not transaction.run("find_version", event=event.id)
            if opened:
                ended = transaction.run("find_ended_version", event=event.id)
                now = self._clock(transaction.run("time")[0]["now"])
                version = max(ended[0]["version"] + 1 if ended else 0, int(now.wall * 1000))
                # Unless another process was faster.
                opened = bool(transaction.run("add_event", event=event.id, version=version))
            if opened:
                document = rows.describe(event)
                transaction.run("put_description", event=event.id, document=document)
        registry = self.registry(event.id)
        if not opened:
            registry.update(event, keep_plan=keep_plan)
        return registry.summary(), opened

    def end(self, event: str) -> None:
        """End an event; its bookings and its history go with it.

        Raises:
            EventNotFound: there is none.
            SeatsInUse: it has seats that are locked or booked.
        """
        self.registry(event).close()
        self._registries.pop(event, None)

    def close(self) -> None:
        """Stop releasing locks by the timer, and let go of the database."""
        self._expiry.close()
        self._database.close()

    def _ids(self, after: str, most: int) -> list[str]:
        with self._database.transaction(writing=False) as transaction:
            return [row["event"] for row in transaction.run("list_events", after=after, most=most)]
