"""The administrator: whoever presents the token from the settings."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import NotFound

from booking.http.client_limits import limits_of_app
from booking.http.errors import AdministratorRequired, InvalidToken, TooManyRequests
from booking.http.requests import read_bearer
from booking.settings import MAX_BODY_BYTES, MAX_EVENT_BYTES


def is_administrator(environ: Mapping[str, Any]) -> bool:
    """Return whether the request carries the administrator's token: never while its client has to
    wait for having sent wrong ones."""
    if not _is_token(environ.get("HTTP_AUTHORIZATION"), current_app.extensions["admin_token"]):
        return False
    limits = limits_of_app()
    return limits.guesses.seconds_to_wait(limits.clients.of(environ)) == 0


def note_wrong_token(environ: Mapping[str, Any]) -> None:
    """Count a token that turned out to be wrong, and that may have been a guess."""
    if "HTTP_AUTHORIZATION" in environ:
        limits = limits_of_app()
        limits.guesses.failed(limits.clients.of(environ))


def expect_administrator() -> None:
    """Let only the administrator pass. A service without an administrator answers 404.

    Raises:
        NotFound: the settings have no administrator token.
        TooManyRequests: too many wrong tokens came from its address.
        AdministratorRequired: the request carries another token, or none.
    """
    if current_app.extensions["admin_token"] is None:
        raise NotFound
    environ = request.environ
    limits = limits_of_app()
    if (wait := limits.guesses.seconds_to_wait(limits.clients.of(environ))) > 0:
        raise TooManyRequests("Too many wrong tokens came from here.", wait)
    if not is_administrator(environ):
        note_wrong_token(environ)
        raise AdministratorRequired


def body_limit(admin_token: bytes | None) -> Callable[[str, str, str | None], int]:
    """Return a function that gives the server the largest body to accept for a request's method,
    path and Authorization header. Only the administrator may send one as large as a plan."""

    def limit(method: str, path: str, authorization: str | None) -> int:
        if (
            method in ("PUT", "PATCH")
            and "/events/" in path
            and _is_token(authorization, admin_token)
        ):
            return MAX_EVENT_BYTES
        return MAX_BODY_BYTES

    return limit


def _is_token(authorization: str | None, digest: bytes | None) -> bool:
    if authorization is None or digest is None:
        return False
    try:
        token = read_bearer(authorization)
    except InvalidToken:
        return False
    # Comparing digests leaks neither the length of the token nor how much of it was right.
    sent = hashlib.sha256((token or "").encode("latin-1", "replace")).digest()
    return hmac.compare_digest(sent, digest)
