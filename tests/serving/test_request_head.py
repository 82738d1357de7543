"""What the head of a request may look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.serving import request_head
from booking.serving.request_head import HeadRefused, HeadTooLarge, checked

START = b"GET /seats HTTP/1.1"


def test_ordinary_headers_are_taken_as_they_are() -> None:
    headers = b"Host: test\r\nX-A:b  c\t d\r\nEmpty:\r\nLatin: \xfc\r\n\r\n"
    assert checked(START, headers) == headers


def test_blanks_before_a_value_become_one() -> None:
    headers = b"Host: test\r\nA:" + b" \t" * 500 + b"b: " + b" " * 500 + b"c\r\n\r\n"
    expected = b"Host: test\r\nA: b: " + b" " * 500 + b"c\r\n\r\n"
    assert checked(START, headers) == expected
    assert checked(START, b"A:" + b" " * 500 + b"\r\n\r\n") == b"A: \r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        b"no colon\r\n\r\n",
        b": no name\r\n\r\n",
        b"Name : blank\r\n\r\n",
        b"A: b\nC: d\r\n\r\n",
        b"A: b\rC: d\r\n\r\n",
        b"A: b\0\r\n\r\n",
        b"A: b\r\n folded\r\n\r\n",
        b" A: b\r\n\r\n",
    ],
)
def test_what_is_no_header_is_refused(headers: bytes) -> None:
    with pytest.raises(HeadRefused):
        checked(START, headers)


@pytest.mark.parametrize("start", [b"", b"nonsense", b"GET  / HTTP/1.1", b"GET / HTTP/1.1\n"])
def test_what_is_no_start_line_is_refused(start: bytes) -> None:
    with pytest.raises(HeadRefused):
        checked(start, b"Host: test\r\n\r\n")


def test_a_header_has_8_kb_and_a_request_has_100_headers() -> None:
    longest = b"A: " + b"x" * (request_head.MAX_LINE_BYTES - 3)
    assert checked(START, longest + b"\r\n\r\n")
    assert checked(START, b"A: b\r\n" * 100 + b"\r\n")
    for headers in (
        longest + b"x\r\n\r\n",
        b"A:" + b" " * 8191 + b"\r\n\r\n",
        b"A: b\r\n" * 101 + b"\r\n",
    ):
        with pytest.raises(HeadTooLarge):
            checked(START, headers)


@given(st.binary(max_size=60))
def test_whatever_is_sent_is_taken_or_refused(headers: bytes) -> None:
    try:
        lines = checked(START, headers).split(b"\r\n")
    except HeadRefused:
        return
    assert all(b":" in line for line in lines if line)


@pytest.mark.parametrize(
    ("host", "valid"),
    [
        ("test", True),
        ("a_b.example:8080", True),
        ("[::1]:80", True),
        ("", True),
        ("a, b", False),
        ("a/b", False),
        ("a@b", False),
        ("a:123456", False),
        ("a b", False),
    ],
)
def test_a_host_is_one_host(host: str, valid: bool) -> None:
    assert request_head.is_host(host) is valid
