"""Transactions on PostgreSQL, and what our statements are in its dialect."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from booking.engines.database.connection import Row, Transaction, in_script
from booking.engines.database.postgres.session import Connection

_BOOKED_SEATS = """(
    SELECT json_agg(held.seat ORDER BY held.position)::text FROM booked_seat AS held
    WHERE held.event = booking.event AND held.reference = booking.reference
)"""
_TIME = "extract(epoch FROM clock_timestamp())::double precision"
_ROWS = 50
"""How many rows one statement writes at the most; psycopg prepares one for each number of rows, and
for what is null in them."""
PREPARED = 3 * _ROWS + 50

_SCHEMA_LOCK = 0x5EA75
"""The number of the advisory lock that a process holds while it changes the schema."""


class PostgresTransaction(Transaction):
    """A transaction on one connection, in pipeline mode: a statement that returns nothing is sent
    along with the next one."""

    def __init__(self, connection: Connection, statements: Mapping[str, str]) -> None:
        self._connection = connection
        self._statements = statements
        self.scripted = False
        """Whether it has run a script, which changes the schema."""

    def run(self, statement: str, **values: object) -> list[Row]:
        """See the base class."""
        text = self._statements[statement]
        cursor = self._connection.execute(text.encode(), values)
        returns = text.lstrip().startswith(("SELECT", "WITH")) or "RETURNING" in text
        return list(cursor.fetchall()) if returns else []

    def run_for_each(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """See the base class."""
        text = self._statements[statement]
        # Rows in one statement take half the time of as many statements.
        for start in range(0, len(rows), _ROWS):
            some = rows[start : start + _ROWS]
            query, names = _for_many(text, len(some))
            self._connection.execute(query, [row[name] for row in some for name in names])

    def run_script(self, script: str) -> None:
        """See the base class."""
        self.scripted = True
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
    """A statement of ``queries.sql`` as psycopg takes it."""
    text = text.replace(":time", _TIME).replace(":booked_seats", _BOOKED_SEATS)
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", re.sub(r"--.*", "", text))


@lru_cache(maxsize=PREPARED)
def _for_many(text: str, count: int) -> tuple[bytes, list[str]]:
    """The statement for ``count`` rows instead of one, and the names of the values of a row."""
    head, row, tail = re.split(r"(?<=VALUES )(\(.*\))", text, maxsplit=1)
    names = re.findall(r"%\((\w+)\)s", row)
    row = f"({', '.join(['%s'] * len(names))})"
    return (head + ", ".join([row] * count) + tail).encode(), names
