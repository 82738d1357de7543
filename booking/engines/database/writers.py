"""Lets the calls of several events share the transactions of a database."""

import threading
import time
from collections.abc import Sequence
from typing import NamedTuple

from booking.engines.database.attempts import attempt
from booking.engines.database.batches import Pending, carry_out_together, is_everybodys
from booking.engines.database.connection import Database
from booking.engines.database.writes import Behind, KeptEvent, Taken, Write, write_in_transaction
from booking.engines.meter import Meter

_ALONE_SECONDS = 1.0
"""For how long an event does not share that others had, or that made a transaction fail. Two
processes that sell the same event find it taken half of the time."""
_SMALLER_AFTER_SECONDS = 0.05
"""After that a second transaction begins beside a larger one: that one seems to wait."""
_ONE_MORE_AFTER_SECONDS = 1.0
"""After that a transaction does not count as one that goes on: it hangs."""


class Writers:
    """Carries out the calls of any number of events. Those that come while a transaction goes on
    share the next. It begins when that one ends or, if the database wants two at the same time, as
    soon as it is as large: the smaller ones are, the more of them there are to pay for.

    A shared transaction never waits for an event that another process has, or all would wait for
    one that is stuck. Such an event is waited for in a transaction of its own.
    """

    def __init__(self, database: Database, meter: Meter) -> None:
        self._database = database
        self._meter = meter

        # Guards what follows.
        self._lock = threading.Lock()
        self._queue: list[Write] = []
        # The transactions that go on or are to begin, by who leads them.
        self._going_on: dict[Write, _Transaction] = {}

    def carry_out(self, event: KeptEvent, calls: Sequence[Pending]) -> float | None:
        """Carry out calls of an event, in a transaction that others may share. Returns when to
        sweep, in monotonic seconds, if that is to be scheduled.

        Raises:
            EventNotFound: there is no such event.
            EventUnreadable: what the database has of it makes no sense.
            Unavailable: the transaction failed.
        """
        if self._may_share(event):
            write = Write(event, calls)
            self._share(write)
            if not isinstance(write.error, Taken | Behind):
                return _sweep_at(write)
            if isinstance(write.error, Taken):
                event.alone_since = time.monotonic()
        try:
            return self._carry_out_alone(event, calls)
        except Behind:
            event.load(self._database)
            return self._carry_out_alone(event, calls, long=True)

    def carry_out_long(self, event: KeptEvent, call: Pending) -> float | None:
        """The same with one call that may take long, in a transaction of its own."""
        return self._carry_out_alone(event, [call], long=True)

    def _carry_out_alone(
        self, event: KeptEvent, calls: Sequence[Pending], *, long: bool = False
    ) -> float | None:
        write = Write(event, calls)

        def transact() -> None:
            if not event.sale.is_kept:
                event.load(self._database)
            write_in_transaction(self._database, [write], self._meter, waits=True, long=long)

        attempt(transact)
        return _sweep_at(write)

    def _may_share(self, event: KeptEvent) -> bool:
        alone = not self._database.shared_at_once or not event.sale.is_kept
        return not alone and event.alone_since + _ALONE_SECONDS < time.monotonic()

    def _share(self, write: Write) -> None:
        with self._lock:
            self._queue.append(write)
        self._wake_next()
        seconds = _SMALLER_AFTER_SECONDS
        while not write.sleep(seconds):
            # It may be that the one that goes on hangs.
            self._wake_next()
            seconds = _ONE_MORE_AFTER_SECONDS
        if not write.done:
            self._lead(write)

    def _wake_next(self) -> None:
        """Let whoever came first lead the next transaction, if that may begin."""
        now = time.monotonic()
        with self._lock:
            going_on = self._going_on.values()
            count = sum(now < it.began_at + _ONE_MORE_AFTER_SECONDS for it in going_on)
            large = [it.size for it in going_on if now < it.began_at + _SMALLER_AFTER_SECONDS]
            full = count >= max(1, self._database.shared_at_once)
            if full or len(self._queue) < max(large, default=1):
                return
            leader = self._queue.pop(0)
            self._going_on[leader] = _Transaction(now, 1 + len(self._queue))
        leader.wake()

    def _lead(self, leader: Write) -> None:
        """Carry out the calls of all who wait. Then let whoever came first meanwhile lead."""
        batch: list[Write] = []
        left: list[Write] = []
        apart: set[object] = set()
        with self._lock:
            for write in (leader, *self._queue):
                # The locks of a client are counted by what is written.
                its = {write.event.id, *write.clients}
                (batch if apart.isdisjoint(its) else left).append(write)
                apart |= its
            self._queue = left
            self._going_on[leader] = _Transaction(time.monotonic(), len(batch))
        try:
            carry_out_together(self._transact, batch)
        except BaseException as error:
            for write in batch:
                write.error = write.error or error
            if not isinstance(error, Exception):
                raise
        finally:
            with self._lock:
                del self._going_on[leader]
            for write in batch:
                if write.error is not None and not is_everybodys(write.error):
                    write.event.alone_since = time.monotonic()
                write.done = True
                write.wake()
            self._wake_next()

    def _transact(self, writes: Sequence[Write]) -> None:
        attempt(lambda: write_in_transaction(self._database, writes, self._meter, waits=False))


class _Transaction(NamedTuple):
    """A transaction of ``size`` events that goes on since ``began_at``, in monotonic seconds."""

    began_at: float
    size: int


def _sweep_at(write: Write) -> float | None:
    if write.error is not None:
        raise write.error
    return write.sweep_at
