"""Links that open one booking on any device: with a secret in their fragment, which browsers send
to nobody.

The secret is derived from a key that all processes share, so that each mail about a booking has the
same link, and none is kept. As a token, it stands for the holder of that one booking.
"""

import base64
import hashlib
import hmac


def secret(key: bytes, event: str, reference: str) -> str:
    """The secret of a booking's link."""
    code = hmac.digest(key, f"{event}\n{reference}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(code).decode().rstrip("=")


def opens(key: bytes, token: str | None, event: str, reference: str) -> bool:
    """Whether a token is the secret of a booking's link."""
    if token is None:
        return False
    return hmac.compare_digest(token.encode(), secret(key, event, reference).encode())


def address(public_url: str, key: bytes, event: str, reference: str) -> str:
    """The link to a booking."""
    return f"{public_url}/bookings/#{reference}.{secret(key, event, reference)}"
