"""Calls that come while others are carried out wait, and are then carried out together."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from booking.domain.errors import BookingError
from booking.engines.errors import EngineError, IdempotencyKeyReused, Unavailable
from booking.engines.idempotency import KeyedRequest


class Pending:
    """A call that waits to be carried out. ``request`` is the one whose answer it asks for."""

    def __init__(self, call: Callable[..., Any], request: KeyedRequest | None = None) -> None:
        self.request = request
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False
        self._call = call
        # Locked while the caller sleeps. An Event would cost 8 µs.
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def carry_out(self, *arguments: Any) -> None:
        """Call, and keep what it returns or why it refuses. Once more, if need be."""
        self.result = self.error = None
        try:
            self.result = self._call(*arguments)
        except (BookingError, IdempotencyKeyReused) as refusal:
            self.error = refusal

    def sleep(self) -> None:
        """Wait until :meth:`wake` was called."""
        self._asleep.acquire()

    def wake(self) -> None:
        """The call is done, or its thread has to lead."""
        self._asleep.release()


class Batches:
    """Carries out calls from any number of threads. One of the callers leads: it carries out the
    calls of all who wait, while the next wait for theirs."""

    def __init__(self, carry_out: Callable[[Sequence[Pending]], None]) -> None:
        """``carry_out`` carries out a batch, or raises, having changed nothing."""
        self._carry_out = carry_out
        # Guards all that follows.
        self._lock = threading.Lock()
        self._queue: list[Pending] = []
        # Whether somebody leads.
        self._led = False

    def submit(self, call: Callable[..., Any], request: KeyedRequest | None = None) -> Any:
        """What the call returns. Raises what it raises."""
        pending = Pending(call, request)
        with self._lock:
            self._queue.append(pending)
            leads, self._led = not self._led, True
        if not leads:
            pending.sleep()
        if not pending.done:
            self._lead()
        if pending.error is not None:
            raise pending.error
        return pending.result

    def _lead(self) -> None:
        """Carry out the calls of all who wait. Then let whoever came first meanwhile lead."""
        batch: list[Pending] = []
        try:
            with self._lock:
                batch, self._queue = self._queue, []
            self._carry_out_together(batch)
        except BaseException as error:
            for pending in batch:
                pending.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            with self._lock:
                following = self._queue[:1]
                self._led = bool(following)
            for pending in batch:
                pending.done = True
            for pending in batch + following:
                pending.wake()

    def _carry_out_together(self, batch: list[Pending]) -> None:
        try:
            self._carry_out(batch)
        except Exception as error:
            if len(batch) == 1 or _is_everybodys(error):
                raise
            self._carry_out_one_by_one(batch)

    def _carry_out_one_by_one(self, batch: list[Pending]) -> None:
        """Carry out calls of which one made the whole batch fail, so that only that one fails."""
        away: Exception | None = None
        for pending in batch:
            pending.error = away
            if away is None:
                try:
                    self._carry_out([pending])
                except Exception as error:  # noqa: BLE001  Its caller is told.
                    pending.error = error
                    # Nor do the others have to wait for a database that does not answer.
                    away = error if _is_everybodys(error) else None


def _is_everybodys(error: Exception) -> bool:
    """Whether an error has nothing to do with what a call asks for: there is no such event, or the
    database is away."""
    if isinstance(error, Unavailable):
        return not (error.aborted or error.rejected)
    return isinstance(error, BookingError | EngineError)
