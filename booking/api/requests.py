"""What a request says: whose it is, which seats it names. All that a stranger can get wrong.

Most functions take the WSGI environment rather than ``flask.request``: finding out which request it
is costs 1 µs each time, and most requests have nothing that would have to be parsed.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from flask import after_this_request, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.http import dump_cookie
from werkzeug.wrappers import Response

from booking import holders
from booking.errors import InvalidToken

Environ = Mapping[str, Any]

COOKIE = "holder"

_VERSION = re.compile(r"[0-9]{1,18}")


def read_token(environ: Environ) -> str | None:
    """The holder token of the request, from its Authorization header or else its cookie; None if it
    brings neither. Another scheme than Bearer is not for us: a proxy may ask for one of its own.

    Raises:
        InvalidToken: the header is not understood. Whether a token has the right form is
            for :func:`booking.holders.digest` to say.
    """
    if (authorization := environ.get("HTTP_AUTHORIZATION")) is not None:
        scheme, separator, token = authorization.strip().partition(" ")
        if not separator:
            raise InvalidToken("Send the token as “Authorization: Bearer <token>”.")
        if scheme.lower() == "bearer":
            return str(token.strip())
    if "HTTP_COOKIE" in environ:
        return request.cookies.get(COOKIE)
    return None


def read_holder(environ: Environ) -> bytes | None:
    """The digest of the request's holder token, None if it brings none. Raises InvalidToken."""
    token = read_token(environ)
    return None if token is None else digest(token)


def digest(token: str) -> bytes:
    """As :func:`booking.holders.digest`; a browser that sent a cookie of the wrong form is told to
    forget it, or it would be refused for ever."""
    try:
        return holders.digest(token)
    except InvalidToken:
        if request.cookies.get(COOKIE) == token:
            after_this_request(_forget_cookie)
        raise


def set_cookie(response: Response, token: str) -> None:
    """Give a browser its token, in a cookie for this site alone and out of reach of scripts."""
    secure = "; Secure" if request.scheme == "https" else ""
    # Response.set_cookie() takes 9 µs to find out that such a token needs no quoting.
    response.headers.add(
        "Set-Cookie", f"{COOKIE}={token}{secure}; HttpOnly; Path=/; SameSite=Strict"
    )


def _forget_cookie(response: Response) -> Response:
    response.headers.add(
        "Set-Cookie", dump_cookie(COOKIE, max_age=0, httponly=True, samesite="Strict")
    )
    return response


def read_since(environ: Environ) -> int | None:
    """The version in ``?since=``, None without one."""
    if not environ["QUERY_STRING"] or (text := request.args.get("since")) is None:
        return None
    if not _VERSION.fullmatch(text):
        raise BadRequest("since is the version of an earlier answer: a whole number.")
    return int(text)


def expect_no_body(environ: Environ) -> None:
    """Refuse a body where the address says it all; an empty JSON object will do."""
    if _has_body(environ):
        _members(set())


def read_seats(environ: Environ) -> list[str]:
    """The seats that the body names: ``{"seats": ["7", "8"]}``."""
    seats = read_seats_if_any(environ)
    if seats is None:
        raise BadRequest('Name the seats in the body, as JSON: {"seats": ["7", "8"]}.')
    return seats


def read_seats_if_any(environ: Environ) -> list[str] | None:
    """The seats that the body names; None without a body, or when it is an empty object."""
    if not _has_body(environ):
        return None
    members = _members({"seats"})
    if not members:
        return None
    seats = members["seats"]
    if not isinstance(seats, list) or not seats or not all(isinstance(seat, str) for seat in seats):
        raise BadRequest('seats must be a list of seat ids, which are strings: ["7", "8"].')
    if len(set(seats)) != len(seats):
        raise BadRequest("seats names a seat more than once. Name each once.")
    return seats


def _has_body(environ: Environ) -> bool:
    return environ.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def _members(allowed: set[str]) -> dict[str, Any]:
    """The body as a JSON object with none but the allowed members."""
    if not request.is_json:
        raise UnsupportedMediaType(
            "The body must be JSON. Send it with “Content-Type: application/json”."
        )
    try:
        members = json.loads(
            request.get_data().decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_constant=_reject_constant,
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not valid JSON in UTF-8: {error}.") from None
    if not isinstance(members, dict):
        raise BadRequest("The body must be a JSON object.")
    if unknown := members.keys() - allowed:
        knows = f"Known: {', '.join(sorted(allowed))}." if allowed else "It takes none."
        raise BadRequest(
            f"The body has a member that is not known here: {min(unknown)[:64]!r}. {knows}"
        )
    return members


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("an object has the same member twice")
    return members


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
