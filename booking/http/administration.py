"""Who may do what: the administrator presents the token of the settings, others a key that the
administrator made."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import current_app, request
from werkzeug.exceptions import NotFound

from booking.domain.keys import Scope
from booking.engines.contract import BoxOffice
from booking.http.errors import AdministratorRequired, InvalidToken, ScopeRequired
from booking.http.requests import read_bearer
from booking.settings import MAX_BODY_BYTES, MAX_EVENT_BYTES

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
    is anyone else.

    Raises:
        ScopeRequired: the request brings a key, and it is not good for this.
    """
    admin_token: bytes | None = current_app.extensions["admin_token"]
    digest = None if admin_token is None else _digest(request.environ.get("HTTP_AUTHORIZATION"))
    if admin_token is None or digest is None:
        return None
    # Of the digests, so that neither the time nor the length tells anything.
    if hmac.compare_digest(digest, admin_token):
        return Organiser(ADMINISTRATOR, digest)
    if f" {KEY_PREFIX}" not in request.environ["HTTP_AUTHORIZATION"]:
        return None
    box_office: BoxOffice = current_app.extensions["box_office"]
    key = box_office.keys.find(digest)
    if key is None:
        return None
    if not key.opens(scope, event):
        raise ScopeRequired(key.name, scope, event)
    return Organiser(key.name, digest)


def expect_organiser(scope: Scope, event: str) -> Organiser:
    """Who sends the request. Where the settings name no token, there is nothing here.

    Raises:
        NotFound: the settings name no token.
        AdministratorRequired: the request brings another token, or none.
        ScopeRequired: it brings a key that is not good for this.
    """
    if current_app.extensions["admin_token"] is None:
        raise NotFound
    found = organiser(scope, event)
    if found is None:
        raise AdministratorRequired
    return found


def is_administrator(environ: Mapping[str, Any]) -> bool:
    """Whether the request brings the administrator's token."""
    return _is_token(environ.get("HTTP_AUTHORIZATION"), current_app.extensions["admin_token"])


def expect_administrator() -> None:
    """Refuse a request that is not the administrator's; where there is none, there is nothing here.

    Raises:
        NotFound: the settings name no token.
        AdministratorRequired: it brings another token, or none.
    """
    if current_app.extensions["admin_token"] is None:
        raise NotFound
    if not is_administrator(request.environ):
        raise AdministratorRequired


def body_limit(admin_token: bytes | None) -> Callable[[str, str, str | None], int]:
    """How many bytes of a body the server should take, by the method, the path and the
    Authorization of the request: many of a plan, if it comes from the administrator."""

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
