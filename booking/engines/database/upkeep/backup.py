"""Back up an SQLite database while it is in use."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from booking.engines.database.sqlite.database import SqliteDatabase
from booking.engines.database.sqlite.file import beside
from booking.engines.database.sqlite.generations import generation_of_copy, read_header


class BackupError(Exception):
    """The backup or the restore failed. The message says why, and what to do."""


def backup(database: SqliteDatabase, file: str, *, force: bool = False) -> int:
    """Copy the database to a file, and return how many bookings the copy has. An existing file is
    replaced once the copy is complete.

    Raises:
        BackupError: the file cannot be written; or, without ``force``, the existing file has more
            bookings, or is not a copy of a booking database.
        Unavailable: the database cannot be read.
    """
    target = Path(file).absolute()
    expect_another(target, database.path)
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            with database.connection() as source:
                source.backup(copy)
            generation = copy.execute("PRAGMA user_version").fetchone()[0]
            copy.execute(f"PRAGMA user_version = {generation_of_copy(generation)}")
            bookings = count_bookings(copy)
        if not force:
            _expect_no_loss(target, bookings)
        flush(partial)
        partial.replace(target)
        flush(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"Cannot write {target}: {error}. Name another file.") from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                beside(partial, ending).unlink(missing_ok=True)
    return bookings


def expect_another(file: Path, database: Path) -> None:
    """Raise BackupError if the file is the database itself, or one of SQLite's files beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        part = beside(Path(os.path.realpath(database)), ending)
        same = os.path.realpath(file) == str(part)
        with suppress(OSError):
            same = same or file.samefile(part)
        if same:
            raise BackupError(f"{file} is the database itself. Name another file for the copy.")


def count_bookings(connection: sqlite3.Connection) -> int:
    """Count the bookings in a database, cancelled ones included. Raises sqlite3.Error."""
    return int(connection.execute("SELECT COUNT(*) FROM booking").fetchone()[0])


def flush(path: Path) -> None:
    """Flush a file, or the names in a folder, to the disk. Raises OSError."""
    if path.is_dir() and os.name == "nt":  # Windows cannot flush folders.
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _expect_no_loss(target: Path, bookings: int) -> None:
    """Raise BackupError if replacing the file could lose bookings. Raises OSError."""
    if not target.exists():
        return
    with target.open("rb") as stream:
        start = stream.read(100)
    if not start:
        return
    there = None
    if read_header(start) is not None:
        # immutable=1 keeps SQLite from writing to the file or beside it.
        address = f"{target.as_uri()}?mode=ro&immutable=1"
        with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as old:
            there = count_bookings(old)
    if there is None:
        raise BackupError(
            f"{target} is not a copy of a booking database. Name another file, or overwrite it"
            " with --force."
        )
    if beside(target, "-wal").exists() and beside(target, "-wal").stat().st_size:
        raise BackupError(
            f"{target} is in use, or was not closed: {target.name}-wal is beside it. Name another"
            " file, or overwrite this one with --force."
        )
    if there > bookings:
        raise BackupError(
            f"{target} has more bookings ({there:,}) than the database ({bookings:,}). Check that"
            " BOOKING_DATABASE_URL names the right one, or overwrite the copy with --force."
        )
