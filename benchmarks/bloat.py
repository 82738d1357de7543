"""What the sales of one event leave behind on PostgreSQL, and what that costs the next ones."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import LiteralString, NamedTuple

from benchmarks.databases import Engine, engines
from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, progress, table
from benchmarks.processors import used
from booking.domain.model import DEFAULT_EVENT
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.connection import Database, Row, Transaction
from booking.engines.database.journal import Journal
from booking.engines.database.opening import open_database
from booking.engines.database.postgres.transaction import PostgresTransaction
from booking.engines.database.registry import DatabaseRegistry
from booking.settings import Settings

_BUYERS = 8
_SALES_PER_REPEAT = 100
_LOOKS = 200
_NO_SLOWER = Goal(1.1, at_most=True)
_HOLDER = bytes(32)

_PAGES = """
SELECT sum(pg_stat_get_xact_blocks_fetched(oid))::integer AS pages FROM pg_class
WHERE relnamespace = current_schema()::regnamespace
"""
_UPDATES = """
SELECT relname AS name, n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables
WHERE schemaname = current_schema()
"""


class _Half(NamedTuple):
    """What half of the sales cost."""

    rate: float
    """Sales a second."""
    processor: float
    """Microseconds of the processor for a sale, those of the server included."""
    catching_up: float
    """Microseconds of the server's processor for another process to learn of a sale."""
    pages: tuple[int, int]
    """Pages read to find that nothing has changed, and to find the last seat that has."""
    hot: tuple[float, float]
    """The share of the updates of seats, and of the event, that no index learns of."""


def run(effort: Effort) -> None:
    """Run this benchmark and print its table."""
    sales = effort.repeats * _SALES_PER_REPEAT
    rows = []
    with engines() as found:
        for engine in found:
            for beside in (False, True) if engine.pid else ():
                name = "beside an old snapshot" if beside else "alone"
                progress(f"Bloat, {engine.name}, {name}")
                rows += _rows(name, *_sell_twice(engine, sales, beside=beside))
    heading(
        f"{sales:,} sales on one event, and the next {sales:,}, on PostgreSQL",
        f"Lock + confirm in process, by {_BUYERS} threads. Processor: µs of a sale, those of the"
        " server included. Catching up: µs of the\nserver for another process to learn of a sale."
        " Pages: read to find that nothing has changed, and to find the last seat\nthat has. HOT:"
        " the updates of seats, and of the event, that no index learns of.",
    )
    columns = ("sales/s", "processor", "catching up", "pages", "HOT", "÷", "goal", "result")
    table(("", *columns), rows)


def _rows(name: str, first: _Half, following: _Half) -> list[tuple[str, ...]]:
    ratio = following.processor / first.processor
    verdict = f"{ratio:.2f}", str(_NO_SLOWER), _NO_SLOWER.verdict(ratio)
    return [
        (
            f"{name}, {ordinal}",
            f"{half.rate:,.0f}",
            f"{half.processor:,.0f}",
            f"{half.catching_up:,.0f}",
            " + ".join(map(str, half.pages)),
            ", ".join(f"{share:.0%}" for share in half.hot),
            *compared,
        )
        for ordinal, half, compared in (
            ("first", first, ("", "", "")),
            ("next", following, verdict),
        )
    ]


def _sell_twice(engine: Engine, sales: int, *, beside: bool) -> tuple[_Half, _Half]:
    settings = Settings(seats=2 * (sales + _LOOKS), max_seats_per_holder=1_000_000)
    with engine.fresh() as url, ExitStack() as stack:
        boxes = [
            DatabaseBoxOffice(settings, open_database(url, connections=_BUYERS)) for _ in range(2)
        ]
        for box in boxes:
            stack.callback(box.close)
        seller, other = (box.registry(DEFAULT_EVENT) for box in boxes)
        database = open_database(url, connections=2)
        stack.callback(database.close)
        if beside:
            stack.enter_context(_old_snapshot(url))
        seats = iter(boxes[0].plan.places)
        first, following = (
            _measure(engine, seller, other, database, seats, sales) for _ in range(2)
        )
        return first, following


@contextmanager
def _old_snapshot(url: str) -> Iterator[None]:
    """A transaction that goes on, as a backup does."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("SELECT FROM event")
        yield


def _measure(
    engine: Engine,
    seller: DatabaseRegistry,
    other: DatabaseRegistry,
    database: Database,
    seats: Iterator[str],
    sales: int,
) -> _Half:
    updates = _updates(database)
    start, before = time.perf_counter(), time.process_time() + _of_server(engine)
    _sell(seller, islice(seats, sales))
    effort = time.process_time() + _of_server(engine) - before
    seconds = time.perf_counter() - start
    other.summary()
    looking = 0.0
    for seat in islice(seats, _LOOKS):
        seller.lock([seat], _HOLDER)
        before = _of_server(engine)
        other.seat(seat)
        looking += _of_server(engine) - before
    now = _updates(database)
    shares = [
        (now[name][1] - updates[name][1]) / (now[name][0] - updates[name][0])
        for name in ("seat", "event")
    ]
    return _Half(
        rate=sales / seconds,
        processor=effort / sales * 1e6,
        catching_up=looking / _LOOKS * 1e6,
        pages=_pages(database),
        hot=(shares[0], shares[1]),
    )


def _sell(registry: DatabaseRegistry, seats: Iterator[str]) -> None:
    lock = threading.Lock()

    def buy() -> None:
        while True:
            with lock:
                seat = next(seats, None)
            if seat is None:
                return
            registry.lock([seat], _HOLDER)
            registry.confirm([seat], _HOLDER)

    threads = [threading.Thread(target=buy) for _ in range(_BUYERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _of_server(engine: Engine) -> float:
    return used(os.getpid(), engine.pid).database


def _updates(database: Database) -> dict[str, tuple[int, int]]:
    """How many rows of each table were updated, and how many of them HOT."""
    # A process of the server that has nothing to do tells of its updates after a second, or later.
    time.sleep(2)
    with database.transaction(writing=False) as transaction:
        return {row["name"]: (row["updates"], row["hot"]) for row in _query(transaction, _UPDATES)}


def _query(transaction: Transaction, text: LiteralString) -> list[Row]:
    assert isinstance(transaction, PostgresTransaction)
    return transaction.query(text)


def _pages(database: Database) -> tuple[int, int]:
    """How many pages two looks read."""
    nothing = {"event": DEFAULT_EVENT, "known_version": 0, "known_mark": 0}
    with database.transaction(writing=False) as transaction:
        counted = [_query(transaction, _PAGES)[0]["pages"]]
        version = transaction.run("find_version", **nothing)[0]["version"]
        counted.append(_query(transaction, _PAGES)[0]["pages"])
        journal = Journal(DEFAULT_EVENT)
        journal.begin(transaction)
        [_] = journal.seats_since(version - 1, version)
        counted.append(_query(transaction, _PAGES)[0]["pages"])
    return counted[1] - counted[0], counted[2] - counted[1]
