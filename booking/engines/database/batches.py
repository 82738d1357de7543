"""Calls that come while others are carried out wait, and are then carried out together."""

import threading
from collections.abc import Callable
from typing import Any

from booking.domain.errors import BookingError


class Pending:
    """A call that waits to be carried out."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False
        # Given back when the call is done, or has to lead. An Event would cost 8 µs.
        self.turn = threading.Lock()
        self.turn.acquire()
        self._call = call

    def carry_out(self, *arguments: Any) -> None:
        """Call, and keep what it returns or why it refuses. Once more, if need be."""
        self.result = self.error = None
        try:
            self.result = self._call(*arguments)
        except BookingError as refusal:
            self.error = refusal


class Batches:
    """Carries out calls from any number of threads. One of the callers leads: it carries out the
    calls of all who wait, while the next wait for theirs."""

    def __init__(self, carry_out: Callable[[list[Pending]], None]) -> None:
        """``carry_out`` carries out a batch. If it raises, all who made a call of it are told."""
        self._carry_out = carry_out
        # Guards all that follows.
        self._lock = threading.Lock()
        self._queue: list[Pending] = []
        # Whether somebody leads.
        self._led = False

    def submit(self, call: Callable[..., Any]) -> Any:
        """What the call returns. Raises what it raises."""
        pending = Pending(call)
        with self._lock:
            self._queue.append(pending)
            leads, self._led = not self._led, True
        if not leads:
            pending.turn.acquire()
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
            self._carry_out(batch)
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
                pending.turn.release()
