"""The application: settings, box office and blueprints, wired together."""

import os

from flask import Flask

from booking import cli
from booking.api import (
    booking_links,
    bookings,
    counter,
    door,
    events,
    health,
    keys,
    organising,
    plans,
    report,
    seats,
)
from booking.api.listing import Listings
from booking.api.openapi import views as openapi
from booking.domain.model import DEFAULT_EVENT
from booking.engines.contract import BoxOffice
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.opening import open_database
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.engines.meter import Meter
from booking.http import client_limits, cors, problems
from booking.http.application import Application
from booking.settings import MAX_BODY_BYTES, Settings
from booking.web import docs, pages
from booking.web import door as door_pages
from booking.web.mail.postman import Postman
from booking.web.mail.tickets import tickets_of
from booking.web.tickets import views as tickets

_CONNECTIONS = 10
"""How many connections to a database a process opens at most; PostgreSQL allows 100 by default. An
event uses one at a time."""


def _uncounted(_: str) -> None:
    """Nobody asks for metrics."""


def open_box_office(settings: Settings, meter: Meter | None = None) -> BoxOffice:
    """Open the events, in memory or in the database that the settings name. The ``meter`` is told
    what becomes of them.

    Raises:
        CannotOpen, Unavailable: the database cannot be used.
    """
    if settings.database_url is None:
        return MemoryBoxOffice(settings, meter=meter)
    database = open_database(settings.database_url, _CONNECTIONS)
    return DatabaseBoxOffice(settings, database, meter=meter)


def create_app(settings: Settings | None = None, box_office: BoxOffice | None = None) -> Flask:
    """Create a WSGI application that sells seats.

    The settings default to those in the environment, and the box office to one that the settings
    describe.

    Raises:
        SettingsError: an environment variable is unknown or unusable.
        CannotOpen, Unavailable: the database cannot be used.
    """
    if settings is None:
        settings = Settings.from_environ(os.environ)
    app = Application(__name__)
    # For other WSGI servers. Ours refuses such bodies before it reads them.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    meter = None
    if settings.metrics is not None:
        # First, so that what the others refuse is counted. Imported only here: see the module.
        from booking.http import metrics

        meter = metrics.register(app)
    app.extensions["box_office"] = box_office or open_box_office(settings, meter)
    app.extensions["admin_token"] = settings.admin_token
    app.extensions["listings"] = Listings()
    app.extensions["plan_bodies"] = plans.PlanBodies()
    app.extensions["contract"] = openapi.Contract()
    app.extensions["postman"] = None

    if settings.smtp_url is not None:
        count = app.extensions["metrics_of_mail"] if settings.metrics is not None else _uncounted
        seller = app.extensions["box_office"]
        app.extensions["postman"] = Postman(seller, settings, count, tickets_of(seller))
    problems.register(app)
    cors.register(app, settings.cors_origins)
    client_limits.register(app, settings)
    booking_links.register(app, settings)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(events.blueprint)
    app.register_blueprint(openapi.blueprint)
    app.register_blueprint(organising.blueprint)
    app.register_blueprint(plans.repairs)
    app.register_blueprint(counter.blueprint)
    app.register_blueprint(door.blueprint)
    app.register_blueprint(report.blueprint)
    app.register_blueprint(keys.blueprint)
    pages.register(app)
    docs.register(app)
    app.register_blueprint(door_pages.blueprint)
    app.register_blueprint(tickets.blueprint)
    for blueprint, event in (
        (seats.blueprint, DEFAULT_EVENT),
        (plans.blueprint, DEFAULT_EVENT),
        (bookings.blueprint, None),
    ):
        app.register_blueprint(blueprint, url_defaults={"event": event})
        app.register_blueprint(
            blueprint, name=f"event_{blueprint.name}", url_prefix="/events/<event>"
        )
    app.cli.add_command(cli.group)
    return app
