"""Transactions on a database: the one place that knows its driver."""

import queue
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from booking.errors import Unavailable

BUSY_SECONDS = 5.0
"""How long a transaction waits for another process that writes."""

_STATEMENT = re.compile(r"^-- name: (\w+)\n(.*?)(?=^-- name:|\Z)", re.MULTILINE | re.DOTALL)

Row = Mapping[str, Any]


def _read_statements() -> dict[str, str]:
    text = Path(__file__).with_name("queries.sql").read_text(encoding="utf-8")
    return dict(_STATEMENT.findall(text))


class Transaction:
    """What is read and written together, or not at all."""

    def __init__(self, connection: sqlite3.Connection, statements: Mapping[str, str]) -> None:
        self._connection = connection
        self._statements = statements

    def run(self, statement: str, **values: object) -> list[Row]:
        """Run a statement of ``queries.sql``, and return its rows."""
        return self._connection.execute(self._statements[statement], values).fetchall()

    def run_for_each(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run a statement for each of many rows."""
        self._connection.executemany(self._statements[statement], rows)

    def run_script(self, script: str) -> None:
        """Run statements that come from elsewhere, each on lines of its own."""
        bare = re.sub(r"^\s*--.*$", "", script, flags=re.MULTILINE)
        for statement in filter(str.strip, bare.split(";\n")):
            self._connection.execute(statement)


class Database:
    """An SQLite file. Safe for any number of threads, and of processes on one machine."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._statements = _read_statements()
        # Connections that nobody uses, the one that was used last on top.
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path!r}>"

    @contextmanager
    def transaction(self, *, writing: bool) -> Iterator[Transaction]:
        """A transaction, which is committed at the end, durably, or rolled back by an exception.

        Raises:
            Unavailable: the database does not do what it is asked for; nothing was changed.
        """
        try:
            connection = self._take()
            # One that is going to write waits for others here, where nothing has been read yet.
            connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
        except sqlite3.Error as error:
            raise _unavailable(error) from error
        try:
            yield Transaction(connection, self._statements)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            connection.close()
            raise _unavailable(error) from error
        except BaseException:
            # To close a connection is the rollback that always works.
            connection.close()
            raise
        self._idle.put(connection)

    def transaction_on(self, connection: sqlite3.Connection) -> Transaction:
        """The same statements on another database, which is only read."""
        connection.row_factory = sqlite3.Row
        return Transaction(connection, self._statements)

    def copy_to(self, other: sqlite3.Connection) -> None:
        """Copy the database as it is now. Raises sqlite3.Error."""
        with closing(self._connect()) as connection:
            connection.backup(other)

    def copy_from(self, other: sqlite3.Connection) -> None:
        """Become a copy of another database. Raises sqlite3.Error."""
        with closing(self._connect()) as connection:
            other.backup(connection)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        # Readers and the writer do not wait for each other; what is committed is on the disk.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return connection


def _unavailable(error: sqlite3.Error) -> Unavailable:
    return Unavailable(f"The database does not answer as it should ({error}).")
