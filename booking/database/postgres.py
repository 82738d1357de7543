"""PostgreSQL: durable, shared by any number of processes and machines.

What a registry writes is about one event, and each such transaction first locks the row of the
event: those of one event take turns, and see each other's versions in order.
"""

import math
import os
import re
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

import psycopg
from psycopg import conninfo
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from booking.database.connection import (
    Database,
    Row,
    Transaction,
    in_script,
    read_statements,
)
from booking.errors import Unavailable
from booking.expiry import ExpiryTimer

_TIMEOUT_SECONDS = 5
_POOL_SECONDS = 2.0
"""How long to wait for a connection."""

_BOOKED_SEATS = """(
    SELECT json_agg(held.seat ORDER BY held.position)::text FROM booked_seat AS held
    WHERE held.event = booking.event AND held.reference = booking.reference
)"""
_TIME = "extract(epoch FROM clock_timestamp())::double precision"
_ROWS = 50
"""How many rows one statement writes at the most; psycopg prepares one for each number of rows, and
for what is null in them."""
_PREPARED = 3 * _ROWS + 50

_SCHEMA_LOCK = 0x5EA75
"""Whoever changes the schema holds the advisory lock of this number."""

_ABORTED = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.NotNullViolation,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
)

_Connection = psycopg.Connection[dict[str, Any]]


class PostgresTransaction(Transaction):
    """A transaction on one connection, in pipeline mode: what returns nothing is sent along with
    what comes next."""

    def __init__(self, connection: _Connection, statements: Mapping[str, str]) -> None:
        self._connection = connection
        self._statements = statements

    def run(self, statement: str, **values: object) -> list[Row]:
        """As told there."""
        text = self._statements[statement]
        cursor = self._connection.execute(text.encode(), values)
        returns = text.lstrip().startswith(("SELECT", "WITH")) or "RETURNING" in text
        return list(cursor.fetchall()) if returns else []

    def run_for_each(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """As told there."""
        text = self._statements[statement]
        # Rows in one statement take half the time of as many statements.
        for start in range(0, len(rows), _ROWS):
            some = rows[start : start + _ROWS]
            query, names = _for_many(text, len(some))
            self._connection.execute(query, [row[name] for row in some for name in names])

    def run_script(self, script: str) -> None:
        """As told there."""
        self._connection.execute("SELECT pg_advisory_xact_lock(%s)", [_SCHEMA_LOCK])
        for statement in in_script(script):
            self._connection.execute(statement.encode())

    def columns(self, table: str) -> set[str]:
        """See the base class."""
        cursor = self._connection.execute(
            "SELECT attname FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return {row["attname"] for row in cursor.fetchall()}

    def has_index(self, name: str) -> bool:
        """See the base class."""
        cursor = self._connection.execute(
            "SELECT 1 FROM pg_class"
            " WHERE relname = %s AND relkind = 'i' AND pg_table_is_visible(oid)",
            [name],
        )
        return cursor.fetchone() is not None

    def damage(self) -> list[str]:
        """See the base class."""
        cursor = self._connection.execute(
            "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relname IN ('event', 'seat', 'booking', 'booked_seat', 'history', 'answer')"
            " AND relkind = 'r' AND pg_table_is_visible(attrelid)"
            " AND attname IN ('event', 'seat', 'reference')"
            " AND attcollation <> 'pg_catalog.\"C\"'::regcollation"
        )
        return [
            f"The column {row['attname']} of {row['relname']} does not compare byte by byte."
            for row in cursor.fetchall()
        ]


class PostgresDatabase(Database):
    """A PostgreSQL server, by its URL."""

    dialect = "postgres"

    def __init__(self, url: str, connections: int) -> None:
        given = conninfo.conninfo_to_dict(url)
        self.name = str(given.get("dbname", "postgres"))
        self._statements = {name: _in_postgres(text) for name, text in read_statements().items()}
        self._watch = ExpiryTimer()
        limits = f"-c statement_timeout={_TIMEOUT_SECONDS}s -c lock_timeout={_TIMEOUT_SECONDS}s"
        self._pool = ConnectionPool(
            url,
            connection_class=_Connection,
            kwargs={
                "row_factory": dict_row,
                "connect_timeout": _TIMEOUT_SECONDS,
                "options": f"{given.get('options') or ''} {limits}",
                "autocommit": True,
            },
            configure=_configure,
            min_size=0,
            max_size=connections,
            timeout=_POOL_SECONDS,
            # After that, whoever comes next tries. Otherwise the pool tries less and less often, so
            # that after a minute without a server it takes up to another to see that it is back.
            reconnect_timeout=_POOL_SECONDS,
            open=True,
        )

    @contextmanager
    def transaction(self, *, writing: bool) -> Iterator[PostgresTransaction]:
        """As told there. If it raises Unavailable, nothing was changed or, if that is not known, it
        says so."""
        committing, began = False, time.monotonic()
        try:
            with self._connection() as connection, connection.pipeline():
                # One that reads sees the state of a moment. One that writes has the event to itself
                # from its first statement on, and sees the latest then.
                connection.execute(
                    "BEGIN" if writing else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                )
                try:
                    yield PostgresTransaction(connection, self._statements)
                except psycopg.Error:
                    raise
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                committing = writing
                connection.execute("COMMIT")
        except (psycopg.Error, PoolTimeout) as error:
            # Without an answer, or with the last words of a server that goes.
            lost = isinstance(error, psycopg.OperationalError) and (
                error.sqlstate is None or error.sqlstate.startswith("57P")
            )
            if lost:
                # The server may be another one since: idle connections to it are of no use.
                self._pool.drain()
            what = str(error).strip().partition("\n")[0]
            message = f"The database does not answer as it should ({what})."
            raise Unavailable(
                message,
                outcome_unknown=committing and lost,
                # Not if it has taken long: then it is the server that stands still.
                aborted=isinstance(error, _ABORTED)
                or (lost and not committing and time.monotonic() < began + _TIMEOUT_SECONDS),
            ) from error

    def close(self) -> None:
        """As told there."""
        self._watch.close()
        self._pool.close()

    @contextmanager
    def _connection(self) -> Iterator[_Connection]:
        with self._pool.connection() as connection:
            # The server's own timeouts are of no use if it is the server that stands still. By the
            # second, so that one timer serves many transactions.
            watched = [connection]
            give_up_at = math.ceil(time.monotonic() + 2 * _TIMEOUT_SECONDS)
            self._watch.schedule(give_up_at, partial(_give_up, watched))
            try:
                yield connection
            finally:
                watched.clear()


def _configure(connection: _Connection) -> None:
    connection.prepared_max = _PREPARED


def _give_up(watched: list[_Connection]) -> None:
    """Let whoever waits for an answer on the connection, if anybody still does, have an error."""
    for connection in watched:
        with socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


@lru_cache(maxsize=_PREPARED)
def _for_many(text: str, count: int) -> tuple[bytes, list[str]]:
    """A statement that writes a row, for so many of them, and the names of the values of each."""
    head, row, tail = re.split(r"(?<=VALUES )(\(.*\))", text, maxsplit=1)
    names = re.findall(r"%\((\w+)\)s", row)
    row = f"({', '.join(['%s'] * len(names))})"
    return (head + ", ".join([row] * count) + tail).encode(), names


def _in_postgres(text: str) -> str:
    text = text.replace(":time", _TIME).replace(":booked_seats", _BOOKED_SEATS)
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", re.sub(r"--.*", "", text))
