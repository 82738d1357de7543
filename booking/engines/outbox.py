"""What waits for the mail.

A notice is put here in the same transaction as the change that it tells of, under the same Lock in
memory. So each change that was acknowledged is told, whatever becomes of the process: at least
once, for whoever sends it may be killed before it says so here.
"""

import threading
from abc import ABC, abstractmethod
from typing import NamedTuple

from booking.domain.notices import Errand, Notice
from booking.engines.clock import Clock


class Key(NamedTuple):
    """What tells an errand from all others: its event, the version of the event, and a number."""

    event: str
    version: int
    number: int


class Waiting(NamedTuple):
    """An errand, and how often it was tried."""

    key: Key
    errand: Errand
    attempts: int = 0


class Outbox(ABC):
    """Keeps errands until they are done. Safe for any number of threads."""

    @abstractmethod
    def put(self, errand: Errand) -> None:
        """Add an errand that comes of no change of an event. Registries add the others."""

    @abstractmethod
    def due(self, most: int) -> list[Waiting]:
        """Errands whose time has come, the longest due first."""

    @abstractmethod
    def done(self, key: Key) -> None:
        """Forget an errand. There may be none."""

    @abstractmethod
    def postpone(self, key: Key, seconds: float) -> None:
        """Count an attempt that came to nothing, and try again in so many seconds."""

    @abstractmethod
    def waiting(self) -> int:
        """How many errands there are."""

    @abstractmethod
    def lease(self, owner: str, seconds: float) -> bool:
        """Let nobody else send for so many seconds. False while someone else has that right."""

    @abstractmethod
    def release(self, owner: str) -> None:
        """Give the right to send back, if this owner has it."""


class OutboxInMemory(Outbox):
    """Keeps errands until the process ends. There is one process, so that it always may send."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

        # Guards what follows. Taken under the Lock of a registry, and takes no other.
        self._lock = threading.Lock()
        self._number = 0
        # With the monotonic second at which each is due.
        self._errands: dict[Key, tuple[float, Waiting]] = {}

    def put(self, errand: Errand) -> None:
        due_at = self._clock().monotonic
        with self._lock:
            self._number += 1
            key = Key(errand.event if isinstance(errand, Notice) else "", 0, self._number)
            self._errands[key] = due_at, Waiting(key, errand)

    def due(self, most: int) -> list[Waiting]:
        now = self._clock().monotonic
        with self._lock:
            found = sorted(
                (due_at, waiting.key.number, waiting)
                for due_at, waiting in self._errands.values()
                if due_at <= now
            )
        return [waiting for _, _, waiting in found[:most]]

    def done(self, key: Key) -> None:
        with self._lock:
            self._errands.pop(key, None)

    def postpone(self, key: Key, seconds: float) -> None:
        due_at = self._clock().monotonic + seconds
        with self._lock:
            if key in self._errands:
                waiting = self._errands[key][1]
                self._errands[key] = due_at, waiting._replace(attempts=waiting.attempts + 1)

    def forget(self, event: str, reference: str) -> None:
        """Forget what the people of a booking were to be told."""
        with self._lock:
            for key, (_, waiting) in list(self._errands.items()):
                errand = waiting.errand
                if (
                    key.event == event
                    and isinstance(errand, Notice)
                    and errand.reference == reference
                ):
                    del self._errands[key]

    def forget_ended(self, events: frozenset[str], before: float) -> None:
        """Forget what was written before a Unix time about other events than these."""
        with self._lock:
            for key, (_, waiting) in list(self._errands.items()):
                if key.event not in events and waiting.errand.written_at <= before:
                    del self._errands[key]

    def waiting(self) -> int:
        with self._lock:
            return len(self._errands)

    def lease(self, owner: str, seconds: float) -> bool:
        return True

    def release(self, owner: str) -> None:
        pass
