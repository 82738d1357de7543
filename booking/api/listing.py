"""``GET /seats``, encoded once for each change instead of once for each request."""

import threading
from weakref import WeakKeyDictionary

from booking.domain.model import Changes
from booking.engines.contract import Registry
from booking.http.compression import QUICK, Body
from booking.http.documents import encode, seat_document

_MANY_CHANGES = 1000
_ANSWERS_KEPT = 8

MIN_COMPRESSED_BYTES = 1000
"""Smaller bodies, as most answers to ``?since=`` are, fit into one packet as they are."""


class Listing:
    """All seats of a registry as the encoded body of an answer, with the version that it shows.
    Those who are sent the same version share one body.

    It does not keep the registry: that of an event that has ended can go.
    """

    def __init__(self) -> None:
        # Bodies by the version that was asked from and the version that they show. Used without a
        # lock: two threads may each encode the same one, and either will do.
        self._changes: dict[tuple[int, int], bytes] = {}

        # The latest bodies that were compressed. Guarded by a lock of its own, so that nobody who
        # asks for changes waits for it.
        self._packing = threading.Lock()
        self._packed: list[Body] = []

        # Guards all that follows.
        self._lock = threading.Lock()
        self._version: int | None = None
        # The encoded seats, each with a comma, in plan order: only those that changed are encoded
        # again.
        self._encoded: dict[str, bytes] = {}
        self._body = b""
        # The same for those who asked for changes. Encoded when somebody does.
        self._full_body: bytes | None = None

    def current(self, registry: Registry, *, full: bool = False) -> tuple[int, bytes]:
        """The version that the seats have now, and the body that shows them; with ``full``, it says
        that these are all seats, to one who asked for changes."""
        # Not under the lock: the registry may have to wait for its database.
        changes = registry.changes(self._version)
        with self._lock:
            # Others may have shown later ones in between. These changes have all since the version
            # before that, so they can be put on top of whatever is shown now.
            if self._version is None or changes.version > self._version:
                self._show(registry, changes)
            assert self._version is not None
            if not full:
                return self._version, self._body
            if self._full_body is None:
                self._full_body = self._body.replace(b'"seats":[', b'"full":true,"seats":[', 1)
            return self._version, self._full_body

    def _show(self, registry: Registry, changes: Changes) -> None:
        if changes.full:
            self._encoded.clear()
        for seat in changes.seats:
            self._encoded[seat.id] = encode(seat_document(seat)).rstrip() + b","
        head, tail = self._around(registry, changes.version)
        # In one go, since 100,000 seats are some megabytes.
        *others, last = self._encoded.values()
        self._body = b"".join((head, *others, last[:-1], tail))
        self._full_body = None
        self._version = changes.version

    def since(self, registry: Registry, version: int) -> tuple[int, bytes]:
        """The version that the seats have now, and a body with those that changed after another
        version; with all seats if the registry does not know that one, or if many have changed:
        a list of all is there already, and one of many would have to be made."""
        most = max(_MANY_CHANGES, len(registry.event.plan.seats) // 20)
        changes = registry.changes(version, most)
        if changes.full:
            return self.current(registry, full=True)
        key = (version, changes.version)
        body = self._changes.get(key)
        if body is None:
            seats = [seat_document(seat) for seat in changes.seats]
            body = encode({"event": registry.event.id, "version": changes.version, "seats": seats})
            if len(self._changes) >= _ANSWERS_KEPT:
                self._changes = {}
            self._changes[key] = body
        return changes.version, body

    def coded(self, body: bytes, coding: str) -> bytes:
        """A body of this listing, compressed once for all who are sent it."""
        with self._packing:
            found = next((packed for packed in self._packed if packed.plain is body), None)
            if found is None:
                found = Body(body, QUICK)
                self._packed = [found, *self._packed[:1]]
            return found.coded(coding)

    @staticmethod
    def _around(registry: Registry, version: int) -> tuple[bytes, bytes]:
        empty = encode({"event": registry.event.id, "version": version, "seats": []})
        head, _, tail = empty.rpartition(b"[]")
        return head + b"[", b"]" + tail


class Listings:
    """The listing of each registry that was asked for."""

    def __init__(self) -> None:
        self._listings: WeakKeyDictionary[Registry, Listing] = WeakKeyDictionary()

    def of(self, registry: Registry) -> Listing:
        # Two threads may each make one of the same registry; either will do.
        listing = self._listings.get(registry)
        return listing or self._listings.setdefault(registry, Listing())
