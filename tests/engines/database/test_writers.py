"""Calls of several events that share transactions."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from booking.domain import errors
from booking.domain.model import Client, SeatStatus
from booking.engines.database import writers, writes
from booking.engines.database.box_office import DatabaseBoxOffice as Office
from booking.engines.database.connection import Database
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.database.writes import Write, write_in_transaction
from booking.settings import Settings
from tests.support.databases import postgres_database, sqlite_database
from tests.support.engine import ANN, event_of
from tests.support.waiting import wait_until

_EVENTS, _SEATS = "abcdefgh", "12345678"


class Gate:
    """Holds the transactions of other threads up until it is opened, and knows of which events each
    was."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._open = threading.Event()
        self.transactions: list[str] = []

        def held_up(database: Database, writes: Sequence[Write], *rest: Any, **how: Any) -> None:
            if threading.current_thread() is not threading.main_thread():
                self.transactions.append("".join(write.event.id for write in writes))
                assert self._open.wait(60)
            write_in_transaction(database, writes, *rest, **how)

        monkeypatch.setattr(writers, "write_in_transaction", held_up)

    def open(self) -> None:
        self._open.set()


class SharedTransactions:
    """What holds on every database."""

    @pytest.fixture
    def database(self) -> Database:
        raise AssertionError("a database provides this")

    @pytest.fixture
    def box_office(self, database: Database) -> Iterator[Office]:
        database.shared_at_once = min(database.shared_at_once, 1)
        opened = Office(Settings(), database)
        for event in _EVENTS:
            opened.put(event_of(len(_SEATS), id=event))
        yield opened
        opened.close()

    @pytest.fixture
    def gate(self, box_office: Office, monkeypatch: pytest.MonkeyPatch) -> Gate:
        assert box_office
        # A busy machine is no transaction that hangs.
        monkeypatch.setattr(writers, "_SMALLER_AFTER_SECONDS", 60)
        monkeypatch.setattr(writers, "_ONE_MORE_AFTER_SECONDS", 60)
        return Gate(monkeypatch)

    @pytest.fixture
    def pool(self) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(20) as pool:
            yield pool

    def test_events_that_come_meanwhile_share_the_next_transaction(
        self, box_office: Office, gate: Gate, pool: ThreadPoolExecutor
    ) -> None:
        calls = write_together(box_office, pool, dict.fromkeys(_EVENTS, lock_1))
        gate.open()
        for event, call in calls.items():
            call.result()
            assert box_office.registry(event).seat("1").status is SeatStatus.LOCKED
        assert gate.transactions == ["a", "bcdefgh"]

    def test_a_refusal_concerns_one_event(
        self, box_office: Office, gate: Gate, pool: ThreadPoolExecutor
    ) -> None:
        acts = dict.fromkeys("abcd", lock_1) | {"c": lock_9}
        calls = write_together(box_office, pool, acts)
        gate.open()
        assert isinstance(calls["c"].exception(), errors.SeatNotFound)
        assert [calls[event].exception() for event in "abd"] == [None] * 3
        assert gate.transactions == ["a", "bcd"]

    def test_an_event_that_others_ended_is_not_found_and_the_rest_goes_on(
        self,
        box_office: Office,
        database: Database,
        gate: Gate,
        pool: ThreadPoolExecutor,
    ) -> None:
        calls = write_together(box_office, pool, dict.fromkeys("abcd", lock_1))
        with database.transaction(writing=True) as transaction:
            transaction.run("end_event", event="c")
        gate.open()
        assert isinstance(calls["c"].exception(), errors.EventNotFound)
        assert [calls[event].exception() for event in "abd"] == [None] * 3

    def test_an_event_that_others_described_anew_is_read_and_the_rest_does_not_wait(
        self,
        box_office: Office,
        database: Database,
        gate: Gate,
        pool: ThreadPoolExecutor,
    ) -> None:
        calls = write_together(box_office, pool, dict.fromkeys("abcd", lock_1) | {"c": lock_9})
        DatabaseRegistry(database, "c").update(event_of(9, id="c"))
        gate.open()
        assert [call.exception() for call in calls.values()] == [None] * 4
        assert box_office.registry("c").seat("9").status is SeatStatus.LOCKED

    def test_a_call_that_breaks_off_takes_nobody_with_it(
        self, box_office: Office, gate: Gate, pool: ThreadPoolExecutor
    ) -> None:
        calls = write_together(box_office, pool, dict.fromkeys("abcd", lock_1) | {"c": break_off})
        gate.open()
        assert isinstance(calls["c"].exception(), ZeroDivisionError)
        assert [calls[event].exception() for event in "abd"] == [None] * 3
        assert [box_office.registry(event).seat("1").status.value for event in "abcd"] == [
            *("locked", "locked", "available", "locked")
        ]
        assert gate.transactions[:2] == ["a", "bcd"]

    def test_the_rest_is_not_read_anew_because_of_a_call_that_breaks_off(
        self, box_office: Office, gate: Gate, pool: ThreadPoolExecutor
    ) -> None:
        acts = dict.fromkeys("abcd", lock_1) | {"c": break_off}
        calls = write_together(box_office, pool, acts)
        gate.open()
        wait(calls.values())
        assert [box_office.registry(event)._kept.is_kept for event in "abcd"] == [
            *(True, True, False, True)
        ]

    def test_an_event_that_made_a_transaction_fail_does_not_share_the_next(
        self, box_office: Office, gate: Gate, pool: ThreadPoolExecutor
    ) -> None:
        acts = dict.fromkeys("abcd", lock_1) | {"c": break_off}
        calls = write_together(box_office, pool, acts)
        gate.open()
        wait(calls.values())
        alone = [box_office.registry(event)._event.alone_since > 0 for event in "abcd"]
        assert alone == [False, False, True, False]

    def test_locks_of_a_client_in_events_that_come_together_are_counted(
        self, box_office: Office, gate: Gate, pool: ThreadPoolExecutor
    ) -> None:
        def lock_as_client(registry: DatabaseRegistry) -> object:
            return registry.lock(["1"], ANN, client=Client(b"c" * 32, 2))

        calls = write_together(box_office, pool, dict.fromkeys(_EVENTS, lock_as_client))
        gate.open()
        wait(calls.values())
        refused = [
            isinstance(call.exception(), errors.ClientLimitReached) for call in calls.values()
        ]
        assert refused.count(False) == 2

    def test_events_for_which_the_others_take_long_are_left_to_transactions_of_their_own(
        self,
        box_office: Office,
        gate: Gate,
        pool: ThreadPoolExecutor,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(writes, "_SHARED_SECONDS", 0.0)
        calls = write_together(box_office, pool, dict.fromkeys("abcd", lock_1))
        gate.open()
        assert [call.exception() for call in calls.values()] == [None] * 4
        assert sorted(gate.transactions) == ["a", "bcd", "c", "d"]

    def test_a_transaction_that_hangs_keeps_other_events_waiting_for_a_second(
        self,
        box_office: Office,
        database: Database,
        gate: Gate,
        pool: ThreadPoolExecutor,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        # Else a second one begins on PostgreSQL as soon as the first seems to wait.
        database.shared_at_once = 1
        monkeypatch.setattr(writers, "_SMALLER_AFTER_SECONDS", 0.05)
        calls = write_together(box_office, pool, dict.fromkeys("ab", lock_1))
        assert gate.transactions == ["a"]
        monkeypatch.setattr(writers, "_ONE_MORE_AFTER_SECONDS", 0)
        wait_until(lambda: gate.transactions == ["a", "b"])
        gate.open()
        assert [call.exception() for call in calls.values()] == [None] * 2

    def test_no_seat_of_several_events_is_given_to_two_by_two_processes(
        self, box_office: Office, database: Database, pool: ThreadPoolExecutor
    ) -> None:
        database.shared_at_once *= 2
        there = Office(Settings(), database)
        given: list[tuple[str, str]] = []

        def take_all(number: int) -> None:
            for seat, event in itertools.product(_SEATS, _EVENTS):
                registry = (box_office, there)[number % 2].registry(event)
                with suppress(errors.SeatsUnavailable):
                    registry.lock([seat], bytes([number, int(seat)]) * 16)
                    given.append((event, seat))

        for buyer in [pool.submit(take_all, number) for number in range(8)]:
            buyer.result()
        assert sorted(given) == list(itertools.product(_EVENTS, _SEATS))


def write_together(
    box_office: Office,
    pool: ThreadPoolExecutor,
    acts: Mapping[str, Callable[[DatabaseRegistry], object]],
) -> dict[str, "Future[object]"]:
    """Begin a transaction for the first event, and let the others come meanwhile."""
    writers = box_office._writers
    calls = {}
    for number, (event, act) in enumerate(acts.items()):
        calls[event] = pool.submit(act, box_office.registry(event))
        wait_until(lambda: bool(writers._going_on) and len(writers._queue) == number)  # noqa: B023
    return calls


def lock_1(registry: DatabaseRegistry) -> object:
    return registry.lock(["1"], ANN)


def lock_9(registry: DatabaseRegistry) -> object:
    return registry.lock(["9"], ANN)


def break_off(registry: DatabaseRegistry) -> object:
    return registry._write(lambda _sale, _now: 1 // 0)


class TestOnSqlite(SharedTransactions):
    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        with sqlite_database(tmp_path) as database:
            yield database


class TestOnPostgres(SharedTransactions):
    @pytest.fixture
    def database(self, postgres: str) -> Iterator[Database]:
        with postgres_database(postgres) as database:
            if not isinstance(database, PostgresDatabase) or not _shares(database):
                pytest.skip("on several nodes, each event has transactions of its own")
            yield database

    def test_an_event_that_another_process_has_keeps_no_other_event_waiting(
        self, box_office: Office, database: Database, pool: ThreadPoolExecutor
    ) -> None:
        with database.transaction(writing=True, long=True) as theirs:
            theirs.run("lock_version", event="a", known_version=0, known_mark=0)
            stuck = pool.submit(lock_1, box_office.registry("a"))
            wait_until(lambda: box_office.registry("a")._event.alone_since > 0)
            began = time.monotonic()
            for event in _EVENTS[1:]:
                lock_1(box_office.registry(event))
            assert time.monotonic() - began < 1.5
            assert not stuck.done()
        stuck.result()
        assert box_office.registry("a").seat("1").status is SeatStatus.LOCKED

    def test_a_second_transaction_begins_as_soon_as_it_is_as_large_as_the_first(
        self,
        box_office: Office,
        database: Database,
        gate: Gate,
        pool: ThreadPoolExecutor,
    ) -> None:
        write_together(box_office, pool, dict.fromkeys("abcd", lock_1))
        # "a" goes on, and three events wait.
        database.shared_at_once = 2
        last = pool.submit(lock_1, box_office.registry("e"))
        wait_until(lambda: gate.transactions == ["a", "bcde"])
        gate.open()
        last.result()


def _shares(database: PostgresDatabase) -> bool:
    with database.transaction(writing=False):
        return bool(database.shared_at_once)
