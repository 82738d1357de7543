"""Lets the calls of several events share the transactions of a database."""

import threading
import time
from collections.abc import Sequence

from booking.engines.database.attempts import attempt
from booking.engines.database.batches import PATIENCE_SECONDS, Pending, carry_out_together, stuck
from booking.engines.database.connection import Database
from booking.engines.database.writes import Behind, KeptEvent, Taken, Write, write_in_transaction
from booking.engines.meter import Meter

_ALONE_SECONDS = 1.0
"""For how long an event that others had is written alone. Two processes that sell the same event
find it taken half of the time."""


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
        # By who leads it: of how many events each transaction is that goes on, or is to begin.
        self._going_on: dict[Write, int] = {}

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
                event.taken_at = time.monotonic()
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
        return not alone and event.taken_at + _ALONE_SECONDS < time.monotonic()

    def _share(self, write: Write) -> None:
        with self._lock:
            self._queue.append(write)
            leader = self._next_leader()
        if leader is not None:
            leader.wake()
        if not write.sleep(PATIENCE_SECONDS):
            self._give_up(write)
        if not write.done:
            self._lead(write)

    def _next_leader(self) -> Write | None:
        """Whoever came first leads the next transaction, if that may begin. Under the lock."""
        large = max(self._going_on.values(), default=0)
        full = len(self._going_on) == self._database.shared_at_once
        if full or not self._queue or len(self._queue) < large:
            return None
        leader = self._queue.pop(0)
        self._going_on[leader] = 1 + len(self._queue)
        return leader

    def _give_up(self, write: Write) -> None:
        """Refuse a write that has waited for too long, unless its turn has come by now."""
        with self._lock:
            waits = write in self._queue
            if waits:
                self._queue.remove(write)
        if waits:
            raise stuck()
        write.sleep()

    def _lead(self, leader: Write) -> None:
        """Carry out the calls of all who wait. Then let whoever came first meanwhile lead."""
        with self._lock:
            batch, self._queue = [leader, *self._queue], []
            self._going_on[leader] = len(batch)
        try:
            carry_out_together(self._transact, batch)
        except BaseException as error:
            for write in batch:
                write.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            with self._lock:
                del self._going_on[leader]
                following = self._next_leader()
            for write in batch:
                write.done = True
                write.wake()
            if following is not None:
                following.wake()

    def _transact(self, writes: Sequence[Write]) -> None:
        attempt(lambda: write_in_transaction(self._database, writes, self._meter, waits=False))


def _sweep_at(write: Write) -> float | None:
    if write.error is not None:
        raise write.error
    return write.sweep_at
