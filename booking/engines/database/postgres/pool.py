"""A pool of connections."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from booking.engines.database.postgres.session import Session

_TRUSTED_SECONDS = 5.0
"""Test a connection that was idle for longer before using it: a firewall may have dropped it."""
_UNUSED_SECONDS = 600.0
"""Close a connection that has been idle for this long."""
_LIFETIME_SECONDS = 3600.0


class PoolBusy(Exception):
    """No connection became free in time."""


class Pool:
    """Lends each connection to one thread at a time. A thread that finds none idle connects by
    itself, and so learns at once if that fails.

    Safe for many threads.
    """

    def __init__(
        self,
        connect: Callable[[], Session],
        answers: Callable[[Session], bool],
        *,
        most: int,
        wait_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Lend at most ``most`` connections at once. ``answers`` tests one that has been idle."""
        self._connect = connect
        self._answers = answers
        self._wait_seconds = wait_seconds
        self._monotonic = monotonic
        self._free = threading.Semaphore(most)

        # Guards the attributes below.
        self._lock = threading.Lock()
        # The most recently used session is on the right.
        self._idle: deque[Session] = deque()
        # Sessions of an earlier generation are closed when they come back.
        self._generation = 0
        # The server of the last session that can write.
        self._server: str | None = None
        self._closed = False

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Lend a session for the duration of the block.

        Raises:
            PoolBusy: no session became free within ``wait_seconds``.
            CannotOpen: a new session was needed, and connecting failed.
        """
        if not self._free.acquire(timeout=self._wait_seconds):
            raise PoolBusy
        try:
            session = self._take()
            try:
                yield session
            finally:
                self._give_back(session)
        finally:
            self._free.release()

    def drain(self) -> None:
        """Retire all current connections: they may lead to a server that is no longer in charge."""
        with self._lock:
            self._generation += 1
            drained = list(self._idle)
            self._idle.clear()
        for session in drained:
            session.close()

    def close(self) -> None:
        """Close the idle connections now, and the others when they come back."""
        with self._lock:
            self._closed = True
        self.drain()

    def _take(self) -> Session:
        while True:
            with self._lock:
                session = self._idle.pop() if self._idle else None
                generation = self._generation
            if session is None:
                return self._make(generation)
            idle = self._monotonic() - session.idle_since
            if idle < _TRUSTED_SECONDS or self._answers(session):
                return session
            session.close()
            # The others have been idle for longer still.
            self.drain()

    def _make(self, generation: int) -> Session:
        session = self._connect()
        with self._lock:
            changed = not session.read_only and self._server not in (None, session.server)
            if not session.read_only:
                self._server = session.server
        if changed:
            self.drain()
            generation += 1
        session.generation = generation
        return session

    def _give_back(self, session: Session) -> None:
        session.idle_since = now = self._monotonic()
        unused = None
        # Do not keep connections to a read-only server: the address may soon lead to the primary.
        keep = (
            session.usable and not session.read_only and now < session.opened_at + _LIFETIME_SECONDS
        )
        with self._lock:
            keep = keep and session.generation == self._generation and not self._closed
            if keep:
                self._idle.append(session)
                if self._idle[0].idle_since + _UNUSED_SECONDS < now:
                    unused = self._idle.popleft()
        for each in (unused, None if keep else session):
            if each is not None:
                each.close()
