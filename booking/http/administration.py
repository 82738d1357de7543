"""Who may do what: the administrator presents the token from the settings, others a key that the
administrator made."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from flask import current_app, request
from werkzeug.exceptions import NotFound

from booking.domain.keys import Key, Scope
from booking.engines.contract import BoxOffice
from booking.http.client_limits import limits_of_app
from booking.http.errors import (
    AdministratorRequired,
    InvalidToken,
    ScopeRequired,
    TooManyRequests,
)
from booking.http.holders import read_bearer
from booking.settings import MAX_BODY_BYTES, MAX_EVENT_BYTES

T = TypeVar("T")

ADMINISTRATOR = "administrator"
"""What the history calls the administrator."""

KEY_PREFIX = "key-"
"""Tells the tokens of keys from those of holders, for which no database is asked."""


class Organiser(NamedTuple):
    """The administrator, or whoever has a key: what the history calls them, and the digest of their
    token."""

    name: str
    digest: bytes


def organiser(scope: Scope, event: str) -> Organiser | None:
    """Who sends the request, if that is someone who may do things of this kind with an event. None
    is anyone else, and whoever has to wait for having sent wrong tokens.

    Raises:
        ScopeRequired: the request carries a key, and it is not good for this.
    """
    found = _sender(event)
    if found is None:
        return None
    who, scopes = found
    if scope not in scopes:
        raise ScopeRequired(who.name, scope, event)
    return who


def _sender(event: str) -> tuple[Organiser, list[Scope]] | None:
    """The administrator or whoever has a key, with what they may do with an event. None is anyone
    else, and whoever has to wait for having sent wrong tokens."""
    admin_token: bytes | None = current_app.extensions["admin_token"]
    digest = None if admin_token is None else _digest(request.environ.get("HTTP_AUTHORIZATION"))
    if admin_token is None or digest is None:
        return None
    # Comparing digests leaks neither the length of the token nor how much of it was right.
    if hmac.compare_digest(digest, admin_token):
        return None if _seconds_to_wait() > 0 else (Organiser(ADMINISTRATOR, digest), list(Scope))
    key = _key(digest)
    if key is None:
        return None
    return Organiser(key.name, digest), [scope for scope in Scope if key.opens(scope, event)]


def may_read() -> Callable[[str], bool]:
    """Return which events, whether public or not, the sender of the request may see by their ids:
    the administrator all, and whoever has a key those that it is good for."""
    if is_administrator(request.environ):
        return lambda _: True
    digest = _digest(request.environ.get("HTTP_AUTHORIZATION"))
    is_service_managed = current_app.extensions["admin_token"] is not None
    key = None if digest is None or not is_service_managed else _key(digest)
    return lambda event: key is not None and key.opens(Scope.READ, event)


def expect_organiser(scope: Scope, event: str) -> Organiser:
    """Who sends the request. A service without an administrator answers 404.

    Raises:
        NotFound: the settings have no administrator token.
        TooManyRequests: too many wrong tokens came from its address.
        AdministratorRequired: the request carries another token, or none.
        ScopeRequired: it carries a key that is not good for this.
    """
    _expect_administration()
    return _expect_right_token(organiser(scope, event))


def expect_sender(event: str) -> tuple[Organiser, list[Scope]]:
    """Who sends the request, and what they may do with an event, if anything. Raises what
    :func:`expect_organiser` raises, but for ScopeRequired."""
    _expect_administration()
    return _expect_right_token(_sender(event))


def _expect_right_token(found: T | None) -> T:
    if found is None:
        note_wrong_token(request.environ)
        raise AdministratorRequired
    return found


def is_administrator(environ: Mapping[str, Any]) -> bool:
    """Return whether the request carries the administrator's token: never while its client has to
    wait for having sent wrong ones."""
    admin_token: bytes | None = current_app.extensions["admin_token"]
    is_token = _is_token(environ.get("HTTP_AUTHORIZATION"), admin_token)
    return is_token and _seconds_to_wait() == 0


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
    _expect_administration()
    if not is_administrator(request.environ):
        digest = _digest(request.environ.get("HTTP_AUTHORIZATION"))
        if digest is None or _key(digest) is None:  # A key is no guess.
            note_wrong_token(request.environ)
        raise AdministratorRequired


def _key(digest: bytes) -> Key | None:
    """The key that the request carries, unless its client has to wait."""
    if f" {KEY_PREFIX}" not in request.environ["HTTP_AUTHORIZATION"] or _seconds_to_wait() > 0:
        return None
    box_office: BoxOffice = current_app.extensions["box_office"]
    return box_office.keys.find(digest)


def _expect_administration() -> None:
    if current_app.extensions["admin_token"] is None:
        raise NotFound
    if (wait := _seconds_to_wait()) > 0:
        raise TooManyRequests("Too many wrong tokens came from here.", wait)


def _seconds_to_wait() -> float:
    limits = limits_of_app()
    return limits.guesses.seconds_to_wait(limits.clients.of(request.environ))


def body_limit(admin_token: bytes | None) -> Callable[[str, str, str | None], int]:
    """Return a function that gives the server the largest body to accept for a request's method,
    path and Authorization header. Only the administrator may send one as large as a plan."""

    def limit(method: str, path: str, authorization: str | None) -> int:
        brings_a_plan = method in ("PUT", "PATCH") or path.endswith("/plan/repair")
        if brings_a_plan and "/events/" in path and _is_token(authorization, admin_token):
            return MAX_EVENT_BYTES
        return MAX_BODY_BYTES

    return limit


def _is_token(authorization: str | None, digest: bytes | None) -> bool:
    sent = _digest(authorization)
    return sent is not None and digest is not None and hmac.compare_digest(sent, digest)


def _digest(authorization: str | None) -> bytes | None:
    """The digest of the token in an Authorization header, None without one."""
    if authorization is None:
        return None
    try:
        token = read_bearer(authorization)
    except InvalidToken:
        return None
    return hashlib.sha256((token or "").encode("latin-1", "replace")).digest()
