"""PostgreSQL: durable, shared by any number of processes and machines.

A transaction that writes is about one event and first locks the row of that event: transactions of
one event take turns, and see each other's versions in order.
"""

import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import psycopg

from booking.database.connection import (
    CannotOpen,
    Database,
    Row,
    Transaction,
    in_script,
    read_statements,
)
from booking.database.postgres_pool import Pool, PoolBusy
from booking.database.postgres_session import Connection, Session, Watchdog
from booking.database.postgres_url import PostgresUrl
from booking.errors import Unavailable

_TIMEOUT_SECONDS = 5.0
_LONG_SECONDS = 3600.0
_WAIT_SECONDS = 2.0
"""How long to wait for a connection that others use."""
_TRY_SECONDS = 1.0
"""How long an idle connection has to show that it still leads to the server."""

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

# A transaction that writes has the event to itself from its first statement on, and sees the latest
# then, whatever the database has by default. One that reads sees the state of a moment.
_BEGIN_WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_LONG = f"SET LOCAL statement_timeout = '{_LONG_SECONDS:.0f}s'"

_ABORTED = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.NotNullViolation,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
)
_ANOTHER_SESSION_HELPS = ("25006", "0A000")
"""A server that only reads: the address may lead to another by now. A statement that was prepared
before the schema changed."""
_NOT_TO_BE_USED_AGAIN = (*_ANOTHER_SESSION_HELPS, "08", "53", "57P", "58", "F0", "XX")
"""SQLSTATEs, or how they begin, after which connections are made anew: the server cannot write, is
ill, or goes away."""
_NO_RIGHT_TO_CREATE = ("42501", "3F000")
_TAKEN_NAME = "42P07"

logger = logging.getLogger(__name__)


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

    def __init__(
        self, url: str, connections: int, *, timeout_seconds: float = _TIMEOUT_SECONDS
    ) -> None:
        """Nothing is connected yet. A statement may take ``timeout_seconds``, unless the URL or the
        database says otherwise, and so may the wait for a lock.

        Raises:
            CannotOpen: the URL cannot be read.
        """
        # Faults are logged below, in full and without a secret. The driver's own lines name users.
        logging.getLogger("psycopg").setLevel(logging.ERROR)
        self._url = PostgresUrl(url)
        self._timeout_seconds = timeout_seconds
        self._statements = {name: _in_postgres(text) for name, text in read_statements().items()}
        self._watchdog = Watchdog()
        self._pool = Pool(
            self._connect,
            self._answers,
            most=connections,
            # Others may be connecting.
            wait_seconds=max(_WAIT_SECONDS, self._url.connect_seconds),
        )
        # Replaced as a whole.
        self._risks: tuple[str, ...] = ()
        # Whether there was a connection already. Never taken back.
        self._reached = False
        self.name = self._url.database or "postgres"

    @property
    def risks(self) -> tuple[str, ...]:
        """See the base class. Known after the first transaction."""
        return self._risks

    @contextmanager
    def transaction(self, *, writing: bool, long: bool = False) -> Iterator[PostgresTransaction]:
        """See the base class. If it raises Unavailable, nothing was changed or, if that is not
        known, it says so."""
        attempt = _Attempt(time.monotonic())
        with (
            self._errors_explained(attempt),
            self._pool.session() as session,
            self._watched(session, long=long),
        ):
            self._expect_to_write(session, writing=writing)
            connection = session.connection
            with connection.pipeline():
                connection.execute(_BEGIN_WRITING if writing else _BEGIN_READING)
                if session.settings:
                    connection.execute(session.settings)
                if long:
                    connection.execute(_LONG)
                attempt.transaction = PostgresTransaction(connection, self._statements)
                try:
                    yield attempt.transaction
                except psycopg.Error:
                    raise
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                attempt.committing = writing
                connection.execute("COMMIT")

    def close(self) -> None:
        """See the base class."""
        self._watchdog.close()
        self._pool.close()

    def _connect(self) -> Session:
        session = Session(self._url, self._timeout_seconds)
        session.connection.prepared_max = _PREPARED
        for risk in session.risks:
            if risk not in self._risks:
                logger.warning("%s", risk)
        self._risks = session.risks
        return session

    def _answers(self, session: Session) -> bool:
        try:
            with self._watchdog.watch(session, _TRY_SECONDS):
                session.connection.execute("SELECT")
        except psycopg.Error:
            return False
        return True

    @contextmanager
    def _watched(self, session: Session, *, long: bool) -> Iterator[None]:
        seconds = _LONG_SECONDS if long else session.statement_seconds
        if seconds == 0:  # The URL, the user or the database says: as long as it takes.
            yield
            return
        with self._watchdog.watch(session, seconds + self._timeout_seconds):
            yield

    def _expect_to_write(self, session: Session, *, writing: bool) -> None:
        """Raise CannotOpen if the very first transaction is to write, and the server only reads."""
        if writing and session.read_only and not self._reached:
            why = (
                "It is a standby. Name the primary"
                if session.standby
                else "Set default_transaction_read_only = off there, or name another database"
            )
            raise CannotOpen(
                f"The database {self.name} is read-only. {why} in BOOKING_DATABASE_URL."
            )
        self._reached = True

    # Errors

    @contextmanager
    def _errors_explained(self, attempt: "_Attempt") -> Iterator[None]:
        try:
            yield
        except CannotOpen as error:
            if attempt.transaction is not None or not self._reached:
                raise
            raise self._unreachable(error) from error
        except PoolBusy as error:
            raise self._busy() from error
        except psycopg.Error as error:
            if attempt.transaction is not None and attempt.transaction.scripted:
                self._explain_script(error)
            raise self._failed(error, attempt) from error

    def _failed(self, error: psycopg.Error, attempt: "_Attempt") -> Unavailable:
        """The error for a transaction that did not succeed."""
        code = error.sqlstate or ""
        # Without an answer, or with the last words of a server that goes.
        lost = isinstance(error, psycopg.OperationalError) and (
            not code or error.diag.severity_nonlocalized in ("FATAL", "PANIC")
        )
        in_time = time.monotonic() < attempt.began_at + self._timeout_seconds
        if lost or code.startswith(_NOT_TO_BE_USED_AGAIN):
            self._pool.drain()
        return self.faults.unavailable(
            f"{code} {type(error).__name__}".strip(),
            self._url.hide(str(error)),
            outcome_unknown=attempt.committing and lost,
            # Not if it has taken long: then it is the server that stands still.
            aborted=isinstance(error, _ABORTED)
            or code in _ANOTHER_SESSION_HELPS
            or (lost and not attempt.committing and in_time),
        )

    def _unreachable(self, error: CannotOpen) -> Unavailable:
        cause = "" if error.__cause__ is None else f" ({self._url.hide(str(error.__cause__))})"
        return self.faults.unavailable(
            "no connection", f"{error}{cause}", message="The database cannot be reached."
        )

    def _busy(self) -> Unavailable:
        return self.faults.unavailable(
            "busy",
            f"All connections of this process to {self.name} were in use. Find out what keeps the"
            " database, or set BOOKING_THREADS lower.",
            message="All connections to the database are busy.",
        )

    def _explain_script(self, error: psycopg.Error) -> None:
        """Raise CannotOpen if the schema could not be changed for a reason that will not pass."""
        if error.sqlstate in _NO_RIGHT_TO_CREATE:
            raise CannotOpen(
                f"The user may not create tables in the database {self.name}. GRANT CREATE ON"
                " SCHEMA to the user of BOOKING_DATABASE_URL, or name a schema of its own there"
                " with search_path."
            ) from error
        if error.sqlstate == _TAKEN_NAME:
            raise CannotOpen(
                f"The database {self.name} has tables of another program"
                f" ({error.diag.message_primary}). Name a database or a schema of its own in"
                " BOOKING_DATABASE_URL."
            ) from error


@dataclass(slots=True)
class _Attempt:
    """How far a transaction has come."""

    began_at: float
    transaction: PostgresTransaction | None = None
    committing: bool = False


@lru_cache(maxsize=_PREPARED)
def _for_many(text: str, count: int) -> tuple[bytes, list[str]]:
    """The statement for ``count`` rows instead of one, and the names of the values of a row."""
    head, row, tail = re.split(r"(?<=VALUES )(\(.*\))", text, maxsplit=1)
    names = re.findall(r"%\((\w+)\)s", row)
    row = f"({', '.join(['%s'] * len(names))})"
    return (head + ", ".join([row] * count) + tail).encode(), names


def _in_postgres(text: str) -> str:
    text = text.replace(":time", _TIME).replace(":booked_seats", _BOOKED_SEATS)
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", re.sub(r"--.*", "", text))
