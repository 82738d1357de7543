"""The access log: one line a request, and never two because of what a request contains."""

import contextlib
import json
import logging
import re
import time
from collections import deque
from typing import TextIO
from urllib.parse import quote_from_bytes

# What may stand in a path as it is (RFC 3986, section 3.3). All else is shown percent-encoded, and
# so control characters and line ends, escape sequences for a terminal among them.
_PLAIN_IN_PATH = "/:@!$&'()*+,;=~"
_PLAIN = re.compile(rf"[A-Za-z0-9_.\-{_PLAIN_IN_PATH}]*+")


class AccessLog:
    """Writes lines such as ``2026-11-22T18:00:00Z 127.0.0.1 POST /lock/7 200 0.4 ms 5f0c-1a``, the
    last of which is the id of the request; or the same as JSON.

    Only the path is written, not the query or any header, so that no secret is. Lines are kept
    until :meth:`flush` is called: a system call for each would cost more than to make it, and hand
    the interpreter to another thread.
    """

    def __init__(self, stream: TextIO, *, as_json: bool = False) -> None:
        self._stream = stream
        self._write = _json_line if as_json else _line
        # Appended to and emptied without a lock: each of the two operations is atomic.
        self._lines: deque[str] = deque()
        # The second in which the last line was written, and how that is spelt. Replaced as a whole.
        self._now = (0, "")

    def add(
        self, client: str, method: str, path: str, status: str, seconds: float, request_id: str
    ) -> None:
        """Add one line. ``path`` is decoded as WSGI has it: a character a byte. From any thread."""
        second, spelt = self._now
        if (now := int(time.time())) != second:
            spelt = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
            self._now = (now, spelt)
        if not _PLAIN.fullmatch(f"{client}{method}{path}"):  # Almost all are.
            client, method, path = map(_printable, (client, method, path))
        self._lines.append(
            self._write(spelt, client, method, path, status, seconds * 1000, request_id)
        )

    @property
    def waiting(self) -> bool:
        """Whether there are lines to be written."""
        return bool(self._lines)

    def flush(self) -> None:
        """Write the lines that were added. From one thread only."""
        lines = "".join([self._lines.popleft() for _ in range(len(self._lines))])
        # Whoever read the log may be gone, or the disk full: no reason to stop selling seats.
        with contextlib.suppress(OSError):
            self._stream.write(lines)
            self._stream.flush()


def _line(
    at: str, client: str, method: str, path: str, status: str, ms: float, request_id: str
) -> str:
    return f"{at} {client} {method} {path} {status} {ms:.1f} ms {request_id}\n"


def _json_line(
    at: str, client: str, method: str, path: str, status: str, ms: float, request_id: str
) -> str:
    # None of these has anything in it that JSON would have to escape.
    return (
        f'{{"time":"{at}","level":"info","logger":"access","client":"{client}",'
        f'"method":"{method}","path":"{path}","status":{status},"ms":{ms:.1f},'
        f'"request_id":"{request_id}"}}\n'
    )


class JsonFormatter(logging.Formatter):
    """Other logs as JSON, a line each."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        document = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            document["exception"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False)


def on_one_line(record: logging.LogRecord) -> bool:
    """A filter for other logs: waitress and Flask name paths as they came, line ends included."""
    message = record.getMessage()
    if not message.isprintable():
        record.msg, record.args = message.encode("unicode_escape").decode("ascii"), None
    return True


def _printable(text: str) -> str:
    return quote_from_bytes(text.encode("latin-1", "replace"), safe=_PLAIN_IN_PATH)
