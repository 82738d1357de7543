"""An SQLite file: durable, for the processes of one machine, with nothing to install."""

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
"""What another process wrote is in the way, or what was read is no longer there."""

_REJECTED = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)

BUSY_SECONDS = 5.0
"""How long a transaction waits for another process that writes."""
WARN_BYTES = 64 * 1024 * 1024
"""A write-ahead log that is larger is worth a warning."""
_WARN_SECONDS = 600
_LOOK_SECONDS = 0.1
"""How often one looks for that. It takes 3 µs."""
_WAITING = "Sales go on when there is a whole database in its place."
_CLOSE_SECONDS = 1.0
"""How long a transaction that goes on is waited for when the database is closed."""

_BOOKED_SEATS = """(
    SELECT json_group_array(held.seat) FROM (
        SELECT seat FROM booked_seat AS its
        WHERE its.event = booking.event AND its.reference = booking.reference
        ORDER BY its.position
    ) AS held
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
        self, statement: str, rows: Sequence[Mapping[str, str]], **values: object
    ) -> Callable[[], list[Row]]:
        """See the base class."""
        found = [row for each in rows for row in self.run(statement, **each, **values)]
        return lambda: found

    def run_for_each(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """See the base class."""
        self._connection.executemany(self._statements[statement], rows)

    def run_script(self, script: str) -> None:
        """See the base class. Nobody else writes anything."""
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

    A process that sells opens a file once: the locks of a file belong to the whole process, and to
    close or open it a second time may take them away.
    """

    dialect = "sqlite"

    def __init__(self, path: str, *, create: bool = True) -> None:
        """Open the file; with ``create``, make one if there is none.

        Raises:
            CannotOpen: the file is missing, damaged, not ours, or may not be used.
        """
        self.name = path
        # Whatever becomes of the working directory.
        self.path = Path(path).absolute()
        # To begin to write is to lock everything.
        self._statements = {
            name: text.replace("FOR UPDATE", "").replace(":booked_seats", _BOOKED_SEATS)
            for name, text in read_statements().items()
        }
        # When to look at the log next, and when to warn next if it grows.
        self._look_at = self._warn_at = 0.0

        # Guards all that follows.
        self._lock = threading.Lock()
        self._opened: OpenFile | None = OpenFile(self.path, create=create, seconds=BUSY_SECONDS)
        # The file that stood here before, while there is no other; what the log was last told.
        self._gone: DatabaseFile | None = None
        self._told = ""
        # Whether the file cannot be used, nor another one as long as it has the name.
        self._given_up = False
        self._stopped = False

    @contextmanager
    def transaction(self, *, writing: bool, long: bool = False) -> Iterator[SqliteTransaction]:
        """See the base class. If it raises Unavailable, nothing was changed, unless that says
        so."""
        opened = self._current()
        committed = False
        try:
            connection = opened.take(writing=writing)
            try:
                if writing:
                    # Here it waits for others, where nothing has been read yet.
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
            raise self._forsake(opened, gone, committed=committed) from gone
        except sqlite3.Error as error:
            raise self._unavailable(error) from error
        opened.give_back(connection, writing=writing)

    def close(self) -> None:
        """Let the file have everything that is in the log, and close it. A transaction that goes on
        is waited for, for a moment."""
        with self._lock:
            opened, self._stopped, self._given_up = self._opened, True, True
        if opened is not None:
            opened.close(wait_seconds=_CLOSE_SECONDS, write_back=True)

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection that is in no transaction.

        Raises:
            Unavailable: there can be none.
        """
        opened = self._current()
        try:
            connection = opened.take(writing=False)
        except FileGone as gone:
            raise self._forsake(opened, gone, committed=False) from gone
        except sqlite3.Error as error:
            raise self._unavailable(error) from error
        try:
            yield connection
        finally:
            opened.drop(connection)

    def _current(self) -> OpenFile:
        """The open file; if it was lost, the one that stands in its place now."""
        opened = self._opened
        if opened is not None and not self._given_up:
            return opened
        with self._lock:
            if self._stopped:
                raise Unavailable("The service has stopped.")
            if self._given_up and self._opened is not None and self._opened.file.is_replaced():
                # Now that the name leads elsewhere, nothing is written back to what it leads to.
                self._let_go(self._opened)
                self._given_up = False
            if self._given_up:
                raise Unavailable("The database file cannot be used any more.")
            if self._opened is None:
                try:
                    self._opened = self._reopen()
                except CannotOpen as error:
                    self._tell(logging.ERROR, str(error))
                    raise Unavailable("The database file cannot be used.") from error
                self._gone = None
                self._tell(logging.WARNING, f"{self.path} was opened anew.")
            return self._opened

    def _reopen(self) -> OpenFile:
        """Open what stands in the place of the file, if it is whole. Raises CannotOpen."""
        opened = OpenFile(self.path, create=False, seconds=BUSY_SECONDS, gone=self._gone)
        try:
            connection = opened.take(writing=False)
            try:
                expect_whole(connection, self.path)
                known = scripts(self.dialect)
                transaction = SqliteTransaction(connection, self._statements)
                if check_schema(self.name, transaction, known) != known.keys():
                    raise CannotOpen(
                        f"{opened.file.path} has the tables of an earlier version. Start the"
                        " service again, which brings them up to date."
                    )
            finally:
                opened.drop(connection)
        except (CannotOpen, FileGone, sqlite3.Error) as error:
            opened.close()
            if isinstance(error, CannotOpen):
                raise
            raise CannotOpen(str(error)) from error
        return opened

    def _forsake(self, opened: OpenFile, why: FileGone, *, committed: bool) -> Unavailable:
        """Let go of a file that is no longer the database; the error for the caller."""
        with self._lock:
            if self._opened is opened and not self._given_up:
                if why.advice:
                    self._given_up = True
                else:
                    self._let_go(opened)
                self._tell(logging.ERROR, f"{why}. {why.advice or _WAITING}")
        # At once: what the file left beside its name would hinder processes that start.
        with suppress(Unavailable):
            self._current()
        return Unavailable("The database file is not what it was.", outcome_unknown=committed)

    def _let_go(self, opened: OpenFile) -> None:
        self._opened, self._gone = None, opened.file
        opened.close()

    def _tell(self, level: int, message: str) -> None:
        """Log a message once, not for each call."""
        if message != self._told:
            self._told = message
            logger.log(level, "%s", message)

    def _watch_log(self, file: DatabaseFile) -> None:
        """Look now and then whether the log is there, and how large it is. Raises FileGone."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_SECONDS
        log_bytes = file.check_log()
        if log_bytes > WARN_BYTES and now > self._warn_at:
            self._warn_at = now + _WARN_SECONDS
            logger.warning(
                "%s-wal has grown to %d MB: some program has been reading the database for long,"
                ' such as a shell in a transaction. Find it with "fuser %s", and end it.',
                *(self.path, log_bytes >> 20, self.path),
            )

    def _unavailable(self, error: sqlite3.Error) -> Unavailable:
        if code_of(error) in DAMAGED:
            self._tell(logging.ERROR, damaged(self.path, error))
            return Unavailable("The database file is damaged.")
        # Errors of the module itself have no name.
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        return self.faults.unavailable(
            name, str(error), aborted=name in _CONFLICTS, rejected=isinstance(error, _REJECTED)
        )


def expect_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Read a whole database. Raises CannotOpen if it is damaged."""
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        found = error
    if found != "ok":
        raise CannotOpen(damaged(path, found))


def _begin_generation(connection: sqlite3.Connection) -> None:
    generation = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute(f"PRAGMA user_version = {next_generation(generation)}")
