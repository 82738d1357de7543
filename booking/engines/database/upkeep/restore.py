"""Restore an SQLite database from a copy while it is in use."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from booking.engines.database.connection import CannotOpen
from booking.engines.database.kept_sale import minted_marks
from booking.engines.database.migrations import migrate
from booking.engines.database.sqlite.connections import wait_to
from booking.engines.database.sqlite.database import BUSY_SECONDS, SqliteDatabase, expect_whole
from booking.engines.database.sqlite.file import beside, locked_folder, remove_log
from booking.engines.database.sqlite.generations import generation_of_copy
from booking.engines.database.sqlite.reasons import code_of
from booking.engines.database.upkeep.backup import (
    BackupError,
    count_bookings,
    expect_another,
    flush,
)
from booking.engines.errors import Unavailable


def restore(path: str, file: str, *, wall_clock: Callable[[], float] = time.time) -> int:
    """Replace the database with a copy, even if the database is damaged. Bookings made since the
    copy are lost. Returns how many bookings there are now.

    The copy is prepared beside the database and replaces it in one step. Running processes notice:
    their next transaction uses the new file. Versions continue from the latest one, so that clients
    fetch all seats again.

    Raises:
        BackupError: the file is not a copy of a booking database, or the database cannot be
            replaced.
    """
    target = Path(os.path.realpath(path))
    source = Path(file).absolute()
    expect_another(source, target)
    if not target.exists() and not Path(path).is_absolute():
        raise BackupError(
            f"There is no database {target}. To put the copy there anyway, name it with its whole"
            " path in BOOKING_DATABASE_URL."
        )
    if not source.is_file():
        raise BackupError(f"There is no file {source}. Name a copy that was taken with backup.")
    try:
        with tempfile.TemporaryDirectory(
            prefix=f"{target.name}.restore-", dir=target.parent
        ) as folder:
            prepared = Path(folder) / target.name
            _copy_files(source, prepared)
            database = _open_copy(source, prepared)
            try:
                with _others_kept_out(target) as latest_version:
                    version = max(latest_version, int(wall_clock() * 1000)) + 1
                    bookings = _finish(database, version)
                    # SQLite would take the log of the old file for that of the new one.
                    remove_log(target)
                    _give_to_owner(target, prepared)
                    prepared.replace(target)
                    flush(target.parent)
            finally:
                database.close()
    except OSError as error:
        raise BackupError(
            f"Cannot replace {target}: {error.strerror or error}. Check its folder, or name another"
            " database with BOOKING_DATABASE_URL."
        ) from error
    except (CannotOpen, Unavailable, sqlite3.Error) as error:
        raise BackupError(f"Cannot replace {target}: {error}") from error
    return bookings


def _copy_files(source: Path, prepared: Path) -> None:
    """Copy a database and its log, so that opening the copy does not write to the source."""
    parts = [ending for ending in ("", "-wal", "-journal") if beside(source, ending).exists()]
    before = [_state(beside(source, ending)) for ending in parts]
    for ending in parts:
        shutil.copyfile(beside(source, ending), beside(prepared, ending))
    if before != [_state(beside(source, ending)) for ending in parts]:
        raise BackupError(f"{source} is in use. Take a copy of it with backup, and name that.")


def _give_to_owner(target: Path, prepared: Path) -> None:
    """Give the copy the owner and the permissions of the file that it replaces."""
    if target.exists():
        shutil.copymode(target, prepared)
        found = target.stat()
        with suppress(PermissionError):
            shutil.chown(prepared, found.st_uid, found.st_gid)


def _state(file: Path) -> tuple[int, int, int]:
    found = file.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _open_copy(source: Path, prepared: Path) -> SqliteDatabase:
    """Open the prepared copy and bring its schema up to date."""
    database = None
    try:
        database = SqliteDatabase(str(prepared), create=False)
        with database.connection() as connection:
            expect_whole(connection, prepared)
            count_bookings(connection)
        migrate(database)
    except (CannotOpen, Unavailable, sqlite3.Error) as error:
        if database is not None:
            database.close()
        why = str(error).replace(str(prepared), str(source))
        raise BackupError(f"{source} is not a whole copy of a booking database: {why}") from error
    return database


def _finish(database: SqliteDatabase, version: int) -> int:
    """Restart the copy's versions after the latest one, and flush all of the copy to the disk."""
    with database.transaction(writing=True) as transaction:
        transaction.run("restart_versions", version=version, mark=minted_marks()())
    with database.connection() as connection:
        bookings = count_bookings(connection)
        generation = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version = {generation_of_copy(generation)}")
    database.close()
    flush(database.path)
    return bookings


@contextmanager
def _others_kept_out(target: Path) -> Iterator[int]:
    """Keep other processes from opening the database or writing to it. Yields its latest version,
    0 if that cannot be read."""
    with locked_folder(target, BUSY_SECONDS):
        if not target.exists():
            yield 0
            return
        with (
            closing(_connect(target)) as writer,
            closing(_connect(target)) as helper,
        ):
            yield _lock_for_writing(target, writer, helper)


def _connect(target: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{target.as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )


def _lock_for_writing(target: Path, writer: sqlite3.Connection, helper: sqlite3.Connection) -> int:
    """Lock the database with the writer until that is closed. Returns the latest version."""
    try:
        wait_to(writer, "BEGIN IMMEDIATE", BUSY_SECONDS)
        _write_back(target, helper)
        return writer.execute("SELECT MAX(version) FROM event").fetchone()[0] or 0
    except sqlite3.Error as error:
        if code_of(error) == sqlite3.SQLITE_BUSY:
            raise BackupError(
                f"Another program has locked {target} for {BUSY_SECONDS:g} s. End it, and try"
                " again."
            ) from error
        # The database is damaged, which may be why it is being replaced.
        return 0


def _write_back(target: Path, helper: sqlite3.Connection) -> None:
    """Write the log back to the file, so that a crash before the file is replaced loses nothing."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        _, in_log, written_back = helper.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if in_log == written_back:
            return
        if time.monotonic() > deadline:
            raise BackupError(
                f"Some program has been reading {target} for {BUSY_SECONDS:g} s, such as a shell in"
                " a transaction. End it, and try again."
            )
        time.sleep(0.001)
