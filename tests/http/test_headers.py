"""Parsing of request headers."""

import pytest

from booking.http import headers

TYPES = ("application/json", "text/csv")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("image/png", "application/json"),
        ("text/csv", "text/csv"),
        ("Text/CSV; charset=utf-8", "text/csv"),
        ("text/*, application/json;q=0.5", "text/csv"),
        ("*/*", "application/json"),
        ("*/*, text/csv", "text/csv"),
        ("application/json;q=0.5, text/csv;q=0.6", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
        ("text/csv;q=0", "application/json"),
        ("text/csv;q=2", "application/json"),
    ],
)
def test_the_media_type_is_chosen_by_quality_and_then_by_how_exactly_it_is_named(
    accept: str | None, chosen: str
) -> None:
    assert headers.media_type(accept, TYPES) == chosen


@pytest.mark.parametrize(
    ("accept_encoding", "chosen"),
    [
        (None, None),
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("zstd;q=0, gzip", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0, *", None),
        ("identity", None),
    ],
)
def test_an_answer_is_compressed_only_for_clients_that_accept_it(
    accept_encoding: str | None, chosen: str | None
) -> None:
    assert headers.coding(accept_encoding, ["zstd", "gzip"]) == chosen


@pytest.mark.parametrize(
    ("accept_language", "chosen"),
    [
        (None, None),
        ("de", "de"),
        ("DE-at, en;q=0.9", "de"),
        ("fr, en;q=0.3, de;q=0.8", "de"),
        ("fr, *", None),
        ("de;q=0", None),
    ],
)
def test_a_language_is_found_by_its_first_part_too(
    accept_language: str | None, chosen: str | None
) -> None:
    assert headers.language(accept_language, ("en", "de")) == chosen


@pytest.mark.parametrize(
    ("if_none_match", "known"),
    [
        ('"7"', True),
        ('W/"7"', True),
        ('"6", "7"', True),
        ("*", True),
        ('"7-gzip"', True),
        ('W/"7-br"', True),
        ('"7;gzip"', True),
        ('"7--gzip"', True),
        ('"7-other"', False),
        ('"77"', False),
        ("", False),
    ],
)
def test_an_etag_is_known_in_a_list_and_as_a_weak_one(if_none_match: str, known: bool) -> None:
    assert headers.has_etag(if_none_match, "7") is known


def test_all_cookies_of_a_name_are_found_in_their_order() -> None:
    cookie = 'other=1; holder=a;holder = "b" ; xholder=c; holder'
    assert headers.cookies(cookie, "holder") == ["a", "b", ""]


def test_no_more_entries_are_read_than_a_browser_sends() -> None:
    accept = "a/b," * headers.MOST_ENTRIES + "text/csv"
    assert headers.media_type(accept, TYPES) == "application/json"
