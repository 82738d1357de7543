"""The schema of the database, brought up to date step by step."""

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

_TAKEN = "INSERT INTO migration (number, name) VALUES ({number}, '{name}');"


class SchemaError(CannotOpen):
    """The tables are not those of this program, or of a later version."""


def scripts(dialect: str) -> dict[int, Path]:
    """The steps that this program knows for a dialect, by number, in their order: files named
    ``0001_events.sql``, or ``0002_live_bookings.sqlite.sql`` if each dialect has its own."""
    folder = Path(__file__).with_name("migrations")
    files = [*folder.glob("[0-9]*.sql")]
    ours = [file for file in files if file.suffixes in ([".sql"], [f".{dialect}", ".sql"])]
    return {int(file.name[:4]): file for file in sorted(ours)}


def name_of(script: Path) -> str:
    """The name of a step: ``0002_live_bookings``."""
    return script.name.partition(".")[0]


def migrate(database: Database) -> list[str]:
    """Take the steps that the database has not taken yet, all or none. Returns their names.

    Several processes may do so at once: one takes them, the others wait for it. If there is nothing
    to do, nothing is written, and no right to change the schema is needed.

    Raises:
        SchemaError: the tables are not those of this program, or of a later version of it.
        Unavailable: the database does not do what it is asked for.
    """
    known = scripts(database.dialect)
    with database.transaction(writing=False) as transaction:
        if check_schema(database.name, transaction, known) == known.keys():
            return []
    with database.transaction(writing=True, long=True) as transaction:
        transaction.run_script(_CREATE)
        applied = check_schema(database.name, transaction, known)
        due = [script for number, script in known.items() if number not in applied]
        for script in due:
            transaction.run_script(script.read_text(encoding="utf-8"))
            transaction.run("add_migration", number=int(script.name[:4]), name=name_of(script))
    return [name_of(script) for script in due]


def pending_sql(database: Database) -> str:
    """The steps that the database has not taken yet as one script, for somebody who may change the
    schema where the service may not.

    Raises:
        SchemaError: the tables are not those of this program, or of a later version of it.
        Unavailable: the database does not do what it is asked for.
    """
    known = scripts(database.dialect)
    with database.transaction(writing=False) as transaction:
        applied = check_schema(database.name, transaction, known)
    due = [script for number, script in known.items() if number not in applied]
    if not due:
        return "-- The schema is up to date.\n"
    parts = ["BEGIN;", _CREATE.strip()]
    for script in due:
        name = name_of(script)
        parts.append(script.read_text(encoding="utf-8").strip())
        parts.append(_TAKEN.format(number=int(name[:4]), name=name))
    return "\n\n".join([*parts, "COMMIT;"]) + "\n"


def check_schema(name: str, transaction: Transaction, known: Mapping[int, Path]) -> set[int]:
    """The steps that a database has taken, of those that this program knows.

    Raises:
        SchemaError: the tables are not those of this program, or of a later version of it.
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
            f"{name} was last used by a later version of this program, which brought its schema to"
            f" step {max(unknown)}; this one knows it up to {max(known)}. Use the later version."
        )
    return set(applied)


def _foreign(name: str, table: str) -> SchemaError:
    return SchemaError(
        f"{name} has tables of another program, such as “{table}”. Name a database (or, in"
        " PostgreSQL, a schema) of its own in BOOKING_DATABASE_URL."
    )
