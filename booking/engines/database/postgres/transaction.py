"""Transactions on PostgreSQL, and the translation of our statements to its dialect."""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, LiteralString

import psycopg

from booking.engines.database.connection import Row, Transaction, in_script
from booking.engines.database.postgres.session import Connection

_BOOKED_SEATS = """(
    SELECT json_agg(its.seat ORDER BY its.position)::text FROM booked_seat AS its
    WHERE its.event = :event AND its.reference = booking.reference
)"""
_TERMS = """split_part(document, ',"plan":', 1)"""
_TIME = "extract(epoch FROM clock_timestamp())::double precision"
_ARRAYS = {str: "text[]", int: "bigint[]"}
_ROWS = 50
"""How many rows one statement writes at most. psycopg prepares a statement for each number of rows
and each pattern of nulls."""
PREPARED = 3 * _ROWS + 50
_PARAMETER = re.compile(r"%\((\w+)\)s")

_SCHEMA_LOCK = 0x5EA75
"""The key of the advisory lock that a process takes to change the schema."""


class PostgresTransaction(Transaction):
    """A transaction on one connection, in pipeline mode: a statement that returns no rows is sent
    together with the next one."""

    def __init__(
        self,
        connection: Connection,
        pipeline: psycopg.Pipeline,
        statements: Mapping[str, str],
        limit_once_locked: bytes,
    ) -> None:
        self._connection = connection
        self._pipeline = pipeline
        self._statements = statements
        self._limit_once_locked = limit_once_locked
        self.scripted = False
        """Whether the transaction has run a script, which changes the schema."""

    def send(self, statement: str, **values: object) -> Callable[[], list[Row]]:
        """See the base class."""
        text = self._statements[statement]
        return self._rows(text, self._connection.execute(text.encode(), values))

    def _rows(self, text: str, cursor: psycopg.Cursor[dict[str, Any]]) -> Callable[[], list[Row]]:
        if "FOR UPDATE" in text:
            return lambda: self._once_locked(cursor)
        returns = text.lstrip().startswith(("SELECT", "WITH")) or "RETURNING" in text
        return (lambda: list(cursor.fetchall())) if returns else list

    def _once_locked(self, cursor: psycopg.Cursor[dict[str, Any]]) -> list[Row]:
        """The rows of a statement that locks an event. From now on the server ends the transaction
        if nothing more comes from this process: it would hold up all others."""
        if self._limit_once_locked:
            self._connection.execute(self._limit_once_locked)
        # In the middle of a pipeline the server would not count as idle.
        self._pipeline.sync()
        return list(cursor.fetchall())

    def send_for_each(
        self, statement: str, rows: Sequence[Mapping[str, str | int]], **values: object
    ) -> Callable[[], list[Row]]:
        """See the base class."""
        text = self._statements[statement]
        types = tuple((name, type(value)) for name, value in rows[0].items())
        columns: dict[str, object] = {name: [row[name] for row in rows] for name, _ in types}
        query = _for_each(text, types)
        return self._rows(text, self._connection.execute(query, {**columns, **values}))

    def run_for_found(self, statement: str, finding: str, **values: object) -> list[Row]:
        """See the base class."""
        query = _for_found(self._statements[statement], self._statements[finding], tuple(values))
        return list(self._connection.execute(query, values).fetchall())

    def run_for_each(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """See the base class."""
        text = self._statements[statement]
        # One statement with many rows takes half as long as a statement for each row.
        for start in range(0, len(rows), _ROWS):
            some = rows[start : start + _ROWS]
            query, names = _for_many(text, len(some))
            values = [row[name] for row in some for name in names]
            # With $1 for %s: psycopg would take a statement of more than 50 values apart each time.
            psycopg.RawCursor(self._connection).execute(query, values)

    def run_script(self, script: str) -> None:
        """See the base class."""
        self.scripted = True
        self._connection.execute("SELECT pg_advisory_xact_lock(%s)", [_SCHEMA_LOCK])
        for statement in in_script(script):
            self._connection.execute(statement.encode())

    def query(self, statement: LiteralString, **values: object) -> list[Row]:
        """Run a statement that only PostgreSQL knows, and return its rows."""
        return list(self._connection.execute(statement, values).fetchall())

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
            " WHERE relname IN ('event', 'seat', 'booking', 'booked_seat', 'booking_details',"
            " 'history', 'answer')"
            " AND relkind = 'r' AND pg_table_is_visible(attrelid)"
            " AND attname IN ('event', 'seat', 'reference')"
            " AND attcollation <> 'pg_catalog.\"C\"'::regcollation"
        )
        return [
            f"The column {row['attname']} of {row['relname']} does not compare byte by byte."
            for row in cursor.fetchall()
        ]


def in_postgres(text: str) -> str:
    """Translate a statement of ``queries.sql`` for psycopg."""
    text = text.replace(":time", _TIME).replace(":booked_seats", _BOOKED_SEATS)
    text = text.replace(":terms", _TERMS)
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", re.sub(r"--.*", "", text))


@lru_cache(maxsize=PREPARED)
def _for_many(text: str, count: int) -> tuple[bytes, list[str]]:
    """Expand a statement to ``count`` rows. Also returns the names of a row's values."""
    head, row, tail = re.split(r"(?<=VALUES )(\(.*\))", text, maxsplit=1)
    names = _PARAMETER.findall(row)
    numbers = itertools.count(1)
    many = (f"({', '.join(f'${next(numbers)}' for _ in names)})" for _ in range(count))
    return f"{head}{', '.join(many)}{tail}".encode(), names


@lru_cache
def _for_each(text: str, types: tuple[tuple[str, type], ...]) -> bytes:
    """A statement that finds something, for any number of rows: it is given the values of each name
    as an array. Of one name, the array takes the place of the value. Of several, LATERAL makes it
    look in the index for each row, however small the table was when the statement was prepared."""
    if len(types) == 1:
        name = types[0][0]
        return text.replace(f"= %({name})s", f"= ANY (%({name})s::text[])").encode()
    arrays = ", ".join(f"%({name})s::{_ARRAYS[its_type]}" for name, its_type in types)
    wanted = f"unnest({arrays}) AS wanted ({', '.join(name for name, _ in types)})"
    return _laterally(text, wanted, types)


@lru_cache
def _for_found(text: str, finding: str, given: tuple[str, ...]) -> bytes:
    """A statement that finds something, for each row that another finds: this has the values that
    are not given, all of them texts. LATERAL keeps it to the index, as in :func:`_for_each`."""
    names = tuple(name for name in _PARAMETER.findall(text) if name not in given)
    return _laterally(text, f"({_bare(finding)}) AS wanted", tuple((name, str) for name in names))


def _laterally(text: str, wanted: str, types: tuple[tuple[str, type], ...]) -> bytes:
    for name, its_type in types:
        collation = ' COLLATE "C"' if its_type is str else ""
        text = text.replace(f"%({name})s", f"wanted.{name}{collation}")
    query = f"SELECT found.* FROM {wanted} CROSS JOIN LATERAL ({_bare(text)} OFFSET 0) AS found"  # noqa: S608
    return query.encode()


def _bare(text: str) -> str:
    return text.strip().rstrip(";")
