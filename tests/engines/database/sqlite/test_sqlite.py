"""An SQLite file: what it refuses, and what it keeps."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from booking.domain.model import DEFAULT_EVENT, SeatStatus
from booking.engines.database.journal import Journal
from booking.engines.database.kept_sale import KeptSale
from booking.engines.database.migrations import migrate
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.database.sqlite.database import SqliteDatabase
from booking.engines.errors import Unavailable
from tests.support.clocks import ManualClock
from tests.support.databases import add, one_clock
from tests.support.engine import ANN, BOB, POLICY, event_of


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    database = SqliteDatabase(str(tmp_path / "booking.db"))
    migrate(database)
    with database.transaction(writing=True) as transaction:
        add(transaction, event_of(1000, replace(POLICY, max_seats_per_holder=1000)), 1)
    yield database
    database.close()


@pytest.fixture
def registry(database: SqliteDatabase, clock: ManualClock) -> DatabaseRegistry:
    return DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))


def test_a_full_disk_is_reported_at_once_and_leaves_nothing_half_done(
    database: SqliteDatabase, registry: DatabaseRegistry
) -> None:
    registry.lock(["1"], ANN)
    opened = database._current()
    connection = opened.take(writing=True)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    opened.give_back(connection, writing=True)
    with pytest.raises(Unavailable) as error:
        registry.lock([str(number) for number in range(2, 1000)], ANN)
    assert "full" in str(error.value.__cause__)
    # There is room again: a new connection has no such limit.
    assert [seat.id for seat in registry.changes().seats if seat.lock] == ["1"]
    registry.lock(["2"], ANN)
    registry.confirm(["1", "2"], ANN)


def test_an_unwritable_file_is_reported_at_once(
    database: SqliteDatabase, registry: DatabaseRegistry
) -> None:
    opened = database._current()
    connection = opened.take(writing=True)
    connection.execute("PRAGMA query_only = on")
    opened.give_back(connection, writing=True)
    with pytest.raises(Unavailable) as error:
        registry.lock(["1"], ANN)
    assert "readonly" in str(error.value.__cause__)
    assert registry.seat("1").status is SeatStatus.AVAILABLE
    with pytest.raises(Unavailable, match="takes no changes"):
        database.faults.expect_writable()


def test_other_writers_are_refused_only_while_one_does_not_end(
    database: SqliteDatabase, registry: DatabaseRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booking.engines.database.sqlite.database.BUSY_SECONDS", 0.05)
    with database.transaction(writing=True):
        assert registry.seat("1").status is SeatStatus.AVAILABLE  # Readers do not wait.
        with pytest.raises(Unavailable) as error:
            registry.lock(["1"], ANN)
        assert "locked" in str(error.value.__cause__)
    registry.lock(["1"], ANN)


@pytest.mark.parametrize(
    "seat",
    [
        {"status": "locked"},
        {"status": "locked", "holder": "00", "locked_at": 1.0, "seconds": 0.0},
        {"status": "booked"},
        {"status": "available", "reference": "AAAAA-AAAAA"},
        {"status": "sold"},
    ],
)
def test_the_schema_refuses_impossible_rows(database: SqliteDatabase, seat: dict[str, Any]) -> None:
    empty = ("holder", "locked_at", "seconds", "taken", "ran_out", "client", "reference")
    nothing = dict.fromkeys((*empty, "block_name", "block_note"))
    with (
        pytest.raises(Unavailable) as error,
        database.transaction(writing=True) as transaction,
    ):
        transaction.run(
            "put_seat",
            **{"event": DEFAULT_EVENT, "seat": "1", "version": 2, "previous": 0, **nothing, **seat},
        )
    assert "CHECK constraint" in str(error.value.__cause__)


def test_an_error_of_ours_is_rolled_back_and_told_to_all_who_waited(
    registry: DatabaseRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.lock(["1"], ANN)
    with monkeypatch.context() as broken:
        broken.setattr(Journal, "write", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            registry.lock(["2"], ANN)
    assert registry.seat("2").status is SeatStatus.AVAILABLE
    assert registry.seat("1").status is SeatStatus.LOCKED


def test_calls_that_wait_for_each_other_share_a_transaction(
    database: SqliteDatabase, registry: DatabaseRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []
    transaction = database.transaction

    def counted(*, writing: bool, long: bool = False) -> Any:
        begun.append(writing)
        return transaction(writing=writing, long=long)

    monkeypatch.setattr(database, "transaction", counted)
    threads = [
        threading.Thread(target=registry.lock, args=([str(number)], ANN)) for number in range(1, 31)
    ]
    with registry._event.lock:
        threads[0].start()
        while not registry._writes._leader or registry._writes._queue:
            threading.Event().wait(0.001)
        for thread in threads[1:]:
            thread.start()
        while len(registry._writes._queue) < 29:
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    assert begun.count(True) == 2
    assert registry.summary().seats[SeatStatus.LOCKED] == 30


def test_a_reference_is_never_given_twice(database: SqliteDatabase) -> None:
    """Not even in another transaction, by a process that has not seen it."""
    minted = iter(["SAME", "SAME", "OTHER"])
    registry = DatabaseRegistry(database, DEFAULT_EVENT, mint_reference=lambda: next(minted))
    registry.lock(["1", "2"], ANN)
    assert registry.confirm(["1"], ANN)[1].reference == "SAME"
    assert registry.confirm(["2"], ANN)[1].reference == "OTHER"


def test_an_aborted_transaction_is_retried_but_not_forever(
    database: SqliteDatabase, registry: DatabaseRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[None] = []

    def abort(*_: object) -> None:
        tries.append(None)
        raise Unavailable("Somebody was in the way.", aborted=True)

    with monkeypatch.context() as broken:
        broken.setattr(Journal, "write", abort)
        with pytest.raises(Unavailable, match="Nothing was changed"):
            registry.lock(["1"], ANN)
    assert len(tries) == 3
    assert registry.lock(["1"], ANN).seats[0].status is SeatStatus.LOCKED


@pytest.mark.parametrize("when", ["before it is written", "when it is committed"])
def test_after_a_full_disk_only_the_refused_changes_are_read_again(
    database: SqliteDatabase,
    registry: DatabaseRegistry,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    there = DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
    for process in (registry, there):
        process.lock(["1" if process is registry else "2"], ANN)
    registry.changes()
    monkeypatch.setattr("booking.engines.database.kept_sale.rows.event_of", None)
    write = KeptSale.write

    def refuse(*arguments: Any) -> None:
        if when == "when it is committed":
            write(*arguments)
        raise Unavailable("The disk is full.")

    for number in range(3, 6):
        with monkeypatch.context() as full:
            full.setattr(KeptSale, "write", refuse)
            with pytest.raises(Unavailable):
                registry.lock(["100"], BOB)
            with pytest.raises(Unavailable):
                registry.confirm(["1"], ANN)
        # Another process uses the version that was refused.
        there.lock([str(number)], BOB)
        assert registry.seat("1").status is SeatStatus.LOCKED
        assert registry.seat("100").status is SeatStatus.AVAILABLE
        assert registry.seat(str(number)).status is SeatStatus.LOCKED
    version = registry.changes().version
    registry.confirm(["1"], ANN)
    registry.lock(["100"], BOB)
    assert [seat.id for seat in registry.changes(version).seats] == ["1", "100"]
