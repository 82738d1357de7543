"""``app`` for any WSGI server; as a program, serves it with waitress."""

import argparse
import atexit
import contextlib
import logging
import os
import sys

import click
from flask import Flask
from flask.cli import FlaskGroup

from booking import cli, create_app
from booking.access_log import on_one_line
from booking.api.administration import body_limit
from booking.api.problems import refusals
from booking.app import open_box_office
from booking.database.connection import CannotOpen
from booking.database.opening import open_database
from booking.errors import Unavailable
from booking.listening import ListenError
from booking.server import serve
from booking.settings import Settings, SettingsError


def _settings() -> Settings:
    try:
        return Settings.from_environ(os.environ)
    except SettingsError as error:
        sys.exit(f"Cannot start: {error}")


def _app(settings: Settings) -> Flask:
    try:
        return create_app(settings)
    except (CannotOpen, Unavailable) as error:
        sys.exit(f"Cannot start: {error}")


def _close(app: Flask) -> None:
    app.extensions["box_office"].close()


def _is_wanted_for_commands() -> bool:
    """``flask`` looks for commands. Ours need no application, so that they work when it cannot
    start. (``flask run`` and the like are commands of their own by the time that they look.)"""
    context = click.get_current_context(silent=True)
    return context is not None and isinstance(context.command, FlaskGroup)


def _app_for_commands() -> Flask:
    app = Flask(__name__)
    app.cli.add_command(cli.group)
    return app


def _check(settings: Settings) -> None:
    """Find out before there are many processes whether one can start."""
    try:
        open_box_office(settings).close()
    except (CannotOpen, Unavailable) as error:
        sys.exit(f"Cannot start: {error}")


def _settle(settings: Settings) -> None:
    """Have all sales in the database file itself. Processes that stop at the same moment may each
    have taken the other for one that goes on."""
    if settings.database_url is not None:
        with contextlib.suppress(CannotOpen):
            open_database(settings.database_url, connections=1, create=False).close()


def _about(settings: Settings) -> str:
    if settings.database_url is not None:
        return f"and selling what is in {_shown(settings.database_url)}."
    seats = "1 seat" if settings.seats == 1 else f"{settings.seats} seats"
    return f"and selling {seats}. They are kept in memory: a restart forgets who has them."


def _shown(database_url: str) -> str:
    """The database of a URL without user, password and parameters."""
    if not database_url.startswith("postgres"):
        return database_url
    try:
        from booking.database.postgres_url import PostgresUrl

        return str(PostgresUrl(database_url))
    except (ImportError, CannotOpen):
        # Why it cannot be used is told when it is opened.
        return "PostgreSQL"


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(
        description="Sell seats over HTTP. All settings are environment variables:",
        epilog=Settings.describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args()
    settings = _settings()
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(on_one_line)
    if settings.processes > 1:
        _check(settings)
    try:
        serve(
            lambda: _app(settings),
            settings,
            refuse=refusals(settings.cors_origins),
            body_limit=body_limit(settings.admin_token),
            about=_about(settings),
            on_stop=_close,
        )
    except ListenError as error:
        sys.exit(f"Cannot start: {error}")
    if settings.processes > 1:
        _settle(settings)


if __name__ == "__main__":
    main()
elif _is_wanted_for_commands():
    app = _app_for_commands()
else:
    app = _app(_settings())
    # For servers that say nothing when they stop.
    atexit.register(_close, app)
