"""Servers between a bare waitress and the service: each adds one thing to the one before.

``python -m benchmarks.steps STEP`` answers every request on ``BOOKING_PORT`` with a constant.
"""

import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask

from benchmarks.bare import BODY, answer
from booking.http.administration import body_limit
from booking.http.application import Application, BytesResponse
from booking.http.problems import refusals
from booking.serving.server import serve
from booking.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def constant(app: Flask) -> Flask:
    """Give an application the views of a session, which answer with a constant."""
    app.add_url_rule("/lock/<seat_id>", "lock", _view, methods=["POST"])
    app.add_url_rule("/confirm/<seat_id>", "confirm", _view, methods=["POST"])
    return app


def _view(seat_id: str) -> BytesResponse:  # noqa: ARG001
    return BytesResponse(BODY)


STEPS: dict[str, Callable[[], "WSGIApplication"]] = {
    "server": lambda: answer,
    "flask": lambda: constant(Flask("plain")),
    "application": lambda: constant(Application("constant")),
}


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    settings = Settings.from_environ(os.environ)
    serve(
        STEPS[sys.argv[1]],
        settings,
        refuse=refusals(settings.cors_origins),
        body_limit=body_limit(settings.admin_token),
        about="with a constant.",
    )
