"""How many seats one client has locked, whatever tokens it uses."""

import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from booking.domain.errors import BookingError
from booking.domain.model import SeatStatus
from booking.engines.contract import Registry
from booking.http.errors import TooManyRequests

Client = bytes
"""A keyed digest of an address: nobody can tell from it who it was."""

Got = Callable[[Registry, Sequence[str], bytes], None]
"""Tells which seats of a registry a call has locked, and for which holder."""

_MOST_CLIENTS = 100_000


class _Held(NamedTuple):
    registry: Registry
    seat: str
    holder: bytes


class ClientLocks:
    """Which seats each client has locked. No client can take the whole house, whatever tokens it
    makes up."""

    def __init__(self, most: int) -> None:
        self._most = most
        # Guards what follows.
        self._lock = threading.Lock()
        # What each client has locked, and may have released, booked or lost meanwhile.
        self._held: dict[Client, set[_Held]] = {}
        # The seats that calls are asking for just now.
        self._asking: dict[Client, int] = {}

    @contextmanager
    def asking(self, client: Client, seats: int) -> Iterator[Got]:
        """While a call asks for so many seats. It is given a function to tell which it has got.

        Raises:
            TooManyRequests: the client would have more seats locked than one may.
        """
        if not self._reserve(client, seats):
            self._forget_the_gone(client)
            if not self._reserve(client, seats):
                raise TooManyRequests(
                    f"From one address, {self._most:,} seats can be locked at a time."
                    " Confirm or release some first.",
                    1.0,
                )
        try:
            yield functools.partial(self._got, client)
        finally:
            with self._lock:
                self._asking[client] -= seats
                if not self._asking[client]:
                    del self._asking[client]

    def _reserve(self, client: Client, seats: int) -> bool:
        with self._lock:
            asking = self._asking.get(client, 0)
            if len(self._held.get(client, ())) + asking + seats > self._most:
                return False
            self._asking[client] = asking + seats
            return True

    def _got(self, client: Client, registry: Registry, seats: Sequence[str], holder: bytes) -> None:
        with self._lock:
            held = self._held.setdefault(client, set())
            held.update(_Held(registry, seat, holder) for seat in seats)
            crowded = len(self._held) > _MOST_CLIENTS
        if crowded:
            self._forget_the_gone(next(iter(self._held)))

    def _forget_the_gone(self, client: Client) -> None:
        # A registry may have to ask its database, so without the lock.
        gone = {held for held in tuple(self._held.get(client, ())) if not _is_locked(held)}
        with self._lock:
            if client in self._held:
                self._held[client] -= gone
                if not self._held[client]:
                    del self._held[client]


def _is_locked(held: _Held) -> bool:
    try:
        seat = held.registry.seat(held.seat)
    except BookingError:  # The event has ended, or its plan has changed.
        return False
    return (
        seat.status is SeatStatus.LOCKED
        and seat.lock is not None
        and seat.lock.holder == held.holder
    )
