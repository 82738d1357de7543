"""Keys: what an administrator lets others do. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """What a key is good for."""

    READ = "read"
    """Bookings, lists, history, reports."""

    SELL = "sell"
    """The box office: book for others, cancel, move, take locks."""

    DOOR = "door"
    """The door: see who is expected, check tickets in and out."""

    MANAGE = "manage"
    """Open, change and end events; take seats off sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key by its name. Of its token, only the ``digest`` is known. ``events`` None is all events,
    and ``until``, a Unix time, None is for ever."""

    name: str
    digest: bytes = field(repr=False)
    scopes: Collection[Scope]
    events: Collection[str] | None
    until: float | None
    created_at: float

    def opens(self, scope: Scope, event: str) -> bool:
        """Whether it is good for something with an event."""
        return scope in self.scopes and (self.events is None or event in self.events)

    def has_run_out(self, now: float) -> bool:
        """Whether it is good for nothing any more."""
        return self.until is not None and self.until <= now
