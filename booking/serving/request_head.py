"""What the head of a request may look like, checked in linear time before anything else reads it.

Patterns that go back and forth over what they do not match cost a second for 16 KB of blanks. The
quantifiers here are possessive (``*+``): each byte is looked at once.
"""

import functools
import re

MAX_HEADER_BYTES = 16 * 1024
"""The most bytes that the start line and the headers may have together."""

MAX_LINE_BYTES = 8 * 1024
"""The most bytes that one header may have."""

MAX_LINES = 100
"""The most headers that a request may have."""

_START_LINE = re.compile(rb"[^ \r\n]++ [^ \r\n]++(?: HTTP/[0-9]\.[0-9])?+[ \t]*+")
_NAME = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_VALUE = rb"[ \t]*+(?:[\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]*+)?+"
_HEADERS = re.compile(rb"(?:%b:%b\r\n){0,%d}+(?:\r\n)?" % (_NAME, _VALUE, MAX_LINES))
_CONTROL_CHARACTER = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
# An address or a name, and a port (RFC 3986, section 3.2.2), with the "_" of container networks.
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]++\]|[A-Za-z0-9._~%!$&'()*+;=-]*+)(?::[0-9]{0,5}+)?")


class HeadRefused(Exception):
    """The head is not that of an HTTP request. The message says why."""


class HeadTooLarge(Exception):
    """A header is too long, or there are too many."""


def read(start_line: bytes, headers: bytes) -> dict[str, str]:
    """The headers as waitress keeps them, which takes five times as long to read them: each by its
    name in capitals, with ``_`` for ``-``; the values of several of a name with commas in between.
    A header with ``_`` in its name is left out, since it could pass for another.

    Raises:
        HeadRefused: the start line or a header is malformed.
        HeadTooLarge: a header is longer than 8 KB, or there are more than 100.
    """
    if _START_LINE.fullmatch(start_line) is None:
        raise HeadRefused("The start line is not that of an HTTP request")
    if _HEADERS.fullmatch(headers) is None:
        _refuse(headers)
    if len(headers) > MAX_LINE_BYTES and any(
        len(line) > MAX_LINE_BYTES for line in headers.split(b"\r\n")
    ):
        raise HeadTooLarge
    found: dict[str, str] = {}
    for line in headers.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name and "_" not in name:
            name, value = name.upper().replace("-", "_"), value.strip(" \t")
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


# Most requests name the same host.
@functools.lru_cache(maxsize=64)
def is_host(host: str) -> bool:
    """Whether this is one host, with a port if there is one."""
    return _HOST.fullmatch(host) is not None


def _refuse(headers: bytes) -> None:
    lines = [line for line in headers.split(b"\r\n") if line]
    if len(lines) > MAX_LINES:
        raise HeadTooLarge
    for line in lines:
        if _CONTROL_CHARACTER.search(line) is not None:
            raise HeadRefused("A header holds a control character, such as a bare CR or LF")
        if line.startswith((b" ", b"\t")):
            raise HeadRefused("A header goes on in the next line; write each in one line")
    raise HeadRefused("A header is not a name, a colon and a value")
