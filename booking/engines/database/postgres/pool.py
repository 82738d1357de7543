"""Connections that are used again."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from booking.engines.database.postgres.session import Session

_TRUSTED_SECONDS = 5.0
"""A connection that was idle for longer is tried first: a firewall may have forgotten it."""
_UNUSED_SECONDS = 600.0
"""Connections that nobody needed for so long are closed."""
_LIFETIME_SECONDS = 3600.0


class PoolBusy(Exception):
    """All connections were in use for too long."""


class Pool:
    """Lends each connection to one thread at a time. Whoever finds none idle makes one, in the
    thread that wants it, and so learns at once why there is none to be had.

    Safe for any number of threads.
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
        """``most`` connections are in use at once. ``answers`` tries one that was idle for long."""
        self._connect = connect
        self._answers = answers
        self._wait_seconds = wait_seconds
        self._monotonic = monotonic
        self._free = threading.Semaphore(most)

        # Guards all that follows.
        self._lock = threading.Lock()
        # The one that was used last is on the right.
        self._idle: deque[Session] = deque()
        # Sessions of an earlier generation are closed instead of used again.
        self._generation = 0
        # The server that the last session for writing leads to.
        self._server: str | None = None
        self._closed = False

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session for the time being.

        Raises:
            PoolBusy: all were in use for the whole ``wait_seconds``.
            CannotOpen: a new one was needed, and could not be had.
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
        """Use no connection again that there is now: the server may be another one."""
        with self._lock:
            self._generation += 1
            drained = list(self._idle)
            self._idle.clear()
        for session in drained:
            session.close()

    def close(self) -> None:
        """Close the connections that nobody uses, and the others as soon as nobody does."""
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
        # A server that only reads is no place to stay: the address may lead to another any moment.
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
