"""Which pages of other sites may call the service (CORS), and which calls are refused outright."""

import re
from collections.abc import Sequence

from flask import Flask, request
from flask.wrappers import Response
from flask_cors import cross_origin
from werkzeug.exceptions import Forbidden

from booking.api.origins import is_foreign

Headers = list[tuple[str, str]]

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ANY = ("*",)
_WITH_CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def headers_for(origins: Sequence[str], origin: str | None) -> Headers:
    """The CORS headers of an answer that the application does not make, such as the server's own
    refusal. ``origin`` is that of the request, None if it has none or could not be read."""
    if tuple(origins) == _ANY:
        return [("Access-Control-Allow-Origin", "*")]
    varying = [("Vary", "Origin")]
    if origin is None or origin.lower() not in origins:
        return varying
    return [("Access-Control-Allow-Origin", origin), _WITH_CREDENTIALS, *varying]


def register(app: Flask, origins: Sequence[str]) -> None:
    """Let pages of the given origins call the application; ``("*",)`` stands for all.

    Browsers enforce CORS only by hiding the answer: a POST that needs no preflight is carried
    out first. So where the origins are a list, a POST from a page of any other is refused.
    """
    any_origin = tuple(origins) == _ANY

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
        # A page that asks with credentials may read the answer; the cookie does not count all the
        # same. Otherwise the browser would hide the answer of a lock that was carried out.
        supports_credentials=not any_origin,
        always_send=False,
        automatic_options=False,
    )
    def with_cors_headers(response: Response) -> Response:
        return response

    @app.after_request
    def add_cors_headers(response: Response) -> Response:
        if "HTTP_ORIGIN" in request.environ:
            response = with_cors_headers(response)
        if not any_origin and "Origin" not in response.vary:
            # A cache must not give the answer of one origin to another, or to our own pages.
            response.vary.add("Origin")
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
