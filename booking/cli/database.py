"""Commands for the database that ``BOOKING_DATABASE_URL`` names. None of them creates one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from booking.database import backup, check, migrations, restore
from booking.database.connection import CannotOpen, Database
from booking.database.migrations import check_schema, scripts
from booking.database.opening import is_sqlite, open_database, path_of
from booking.database.sqlite import SqliteDatabase
from booking.errors import Unavailable
from booking.settings import Settings, SettingsError
from booking.texts import printable


@click.group("database", invoke_without_command=True)
@click.pass_context
def database_group(context: click.Context) -> None:
    """Show the database and the steps that its schema has taken."""
    if context.invoked_subcommand is None:
        _show_steps()


@database_group.command("upgrade")
@click.option("--sql", is_flag=True, help="Take no step; print what whoever may do so has to run.")
def upgrade(*, sql: bool) -> None:
    """Bring the schema up to date, as the service does when it starts."""
    with _opened() as database:
        if sql:
            click.echo(migrations.pending_sql(database), nl=False)
            return
        for step in migrations.migrate(database):
            click.echo(f"{step} is done.")
        click.echo(f"{database.name} is up to date.")


@click.command("check")
def check_database() -> None:
    """Look at everything in the database for what must not be, such as a seat that is sold twice.

    Exits with 1 if something is found.
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


def _show_steps() -> None:
    with _opened() as database, database.transaction(writing=False) as transaction:
        known = scripts(database.dialect)
        applied = check_schema(database.name, transaction, known)
        for row in transaction.run("list_migrations") if applied else ():
            click.echo(f"{row['name']}  {row['applied_at']}")
    due = len(known) - len(applied)
    if due:
        steps = "1 step is" if due == 1 else f"{due} steps are"
        click.echo(
            f"{database.name}: {steps} to be taken. Start the service, or run"
            " “flask --app wsgi booking database upgrade”."
        )
    else:
        click.echo(f"{database.name} is up to date.")


@click.command("backup")
@click.argument("file")
@click.option("--force", is_flag=True, help="Overwrite FILE even if it has more bookings.")
def back_up(file: str, *, force: bool) -> None:
    """Copy the database to FILE, while it is in use."""
    _sqlite_path()
    with _opened() as database:
        assert isinstance(database, SqliteDatabase)
        bookings = backup.backup(database, file, force=force)
        click.echo(f"{database.path} is copied to {file}: {_counted(bookings)}.")


@click.command("restore")
@click.argument("file")
@click.confirmation_option(prompt="All that was booked since the copy was made is lost. Go on?")
def put_back(file: str) -> None:
    """Put the copy in FILE back in the place of the database, while it is in use."""
    path = _sqlite_path()
    with _told():
        bookings = restore.restore(path, file)
    click.echo(f"{Path(path).absolute()} is what {file} was copied from: {_counted(bookings)}.")


def _counted(bookings: int) -> str:
    return "1 booking" if bookings == 1 else f"{bookings:,} bookings"


def _url() -> str:
    """The setting alone: what is wrong with another one is no reason not to save the database."""
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
        raise click.ClickException("This is for SQLite. Use pg_dump and pg_restore.")
    return path_of(url)


@contextmanager
def _opened() -> Iterator[Database]:
    with _told():
        database = open_database(_url(), connections=1, create=False)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def _told() -> Iterator[None]:
    """Say in a sentence what is wrong with a database."""
    try:
        yield
    except (backup.BackupError, CannotOpen, Unavailable) as error:
        raise click.ClickException(str(error)) from None
