"""What a request says: whose it is, which seats it names. All that a stranger can get wrong.

Most functions take the WSGI environment rather than ``flask.request``: finding out which request it
is costs 1 µs each time, and most requests have nothing that would have to be parsed.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import after_this_request, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.http import dump_cookie
from werkzeug.wrappers import Response

from booking.domain import identifiers
from booking.domain.model import BestAvailable
from booking.domain.questions import NO_DETAILS, Details
from booking.http import headers, strict_json, tokens
from booking.http.errors import InvalidToken
from booking.http.origins import is_foreign
from booking.plans import seat_ids
from booking.plans.model import MAX_SEATS

Environ = Mapping[str, Any]

COOKIE = "holder"
HTTPS_COOKIE = "__Host-holder"
"""Browsers take a cookie of this name from us alone, over HTTPS: a neighbouring subdomain cannot
plant a token that it knows. So over HTTPS, the other name does not count."""

_MAX_QUERY_LENGTH = 4096
_MAX_DETAILS_BYTES = 4096
_NUMBER = re.compile(r"[0-9]{1,18}")
_KEY = re.compile(r'"[ !#-\[\]-~]{1,255}"|[!#-\[\]-~]{1,255}')


def read_token(environ: Environ) -> str | None:
    """The holder token of the request, from its Authorization header or else its cookie; None if it
    brings neither. Another scheme than Bearer is not for us: a proxy may ask for one of its own.

    The cookie does not count in a request that a page of another origin sends.

    Raises:
        InvalidToken: the header has no token, or no cookie has one of the right form. Whether the
            token in the header has the right form is for :func:`booking.http.tokens.digest` to say.
    """
    if (authorization := environ.get("HTTP_AUTHORIZATION")) is not None:
        token = read_bearer(authorization)
        if token is not None:
            return token
    if "HTTP_COOKIE" in environ and not is_foreign(environ):
        return _read_cookie(environ)
    return None


def _read_cookie(environ: Environ) -> str | None:
    """The first token of the right form among the cookies. A browser that has only others is told
    to forget them: it would be refused for ever."""
    found = _cookies(environ)
    for token in found:
        if tokens.is_token(token):
            return token
    if found:
        after_this_request(_forget_cookie)
        raise InvalidToken(tokens.FORM)
    return None


def _cookies(environ: Environ) -> list[str]:
    name = _cookie_name(environ)
    return list(filter(None, headers.cookies(environ.get("HTTP_COOKIE", ""), name)))


def is_to_be_introduced(environ: Environ) -> bool:
    """Whether our page asks for a cookie, and has none with a token. It asks before it changes
    anything: if the answer to a lock is lost, the token is not lost with it.

    A cookie of a neighbour that holds something else may stay beside ours.
    """
    return (
        # Neither a link nor a page of another origin can send it. Without, a link from another
        # site, which brings no cookie that is SameSite=Strict, would replace that of the buyer.
        "HTTP_X_REQUESTED_WITH" in environ
        and "HTTP_AUTHORIZATION" not in environ
        and not is_foreign(environ)
        and not any(map(tokens.is_token, _cookies(environ)))
    )


def _cookie_name(environ: Environ) -> str:
    return HTTPS_COOKIE if environ["wsgi.url_scheme"] == "https" else COOKIE


def read_bearer(authorization: str) -> str | None:
    """The token in an Authorization header, None if its scheme is not Bearer.

    Raises InvalidToken if it has no token at all."""
    scheme, separator, token = authorization.strip().partition(" ")
    if not separator:
        raise InvalidToken("Send the token as “Authorization: Bearer <token>”.")
    return token.strip() if scheme.lower() == "bearer" else None


def read_holder(environ: Environ) -> bytes | None:
    """The digest of the request's holder token, None if it brings none. Raises InvalidToken."""
    token = read_token(environ)
    return None if token is None else tokens.digest(token)


def set_cookie(response: Response, environ: Environ, token: str) -> None:
    """Give a browser its token, in a cookie for this site alone and out of reach of scripts.

    A page of another origin does not get one: it would replace that of the buyer.
    """
    if is_foreign(environ):
        return
    secure = "; Secure" if environ["wsgi.url_scheme"] == "https" else ""
    # Response.set_cookie() takes 9 µs to find out that such a token needs no quoting.
    response.headers.add(
        "Set-Cookie",
        f"{_cookie_name(environ)}={token}{secure}; HttpOnly; Path=/; SameSite=Strict",
    )


def _forget_cookie(response: Response) -> Response:
    name, https = _cookie_name(request.environ), request.environ["wsgi.url_scheme"] == "https"
    response.headers.add(
        "Set-Cookie",
        # The path of the cookie that we set: a browser forgets no other one.
        dump_cookie(name, max_age=0, path="/", secure=https, httponly=True, samesite="Strict"),
    )
    return response


def read_key(environ: Environ) -> str | None:
    """The Idempotency-Key of the request, None without one."""
    if (text := environ.get("HTTP_IDEMPOTENCY_KEY")) is None:
        return None
    # The draft has it in quotes, as in "8e03978e", and many leave them out.
    if not _KEY.fullmatch(text):
        raise BadRequest('Idempotency-Key must be 1 to 255 characters of ASCII in quotes: "8e03".')
    return str(text.strip('"'))


def read_since(environ: Environ) -> int | None:
    """The version in ``?since=``, None without one."""
    if not environ["QUERY_STRING"]:
        return None
    return read_number("since", "the version of an earlier answer")


def read_number(name: str, meaning: str) -> int | None:
    """A whole number in the query, None without one."""
    if (text := _parameter(name)) is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise BadRequest(f"{name} is {meaning}: a whole number.")
    return int(text)


def read_limit(default: int, most: int) -> int:
    """The size of a page in ``?limit=``, or the default."""
    limit = read_number("limit", f"how many to list at once, from 1 to {most:,}")
    if limit is None:
        return default
    if not 1 <= limit <= most:
        raise BadRequest(f"limit is how many to list at once, from 1 to {most:,}.")
    return limit


def read_cursor() -> str | None:
    """Where a page of events begins, in ``?cursor=``; None without one, or with an empty one."""
    cursor = _parameter("cursor") or None
    if cursor is not None and not identifiers.is_event_id(cursor):
        raise BadRequest("cursor must be where the last page ended: its next_cursor.")
    return cursor


def read_search() -> str:
    """What is searched for in ``?q=``; empty without."""
    return (_parameter("q") or "").strip()


def _parameter(name: str) -> str | None:
    """A parameter of the query, None without one."""
    # Each byte that is not UTF-8 costs 6 µs: 31 ms for 16 KB of "%ff".
    if len(request.environ["QUERY_STRING"]) > _MAX_QUERY_LENGTH:
        raise BadRequest(f"The query is longer than {_MAX_QUERY_LENGTH:,} characters. Send less.")
    return request.args.get(name)


def expect_no_body(environ: Environ) -> None:
    """Refuse a body where the address says it all; an empty JSON object or null will do."""
    if has_body(environ):
        read_members_if_any(set())


def read_choice(environ: Environ) -> list[str] | BestAvailable:
    """The seats that the body names, or the wish that it has: ``{"best_available": {"count": 3}}``,
    with ``category``, ``zone`` and ``split`` if wanted."""
    members = read_members({"seats", "best_available"}) if has_body(environ) else {}
    if len(members) != 1:
        raise BadRequest(
            'Name the seats in the body, as JSON: {"seats": ["7", "8"]},'
            ' or let them be chosen: {"best_available": {"count": 2}}.'
        )
    if "seats" in members:
        return seats_in(members["seats"])
    wish = members["best_available"]
    if not isinstance(wish, dict) or "count" not in wish:
        raise BadRequest('best_available must say how many: {"best_available": {"count": 2}}.')
    if unknown := wish.keys() - _WISHES.keys():
        known = ", ".join(_WISHES)
        raise BadRequest(
            f"best_available has a member that is not known: {min(unknown)[:64]!r}. Known: {known}."
        )
    for name, value in wish.items():
        if type(value) is not _WISHES[name]:
            raise BadRequest(f"{name} in best_available must be {_IN_WORDS[_WISHES[name]]}.")
    if not 1 <= wish["count"] <= MAX_SEATS:
        raise BadRequest(f"count in best_available must be from 1 to {MAX_SEATS:,}.")
    return BestAvailable(**wish)


_WISHES: dict[str, type] = {"count": int, "category": str, "zone": str, "split": bool}
_IN_WORDS = {int: "a whole number", str: "a string", bool: "true or false"}


def read_seats(environ: Environ) -> list[str]:
    """The seats that the body names: ``{"seats": ["7", "8"]}``."""
    members = read_members({"seats"}) if has_body(environ) else {}
    if not members:
        raise BadRequest('Name the seats in the body, as JSON: {"seats": ["7", "8"]}.')
    return seats_in(members["seats"])


def read_confirmation(environ: Environ) -> tuple[list[str] | None, int | None, Details]:
    """The seats that the body names, how many the holder expects to confirm, both None if it leaves
    them out, and the details."""
    if not has_body(environ):
        return None, None, NO_DETAILS
    members = read_members_if_any({"seats", "expect", "details"})
    details = details_in(members.pop("details", {}))
    if "expect" not in members:
        return seats_in(members["seats"]) if members else None, None, details
    expect = members["expect"]
    if type(expect) is not int or not 1 <= expect <= MAX_SEATS:
        raise BadRequest(
            f"expect is how many seats you have locked: a whole number from 1 to {MAX_SEATS:,}."
        )
    if len(members) > 1:
        raise BadRequest(
            "expect is for confirming all seats that you have locked. Send it alone, or name the"
            " seats without it."
        )
    return None, expect, details


def read_details(environ: Environ) -> Details:
    """The details alone, where the address says which seat it is."""
    if not has_body(environ):
        return NO_DETAILS
    return details_in(read_members_if_any({"details"}).get("details", {}))


def details_in(answers: object) -> Details:
    """The details in a body."""
    if not isinstance(answers, dict):
        raise BadRequest('details must be an object with your answers: {"name": "Ann Miller"}.')
    if len(json.dumps(answers, ensure_ascii=False).encode("utf-8", "replace")) > _MAX_DETAILS_BYTES:
        raise BadRequest(f"details may have up to {_MAX_DETAILS_BYTES:,} bytes. Shorten them.")
    # An empty field of a form, and null, are no answer.
    return Details({name: answer for name, answer in answers.items() if answer not in ("", None)})


def seats_in(seats: object, name: str = "seats") -> list[str]:
    """The seats of a member of a body."""
    if not isinstance(seats, list) or not seats or not all(isinstance(seat, str) for seat in seats):
        raise BadRequest(f'{name} must be a list of seat ids, which are strings: ["7", "8"].')
    named = list(map(seat_ids.normal_seat_id, seats))
    if len(set(named)) != len(named):
        raise BadRequest(f"{name} names a seat more than once. Name each once.")
    return named


def read_seats_if_any(environ: Environ) -> list[str] | None:
    """The seats that the body names, None without a body."""
    members = read_members_if_any({"seats"}) if has_body(environ) else {}
    return seats_in(members["seats"]) if members else None


def read_json() -> Any:
    """The body, whatever JSON it is."""
    environ = request.environ
    coding = environ.get("HTTP_CONTENT_ENCODING", "")
    if coding.strip().lower() not in ("", "identity"):
        raise UnsupportedMediaType(
            f"The body is encoded as “{coding[:64]}”, which is not understood here. Send it as it"
            " is, without Content-Encoding."
        )
    if not _is_json(environ.get("CONTENT_TYPE", "")):
        raise UnsupportedMediaType(
            "The body must be JSON. Send it with “Content-Type: application/json”."
        )
    try:
        return strict_json.loads(request.get_data())
    except ValueError as error:
        raise BadRequest(f"The body is not valid JSON in UTF-8: {error}.") from None


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )


def has_body(environ: Environ) -> bool:
    """Whether the request brings a body."""
    return environ.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def read_json_if_any() -> Any:
    """The body, whatever JSON it is; an empty object without a body, or with null for one: axios,
    Go and PHP write that for nothing."""
    document = read_json() if has_body(request.environ) else None
    return {} if document is None else document


def read_members_if_any(allowed: set[str]) -> dict[str, Any]:
    """Like :func:`read_members`, where a body can be left out."""
    return _checked(read_json_if_any(), allowed)


def read_members(allowed: set[str]) -> dict[str, Any]:
    """The body as a JSON object with none but the allowed members."""
    return _checked(read_json(), allowed)


def _checked(members: Any, allowed: set[str]) -> dict[str, Any]:
    if not isinstance(members, dict):
        raise BadRequest("The body must be a JSON object.")
    if unknown := members.keys() - allowed:
        knows = f"Known: {', '.join(sorted(allowed))}." if allowed else "It takes none."
        raise BadRequest(
            f"The body has a member that is not known here: {min(unknown)[:64]!r}. {knows}"
        )
    return members
