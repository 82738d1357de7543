"""``GET /seats``, encoded once for each change instead of once for each request."""

import threading
from weakref import WeakKeyDictionary

from booking.api.documents import encode, seat_document
from booking.engine import Registry


class Listing:
    """All seats of a registry as the encoded body of an answer, with the version that it shows.

    It does not keep the registry: that of an event that has ended can go.
    """

    def __init__(self) -> None:
        # Guards all that follows.
        self._lock = threading.Lock()
        self._version: int | None = None
        # The encoded seats, in plan order: only those that changed are encoded again.
        self._encoded: dict[str, bytes] = {}
        self._body = b""

    def current(self, registry: Registry, *, full: bool = False) -> tuple[int, bytes]:
        """The version that the seats have now, and the body that shows them; with ``full``, it says
        that these are all seats, to one who asked for changes."""
        with self._lock:
            changes = registry.changes(self._version)
            if changes.version != self._version:
                if changes.full:
                    self._encoded.clear()
                for seat in changes.seats:
                    self._encoded[seat.id] = encode(seat_document(seat)).rstrip()
                empty = encode(
                    {"event": registry.event.id, "version": changes.version, "seats": []}
                )
                self._body = empty.replace(b"[]", b"[%b]" % b",".join(self._encoded.values()))
                self._version = changes.version
            body = self._body
        return changes.version, body.replace(
            b'"seats":[', b'"full":true,"seats":[', 1
        ) if full else body


class Listings:
    """The listing of each registry that was asked for."""

    def __init__(self) -> None:
        self._listings: WeakKeyDictionary[Registry, Listing] = WeakKeyDictionary()

    def of(self, registry: Registry) -> Listing:
        # Two threads may each make one of the same registry; either will do.
        listing = self._listings.get(registry)
        return listing or self._listings.setdefault(registry, Listing())
