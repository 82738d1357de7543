"""One line a request, whatever the request contains."""

import errno
import io
import json
import logging
import re

from hypothesis import given
from hypothesis import strategies as st

from booking.serving.access_log import AccessLog, on_one_line


def line(path: str = "/lock/7", method: str = "POST") -> str:
    stream = io.StringIO()
    log = AccessLog(stream)
    log.add("127.0.0.1", method, path, "200", 0.00042, "5f0c-1a")
    log.flush()
    return stream.getvalue()


def test_a_line_says_when_who_what_and_how_it_went() -> None:
    expected = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 127\.0\.0\.1 POST /lock/7 200 0\.4 ms 5f0c-1a\n"
    assert re.fullmatch(expected, line())


def test_lines_are_written_together_and_once() -> None:
    stream = io.StringIO()
    log = AccessLog(stream)
    for status in ("200", "409"):
        log.add("::1", "POST", "/lock/7", status, 0, "1")
    assert stream.getvalue() == ""
    log.flush()
    log.flush()
    assert [text.split()[4] for text in stream.getvalue().splitlines()] == ["200", "409"]


class _Full(io.StringIO):
    """A stream to a full disk, or to a reader that is gone."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_that_cannot_be_written_stops_nothing_and_keeps_nothing() -> None:
    log = AccessLog(_Full())
    log.add("::1", "POST", "/lock/7", "200", 0, "1")
    log.flush()
    assert not log._lines


def test_what_could_forge_a_line_or_command_a_terminal_is_encoded() -> None:
    assert " /lock/%0D%0Aforged%1B%5B2J%00%20%7F " in line("/lock/\r\nforged\x1b[2J\x00 \x7f")


def test_other_logs_are_kept_to_one_line_too() -> None:
    record = logging.LogRecord("waitress", 20, "", 0, "Lost %s", ("/x\nforged\x1b",), None)
    assert on_one_line(record)
    assert record.getMessage() == "Lost /x\\nforged\\x1b"


@given(st.text(), st.text())
def test_whatever_is_asked_for_it_is_one_line_of_eight_fields(path: str, method: str) -> None:
    text = line(f"/{path}", f"M{method}")
    assert text.isascii()
    assert text.isprintable() or text[:-1].isprintable()
    assert len(text.split()) == 8


@given(path=st.text(st.characters(max_codepoint=255)))
def test_as_json_each_line_is_a_document_whatever_is_asked_for(path: str) -> None:
    stream = io.StringIO()
    log = AccessLog(stream, as_json=True)
    log.add("::1", "POST", path, "200", 0.00042, "5f0c-1a")
    log.flush()
    document = json.loads(stream.getvalue())
    assert (document["status"], document["ms"]) == (200, 0.4)
    assert document["request_id"] == "5f0c-1a"
