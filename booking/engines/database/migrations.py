"""Bring the database's schema up to date, migration by migration."""

from collections.abc import Mapping
from pathlib import Path

from booking.engines.database.connection import CannotOpen, Database, Transaction

_CREATE = """
CREATE TABLE IF NOT EXISTS migration (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
"""

_RECORD = "INSERT INTO migration (number, name) VALUES ({number}, '{name}');"


class SchemaError(CannotOpen):
    """The tables belong to another program, or to a later version of this one."""


def scripts(dialect: str) -> dict[int, Path]:
    """Return the migrations for a dialect, by number and in order. The files are named
    ``0001_events.sql``, or ``0002_live_bookings.sqlite.sql`` where dialects differ."""
    folder = Path(__file__).with_name("migrations")
    files = [*folder.glob("[0-9]*.sql")]
    ours = [file for file in files if file.suffixes in ([".sql"], [f".{dialect}", ".sql"])]
    return {int(file.name[:4]): file for file in sorted(ours)}


def name_of(script: Path) -> str:
    """Return the name of a migration: ``0002_live_bookings``."""
    return script.name.partition(".")[0]


def migrate(database: Database) -> list[str]:
    """Apply the pending migrations, all or none, and return their names.

    Several processes may call this at once: one applies the migrations, the others wait. Without
    pending migrations, it writes nothing and needs no right to change the schema.

    Raises:
        SchemaError: the tables belong to another program, or to a later version of this one.
        Unavailable: the transaction failed.
    """
    known = scripts(database.dialect)
    with database.transaction(writing=False) as transaction:
        if check_schema(database.name, transaction, known) == known.keys():
            return []
    with database.transaction(writing=True, long=True) as transaction:
        transaction.run_script(_CREATE)
        applied = check_schema(database.name, transaction, known)
        pending = [script for number, script in known.items() if number not in applied]
        for script in pending:
            transaction.run_script(script.read_text(encoding="utf-8"))
            transaction.run("add_migration", number=int(script.name[:4]), name=name_of(script))
    return [name_of(script) for script in pending]


def pending_sql(database: Database) -> str:
    """Return the pending migrations as one script, for an administrator to run where the service
    may not change the schema.

    Raises:
        SchemaError: the tables belong to another program, or to a later version of this one.
        Unavailable: the transaction failed.
    """
    known = scripts(database.dialect)
    with database.transaction(writing=False) as transaction:
        applied = check_schema(database.name, transaction, known)
    pending = [script for number, script in known.items() if number not in applied]
    if not pending:
        return "-- The schema is up to date.\n"
    parts = ["BEGIN;", _CREATE.strip()]
    for script in pending:
        name = name_of(script)
        parts.append(script.read_text(encoding="utf-8").strip())
        parts.append(_RECORD.format(number=int(name[:4]), name=name))
    return "\n\n".join([*parts, "COMMIT;"]) + "\n"


def check_schema(name: str, transaction: Transaction, known: Mapping[int, Path]) -> set[int]:
    """Check that the tables are ours, and return the numbers of the applied migrations.

    Raises:
        SchemaError: the tables belong to another program, or to a later version of this one.
    """
    columns = transaction.columns("migration")
    if not columns:
        if transaction.columns("event"):
            raise _foreign(name, "event")
        return set()
    if not columns >= {"number", "name", "applied_at"}:
        raise _foreign(name, "migration")
    applied = {row["number"]: row["name"] for row in transaction.run("list_migrations")}
    for number, step in applied.items():
        expected = name_of(known[number]) if number in known else f"{number:04}_"
        if not str(step).startswith(expected):
            raise _foreign(name, "migration")
    if unknown := applied.keys() - known.keys():
        raise SchemaError(
            f"{name} was last used by a later version of this program: its schema is at migration"
            f" {max(unknown)}, and this version knows {max(known)}. Use the later version."
        )
    return set(applied)


def _foreign(name: str, table: str) -> SchemaError:
    return SchemaError(
        f"{name} has tables of another program, such as “{table}”. Name a database (or, in"
        " PostgreSQL, a schema) for this program alone in BOOKING_DATABASE_URL."
    )
