"""An SQLite file: durable, for the processes of one machine, with nothing to install."""

import queue
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

from booking.database.connection import (
    Database,
    Row,
    Transaction,
    in_script,
    read_statements,
)
from booking.errors import Unavailable

BUSY_SECONDS = 5.0
"""How long a transaction waits for another process that writes."""
_LOOK_SECONDS = 0.0003
"""How often it looks whether that one is done."""


class SqliteTransaction(Transaction):
    """A transaction on one connection."""

    def __init__(self, connection: sqlite3.Connection, statements: Mapping[str, str]) -> None:
        self._connection = connection
        self._statements = statements

    def run(self, statement: str, **values: object) -> list[Row]:
        """As told there."""
        values["time"] = time.time()
        return self._connection.execute(self._statements[statement], values).fetchall()

    def run_for_each(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """As told there."""
        self._connection.executemany(self._statements[statement], rows)

    def run_script(self, script: str) -> None:
        """As told there: nobody else writes anything."""
        for statement in in_script(script):
            self._connection.execute(statement)


class SqliteDatabase(Database):
    """An SQLite file. One process writes at a time."""

    def __init__(self, path: str) -> None:
        self.name = path
        # To begin to write is to lock everything.
        self._statements = {
            name: text.replace("FOR UPDATE", "") for name, text in read_statements().items()
        }
        # Connections that nobody uses, the one that was used last on top.
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    @contextmanager
    def transaction(self, *, writing: bool, long: bool = False) -> Iterator[SqliteTransaction]:
        """As told there. If it raises Unavailable, nothing was changed."""
        try:
            connection = self._take()
        except sqlite3.Error as error:
            raise _unavailable(error) from error
        try:
            if writing:
                # Here it waits for others, where nothing has been read yet.
                _begin_to_write(connection)
            else:
                connection.execute("BEGIN")
            yield SqliteTransaction(connection, self._statements)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            connection.close()
            raise _unavailable(error) from error
        except BaseException:
            # To close a connection is the rollback that always works.
            connection.close()
            raise
        self._idle.put(connection)

    def close(self) -> None:
        """As told there."""
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def transaction_on(self, connection: sqlite3.Connection) -> SqliteTransaction:
        """The same statements on another database, which is only read."""
        connection.row_factory = sqlite3.Row
        return SqliteTransaction(connection, self._statements)

    def copy_to(self, other: sqlite3.Connection) -> None:
        """Copy the database as it is now. Raises sqlite3.Error."""
        with closing(self._connect()) as connection:
            connection.backup(other)

    def copy_from(self, other: sqlite3.Connection) -> None:
        """Become a copy of another database. Raises sqlite3.Error."""
        with closing(self._connect()) as connection:
            other.backup(connection)

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.name, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        # Readers and the writer do not wait for each other; what is committed is on the disk.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return connection


def _begin_to_write(connection: sqlite3.Connection) -> None:
    """Wait until no other process writes. SQLite would look less and less often, every 0.1 s in the
    end, while processes that are at work take turns within 1 ms."""
    deadline = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
        time.sleep(_LOOK_SECONDS)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


def _unavailable(error: sqlite3.Error) -> Unavailable:
    # Errors of the module itself have no name.
    taken = getattr(error, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_PRIMARYKEY"
    message = f"The database does not answer as it should ({error})."
    return Unavailable(message, aborted=taken)
