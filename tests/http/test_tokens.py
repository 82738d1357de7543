"""Holder tokens and booking references."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain import references
from booking.http import tokens
from booking.http.errors import InvalidToken


def test_a_minted_token_is_long_random_and_url_safe() -> None:
    minted = {tokens.mint() for _ in range(1000)}
    assert len(minted) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in minted)


def test_only_the_digest_of_a_token_is_kept() -> None:
    token = tokens.mint()
    assert tokens.digest(token) == hashlib.sha256(token.encode()).digest()


@given(st.from_regex(r"[A-Za-z0-9._~-]{32,128}", fullmatch=True))
def test_a_token_chosen_by_the_client_is_accepted_if_well_formed(token: str) -> None:
    assert len(tokens.digest(token)) == 32


@pytest.mark.parametrize(
    "token", ["", "x" * 31, "x" * 129, "x" * 40 + "\n", "x" * 40 + "é", "x" * 40 + " ", "٣" * 40]
)
def test_a_malformed_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken, match="32 to 128"):
        tokens.digest(token)


def test_references_are_short_and_have_no_letters_that_look_like_digits() -> None:
    minted = {references.mint() for _ in range(1000)}
    assert len(minted) == 1000
    for reference in minted:
        assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", reference)
        assert not set(reference) & set("ILOU")


@given(st.integers(0, 2**50 - 1))
def test_a_reference_is_understood_however_it_is_written(bits: int) -> None:
    digits = "".join(references.ALPHABET[bits >> shift & 31] for shift in range(0, 50, 5))
    reference = f"{digits[:5]}-{digits[5:]}"
    for written in (
        reference,
        reference.lower(),
        digits,
        f"{digits[:5]} {digits[5:]}",
        reference.replace("0", "o").replace("1", "I"),
        reference.replace("1", "l"),
    ):
        assert references.normal(written) == reference


@pytest.mark.parametrize("text", ["", "7KQM4", "7KQM4-T9X2P-1", "7KQM4\0T9X2P", "7KQM4-T9X2Ü"])
def test_a_malformed_reference_is_none(text: str) -> None:
    assert references.normal(text) is None
