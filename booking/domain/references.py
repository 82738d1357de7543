"""Booking references: short, unguessable, and easy to read aloud."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 by Douglas Crockford (https://www.crockford.com/base32.html): without I, L and O, which
are taken for 1 and 0, and without U."""

# What each byte stands for: eight bytes for one character, each as often as the others.
_OF_BYTES = ALPHABET.encode() * 8

_TAKEN_FOR = str.maketrans({"O": "0", "I": "1", "L": "1"})


def mint() -> str:
    """A new reference such as ``7KQM4-T9X2P``: 50 random bits."""
    characters = mint_characters(10)
    return f"{characters[:5]}-{characters[5:]}"


def mint_characters(count: int) -> str:
    """So many random characters, of five bits each."""
    return secrets.token_bytes(count).translate(_OF_BYTES).decode()


def normal(text: str) -> str | None:
    """A reference as it was given out, however somebody has read it aloud or typed it: in small
    letters, without the hyphen, or with letters that look like digits. None if it cannot be one."""
    characters = normal_characters(text, 10)
    return None if characters is None else f"{characters[:5]}-{characters[5:]}"


def normal_characters(text: str, count: int) -> str | None:
    """The same for any code of so many characters, without hyphens and spaces."""
    characters = text.upper().translate(_TAKEN_FOR).replace("-", "").replace(" ", "")
    return characters if len(characters) == count and set(characters) <= set(ALPHABET) else None
