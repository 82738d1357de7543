"""The schema of the database, brought up to date step by step."""

from pathlib import Path

from booking.database.connection import Database, Transaction

_CREATE = """
CREATE TABLE IF NOT EXISTS migration (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
"""


class SchemaError(Exception):
    """The database belongs to a later version of this program. The message says so."""


def scripts() -> dict[int, Path]:
    """The steps that this program knows, by number, in their order."""
    files = sorted(Path(__file__).with_name("migrations").glob("[0-9]*.sql"))
    return {int(file.name[:4]): file for file in files}


def migrate(database: Database) -> list[str]:
    """Take the steps that the database has not taken yet, all or none; their names.

    Several processes may do so at once: one takes them, the others wait for it.

    Raises:
        SchemaError: the database has taken steps that this program does not know.
        Unavailable: the database does not do what it is asked for.
    """
    with database.transaction(writing=True) as transaction:
        transaction.run_script(_CREATE)
        applied = check_schema(database.name, transaction)
        due = [file for number, file in scripts().items() if number not in applied]
        for file in due:
            transaction.run_script(file.read_text(encoding="utf-8"))
            transaction.run("note_migration", number=int(file.name[:4]), name=file.stem)
    return [file.stem for file in due]


def check_schema(name: str, transaction: Transaction) -> set[int]:
    """The steps that a database has taken. Raises SchemaError if this program knows less."""
    known = scripts()
    applied = {row["number"] for row in transaction.run("list_migrations")}
    if unknown := applied - known.keys():
        raise SchemaError(
            f"{name} was last used by a later version of this program, which brought its schema to"
            f" step {max(unknown)}; this one knows it up to {max(known)}. Use the later version."
        )
    return applied
