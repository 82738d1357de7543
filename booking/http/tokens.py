"""Holder tokens: the secret that says whose a lock is. Only its digest is ever kept."""

import hashlib
import re
import secrets

from booking.http.errors import InvalidToken

_TOKEN = re.compile(r"[A-Za-z0-9._~-]{32,128}")

FORM = (
    "A holder token is 32 to 128 of the characters A-Z a-z 0-9 . _ ~ and -."
    " Send the one that you got when you locked the seat, or choose your own."
)
"""What a person is told whose token is none."""


def mint() -> str:
    """A new token: 256 random bits, 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether a text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def digest(token: str) -> bytes:
    """What is kept of a token: its SHA-256, 32 bytes. The token itself need not be strengthened
    against guessing as a password would: it is random already, or the client's own choice.

    Raises:
        InvalidToken: it has not the form of a token.
    """
    if not is_token(token):
        raise InvalidToken(FORM)
    return hashlib.sha256(token.encode("ascii")).digest()
