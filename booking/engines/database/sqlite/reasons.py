"""Messages that say why an SQLite file cannot be used, and what to do."""

import errno
import sqlite3
from pathlib import Path

from booking.engines.database.connection import CannotOpen

DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def code_of(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 for errors that Python's module raises by itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def put_the_copy_back(path: Path) -> str:
    """Say what to do about a file that does not belong to its write-ahead log."""
    return (
        f"Stop all processes, remove {path}, {path.name}-wal and {path.name}-shm, put the copy"
        ' there again, and start. ("flask --app wsgi booking restore" does all of this.)'
    )


def another_program(path: Path) -> CannotOpen:
    """Return the error for a database with another program's tables."""
    return CannotOpen(
        f"{path} is the database of another program. Name another file with BOOKING_DATABASE_URL."
    )


def damaged(path: Path, error: Exception) -> str:
    """Say what is wrong with a damaged database, and what to do."""
    return f"{path} is damaged ({error}). {put_the_copy_back(path)}"


def cannot_open(path: Path, error: Exception) -> CannotOpen:
    """Return the error for a file that SQLite cannot open."""
    code = code_of(error) if isinstance(error, sqlite3.Error) else None
    match code:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return CannotOpen(damaged(path, error))
        case sqlite3.SQLITE_FULL:
            return CannotOpen(f"The disk of {path} is full. Make room on it, and start again.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return CannotOpen(f"Another program has locked {path}. End it, and start again.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return CannotOpen(
                f"This user may not write {path} or files beside it ({error}). Give the user that"
                f" right, also in {path.parent}, or name another file with BOOKING_DATABASE_URL."
            )
        case _:
            return CannotOpen(
                f"{path} cannot be opened ({error}). Repair it, or name another file with"
                " BOOKING_DATABASE_URL."
            )


def why_not(path: Path, error: OSError) -> str:
    """Say why the system cannot open a file, and what to do."""
    match error.errno:
        case errno.ENOENT if not path.parent.exists():
            return (
                f"There is no folder {path.parent}. Create it, or name another file with"
                " BOOKING_DATABASE_URL."
            )
        case errno.ENOENT:
            return f"There is no database {path}. Say where it is with BOOKING_DATABASE_URL."
        case errno.EISDIR:
            return f"{path} is a folder. Name a file in it with BOOKING_DATABASE_URL."
        case errno.ENOTDIR:
            return f"{path.parent} is not a folder. Name another file with BOOKING_DATABASE_URL."
        case errno.EACCES | errno.EPERM:
            return (
                f"This user may not read and write {path}, or may not create it. Give the user that"
                " right, or name another file with BOOKING_DATABASE_URL."
            )
        case errno.EROFS:
            return (
                f"{path} is on a file system that is mounted read-only. Mount it for writing, or"
                " name another file with BOOKING_DATABASE_URL."
            )
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk of {path} is full. Make room on it, and start again."
        case _:
            return (
                f"{path} cannot be opened ({error.strerror}). Repair it, or name another file with"
                " BOOKING_DATABASE_URL."
            )
