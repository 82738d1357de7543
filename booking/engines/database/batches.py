"""Calls that come while others are carried out wait, and are then carried out together."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from booking.domain.errors import BookingError
from booking.engines.errors import EngineError, IdempotencyKeyReused, Unavailable
from booking.engines.idempotency import KeyedRequest

PATIENCE_SECONDS = 3.0
"""How long a call waits for others. A process that was stopped has the event for 2 s, and 100,000
seats take 2 s to be read."""


def stuck() -> Unavailable:
    """The error for a call that would have to wait for too long."""
    return Unavailable("The database keeps other calls for this event waiting.")


W = TypeVar("W", bound="Waiting")


class Waiting:
    """What a thread waits for while another one may carry it out."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.done = False
        # Locked while the thread sleeps. An Event would cost 8 µs.
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def sleep(self, seconds: float = -1) -> bool:
        """Wait until :meth:`wake` was called. False if that took longer than so many seconds."""
        return self._asleep.acquire(timeout=seconds)

    def wake(self) -> None:
        """It is done, or its thread has to lead."""
        self._asleep.release()


class Pending(Waiting):
    """A call that waits to be carried out. ``request`` is the one whose answer it asks for, and
    ``client`` whose locks it counts."""

    def __init__(
        self,
        call: Callable[..., Any],
        request: KeyedRequest | None = None,
        client: bytes | None = None,
    ) -> None:
        super().__init__()
        self.request = request
        self.client = client
        self.result: Any = None
        self._call = call

    def carry_out(self, *arguments: Any) -> None:
        """Call, and keep what it returns or why it refuses. Once more, if need be."""
        self.result = self.error = None
        try:
            self.result = self._call(*arguments)
        except (BookingError, IdempotencyKeyReused) as refusal:
            self.error = refusal


class Batches:
    """Carries out calls from any number of threads. One of the callers leads: it carries out the
    calls of all who wait, while the next wait for theirs.

    Nobody waits for long: if the database keeps a batch waiting, the calls after it are refused,
    those that wait already when their ``patience`` ends and others at once. From then on, until a
    batch is carried out in time, one call at a time tries.
    """

    def __init__(
        self,
        carry_out: Callable[[Sequence[Pending]], None],
        *,
        patience: float = PATIENCE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``carry_out`` carries out a batch, or raises, having changed nothing."""
        self._carry_out = carry_out
        self._patience = patience
        self._monotonic = monotonic
        # Guards all that follows.
        self._lock = threading.Lock()
        self._queue: list[Pending] = []
        # Who leads, or is to lead next; and since when a batch is carried out.
        self._leader: Pending | None = None
        self._began_at = 0.0
        # Whether the last batch took too long.
        self._stuck = False

    def submit(
        self,
        call: Callable[..., Any],
        request: KeyedRequest | None = None,
        client: bytes | None = None,
    ) -> Any:
        """What the call returns. Raises what it raises."""
        pending = Pending(call, request, client)
        with self._lock:
            if self._leader is None:
                self._leader = pending
            elif self._stuck or self._monotonic() > self._began_at + self._patience:
                raise stuck()
            self._queue.append(pending)
            leads = self._leader is pending
        if not leads and not pending.sleep(self._patience):
            self._give_up(pending)
        if not pending.done:
            self._lead()
        if pending.error is not None:
            raise pending.error
        return pending.result

    def _give_up(self, pending: Pending) -> None:
        """Refuse a call that has waited for too long, unless it is being carried out by now."""
        with self._lock:
            waits = pending in self._queue and self._leader is not pending
            if waits:
                self._queue.remove(pending)
        if waits:
            raise stuck()
        pending.sleep()

    def _lead(self) -> None:
        """Carry out the calls of all who wait. Then let whoever came first meanwhile lead."""
        batch: list[Pending] = []
        try:
            with self._lock:
                batch, self._queue = self._queue, []
                self._began_at = self._monotonic()
            carry_out_together(self._carry_out, batch)
        except BaseException as error:
            for pending in batch:
                pending.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            with self._lock:
                following = self._queue[:1]
                self._leader = following[0] if following else None
                self._stuck = self._monotonic() > self._began_at + self._patience
            for pending in batch:
                pending.done = True
            for pending in batch + following:
                pending.wake()


def carry_out_together(carry_out: Callable[[Sequence[W]], None], batch: Sequence[W]) -> None:
    """Carry out a batch or, if one of it makes the whole fail, one by one, so that only that one
    has an ``error``."""
    try:
        carry_out(batch)
    except Exception as error:
        if len(batch) == 1 or is_everybodys(error):
            raise
        _carry_out_one_by_one(carry_out, batch)


def _carry_out_one_by_one(carry_out: Callable[[Sequence[W]], None], batch: Sequence[W]) -> None:
    away: Exception | None = None
    for waiting in batch:
        waiting.error = away
        if away is None:
            try:
                carry_out([waiting])
            except Exception as error:  # noqa: BLE001  Its caller is told.
                waiting.error = error
                # Nor do the others have to wait for a database that does not answer.
                away = error if is_everybodys(error) else None


def is_everybodys(error: BaseException) -> bool:
    """Whether an error has nothing to do with what a call asks for: there is no such event, or the
    database is away."""
    if isinstance(error, Unavailable):
        return not (error.aborted or error.rejected)
    return isinstance(error, BookingError | EngineError)
