"""Commands for the database in ``BOOKING_DATABASE_URL``. None of them creates one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from booking.engines.database import migrations
from booking.engines.database.connection import CannotOpen, Database
from booking.engines.database.migrations import check_schema, scripts
from booking.engines.database.opening import is_sqlite, open_database, path_of
from booking.engines.database.sqlite.database import SqliteDatabase
from booking.engines.database.upkeep import backup, check, restore
from booking.engines.errors import Unavailable
from booking.plans.texts import printable
from booking.settings import Settings, SettingsError


@click.group("database", invoke_without_command=True)
@click.pass_context
def database_group(context: click.Context) -> None:
    """Show the database and the migrations of its schema."""
    if context.invoked_subcommand is None:
        _show_migrations()


@database_group.command("upgrade")
@click.option("--sql", is_flag=True, help="Change nothing; print the SQL for somebody who may.")
def upgrade(*, sql: bool) -> None:
    """Bring the schema up to date, as the service does when it starts."""
    with _opened() as database:
        if sql:
            click.echo(migrations.pending_sql(database), nl=False)
            return
        for step in migrations.migrate(database):
            click.echo(f"{step} is done.")
        click.echo(f"{database.name} is up to date.")


@database_group.command("distribute")
def distribute() -> None:
    """Spread the events over the nodes of a Citus cluster.

    Distributes the tables that are not distributed yet, so that it can be run again at any time.
    """
    if is_sqlite(_url()):
        raise click.ClickException("This command is for PostgreSQL with Citus.")
    with _opened() as database:
        # Imported only here: SQLite needs no driver.
        from booking.engines.database.postgres import citus
        from booking.engines.database.postgres.database import PostgresDatabase

        assert isinstance(database, PostgresDatabase)
        for table in citus.distribute(database):
            click.echo(f"{table} is distributed.")
        click.echo(f"{database.name} is distributed.")


@click.command("check")
def check_database() -> None:
    """Check the database for errors, such as a seat sold twice.

    Exits with 1 if it finds anything wrong.
    """
    with _opened() as database:
        with database.transaction(writing=False, long=True) as transaction:
            report = check.check(transaction)
        for finding in report.findings:
            click.echo(printable(finding))
        events = "1 event" if report.events == 1 else f"{report.events:,} events"
        seats = "1 seat" if report.seats == 1 else f"{report.seats:,} seats"
        number = len(report.findings)
        found = f"{number} finding{'s' * (number > 1)}." if number else "Nothing is wrong."
        click.echo(f"{database.name}: {events}, {seats} in {_counted(report.bookings)}. {found}")
    if report.findings:
        raise SystemExit(1)


def _show_migrations() -> None:
    with _opened() as database, database.transaction(writing=False) as transaction:
        known = scripts(database.dialect)
        applied = check_schema(database.name, transaction, known)
        for row in transaction.run("list_migrations") if applied else ():
            click.echo(f"{row['name']}  {row['applied_at']}")
    pending = len(known) - len(applied)
    if pending:
        migrations_are = "1 migration is" if pending == 1 else f"{pending} migrations are"
        click.echo(
            f"{database.name}: {migrations_are} pending. Start the service, or run"
            " “flask --app wsgi booking database upgrade”."
        )
    else:
        click.echo(f"{database.name} is up to date.")


@click.command("backup")
@click.argument("file")
@click.option("--force", is_flag=True, help="Overwrite FILE even if it has more bookings.")
def back_up(file: str, *, force: bool) -> None:
    """Copy the database to FILE. The service can go on selling."""
    _sqlite_path()
    with _opened() as database:
        assert isinstance(database, SqliteDatabase)
        bookings = backup.backup(database, file, force=force)
        click.echo(f"{database.path} is copied to {file}: {_counted(bookings)}.")


@click.command("restore")
@click.argument("file")
@click.confirmation_option(prompt="All bookings made since the copy will be lost. Go on?")
def put_back(file: str) -> None:
    """Replace the database with the copy in FILE. The service can go on running."""
    path = _sqlite_path()
    with _errors_shown():
        bookings = restore.restore(path, file)
    click.echo(f"{Path(path).absolute()} is what {file} was copied from: {_counted(bookings)}.")


def _counted(bookings: int) -> str:
    return "1 booking" if bookings == 1 else f"{bookings:,} bookings"


def _url() -> str:
    """Read this setting alone: a mistake in another must not keep anybody from a backup."""
    try:
        url = Settings.read("database_url", os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if url is None:
        raise click.ClickException(
            "There is no database. Say where it is with BOOKING_DATABASE_URL=sqlite:///FILE."
        )
    return str(url)


def _sqlite_path() -> str:
    url = _url()
    if not is_sqlite(url):
        raise click.ClickException("This command is for SQLite. Use pg_dump and pg_restore.")
    return path_of(url)


@contextmanager
def _opened() -> Iterator[Database]:
    with _errors_shown():
        database = open_database(_url(), connections=1, create=False)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def _errors_shown() -> Iterator[None]:
    """Show an error of the database as a sentence."""
    try:
        yield
    except (backup.BackupError, CannotOpen, Unavailable) as error:
        raise click.ClickException(str(error)) from None
