"""SQLite: durable, shared by the processes of one machine, with nothing to install."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from booking.engines.database.connection import (
    CannotOpen,
    Database,
    Row,
    Transaction,
    in_script,
    read_statements,
)
from booking.engines.database.migrations import check_schema, scripts
from booking.engines.database.sqlite.connections import OpenFile, begin_when_free
from booking.engines.database.sqlite.file import DatabaseFile, FileGone
from booking.engines.database.sqlite.generations import next_generation
from booking.engines.database.sqlite.reasons import DAMAGED, code_of, damaged
from booking.engines.errors import Unavailable

logger = logging.getLogger(__name__)

_CONFLICTS = (
    "SQLITE_CONSTRAINT_PRIMARYKEY",
    "SQLITE_CONSTRAINT_UNIQUE",
    "SQLITE_CONSTRAINT_NOTNULL",
)
"""Errors that mean that another process changed the rows in the meantime."""

_REJECTED = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)

_UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)

BUSY_SECONDS = 5.0
"""How long a transaction waits for another process to finish writing."""
WARN_BYTES = 64 * 1024 * 1024
"""Warn if the write-ahead log is larger than this."""
_WARN_SECONDS = 600
_LOG_CHECK_SECONDS = 0.1
"""How often to check the log, which takes 3 µs."""
_WAITING = "Sales resume when there is a whole database in its place."
_CLOSE_SECONDS = 1.0
"""How long close() waits for running transactions."""

_TERMS = """substr(document, 1, instr(document, ',"plan":') - 1)"""
_BOOKED_SEATS = """(
    SELECT json_group_array(ordered.seat) FROM (
        SELECT seat FROM booked_seat AS its
        WHERE its.event = booking.event AND its.reference = booking.reference
        ORDER BY its.position
    ) AS ordered
)"""


class SqliteTransaction(Transaction):
    """A transaction on one connection."""

    def __init__(self, connection: sqlite3.Connection, statements: Mapping[str, str]) -> None:
        self._connection = connection
        self._statements = statements

    def send(self, statement: str, **values: object) -> Callable[[], list[Row]]:
        """See the base class. There is nothing to wait for."""
        values["time"] = time.time()
        found = self._connection.execute(self._statements[statement], values).fetchall()
        return lambda: found

    def send_for_each(
        self, statement: str, rows: Sequence[Mapping[str, str | int]], **values: object
    ) -> Callable[[], list[Row]]:
        """See the base class."""
        found = [row for each in rows for row in self.run(statement, **each, **values)]
        return lambda: found

    def run_for_found(self, statement: str, finding: str, **values: object) -> list[Row]:
        """See the base class."""
        return [
            row
            for found in self.run(finding, **values)
            for row in self.run(statement, **values, **found)
        ]

    def run_for_each(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """See the base class."""
        self._connection.executemany(self._statements[statement], rows)

    def run_script(self, script: str) -> None:
        """See the base class. No other process can write meanwhile."""
        for statement in in_script(script):
            self._connection.execute(statement)

    def columns(self, table: str) -> set[str]:
        """See the base class."""
        found = self._connection.execute("SELECT name FROM pragma_table_info(?)", [table])
        return {row["name"] for row in found}

    def has_index(self, name: str) -> bool:
        """See the base class."""
        found = self._connection.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", [name]
        )
        return found.fetchone() is not None

    def damage(self) -> list[str]:
        """See the base class."""
        found = [row[0] for row in self._connection.execute("PRAGMA integrity_check")]
        return [] if found == ["ok"] else [f"SQLite: {line}." for line in found]


class SqliteDatabase(Database):
    """An SQLite file. One process writes at a time.

    A process must not open the same file twice: file locks belong to the whole process, and
    closing one descriptor of the file drops them all.
    """

    dialect = "sqlite"
    # Only one can write at a time, whatever the event.
    shared_at_once = 1

    def __init__(self, path: str, *, create: bool = True) -> None:
        """Open the file; with ``create``, create it if it is missing.

        Raises:
            CannotOpen: the file is missing, damaged, not ours, or not accessible.
        """
        self.name = path
        # The working directory may change.
        self.path = Path(path).absolute()
        # BEGIN IMMEDIATE locks the whole database, so FOR UPDATE is not needed.
        self._statements = {
            name: text.replace("SKIP LOCKED", "")
            .replace("FOR UPDATE", "")
            .replace(":booked_seats", _BOOKED_SEATS)
            .replace(":terms", _TERMS)
            for name, text in read_statements().items()
        }
        # When to check the log next, and from when on to warn again if it has grown.
        self._log_check_at = self._warn_at = 0.0

        # Guards the attributes below.
        self._lock = threading.Lock()
        self._opened: OpenFile | None = OpenFile(self.path, create=create, seconds=BUSY_SECONDS)
        # The lost file, until another one replaces it.
        self._gone: DatabaseFile | None = None
        self._last_logged = ""
        # The file is unusable, and this process opens no other until another file has its name.
        self._given_up = False
        self._stopped = False

    @contextmanager
    def transaction(self, *, writing: bool, long: bool = False) -> Iterator[SqliteTransaction]:
        """See the base class. If this raises Unavailable, nothing was changed, unless its
        ``outcome_unknown`` is set."""
        opened = self._current()
        committed = False
        try:
            connection = opened.take(writing=writing)
            try:
                if writing:
                    # Wait for other writers here, before anything is read.
                    begin_when_free(connection, "BEGIN IMMEDIATE", BUSY_SECONDS)
                else:
                    connection.execute("BEGIN")
                written_at = opened.file.check()
                yield SqliteTransaction(connection, self._statements)
                if writing and written_at != opened.file.begun_at:
                    _begin_generation(connection)
                connection.execute("COMMIT")
                if writing:
                    committed = True
                    opened.file.begun_at = written_at
                    opened.file.check_links()
                    self._watch_log(opened.file)
            except BaseException:
                opened.drop(connection)
                raise
        except FileGone as gone:
            raise self._abandon(opened, gone, committed=committed) from gone
        except sqlite3.Error as error:
            raise self._unavailable(error) from error
        opened.give_back(connection, writing=writing)

    def close(self) -> None:
        """Write the log back to the file and close it. Waits a moment for running transactions."""
        with self._lock:
            opened, self._stopped, self._given_up = self._opened, True, True
        if opened is not None:
            opened.close(wait_seconds=_CLOSE_SECONDS, write_back=True)

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that is not in a transaction.

        Raises:
            Unavailable: SQLite cannot connect.
        """
        opened = self._current()
        try:
            connection = opened.take(writing=False)
        except FileGone as gone:
            raise self._abandon(opened, gone, committed=False) from gone
        except sqlite3.Error as error:
            raise self._unavailable(error) from error
        try:
            yield connection
        finally:
            opened.drop(connection)

    def _current(self) -> OpenFile:
        """Return the open file. If it was lost, open the file that replaced it."""
        opened = self._opened
        if opened is not None and not self._given_up:
            return opened
        with self._lock:
            if self._stopped:
                raise Unavailable("The service has stopped.")
            if self._given_up and self._opened is not None and self._opened.file.is_replaced():
                # Another file has the name now, so closing no longer writes the old log into it.
                self._close_lost(self._opened)
                self._given_up = False
            if self._given_up:
                raise Unavailable("The database file cannot be used any more.")
            if self._opened is None:
                try:
                    self._opened = self._reopen()
                except CannotOpen as error:
                    self._log_once(logging.ERROR, str(error))
                    raise Unavailable("The database file cannot be used.") from error
                self._gone = None
                self._log_once(logging.WARNING, f"{self.path} was reopened.")
            return self._opened

    def _reopen(self) -> OpenFile:
        """Open the file that replaced the lost one, if it is whole. Raises CannotOpen."""
        opened = OpenFile(self.path, create=False, seconds=BUSY_SECONDS, gone=self._gone)
        try:
            connection = opened.take(writing=False)
            try:
                expect_whole(connection, self.path)
                known = scripts(self.dialect)
                transaction = SqliteTransaction(connection, self._statements)
                if check_schema(self.name, transaction, known) != known.keys():
                    raise CannotOpen(
                        f"{opened.file.path} has the tables of an earlier version. Restart the"
                        " service, which brings them up to date."
                    )
            finally:
                opened.drop(connection)
        except (CannotOpen, FileGone, sqlite3.Error) as error:
            opened.close()
            if isinstance(error, CannotOpen):
                raise
            raise CannotOpen(str(error)) from error
        return opened

    def _abandon(self, opened: OpenFile, why: FileGone, *, committed: bool) -> Unavailable:
        """Stop using a file that is no longer the database. Returns the error to raise."""
        with self._lock:
            if self._opened is opened and not self._given_up:
                if why.advice:
                    self._given_up = True
                else:
                    self._close_lost(opened)
                self._log_once(logging.ERROR, f"{why}. {why.advice or _WAITING}")
        # Open its replacement at once, which removes the log that the lost file left there.
        # Other processes could not start beside it.
        with suppress(Unavailable):
            self._current()
        return Unavailable("The database file was replaced or removed.", outcome_unknown=committed)

    def _close_lost(self, opened: OpenFile) -> None:
        self._opened, self._gone = None, opened.file
        opened.close()

    def _log_once(self, level: int, message: str) -> None:
        """Log a message, unless it is the same as the last one."""
        if message != self._last_logged:
            self._last_logged = message
            logger.log(level, "%s", message)

    def _watch_log(self, file: DatabaseFile) -> None:
        """Check now and then that the log is there and not too large. Raises FileGone."""
        now = time.monotonic()
        if now < self._log_check_at:
            return
        self._log_check_at = now + _LOG_CHECK_SECONDS
        log_bytes = file.check_log()
        if log_bytes > WARN_BYTES and now > self._warn_at:
            self._warn_at = now + _WARN_SECONDS
            logger.warning(
                "%s-wal has grown to %d MB: a program has been reading the database for a long"
                ' time, such as a shell in a transaction. Find it with "fuser %s", and end it.',
                *(self.path, log_bytes >> 20, self.path),
            )

    def _unavailable(self, error: sqlite3.Error) -> Unavailable:
        if code_of(error) in DAMAGED:
            self._log_once(logging.ERROR, damaged(self.path, error))
            return Unavailable("The database file is damaged.")
        # Errors that Python's module raises by itself have no name.
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        return self.faults.unavailable(
            name,
            str(error),
            aborted=name in _CONFLICTS,
            rejected=isinstance(error, _REJECTED),
            unwritable=code_of(error) in _UNWRITABLE,
        )


def expect_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Check a whole database. Raises CannotOpen if it is damaged."""
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        found = error
    if found != "ok":
        raise CannotOpen(damaged(path, found))


def _begin_generation(connection: sqlite3.Connection) -> None:
    generation = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute(f"PRAGMA user_version = {next_generation(generation)}")
