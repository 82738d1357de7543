"""The application: settings, box office and blueprints, wired together."""

import os

from flask import Flask

from booking.api import cors, health, problems, seats
from booking.api.application import Application
from booking.box_office import BoxOffice
from booking.model import DEFAULT_EVENT
from booking.settings import MAX_BODY_BYTES, Settings


def create_app(settings: Settings | None = None, box_office: BoxOffice | None = None) -> Flask:
    """A WSGI application that sells seats.

    Without settings, they are read from the environment; without a box office, a new one is made
    from them.

    Raises:
        SettingsError: a variable of the environment cannot be used.
    """
    if settings is None:
        settings = Settings.from_environ(os.environ)
    app = Application(__name__)
    # For other servers than ours, which refuses such bodies before it has read them.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions["box_office"] = box_office or BoxOffice(settings)
    app.extensions["listings"] = seats.Listings()

    problems.register(app)
    cors.register(app, settings.cors_origins)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(seats.blueprint, url_defaults={"event": DEFAULT_EVENT})
    app.register_blueprint(seats.blueprint, name="event_seats", url_prefix="/events/<event>")
    return app
