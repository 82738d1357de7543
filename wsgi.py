"""``app`` for any WSGI server. Run as a program, this file serves it with waitress."""

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
from booking.app import open_box_office
from booking.engines.database.connection import CannotOpen
from booking.engines.database.opening import open_database
from booking.engines.errors import Unavailable
from booking.http.administration import body_limit
from booking.http.problems import refusals
from booking.serving import collector
from booking.serving.access_log import JsonFormatter, on_one_line
from booking.serving.listening import ListenError
from booking.serving.server import serve
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


def _start(app: Flask) -> None:
    if (postman := app.extensions["postman"]) is not None:
        postman.start()


def _close(app: Flask) -> None:
    if (postman := app.extensions["postman"]) is not None:
        postman.close()
    app.extensions["box_office"].close()


def _loaded_by_flask_command() -> bool:
    """Return whether ``flask`` is looking up a command. Ours need no application, so that they work
    even if it cannot start. (For ``flask run``, the current context is that of ``run``.)"""
    context = click.get_current_context(silent=True)
    return context is not None and isinstance(context.command, FlaskGroup)


def _app_for_commands() -> Flask:
    app = Flask(__name__)
    app.cli.add_command(cli.group)
    return app


def _check(settings: Settings) -> None:
    """Exit if the database cannot be opened, before many processes each report it."""
    try:
        open_box_office(settings).close()
    except (CannotOpen, Unavailable) as error:
        sys.exit(f"Cannot start: {error}")


def _write_log_back(settings: Settings) -> None:
    """Write an SQLite log back to its file. Processes that stop at the same moment may each have
    left that to the other."""
    if settings.database_url is not None:
        with contextlib.suppress(CannotOpen):
            open_database(settings.database_url, connections=1, create=False).close()


def _about(settings: Settings) -> str:
    return f"{_selling(settings)}{_limits(settings)}"


def _limits(settings: Settings) -> str:
    found = []
    if settings.rate_limit is not None:
        found.append(f"{settings.rate_limit} changes")
    if settings.max_locked_seats_per_client is not None:
        found.append(f"{settings.max_locked_seats_per_client} locked seats")
    if found:
        return f" Each client is limited to {' and '.join(found)}."
    if settings.is_public:
        return (
            " Clients are not limited: set BOOKING_RATE_LIMIT and"
            " BOOKING_MAX_LOCKED_SEATS_PER_CLIENT."
        )
    return ""


def _selling(settings: Settings) -> str:
    if settings.database_url is not None:
        return f"and selling what is in {_shown(settings.database_url)}."
    seats = "1 seat" if settings.seats == 1 else f"{settings.seats} seats"
    return f"and selling {seats}. They are kept in memory: a restart forgets who has them."


def _shown(database_url: str) -> str:
    """Return a URL without its user, password and parameters."""
    if not database_url.startswith("postgres"):
        return database_url
    try:
        from booking.engines.database.postgres.url import PostgresUrl

        return str(PostgresUrl(database_url))
    except (ImportError, CannotOpen):
        # Opening it will say why it cannot be used.
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
        if settings.log_format == "json":
            handler.setFormatter(JsonFormatter())
        else:
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
            on_start=_start,
            on_stop=_close,
            registry_of=lambda app: app.extensions["metrics"],
        )
    except ListenError as error:
        sys.exit(f"Cannot start: {error}")
    if settings.processes > 1:
        _write_log_back(settings)


if __name__ == "__main__":
    main()
elif _loaded_by_flask_command():
    app = _app_for_commands()
else:
    app = _app(_settings())
    _start(app)
    collector.spare_what_is_there()
    # Other WSGI servers do not tell the application when they stop.
    atexit.register(_close, app)
