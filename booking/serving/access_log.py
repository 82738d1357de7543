"""The access log: one line a request, and never two because of what a request contains."""

import contextlib
import logging
import time
from collections import deque
from typing import TextIO
from urllib.parse import quote_from_bytes

# What may stand in a path as it is (RFC 3986, section 3.3). All else is shown percent-encoded, and
# so control characters and line ends, escape sequences for a terminal among them.
_PLAIN_IN_PATH = "/:@!$&'()*+,;=~"


class AccessLog:
    """Writes lines such as ``2026-11-22T18:00:00Z 127.0.0.1 POST /lock/7 200 0.4 ms``.

    Only the path is written, not the query or any header, so that no secret is. Lines are kept
    until :meth:`flush` is called: a system call for each would cost more than to make it, and hand
    the interpreter to another thread.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        # Appended to and emptied without a lock: each of the two operations is atomic.
        self._lines: deque[str] = deque()
        # The second in which the last line was written, and how that is spelt. Replaced as a whole.
        self._now = (0, "")

    def add(self, client: str, method: str, path: str, status: str, seconds: float) -> None:
        """Add one line. ``path`` is decoded as WSGI has it: a character a byte. From any thread."""
        second, spelt = self._now
        if (now := int(time.time())) != second:
            spelt = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
            self._now = (now, spelt)
        self._lines.append(
            f"{spelt} {_printable(client)} {_printable(method)} {_printable(path)} {status}"
            f" {seconds * 1000:.1f} ms\n"
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


def on_one_line(record: logging.LogRecord) -> bool:
    """A filter for other logs: waitress and Flask name paths as they came, line ends included."""
    message = record.getMessage()
    if not message.isprintable():
        record.msg, record.args = message.encode("unicode_escape").decode("ascii"), None
    return True


def _printable(text: str) -> str:
    return quote_from_bytes(text.encode("latin-1", "replace"), safe=_PLAIN_IN_PATH)
