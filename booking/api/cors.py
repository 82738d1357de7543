"""Which pages of other sites may call the service (CORS), and which calls are refused outright."""

import re
from collections.abc import Sequence

from flask import Flask, request
from flask.wrappers import Response
from flask_cors import cross_origin
from werkzeug.exceptions import Forbidden

from booking.api.origins import is_foreign

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def register(app: Flask, origins: Sequence[str]) -> None:
    """Let pages of the given origins call the application; ``("*",)`` stands for all.

    Browsers enforce CORS only by hiding the answer: a POST that needs no preflight is carried
    out first. So where the origins are a list, a POST from a page of any other is refused.
    """
    any_origin = tuple(origins) == ("*",)

    # Around a function that returns what it is given, since flask-cors as an extension of the
    # application would work for every request, 20 µs each, and most carry no Origin.
    @cross_origin(
        # flask-cors takes an origin with a dot or a bracket in it for a regular expression, and
        # matches its beginning only.
        origins="*"
        if any_origin
        else [re.compile(f"{re.escape(o)}\\Z", re.IGNORECASE) for o in origins],
        methods=["GET", "POST", "PUT", "DELETE"],
        expose_headers=["ETag", "Link", "Location", "Retry-After"],
        max_age=600,
        send_wildcard=any_origin,
        always_send=False,
        automatic_options=False,
    )
    def with_cors_headers(response: Response) -> Response:
        return response

    @app.after_request
    def add_cors_headers(response: Response) -> Response:
        if "HTTP_ORIGIN" in request.environ:
            return with_cors_headers(response)
        if not any_origin:
            # What is kept by a cache was not asked for by every origin.
            response.headers.add("Vary", "Origin")
        return response

    if not any_origin:

        @app.before_request
        def refuse_other_origins() -> None:
            origin = request.environ.get("HTTP_ORIGIN")
            if origin is None or request.method in _SAFE_METHODS:
                return
            if origin.lower() not in origins and is_foreign(request.environ):
                raise Forbidden(
                    f"Pages of {origin[:100]} may not call this service."
                    " Its operator can add the origin to BOOKING_CORS_ORIGINS."
                )
