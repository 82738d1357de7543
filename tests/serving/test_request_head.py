"""What the head of a request may look like."""

import contextlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from booking.serving import request_head
from booking.serving.request_head import HeadRefused, HeadTooLarge, read

START = b"GET /seats HTTP/1.1"


def test_headers_are_known_by_their_names_in_capitals() -> None:
    headers = b"Host: test\r\nX-A:b  c\t d\r\nEmpty:\r\nLatin: \xfc \t\r\n\r\n"
    assert read(START, headers) == {"HOST": "test", "X_A": "b  c\t d", "EMPTY": "", "LATIN": "ü"}


def test_headers_of_one_name_become_one_with_commas() -> None:
    assert read(START, b"A: b\r\na:\r\nA:c\r\n\r\n") == {"A": "b, , c"}


def test_a_header_that_could_pass_for_another_is_left_out() -> None:
    assert read(START, b"X_Forwarded_For: 1.2.3.4\r\nHost: test\r\n\r\n") == {"HOST": "test"}


def test_blanks_around_a_value_do_not_belong_to_it() -> None:
    headers = b"A:" + b" \t" * 500 + b"b: " + b" " * 500 + b"c \t\r\nB:" + b" " * 500 + b"\r\n\r\n"
    assert read(START, headers) == {"A": "b: " + " " * 500 + "c", "B": ""}


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
        read(START, headers)


@pytest.mark.parametrize("start", [b"", b"nonsense", b"GET  / HTTP/1.1", b"GET / HTTP/1.1\n"])
def test_what_is_no_start_line_is_refused(start: bytes) -> None:
    with pytest.raises(HeadRefused):
        read(start, b"Host: test\r\n\r\n")


def test_a_header_has_8_kb_and_a_request_has_100_headers() -> None:
    longest = b"A: " + b"x" * (request_head.MAX_LINE_BYTES - 3)
    assert read(START, longest + b"\r\n\r\n")
    assert read(START, b"A: b\r\n" * 100 + b"\r\n")
    for headers in (
        longest + b"x\r\n\r\n",
        b"A:" + b" " * 8191 + b"\r\n\r\n",
        b"A: b\r\n" * 101 + b"\r\n",
    ):
        with pytest.raises(HeadTooLarge):
            read(START, headers)


@given(st.binary(max_size=60))
def test_whatever_is_sent_is_read_or_refused(headers: bytes) -> None:
    with contextlib.suppress(HeadRefused):
        read(START, headers)


_NAMES = st.from_regex(rb"[-_!A-Za-z0-9]{1,5}", fullmatch=True)
_BLANKS = st.text(" \t", max_size=8).map(str.encode)
_VALUES = st.from_regex(rb"([!-~\x80-\xff]([\t -~\x80-\xff]{0,9}[!-~\x80-\xff])?)?", fullmatch=True)


@given(st.lists(st.tuples(_NAMES, _BLANKS, _VALUES, _BLANKS)))
def test_headers_are_read_as_waitress_reads_them(
    fields: list[tuple[bytes, bytes, bytes, bytes]],
) -> None:
    headers = b"".join(b"%b:%b%b%b\r\n" % field for field in fields) + b"\r\n"
    parser = HTTPRequestParser(Adjustments())
    parser.received(b"GET / HTTP/1.1\r\nHost: test\r\n" + headers)
    assume(parser.error is None)
    # These say something about the connection.
    for name in ("HOST", "TRANSFER_ENCODING", "CONTENT_LENGTH"):
        assume(name not in read(START, headers))
    assert parser.headers == {"HOST": "test", **read(START, headers)}


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
