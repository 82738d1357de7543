"""The engine that keeps everything in an SQLite file: the contract, and what is its own."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from hypothesis.stateful import rule

from booking import errors
from booking.clock import Moment
from booking.database import rows
from booking.database.answers import DatabaseAnswers
from booking.database.backup import BackupError, backup, restore
from booking.database.box_office import DatabaseBoxOffice
from booking.database.connection import Database, Transaction
from booking.database.journal import Journal
from booking.database.migrations import SchemaError, migrate
from booking.database.opening import DriverMissing, open_database
from booking.database.postgres import PostgresDatabase
from booking.database.registry import DatabaseRegistry
from booking.database.sqlite import SqliteDatabase
from booking.model import DEFAULT_EVENT, Event, SeatStatus
from booking.settings import Settings
from tests.box_office_contract import BoxOfficeContract
from tests.clocks import START, ManualClock
from tests.engine import ANN, BOB, POLICY, OpenRegistry, event_of
from tests.postgres import schema, server
from tests.sale_contract import SaleContract
from tests.test_registry_model import PLAN, RegistryModel
from tests.test_registry_model import POLICY as MODEL_POLICY


def one_clock(clock: ManualClock) -> Callable[[float], Moment]:
    """The clock of a database, which is set by nobody: both times are one."""

    def now(_: float = 0) -> Moment:
        wall = START.wall + clock.now.monotonic - START.monotonic
        return Moment(wall, wall)

    return now


def add(transaction: Transaction, event: Event, version: int) -> None:
    """Put an event into a database."""
    transaction.run("add_event", event=event.id, version=version)
    transaction.run("put_description", event=event.id, document=rows.describe(event))


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with server() as url:
        yield url


@contextmanager
def sqlite_database(folder: Path) -> Iterator[Database]:
    database = SqliteDatabase(str(folder / "booking.db"))
    yield database
    database.close()


@contextmanager
def postgres_database(url: str) -> Iterator[Database]:
    with schema(url) as own:
        database = PostgresDatabase(own, connections=10)
        yield database
        database.close()


class OnSqlite:
    """The contract, kept in a file."""

    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        with sqlite_database(tmp_path) as database:
            yield database


class OnPostgres:
    """The contract, kept by PostgreSQL."""

    @pytest.fixture
    def database(self, postgres: str) -> Iterator[Database]:
        with postgres_database(postgres) as database:
            yield database


class RegistryOnDatabase(SaleContract):
    """A registry on whatever database."""

    @pytest.fixture
    def open_registry(self, clock: ManualClock, database: Database) -> OpenRegistry:
        migrate(database)

        def open_registry(event: Event, **options: Any) -> DatabaseRegistry:
            version = int(one_clock(clock)(0).wall * 1000)
            with database.transaction(writing=True) as transaction:
                for what in ("description", "seats", "bookings", "history", "answers"):
                    transaction.run(f"forget_{what}", event=event.id)
                transaction.run("end_event", event=event.id)
                add(transaction, event, version)
            return DatabaseRegistry(database, event.id, clock=one_clock(clock), **options)

        return open_registry


class BoxOfficeOnDatabase(BoxOfficeContract):
    """A box office on whatever database."""

    @pytest.fixture
    def box_office(self, clock: ManualClock, database: Database) -> Iterator[DatabaseBoxOffice]:
        box_office = DatabaseBoxOffice(Settings(), database, clock=one_clock(clock))
        yield box_office
        box_office.close()


class TestSqliteRegistry(OnSqlite, RegistryOnDatabase):
    """The contract of a registry."""


class TestSqliteBoxOffice(OnSqlite, BoxOfficeOnDatabase):
    """The contract of a box office."""


class TestPostgresRegistry(OnPostgres, RegistryOnDatabase):
    """The contract of a registry."""


class TestPostgresBoxOffice(OnPostgres, BoxOfficeOnDatabase):
    """The contract of a box office."""


class DatabaseModel(RegistryModel):
    """The random calls of the model, on a file; now and then, another process makes them."""

    offset = START.wall - START.monotonic

    def open(self, clock: ManualClock) -> DatabaseRegistry:
        self.folder = TemporaryDirectory()
        self.database = SqliteDatabase(f"{self.folder.name}/booking.db")
        migrate(self.database)
        with self.database.transaction(writing=True) as transaction:
            add(transaction, event_of(PLAN, MODEL_POLICY), int(one_clock(clock)(0).wall * 1000))
        return DatabaseRegistry(self.database, DEFAULT_EVENT, clock=one_clock(clock))

    @rule()
    def another_process_takes_over(self) -> None:
        self.registry = DatabaseRegistry(self.database, DEFAULT_EVENT, clock=one_clock(self.clock))

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()


TestDatabaseModel = DatabaseModel.TestCase
TestDatabaseModel.settings = settings(max_examples=40, deadline=None)


# Migrations


def test_ten_processes_may_start_at_once(tmp_path: Path) -> None:
    path = str(tmp_path / "booking.db")
    barrier = threading.Barrier(10)
    taken: list[list[str]] = []

    def start() -> None:
        database = SqliteDatabase(path)
        barrier.wait()
        taken.append(migrate(database))
        database.close()

    threads = [threading.Thread(target=start) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [*[[]] * 9, ["0001_events"]]


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    database = SqliteDatabase(str(tmp_path / "booking.db"))
    migrate(database)
    with database.transaction(writing=True) as transaction:
        transaction.run("note_migration", number=99, name="0099_later")
    with pytest.raises(SchemaError, match="later version"):
        migrate(database)
    database.close()


# What the database refuses


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


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def test_a_full_disk_is_an_error_at_once_and_nothing_is_half_done(
    database: SqliteDatabase, registry: DatabaseRegistry
) -> None:
    registry.lock(["1"], ANN)
    connection = database._take()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    database._idle.put(connection)
    with pytest.raises(errors.Unavailable, match="full"):
        registry.lock([str(number) for number in range(2, 1000)], ANN)
    # There is room again: another connection has no such limit.
    assert [seat.id for seat in registry.changes().seats if seat.lock] == ["1"]
    registry.lock(["2"], ANN)
    registry.confirm(["1", "2"], ANN)


def test_a_file_that_cannot_be_written_is_an_error_at_once(
    database: SqliteDatabase, registry: DatabaseRegistry
) -> None:
    connection = database._take()
    connection.execute("PRAGMA query_only = on")
    database._idle.put(connection)
    with pytest.raises(errors.Unavailable, match="readonly"):
        registry.lock(["1"], ANN)
    assert registry.seat("1").status is SeatStatus.AVAILABLE


def test_a_writer_that_does_not_end_makes_others_unavailable_and_then_all_is_well(
    database: SqliteDatabase, registry: DatabaseRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booking.database.sqlite.BUSY_SECONDS", 0.05)
    with database.transaction(writing=True):
        assert registry.seat("1").status is SeatStatus.AVAILABLE  # To see needs no turn.
        with pytest.raises(errors.Unavailable, match="locked"):
            registry.lock(["1"], ANN)
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
def test_what_cannot_be_is_refused_by_the_database_too(
    database: SqliteDatabase, seat: dict[str, Any]
) -> None:
    nothing = {"holder": None, "locked_at": None, "seconds": None, "reference": None}
    with (
        pytest.raises(errors.Unavailable, match="CHECK constraint"),
        database.transaction(writing=True) as transaction,
    ):
        transaction.run(
            "put_seat", **{"event": DEFAULT_EVENT, "seat": "1", "version": 2, **nothing, **seat}
        )


def test_an_error_of_ours_is_rolled_back_and_told_to_all_who_waited(
    registry: DatabaseRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.lock(["1"], ANN)
    with monkeypatch.context() as broken:
        broken.setattr(Journal, "write", lambda _: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            registry.lock(["2"], ANN)
    assert registry.seat("2").status is SeatStatus.AVAILABLE
    assert registry.seat("1").status is SeatStatus.LOCKED


def test_calls_that_wait_for_each_other_share_a_transaction(
    database: SqliteDatabase, registry: DatabaseRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []
    transaction = database.transaction

    def counted(*, writing: bool) -> Any:
        begun.append(writing)
        return transaction(writing=writing)

    monkeypatch.setattr(database, "transaction", counted)
    threads = [
        threading.Thread(target=registry.lock, args=([str(number)], ANN)) for number in range(1, 31)
    ]
    with registry._lock:
        threads[0].start()
        while not registry._led or registry._queue:
            threading.Event().wait(0.001)
        for thread in threads[1:]:
            thread.start()
        while len(registry._queue) < 29:
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    assert begun.count(True) == 2
    assert registry.summary().seats[SeatStatus.LOCKED] == 30


# Answers


def test_an_answer_survives_a_restart_and_one_that_never_came_does_not_block_for_ever(
    database: SqliteDatabase, clock: ManualClock
) -> None:
    def answers() -> DatabaseAnswers:
        return DatabaseAnswers(database, DEFAULT_EVENT, one_clock(clock))

    answers().finish(answers().begin(ANN, "key", b"digest"), b"answer")
    assert answers().begin(ANN, "key", b"digest").answer == b"answer"
    answers().begin(ANN, "other", b"digest")  # And then the process was killed.
    with pytest.raises(errors.IdempotencyKeyInUse):
        answers().begin(ANN, "other", b"digest")
    clock.advance(60)
    assert answers().begin(ANN, "other", b"digest").answer is None


# Copies


def test_a_copy_is_taken_and_put_back_while_the_database_is_in_use(
    database: SqliteDatabase, registry: DatabaseRegistry, tmp_path: Path
) -> None:
    registry.lock(["1"], ANN)
    reference = registry.confirm(["1"], ANN)[1].reference
    copy = str(tmp_path / "copy.db")
    backup(database, copy)
    registry.lock(["2"], BOB)
    version = registry.changes().version
    restore(database, copy)
    changes = registry.changes(version)
    assert changes.full
    assert changes.version > version
    assert registry.booking(reference).seats == ("1",)
    assert registry.seat("2").status is SeatStatus.AVAILABLE
    registry.lock(["2"], ANN)
    assert sorted(file.name for file in tmp_path.glob("copy*")) == ["copy.db"]


def test_what_is_no_copy_is_not_put_back(
    database: SqliteDatabase, registry: DatabaseRegistry, tmp_path: Path
) -> None:
    registry.lock(["1"], ANN)
    text = tmp_path / "text"
    text.write_text("no database")
    for file in (text, tmp_path / "nothing", tmp_path):
        with pytest.raises(BackupError):
            restore(database, str(file))
    with pytest.raises(BackupError):
        backup(database, str(tmp_path / "no" / "such" / "folder"))
    assert registry.seat("1").status is SeatStatus.LOCKED


# A server that does not do what it should


@pytest.fixture
def on_postgres(
    postgres: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[PostgresDatabase, DatabaseRegistry]]:
    monkeypatch.setattr("booking.database.postgres._TIMEOUT_SECONDS", 1)
    with schema(postgres) as own:
        database = PostgresDatabase(own, connections=2)
        migrate(database)
        with database.transaction(writing=True) as transaction:
            add(transaction, event_of(10), 1)
        yield database, DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
        database.close()


def _backends(url: str, what: str) -> list[int]:
    """Do something about the server processes of the pools of this test; their ids."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            f"SELECT pid, {what} FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'".encode()
        ).fetchall()
    return [row[0] for row in found]


def test_a_server_that_is_not_there_is_an_error_soon() -> None:
    database = PostgresDatabase("postgresql://127.0.0.1:1/nothing", connections=1)
    with pytest.raises(errors.Unavailable), database.transaction(writing=False):
        pass
    database.close()


def test_a_connection_that_was_lost_is_an_error_and_then_all_is_well(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    _, registry = on_postgres
    registry.lock(["1"], ANN)
    assert _backends(postgres, "pg_terminate_backend(pid)")
    with pytest.raises(errors.Unavailable, match="Nothing was changed"):
        registry.lock(["2"], ANN)
    registry.lock(["2"], ANN)
    assert registry.confirm(None, ANN)[1].seats == ("1", "2")


def test_a_server_that_stands_still_is_an_error_and_then_all_is_well(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    _, registry = on_postgres
    registry.lock(["1"], ANN)
    stopped = _backends(postgres, "1")
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    try:
        with pytest.raises(errors.Unavailable):
            registry.lock(["2"], ANN)
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)
    registry.lock(["2"], ANN)


def test_an_event_that_another_process_does_not_let_go_of_is_an_error(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    database, registry = on_postgres
    with database.transaction(writing=True) as transaction:
        transaction.run("lock_version", event=DEFAULT_EVENT)
        assert registry.seat("1").status is SeatStatus.AVAILABLE
        with pytest.raises(errors.Unavailable, match="timeout"):
            registry.lock(["1"], ANN)
    registry.lock(["1"], ANN)


def test_a_commit_whose_answer_was_lost_has_an_unknown_outcome(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    _, registry = on_postgres

    write = DatabaseRegistry._write

    def and_lost(*arguments: Any) -> None:
        write(*arguments)
        _backends(postgres, "pg_terminate_backend(pid)")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(DatabaseRegistry, "_write", and_lost)
        with pytest.raises(errors.Unavailable, match="It is not known whether"):
            registry.lock(["1"], ANN)
    assert registry.seat("1").status is SeatStatus.AVAILABLE


# Which database a URL means


def test_a_url_says_which_database_it_is(tmp_path: Path) -> None:
    for url, kind, name in (
        (f"sqlite:///{tmp_path}/a.db", SqliteDatabase, f"{tmp_path}/a.db"),
        ("postgresql://user:secret@127.0.0.1:1/house", PostgresDatabase, "house"),
    ):
        database = open_database(url, connections=1)
        assert isinstance(database, kind)
        assert database.name == name
        assert "secret" not in repr(database)
        database.close()


def test_without_its_driver_postgresql_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "booking.database.postgres", None)
    with pytest.raises(DriverMissing, match=r"pip install -r requirements-postgres\.txt"):
        open_database("postgresql://127.0.0.1/house", connections=1)
