"""Replay the statements of a sale alone: what the database could do if deciding cost nothing.

This records the transactions of a sale to some number of buyers at once, and runs them again on
another database. So the statements are the service's present ones, batched as it batches them.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any, cast

from benchmarks.databases import Engine
from benchmarks.load import Measurement
from benchmarks.processors import used
from booking.domain.model import DEFAULT_EVENT, SeatStatus
from booking.domain.moment import Moment
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.connection import Database, Transaction
from booking.engines.database.opening import open_database
from booking.settings import Settings

_HOLDER = bytes(32)

_Call = Callable[[Transaction], object]


@dataclass(slots=True)
class _Recorded:
    """A committed transaction."""

    writing: bool
    calls: list[_Call] = field(default_factory=list)


class _Notes:
    """A transaction that records its calls, whatever methods it has."""

    def __init__(self, transaction: Transaction, calls: list[_Call]) -> None:
        self._transaction = transaction
        self._calls = calls

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def run(*arguments: Any, **values: Any) -> Any:
            self._calls.append(lambda other: getattr(other, name)(*arguments, **values))
            return getattr(self._transaction, name)(*arguments, **values)

        return run


class _Recorder(Database):
    """A database that records its transactions."""

    def __init__(self, database: Database) -> None:
        self.name, self.dialect = database.name, database.dialect
        self.shared_at_once = database.shared_at_once
        self.most_at_once = 0
        self._transactions: list[_Recorded] = []
        self._database = database
        self._lock = threading.Lock()
        self._going_on = 0

    @contextmanager
    def transaction(self, *, writing: bool, long: bool = False) -> Iterator[Transaction]:
        recorded = _Recorded(writing)
        with self._lock:
            self._going_on += 1
            self.most_at_once = max(self.most_at_once, self._going_on)
        try:
            with self._database.transaction(writing=writing, long=long) as transaction:
                yield cast(Transaction, _Notes(transaction, recorded.calls))
            self._transactions.append(recorded)
        finally:
            with self._lock:
                self._going_on -= 1

    def take(self) -> list[_Recorded]:
        """Return the transactions recorded since the last call."""
        taken, self._transactions = self._transactions, []
        return taken

    def close(self) -> None:
        self._database.close()


class Replay:
    """A recorded sale of so many seats. The first half is a warm-up."""

    def __init__(self, engine: Engine, seats: int, buyers: int) -> None:
        self.name = f"{engine.name}, statements of {buyers} buyer{'s' if buyers > 1 else ''}"
        self._engine = engine
        # A stopped clock: the event begins at the same version each time, and no lock expires.
        now = time.time()
        self._now = Moment(now, now)
        self._settings = Settings(seats=seats, max_seats_per_holder=seats)
        self._measured = seats // 2
        self._warm_up: list[_Recorded] = []
        self._transactions: list[_Recorded] = []
        self._connections = 1
        self._record(buyers)

    def __str__(self) -> str:
        together = 2 * self._measured / len(self._transactions)
        return f"{self.name}: {together:.1f} requests a transaction, {self._connections} at once."

    def measure(self) -> Measurement:
        """Run the transactions again, on as many connections as there were transactions at once.
        A sale counts as two requests, lock and confirm; times are per transaction."""
        with self._engine.fresh() as url:
            database = open_database(url, self._connections)
            box_office = self._box_office(database)

            def run(recorded: _Recorded) -> float:
                start = time.perf_counter()
                with database.transaction(writing=recorded.writing) as transaction:
                    for call in recorded.calls:
                        call(transaction)
                return (time.perf_counter() - start) * 1000

            with ThreadPoolExecutor(self._connections) as threads:
                list(threads.map(run, self._warm_up))
                before, start = used(os.getpid(), self._engine.pid), time.perf_counter()
                durations = list(threads.map(run, self._transactions))
                seconds = time.perf_counter() - start
                used_by_all = used(os.getpid(), self._engine.pid).since(before)
            # Check with the service that all seats are sold.
            counts = box_office.registry(DEFAULT_EVENT).summary().seats
            assert counts[SeatStatus.BOOKED] == self._settings.seats, counts
            box_office.close()
        percents = quantiles(durations, n=100)
        return Measurement(
            seconds=seconds,
            requests=2 * self._measured,
            failed=0,
            p50_ms=percents[49],
            p99_ms=percents[98],
            used=used_by_all,
            waits=True,
        )

    def _record(self, buyers: int) -> None:
        with self._engine.fresh() as url:
            recorder = _Recorder(open_database(url, connections=buyers))
            box_office = self._box_office(recorder)
            registry = box_office.registry(DEFAULT_EVENT)
            seats = list(box_office.plan.places)

            def sell(seat_id: str) -> None:
                registry.lock([seat_id], _HOLDER)
                registry.confirm([seat_id], _HOLDER)

            recorder.take()  # Drop the transactions that opened the event.
            with ThreadPoolExecutor(buyers) as threads:
                list(threads.map(sell, seats[: -self._measured]))
                self._warm_up = recorder.take()
                list(threads.map(sell, seats[-self._measured :]))
                self._transactions = recorder.take()
            box_office.close()
        self._connections = recorder.most_at_once

    def _box_office(self, database: Database) -> DatabaseBoxOffice:
        return DatabaseBoxOffice(self._settings, database, clock=lambda _: self._now)
