"""Whose request it is: the holder token in its Authorization header, or in our page's cookie."""

from flask import after_this_request, request
from werkzeug.http import dump_cookie
from werkzeug.wrappers import Response

from booking.http import headers, tokens
from booking.http.errors import InvalidToken
from booking.http.origins import is_foreign
from booking.http.requests import Environ

COOKIE = "holder"
HTTPS_COOKIE = "__Host-holder"
"""Browsers accept a cookie of this name only from our own host, over HTTPS, so that a neighbouring
subdomain cannot plant a token that it knows. Over HTTPS, the plain name is therefore ignored."""

_COOKIE_SECONDS = 400 * 24 * 3600
"""The longest that browsers keep a cookie. Each visit to our page renews it."""


def read_token(environ: Environ) -> str | None:
    """Return the request's holder token, from its Authorization header or else its cookie; None if
    it has neither. Schemes other than Bearer are ignored: they may be meant for a proxy.

    The cookie is ignored in a request from a page of another origin.

    Raises:
        InvalidToken: the header has no token, or no cookie has one of the right form. This does not
            check the form of a token in the header; :func:`booking.http.tokens.digest` does.
    """
    if (authorization := environ.get("HTTP_AUTHORIZATION")) is not None:
        token = read_bearer(authorization)
        if token is not None:
            return token
    if "HTTP_COOKIE" in environ and not is_foreign(environ):
        return _read_cookie(environ)
    return None


def _read_cookie(environ: Environ) -> str | None:
    """Return the first cookie with a token of the right form. If all are malformed, have the
    browser delete them; otherwise every request of that browser would be refused."""
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


def asks_for_cookie(environ: Environ) -> bool:
    """Return whether our page asks for its cookie. The page asks before its first lock, so that a
    lost answer to that lock does not lose the token, too."""
    return (
        # Neither a link nor a page of another origin can send this header. Without the check, a
        # link on another site would replace the buyer's cookie: it is SameSite=Strict, so the
        # browser does not send it along.
        "HTTP_X_REQUESTED_WITH" in environ
        and "HTTP_AUTHORIZATION" not in environ
        and not is_foreign(environ)
    )


def token_in_cookie(environ: Environ) -> str | None:
    """Return the token in the request's cookie; None if there is none of the right form. A
    malformed cookie, set by a neighbouring site, may stay beside ours."""
    return next(filter(tokens.is_token, _cookies(environ)), None)


def _cookie_name(environ: Environ) -> str:
    return HTTPS_COOKIE if environ["wsgi.url_scheme"] == "https" else COOKIE


def read_bearer(authorization: str) -> str | None:
    """Return the token in an Authorization header; None if its scheme is not Bearer.

    Raises:
        InvalidToken: the header has no token at all.
    """
    scheme, separator, token = authorization.strip().partition(" ")
    if not separator:
        raise InvalidToken("Send the token as “Authorization: Bearer <token>”.")
    return token.strip() if scheme.lower() == "bearer" else None


def read_holder(environ: Environ) -> bytes | None:
    """Return the digest of the request's holder token; None without one. Raises InvalidToken."""
    token = read_token(environ)
    return None if token is None else tokens.digest(token)


def set_cookie(response: Response, environ: Environ, token: str) -> None:
    """Give a browser its token, in a cookie for this site alone that scripts cannot read.

    A request from a page of another origin gets no cookie: it would replace the buyer's own.
    """
    if is_foreign(environ):
        return
    secure = "; Secure" if environ["wsgi.url_scheme"] == "https" else ""
    # Response.set_cookie() spends 9 µs on finding that such a token needs no quoting.
    response.headers.add(
        "Set-Cookie",
        f"{_cookie_name(environ)}={token}{secure}; HttpOnly; Path=/; SameSite=Strict"
        f"; Max-Age={_COOKIE_SECONDS}",
    )


def _forget_cookie(response: Response) -> Response:
    name, https = _cookie_name(request.environ), request.environ["wsgi.url_scheme"] == "https"
    response.headers.add(
        "Set-Cookie",
        # A browser deletes a cookie only if the path is the one that it was set with.
        dump_cookie(name, max_age=0, path="/", secure=https, httponly=True, samesite="Strict"),
    )
    return response
