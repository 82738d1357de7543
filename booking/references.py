"""Booking references: short, unguessable, and easy to read aloud."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 by Douglas Crockford (https://www.crockford.com/base32.html): without I, L and O, which
are taken for 1 and 0, and without U."""


def mint() -> str:
    """A new reference such as ``7KQM4-T9X2P``: 50 random bits."""
    bits = secrets.randbits(50)
    characters = "".join([ALPHABET[bits >> shift & 31] for shift in range(0, 50, 5)])
    return f"{characters[:5]}-{characters[5:]}"
