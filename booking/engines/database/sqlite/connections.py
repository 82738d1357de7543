"""An open SQLite file, and this process's connections to it."""

import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

from booking.engines.database.connection import CannotOpen
from booking.engines.database.sqlite.file import (
    APPLICATION_ID,
    LOG_KEPT_BYTES,
    DatabaseFile,
    FileGone,
    locked_folder,
)
from booking.engines.database.sqlite.generations import new_generation
from booking.engines.database.sqlite.reasons import another_program, cannot_open, code_of

_RETRY_SECONDS = 0.0003
"""How long to wait before trying again while another process is busy."""


def wait_to(connection: sqlite3.Connection, statement: str, seconds: float) -> None:
    """Execute a statement as soon as no other process blocks it."""
    connection.execute("PRAGMA busy_timeout = 0")
    begin_when_free(connection, statement, seconds)
    connection.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")


def begin_when_free(connection: sqlite3.Connection, statement: str, seconds: float) -> None:
    """Like :func:`wait_to`, on a connection whose busy_timeout is 0.

    SQLite's own wait backs off to 0.1 s, while busy processes take turns within 1 ms; and for some
    statements SQLite does not wait at all.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            connection.execute(statement)
            break
        except sqlite3.OperationalError as error:
            if code_of(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(_RETRY_SECONDS)


class OpenFile:
    """An open database file, and this process's connections to it. Safe for many threads."""

    def __init__(
        self, path: Path, *, create: bool, seconds: float, gone: DatabaseFile | None = None
    ) -> None:
        """Open the file, which replaces the file ``gone``, if any. Waits ``seconds`` for other
        processes.

        Raises:
            CannotOpen: the file is missing, damaged, not ours, or not accessible.
        """
        self._seconds = seconds
        with locked_folder(path, seconds):
            self.file = DatabaseFile(path, create=create, gone=gone)
            connections: list[sqlite3.Connection] = []
            try:
                # The anchor runs no transactions. While it is open, no other connection is the
                # last one, which SQLite would have write the log back and remove it.
                connections.append(self._open())
                self._prepare(connections[0], create=create)
                self.file.open_log()
            except (sqlite3.Error, OSError, CannotOpen) as error:
                for connection in connections:
                    connection.close()
                self.file.close()
                if isinstance(error, CannotOpen):
                    raise
                raise cannot_open(self.file.path, error) from error
        self._anchor = connections[0]

        # Guards the attributes below. Entering the Condition would take twice as long.
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        # By whether they are for writing. Those have a busy_timeout of 0: setting that for each
        # transaction costs 2 % of a sale. The most recently used connection is last.
        self._idle: dict[bool, list[sqlite3.Connection]] = {True: [], False: []}
        self._out = 0
        self._closed = False

    def take(self, *, writing: bool) -> sqlite3.Connection:
        """Lend a connection to one thread, which gives it back or drops it. Begin transactions for
        ``writing`` with :func:`begin_when_free`.

        Raises:
            FileGone: the file is no longer the database.
            sqlite3.Error: SQLite cannot connect.
        """
        with self._lock:
            if self._closed:
                raise FileGone(f"{self.file.path} was closed")
            self._out += 1
            if self._idle[writing]:
                return self._idle[writing].pop()
        try:
            return self._connect(writing=writing)
        except BaseException:
            self._returned()
            raise

    def give_back(self, connection: sqlite3.Connection, *, writing: bool) -> None:
        """Give back a connection that is not in a transaction, for other threads to use."""
        with self._lock:
            if not self._closed:
                self._out -= 1
                self._idle[writing].append(connection)
                return
        self.drop(connection)

    def drop(self, connection: sqlite3.Connection) -> None:
        """Close a connection. Unlike ROLLBACK, that cannot fail to end its transaction."""
        connection.close()
        self._returned()

    def close(self, *, wait_seconds: float = 0.0, write_back: bool = False) -> None:
        """Close all connections. Waits up to ``wait_seconds`` for threads to give theirs back;
        later ones are closed when they come back. With ``write_back``, also write the log back to
        the file, unless another process uses it."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            # Count the anchor as lent, so that the last connection to return closes the file.
            self._out += 1
            self._changed.wait_for(lambda: self._out == 1, wait_seconds)
        try:
            self.file.check()
        except FileGone:
            write_back = False
            if self.file.overwritten and not self.file.is_replaced():
                # Closing the last connection would write the log back into the new contents.
                return
        if write_back:
            # If this fails, SQLite tries again when the last connection closes.
            with suppress(sqlite3.Error):
                self._anchor.execute("PRAGMA busy_timeout = 0")
                self._anchor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with self._changed:
            idle = self._idle[True] + self._idle[False]
            self._idle = {True: [], False: []}
        for connection in idle:
            connection.close()
        self._anchor.close()
        self._returned()

    def _returned(self) -> None:
        with self._changed:
            self._out -= 1
            self._changed.notify_all()
            last = self._closed and not self._out
        if last:
            self.file.close()

    def _connect(self, *, writing: bool) -> sqlite3.Connection:
        connection = self._open()
        try:
            # Check before the first statement. SQLite would take any log that it finds for this
            # file's, and write it back.
            self.file.check()
            _set_up(connection, self._seconds)
            if writing:
                connection.execute("PRAGMA busy_timeout = 0")
        except BaseException:
            connection.close()
            raise
        return connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.file.path.as_uri()}?mode=rw",
            uri=True,
            timeout=self._seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        return connection

    def _prepare(self, connection: sqlite3.Connection, *, create: bool) -> None:
        """Check that the file is one of our databases; if it is empty, make it one."""
        tables = {
            row["name"]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if tables and "migration" not in tables:
            raise another_program(self.file.path)
        if not tables and not create:
            raise CannotOpen(
                f"{self.file.path} is empty. Name the database with BOOKING_DATABASE_URL."
            )
        if self.file.new:
            wait_to(connection, "BEGIN IMMEDIATE", self._seconds)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {new_generation()}")
            connection.execute("COMMIT")
        _set_up(connection, self._seconds)
        # Find out now, not with the first buyer, whether the file is writable. The read opens the
        # log.
        wait_to(connection, "BEGIN IMMEDIATE", self._seconds)
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
        connection.execute("ROLLBACK")


def _set_up(connection: sqlite3.Connection, seconds: float) -> None:
    # Readers and the writer do not wait for each other, and a COMMIT reaches the disk.
    wait_to(connection, "PRAGMA journal_mode = WAL", seconds)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_KEPT_BYTES}")
