"""Flask, less what a JSON API has no use for. Only documented ways of changing Flask are used.

A request costs 72 µs in plain Flask before any of our code runs, and 42 µs here (measured in
process, on one core, the least of many runs).
"""

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface
from flask.signals import appcontext_tearing_down, request_tearing_down
from flask.wrappers import Response
from werkzeug.routing import MapAdapter, UnicodeConverter

from booking import ids

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


_LARGE_BYTES = 64 * 1024

# A browser must not take JSON in which a stranger has written something for a page or a script.
_NOSNIFF = ("X-Content-Type-Options", "nosniff")


class BytesResponse(Response):
    """A response whose whole body is known: no iterator to wrap, no length to find out."""

    # Given to __init__(), these would be looked for among the headers first, at 1 µs each.
    default_mimetype = None

    def __init__(
        self, body: bytes, status: int = 200, content_type: str = "application/json"
    ) -> None:
        self._whole = [body]
        super().__init__(self._whole, status)
        self.headers.add("Content-Type", content_type)
        self.headers.add("Content-Length", str(len(body)))

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        start_response(self.status, [*self.headers.to_wsgi_list(), _NOSNIFF])
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        wrapper = environ.get("wsgi.file_wrapper")
        if wrapper is not None and len(self._whole[0]) >= _LARGE_BYTES:
            # The server sends it piece by piece, instead of keeping a copy for each client that
            # does not read: a list of seats or a plan has up to 10 MB. A BytesIO shares the bytes
            # that it is made of.
            return cast(Iterable[bytes], wrapper(io.BytesIO(self._whole[0])))
        return self._whole


class _NoSession(SessionInterface):
    """There are no sessions: who calls is said by the holder token."""

    _session = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self._session

    def is_null_session(self, obj: object) -> bool:
        return True


class _Text(UnicodeConverter):
    """A part of a path, in the one spelling that ids have."""

    def to_python(self, value: str) -> str:
        return ids.normal_seat_id(value)


class Application(Flask):
    """A Flask application that matches paths alone, and has no sessions."""

    session_interface = _NoSession()

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name, static_folder=None)
        # A path has one spelling and is never redirected to another one.
        self.url_map.converters["default"] = _Text
        self.url_map.merge_slashes = False
        self.url_map.redirect_defaults = False

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No function here is a coroutine. Flask's own way finds that out anew for each call."""
        return func

    # A round through hooks of which there are none costs 2 µs each, and so do signals to nobody.

    def preprocess_request(self) -> Any:
        if self.before_request_funcs or self.url_value_preprocessors:
            return super().preprocess_request()
        return None

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        if self.teardown_request_funcs or request_tearing_down.receivers:
            super().do_teardown_request(exc)

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        if self.teardown_appcontext_funcs or appcontext_tearing_down.receivers:
            super().do_teardown_appcontext(exc)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Match by path and method. Flask's own way also takes the host apart, for subdomains and
        for addresses that are built outside of a request."""
        if request is None:
            return None
        environ = request.environ
        return MapAdapter(
            self.url_map,
            server_name=environ.get("HTTP_HOST", "localhost"),
            script_name=environ.get("SCRIPT_NAME", ""),
            subdomain="",
            url_scheme=environ["wsgi.url_scheme"],
            path_info=request.path,
            default_method=request.method,
        )
