"""What lets the tables be spread over several servers, as Citus does: all of an event on one."""

import re
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg.rows import dict_row

from booking.engines.database.connection import CannotOpen, read_statements
from booking.engines.database.migrations import migrate
from booking.engines.database.postgres import citus
from booking.engines.database.postgres.database import PostgresDatabase
from tests.support.postgres import schema

OF_NO_EVENT = {"access_key", "duty", "migration", "shared_key"}
"""Small tables, of which every server can have a copy."""


_JOIN = re.compile(r"(?<!CROSS )JOIN(.*?)(?=\bJOIN\b|\bWHERE\b|;)", re.DOTALL)


@pytest.fixture(scope="module")
def connection(postgres: str) -> Iterator[psycopg.Connection[dict[str, str]]]:
    """A connection to a schema that is up to date."""
    with schema(postgres) as url:
        with closing(PostgresDatabase(url, connections=1)) as database:
            migrate(database)
        with psycopg.connect(url, row_factory=dict_row) as connection:
            yield connection


def test_every_table_but_a_few_small_ones_has_the_event(
    connection: psycopg.Connection[dict[str, str]],
) -> None:
    found = connection.execute(
        "SELECT relname FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND NOT EXISTS ("
        "SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'event')"
    )
    assert {row["relname"] for row in found} == OF_NO_EVENT


def test_every_unique_index_of_a_table_of_events_has_the_event(
    connection: psycopg.Connection[dict[str, str]],
) -> None:
    found = connection.execute(
        "SELECT indrelid::regclass::text AS of_table, pg_get_indexdef(indexrelid) AS definition"
        " FROM pg_index JOIN pg_class ON pg_class.oid = indrelid"
        " WHERE indisunique AND relnamespace = current_schema()::regnamespace"
    ).fetchall()
    assert found
    for row in found:
        if row["of_table"] not in OF_NO_EVENT:
            assert re.search(r"\((.*, )?event[,)]", row["definition"]), row["definition"]


def test_there_is_neither_a_foreign_key_nor_a_trigger(
    connection: psycopg.Connection[dict[str, str]],
) -> None:
    keys = connection.execute(
        "SELECT FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    )
    triggers = connection.execute(
        "SELECT FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE relnamespace = current_schema()::regnamespace"
    )
    assert (keys.fetchall(), triggers.fetchall()) == ([], [])


def test_tables_are_joined_by_the_event() -> None:
    for statement in read_statements().values():
        for joined in _JOIN.findall(statement):
            assert re.search(r"\w+\.event = \w+\.event", joined), statement


def test_without_citus_nothing_is_distributed_and_the_operator_is_told_what_to_do(
    postgres: str,
) -> None:
    with (
        schema(postgres) as url,
        closing(PostgresDatabase(url, connections=1)) as database,
        pytest.raises(CannotOpen, match="has no Citus"),
    ):
        next(citus.distribute(database))
