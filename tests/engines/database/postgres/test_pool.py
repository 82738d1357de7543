"""Which connections the pool reuses, and which it replaces."""

import pytest

from booking.engines.database.connection import CannotOpen
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.postgres.pool import Pool
from booking.engines.database.postgres.session import Session
from booking.engines.database.postgres.url import PostgresUrl
from booking.engines.errors import Unavailable
from tests.support.relay import Relay


class Bench:
    """A pool of real connections, with a clock that the test moves."""

    def __init__(self, url: str) -> None:
        self.now = 0.0
        self.alive = True
        self.made: list[Session] = []
        self._url = url
        self.pool = Pool(
            self._make, lambda _: self.alive, most=2, wait_seconds=1, monotonic=lambda: self.now
        )

    def _make(self) -> Session:
        session = Session(PostgresUrl(self._url), 5)
        session.opened_at = self.now
        self.made.append(session)
        return session

    def use(self) -> Session:
        with self.pool.session() as session:
            return session


@pytest.fixture
def bench(postgres: str) -> Bench:
    return Bench(postgres)


def test_a_connection_is_reused(bench: Bench) -> None:
    assert bench.use() is bench.use()
    bench.pool.close()
    assert bench.made[0].connection.closed


def test_a_long_idle_connection_is_tested_before_use(bench: Bench) -> None:
    first = bench.use()
    bench.alive = False
    bench.now = 4.9
    assert bench.use() is first
    bench.now = 10.0
    assert bench.use() is not first
    assert first.connection.closed
    bench.pool.close()


def test_a_lost_connection_is_not_reused(bench: Bench) -> None:
    with bench.pool.session() as first:
        first.connection.close()
    assert bench.use() is not first
    bench.pool.close()


def test_a_drain_closes_idle_connections_now_and_others_when_they_come_back(bench: Bench) -> None:
    with bench.pool.session() as busy:
        idle = bench.use()
        bench.pool.drain()
        assert (idle.connection.closed, busy.connection.closed) == (True, False)
    assert busy.connection.closed
    bench.pool.close()


def test_connections_to_a_read_only_server_are_not_kept(bench: Bench) -> None:
    with bench.pool.session() as session:
        session.read_only = True
    assert session.connection.closed
    bench.pool.close()


def test_a_connection_to_another_server_drains_the_old_ones(bench: Bench) -> None:
    with bench.pool.session() as first:
        first.server = bench.pool._server = "another one"
        second = bench.use()
    assert first.connection.closed
    assert bench.use() is second
    bench.pool.close()


def test_unused_connections_are_closed(bench: Bench) -> None:
    with bench.pool.session() as one, bench.pool.session() as other:
        pass
    bench.now = 601.0
    assert bench.use() is one
    assert other.connection.closed
    bench.pool.close()


def test_a_connection_lives_for_an_hour(bench: Bench) -> None:
    first = bench.use()
    bench.now = 3601.0
    assert bench.use() is first
    assert first.connection.closed
    bench.pool.close()


def test_a_silently_dropped_connection_delays_one_buyer_by_a_second_or_two(
    postgres: str,
) -> None:
    with Relay(postgres) as relay:
        database = PostgresDatabase(relay.url, connections=2)
        with database.transaction(writing=False) as transaction:
            transaction.run("time")
        relay.forget()
        # Pretend that it has been idle for an hour.
        database._pool._idle[0].idle_since -= 3600
        with database.transaction(writing=False) as transaction:
            assert transaction.run("time")
        database.close()


def test_without_testing_the_connection_the_buyer_is_refused(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booking.engines.database.postgres.pool._TRUSTED_SECONDS", 1e9)
    with Relay(postgres) as relay:
        database = PostgresDatabase(relay.url, connections=2, timeout_seconds=0.5)
        with database.transaction(writing=False) as transaction:
            transaction.run("time")
        relay.forget()
        with pytest.raises(Unavailable), database.transaction(writing=False) as transaction:
            transaction.run("time")
        database.close()


def test_the_thread_that_cannot_connect_raises_the_error() -> None:
    bench = Bench("postgresql://127.0.0.1:1/nothing")
    for _ in range(3):  # More often than the pool has connections.
        with pytest.raises(CannotOpen):
            bench.use()
