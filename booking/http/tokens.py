"""Holder tokens: the secret that proves who owns a lock. Only its digest is stored."""

import hashlib
import re
import secrets

from booking.http.errors import InvalidToken

_TOKEN = re.compile(r"[A-Za-z0-9._~-]{32,128}")

FORM = (
    "A holder token is 32 to 128 of the characters A-Z a-z 0-9 . _ ~ and -."
    " Send the one that you got when you locked the seat, or choose your own."
)
"""The message for a malformed token."""


def mint() -> str:
    """Return a new token: 256 random bits, in 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Return whether a text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def digest(token: str) -> bytes:
    """Return the SHA-256 of a token, 32 bytes, which is all that is stored of it. A slow hash, as
    for passwords, is not needed: the token is random, or the client's own choice.

    Raises:
        InvalidToken: the text does not have the form of a token.
    """
    if not is_token(token):
        raise InvalidToken(FORM)
    return hashlib.sha256(token.encode("ascii")).digest()
