"""Copies of the database, taken and put back while others use it."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from booking.database.kept_sale import minted_marks
from booking.database.migrations import check_schema, migrate, scripts
from booking.database.sqlite import SqliteDatabase


class BackupError(Exception):
    """A copy cannot be taken or put back. The message says why."""


def backup(database: SqliteDatabase, file: str) -> None:
    """Copy the database as it is now to a file, which takes the place of what was there when it is
    complete.

    Raises:
        BackupError: the file cannot be written.
        Unavailable: the database cannot be read.
    """
    partial = Path(f"{file}.partial")
    try:
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(partial)) as copy:
            database.copy_to(copy)
        # Part of the copy may be in the memory of the system yet.
        with partial.open("rb+") as written:
            os.fsync(written.fileno())
        partial.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"Cannot write {file}: {error}.") from error


def restore(database: SqliteDatabase, file: str) -> None:
    """Make the database what it was when the file was written. What happened since is lost.

    Versions go on, so that whoever follows the seats is given all of them anew.

    Raises:
        BackupError: the file is no copy of such a database.
        SchemaError: it is one of a later version of it.
        Unavailable: the database cannot be written.
    """
    with database.transaction(writing=False) as transaction:
        version = transaction.run("latest_version")[0]["version"] or 0
    try:
        # Nothing is written to the copy, or beside it.
        address = f"{Path(file).absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as copy:
            check_schema(file, database.transaction_on(copy), scripts(database.dialect))
            database.copy_from(copy)
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no copy of a booking database ({error}).") from error
    migrate(database)
    with database.transaction(writing=True) as transaction:
        version = max(version, int(time.time() * 1000)) + 1
        transaction.run("restart_versions", version=version, mark=minted_marks()())
