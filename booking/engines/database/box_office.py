"""The events in a database, each with a registry."""

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from booking.domain import identifiers, notices
from booking.domain.errors import BookingNotFound, EventChanged, EventNotFound
from booking.domain.model import DEFAULT_EVENT, Event, Summary
from booking.engines.contract import BoxOffice, KeyName, Put
from booking.engines.database.attempts import attempt, look
from booking.engines.database.connection import Database, Row
from booking.engines.database.kept_sale import DatabaseClock, database_clock, minted_marks
from booking.engines.database.keys import DatabaseKeys
from booking.engines.database.migrations import migrate
from booking.engines.database.outbox import DatabaseOutbox
from booking.engines.database.plans import Plans
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.database.summaries import Summaries
from booking.engines.database.upkeep.tidying import (
    forget_ended_events,
    forget_old_answers,
    forget_old_details,
)
from booking.engines.database.writers import Writers
from booking.engines.errors import EventUnreadable, Unavailable
from booking.engines.expiry import ExpiryTimer
from booking.engines.meter import Meter
from booking.settings import Settings

logger = logging.getLogger(__name__)

_TIDY_SECONDS = 600
"""How often rows that nobody will ask for again are deleted."""


_UNUSED_SECONDS = 600
"""For how long a process keeps an event for which nobody asks."""


class DatabaseBoxOffice(BoxOffice):
    """Keeps the events in a database."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        clock: DatabaseClock = database_clock,
        meter: Meter | None = None,
    ) -> None:
        """Bring the schema up to date and, if there is no event at all yet, begin with the default
        event, of as many seats as the settings say.

        Raises:
            SchemaError: the database belongs to a later version of this program.
            Unavailable: the database does not do what it is asked for.
        """
        super().__init__(settings, ExpiryTimer(), meter)
        self._clock = clock
        self._database = database
        self.keys = DatabaseKeys(database, clock)
        self._mint_mark = minted_marks()
        self.outbox = DatabaseOutbox(database, clock, self._mint_mark)
        self.migrated = migrate(self._database)
        # Whether it can be written is known now, and not when the first buyer comes.
        with self._database.transaction(writing=True) as transaction:
            transaction.run("time")
        self._shared_keys: dict[str, bytes] = {}
        # Only ever read and added to in one step, so that no lock is needed. A registry of an event
        # that has ended finds that out by itself.
        self._registries: dict[str, DatabaseRegistry] = {}
        self._plans = Plans()
        self._writers = Writers(database, self._meter)
        self._summaries = Summaries(clock, self._plans)
        # A node of a distributed database may be down. The events of the others are sold.
        with _logged("Not all events can be read"):
            self._begin()
        self._expiry.schedule(time.monotonic() + _TIDY_SECONDS, self._tidy)

    def _begin(self) -> None:
        with self._database.transaction(writing=False) as transaction:
            used = transaction.run("list_events", after="", most=1)
            used += transaction.run("find_ended_version", event=DEFAULT_EVENT)
        if not used:
            with suppress(EventChanged):  # Another process was faster.
                self.put(Event(id=DEFAULT_EVENT, plan=self.plan, policy=self.policy), expect=0)
        # Not when the first buyer comes: a house of 100,000 seats takes 2 s.
        with suppress(EventNotFound, EventUnreadable, Unavailable):
            self.registry(DEFAULT_EVENT).summary()
        # Locks that were made before a restart run out by the timer, too.
        with self._database.transaction(writing=False) as transaction:
            now = self._clock(transaction.run("time")[0]["now"]).wall
            locked = transaction.run("events_with_locks", now=now)
            disputed = transaction.run("disputed_seats")
        for row in locked:
            with suppress(EventNotFound, EventUnreadable, Unavailable):
                self.registry(row["event"]).sweep()
        for row in disputed:
            logger.error(
                "Event %s: seat %s was sold twice by an earlier version. It is in booking %s, too."
                " Cancel one of its bookings.",
                *(row["event"], row["seat"], row["reference"]),
            )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._database.name!r}>"

    def registry(self, event: str) -> DatabaseRegistry:
        registry = self._registries.get(event)
        if registry is not None:
            return registry
        if not identifiers.is_event_id(event):
            raise EventNotFound(event)
        if not look(self._database, "has_event", event=event):
            raise EventNotFound(event)
        opened = DatabaseRegistry(
            self._database,
            event,
            clock=self._clock,
            expiry=self._expiry,
            plans=self._plans,
            writers=self._writers,
            mails=self._mails,
            meter=self._meter,
        )
        return self._registries.setdefault(event, opened)

    def registry_of_booking(self, reference: str) -> DatabaseRegistry:
        found = look(self._database, "find_event_of_booking", reference=reference)
        if not found:
            raise BookingNotFound(reference)
        return self.registry(found[0]["event"])

    def programme(self, after: str = "", most: int = 100) -> tuple[list[Summary], str | None]:
        return self._list("programme", after, most)

    def events(self, after: str = "", most: int = 100) -> tuple[list[Summary], str | None]:
        return self._list("list_events", after, most)

    def _list(self, statement: str, after: str, most: int) -> tuple[list[Summary], str | None]:
        def read() -> tuple[list[Row], list[Summary | None]]:
            with self._database.transaction(writing=False) as transaction:
                now = self._clock(transaction.run("time")[0]["now"]).wall
                listed = transaction.run(statement, after=after, now=now, most=most + 1)
                return listed, self._summaries.of(transaction, listed[:most])

        listed, summaries = attempt(read)
        for row, summary in zip(listed, summaries, strict=False):
            if summary is None:
                # Its registry says in the log what is wrong with it.
                with suppress(EventNotFound, EventUnreadable):
                    self.registry(row["event"]).summary()
        found = [summary for summary in summaries if summary is not None]
        return found, listed[most - 1]["event"] if len(listed) > most else None

    def put(self, event: Event, *, expect: int | None = None, move_booked: bool = False) -> Put:
        while True:
            opened = not expect and attempt(lambda: self._open(event))
            if expect == 0 and not opened:
                raise EventChanged(event.id)
            # Others may end it in between. Then it is opened, or opened once more.
            with suppress(EventNotFound):
                registry = self.registry(event.id)
                gone: tuple[str, ...] = ()
                if not opened:
                    gone = registry.update(event, expect=expect, move_booked=move_booked)
                return Put(registry.summary(), opened, gone)
            if expect:
                raise EventChanged(event.id)

    def _open(self, event: Event) -> bool:
        """Open an event, unless there is one of that id. Returns whether it was opened."""
        # Of one that ended there may be millions of rows.
        with self._database.transaction(writing=True, long=True) as transaction:
            if transaction.run("has_event", event=event.id):
                return False
            ended = transaction.run("find_ended_version", event=event.id)
            now = self._clock(transaction.run("time")[0]["now"])
            version = max(ended[0]["version"] + 1 if ended else 0, int(now.wall * 1000))
            # Unless another process was faster.
            written = {"event": event.id, "version": version, "mark": self._mint_mark()}
            if not transaction.run("add_event", **written):
                return False
            transaction.run("remember_description", **written)
            # Of one that ended, these are deleted little by little.
            transaction.run("forget_history", event=event.id)
            transaction.run("forget_answers", event=event.id)
            described = self._plans.description_row(event)
            transaction.run("put_description", event=event.id, **described)
            return True

    def end(self, event: str, *, expect: int | None = None) -> None:
        self.registry(event).close(expect=expect)
        self._registries.pop(event, None)
        self._expiry.schedule(time.monotonic(), self._forget_ended)

    def forget_old_details(self) -> None:
        if self._keep_details is not None:
            forget_old_details(self._database, self._clock, self._keep_details)

    def bookings_of(self, address: str, most: int = 10) -> list[tuple[str, str]]:
        email = notices.same_address(address)

        def find() -> list[Row]:
            with self._database.transaction(writing=False) as transaction:
                now = self._clock(transaction.run("time")[0]["now"]).wall
                return transaction.run("bookings_of_address", email=email, now=now, most=most)

        return [(row["event"], row["reference"]) for row in attempt(find)]

    def remind(self, ahead: float) -> None:
        def find() -> list[Row]:
            with self._database.transaction(writing=False) as transaction:
                now = self._clock(transaction.run("time")[0]["now"]).wall
                return transaction.run("events_to_remind", now=now, by=now + ahead)

        for row in attempt(find):
            with suppress(EventNotFound, EventUnreadable):
                self.registry(row["event"]).remind(ahead)

    def shared_key(self, name: KeyName) -> bytes:
        def find_or_make() -> bytes:
            with self._database.transaction(writing=True) as transaction:
                # Whoever asks first makes the key.
                transaction.run("add_shared_key", name=name, value=secrets.token_hex(32))
                return bytes.fromhex(transaction.run("find_shared_key", name=name)[0]["value"])

        if name not in self._shared_keys:
            self._shared_keys[name] = attempt(find_or_make)
        return self._shared_keys[name]

    def ready(self) -> tuple[str, ...]:
        look(self._database, "time")
        self._database.faults.expect_writable()
        return self._database.risks

    def close(self) -> None:
        """Stop releasing locks by the timer, and let go of the database."""
        self._expiry.close()
        self._database.close()

    def _tidy(self) -> None:
        """Delete rows that nobody will ask for again, and do so again in a while."""
        with _logged("Rows that nobody will ask for again are not deleted yet"):
            forget_old_answers(self._database, self._clock)
            self.forget_old_details()
        self._forget_ended()
        self._forget_unused(time.monotonic())
        self._expiry.schedule(time.monotonic() + _TIDY_SECONDS, self._tidy)

    def _forget_unused(self, now: float) -> None:
        """Give the memory of events back that nobody asks for. Whoever does reads them anew."""
        for event, registry in list(self._registries.items()):
            if registry.used_at + _UNUSED_SECONDS < now:
                self._registries.pop(event, None)

    def _forget_ended(self) -> None:
        with _logged("Rows that nobody will ask for again are not deleted yet"):
            forget_ended_events(self._database)


@contextmanager
def _logged(what: str) -> Iterator[None]:
    """Go on if the database does not answer, and log what that means."""
    try:
        yield
    except Unavailable as error:
        logger.warning("%s: %s", what, error)
