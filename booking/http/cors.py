"""Calls from pages of other sites: which may read the response (CORS), and which are refused."""

import re
from collections.abc import Sequence

from flask import Flask, request
from flask.wrappers import Response
from flask_cors import cross_origin
from werkzeug.exceptions import Forbidden

from booking.http.application import real
from booking.http.origins import is_foreign

Headers = list[tuple[str, str]]

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ANY = ("*",)
_REQUEST_HEADERS = "HTTP_ACCESS_CONTROL_REQUEST_HEADERS"
_LONGEST_REQUEST_HEADERS = 1000
"""Characters of Access-Control-Request-Headers that are read. flask-cors takes 2.5 µs for each name
in it, and 20 ms for 8,000 commas; no page sends that many headers."""
_WITH_CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def headers_for(origins: Sequence[str], origin: str | None) -> Headers:
    """Return the CORS headers for a response that bypasses the application, such as a refusal by
    the server. ``origin`` is the request's Origin; None if it is missing or unreadable."""
    if tuple(origins) == _ANY:
        return [("Access-Control-Allow-Origin", "*")]
    varying = [("Vary", "Origin")]
    if origin is None or origin.lower() not in origins:
        return varying
    return [("Access-Control-Allow-Origin", origin), _WITH_CREDENTIALS, *varying]


def register(app: Flask, origins: Sequence[str]) -> None:
    """Let pages of the given origins call the application; ``("*",)`` means all.

    Browsers enforce CORS only by hiding the response: the server still carries out a POST that
    needs no preflight. So unless all origins are allowed, a POST from any other page is refused.
    """
    any_origin = tuple(origins) == _ANY

    # As an extension of the application, flask-cors would cost every request 20 µs, and most carry
    # no Origin. Decorating this function runs it only when it is needed.
    @cross_origin(
        # flask-cors treats a string with a dot or a bracket as a regular expression, and matches
        # only its beginning.
        origins="*"
        if any_origin
        else [re.compile(f"{re.escape(o)}\\Z", re.IGNORECASE) for o in origins],
        methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        expose_headers=["ETag", "Link", "Location", "Retry-After", "X-Request-Id"],
        max_age=600,
        send_wildcard=any_origin,
        # A page that sends credentials may read the response, though its cookie is ignored.
        # Otherwise the browser would hide the response to a lock that was made.
        supports_credentials=not any_origin,
        always_send=False,
        automatic_options=False,
    )
    def with_cors_headers(response: Response) -> Response:
        return response

    @app.after_request
    def add_cors_headers(response: Response) -> Response:
        environ = real(request).environ
        if "HTTP_ORIGIN" in environ:
            if len(environ.get(_REQUEST_HEADERS, "")) > _LONGEST_REQUEST_HEADERS:
                del environ[_REQUEST_HEADERS]  # The browser then refuses to call.
            response = with_cors_headers(response)
        if not any_origin and "Origin" not in response.vary:
            # A cache must not serve one origin's response to another, or to our own pages.
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
