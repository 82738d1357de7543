"""A PostgreSQL server that fails."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from booking.domain.model import DEFAULT_EVENT, SeatStatus
from booking.engines.database import journal
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.connection import CannotOpen
from booking.engines.database.migrations import migrate
from booking.engines.database.postgres import session
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.errors import Unavailable
from booking.settings import Settings
from tests.contracts.answers import once
from tests.support.clocks import ManualClock
from tests.support.databases import add, one_clock
from tests.support.engine import ANN, BOB, event_of
from tests.support.postgres import schema
from tests.support.relay import Relay
from tests.support.waiting import wait_until


@pytest.fixture
def on_postgres(
    postgres: str, clock: ManualClock
) -> Iterator[tuple[PostgresDatabase, DatabaseRegistry]]:
    with schema(postgres) as own:
        database = PostgresDatabase(own, connections=2, timeout_seconds=1)
        migrate(database)
        with database.transaction(writing=True) as transaction:
            add(transaction, event_of(10), 1)
        yield database, DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
        database.close()


def _backends(url: str, what: str) -> list[int]:
    """Run a statement on the server processes of this test's pools. Returns their ids."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            f"SELECT pid, {what} FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'".encode()
        ).fetchall()
    return [row[0] for row in found]


def read(database: PostgresDatabase) -> None:
    with database.transaction(writing=False) as transaction:
        transaction.run("time")


def test_a_missing_server_is_explained_to_the_operator_at_the_start() -> None:
    database = PostgresDatabase("postgresql://127.0.0.1:1/nothing", connections=1)
    with (
        pytest.raises(CannotOpen, match=r"^Nothing answers at 127\.0\.0\.1:1\. "),
        database.transaction(writing=False),
    ):
        pass
    database.close()


def test_lost_connections_are_replaced_before_anybody_notices(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    database, registry = on_postgres
    with database.transaction(writing=False), database.transaction(writing=False):
        pass  # There are two connections now.
    registry.lock(["1"], ANN)
    assert len(_backends(postgres, "pg_terminate_backend(pid)")) >= 2
    registry.lock(["2"], ANN)
    _backends(postgres, "pg_terminate_backend(pid)")
    assert registry.seat("2").status is SeatStatus.LOCKED
    assert registry.confirm(None, ANN)[1].seats == ("1", "2")


def test_a_server_that_was_down_is_used_as_soon_as_it_is_back(
    postgres: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Relay(postgres) as relay:
        database = PostgresDatabase(relay.url, connections=2)
        read(database)
        relay.refuse()
        with pytest.raises(Unavailable):
            read(database)
        for _ in range(8):
            with pytest.raises(Unavailable, match="cannot be reached"):
                read(database)
        relay.lead_to(postgres)
        read(database)
        database.close()
    # The log has the driver's message, once a second.
    assert "no connection: PostgreSQL at 127.0.0.1" in caplog.messages[-1]


def test_a_hanging_server_is_an_error_only_while_it_hangs(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    _, registry = on_postgres
    registry.lock(["1"], ANN)
    stopped = _backends(postgres, "1")
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    try:
        with pytest.raises(Unavailable):
            registry.lock(["2"], ANN)
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)
    registry.lock(["2"], ANN)


def test_an_event_that_another_process_keeps_locked_is_an_error(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    database, registry = on_postgres
    with database.transaction(writing=True) as transaction:
        transaction.run("lock_version", event=DEFAULT_EVENT, known_version=0, known_mark=0)
        assert registry.seat("1").status is SeatStatus.AVAILABLE
        with pytest.raises(Unavailable) as error:
            registry.lock(["1"], ANN)
    assert isinstance(error.value.__cause__, psycopg.errors.QueryCanceled)
    registry.lock(["1"], ANN)


def test_a_commit_whose_answer_was_lost_has_an_unknown_outcome(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    _, registry = on_postgres

    write_rows = journal.write_rows

    def and_lost(*arguments: Any) -> None:
        # The last thing that is written.
        write_rows(*arguments)
        _backends(postgres, "pg_terminate_backend(pid)")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("booking.engines.database.writes.write_rows", and_lost)
        with pytest.raises(Unavailable, match="It is not known whether"):
            registry.lock(["1"], ANN, once())
    assert registry.seat("1").status is SeatStatus.AVAILABLE
    # The commit was not carried out, so it succeeds when it is sent again.
    assert registry.lock(["1"], ANN, once())["seats"] == ["1"]
    assert registry.seat("1").status is SeatStatus.LOCKED


def test_what_a_transaction_has_to_set_first_does_not_fix_what_it_sees(
    postgres: str,
    clock: ManualClock,
    on_postgres: tuple[PostgresDatabase, DatabaseRegistry],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As through a pooler. A call that reads begins, waits for one that writes, and sees it."""
    database, registry = on_postgres
    setting = session._set_local("statement_timeout", "59s")
    registry.lock(["2"], ANN)
    with ThreadPoolExecutor(1) as pool:
        with registry._event.lock:
            monkeypatch.setattr(database._pool._idle[0], "settings", [setting])
            seat = pool.submit(registry.seat, "1")
            wait_until(lambda: _began_with(postgres, setting))
            other = DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
            other.lock(["1"], BOB)
        assert seat.result().status is SeatStatus.LOCKED


def _began_with(url: str, statement: bytes) -> bool:
    with psycopg.connect(url, autocommit=True) as connection:
        query = "SELECT 1 FROM pg_stat_activity WHERE query = %s"
        return bool(connection.execute(query, [statement.decode()]).fetchall())


def test_a_busy_pool_is_not_taken_for_a_lost_server(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    database, _ = on_postgres
    read(database)
    database._pool._wait_seconds = 0.05
    idle = database._pool._idle[0]
    with (
        database.transaction(writing=False),
        database.transaction(writing=False),
        pytest.raises(Unavailable, match="All connections to the database are busy") as busy,
    ):
        read(database)
    assert not busy.value.aborted
    assert idle in database._pool._idle


def test_a_statement_prepared_before_the_schema_changed_is_prepared_again(
    postgres: str, on_postgres: tuple[PostgresDatabase, DatabaseRegistry]
) -> None:
    database, registry = on_postgres
    for _ in range(20):  # psycopg prepares it on the way.
        registry.seat("1")
    with database.transaction(writing=True) as transaction:
        transaction.run_script("ALTER TABLE event ALTER version TYPE NUMERIC(20);")
    assert registry.seat("1").status is SeatStatus.AVAILABLE


def test_a_long_transaction_may_take_longer_than_others(
    on_postgres: tuple[PostgresDatabase, DatabaseRegistry],
) -> None:
    database, _ = on_postgres
    nap = "DO $$ BEGIN PERFORM pg_sleep(1.1); END $$;"
    with pytest.raises(Unavailable), database.transaction(writing=True) as transaction:
        transaction.run_script(nap)
    with database.transaction(writing=True, long=True) as transaction:
        transaction.run_script(nap)


def test_the_first_call_after_connections_were_dropped_succeeds(postgres: str) -> None:
    with schema(postgres) as own:
        box_office = DatabaseBoxOffice(Settings(), PostgresDatabase(own, connections=2))
        registry = box_office.registry(DEFAULT_EVENT)
        registry.lock(["1"], ANN)
        reference = registry.confirm(["1"], ANN)[1].reference
        calls: list[Callable[[], object]] = [
            lambda: box_office.put(event_of(3, id="gala")),
            lambda: box_office.put(event_of(3, id="gala", given_name="The gala")),
            lambda: box_office.events(),
            lambda: box_office.registry_of_booking(reference),
            lambda: box_office.ready(),
            lambda: registry.lock(["3"], ANN, once()),
            lambda: registry.changes(),
            lambda: registry.lock(["2"], ANN),
            lambda: box_office.end("gala"),
        ]
        for call in calls:
            _backends(postgres, "pg_terminate_backend(pid)")
            call()
        box_office.close()
