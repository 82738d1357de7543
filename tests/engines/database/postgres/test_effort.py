"""What a sale asks of PostgreSQL, beyond what it has to."""

from collections.abc import Iterator

import pytest

from booking.domain.model import DEFAULT_EVENT, SeatStatus
from booking.engines.database.migrations import migrate
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.idempotency import KeyedRequest, Reply
from tests.support.clocks import ManualClock
from tests.support.databases import add, one_clock
from tests.support.engine import ANN, event_of
from tests.support.postgres import schema

SALES = 50


@pytest.fixture
def database(postgres: str) -> Iterator[PostgresDatabase]:
    """A database with one connection, whose counters are those of all that was done."""
    with schema(postgres) as url:
        database = PostgresDatabase(url, connections=1)
        migrate(database)
        with database.transaction(writing=True) as transaction:
            add(transaction, event_of(SALES), 1)
        yield database
        database.close()


def sell_all(database: PostgresDatabase, clock: ManualClock) -> None:
    """Sell all seats, each before the eyes of another process."""
    here, other = (
        DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock)) for _ in range(2)
    )
    for number in range(1, SALES + 1):
        holder, seat = number.to_bytes(32, "big"), str(number)
        here.lock([seat], holder, Reply(lambda _: {}, KeyedRequest(holder, "lock", ANN)))
        here.confirm([seat], holder)
        assert other.seat(seat).status is SeatStatus.BOOKED


def test_no_index_learns_of_what_becomes_of_a_seat_or_of_the_version_of_an_event(
    database: PostgresDatabase, clock: ManualClock
) -> None:
    sell_all(database, clock)
    with database.transaction(writing=False) as transaction:
        transaction.query("SELECT pg_stat_force_next_flush()")
    with database.transaction(writing=False) as transaction:
        found = transaction.query(
            "SELECT relname, n_tup_upd, n_tup_upd - n_tup_hot_upd AS not_hot"
            " FROM pg_stat_user_tables"
            " WHERE schemaname = current_schema() AND relname IN ('event', 'seat')"
        )
    assert {row["relname"]: row["not_hot"] for row in found} == {"event": 0, "seat": 0}
    assert all(row["n_tup_upd"] >= SALES for row in found)


def test_statements_are_not_planned_anew_for_each_call(
    database: PostgresDatabase, clock: ManualClock
) -> None:
    """That took more than to carry them out, once PostgreSQL knew how large the tables are."""
    sell_all(database, clock)
    with database.transaction(writing=False) as transaction:
        found = transaction.query("SELECT custom_plans, generic_plans FROM pg_prepared_statements")
    assert sum(row["generic_plans"] for row in found) > 10 * SALES
    assert [row for row in found if row["custom_plans"]] == []
