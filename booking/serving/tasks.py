"""How one request is answered: waitress's tasks, with what we do otherwise.

What we rely on inside waitress is written down in ``waitress_insides.py``.
"""

import functools
import time
from typing import Any

from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import build_http_date

from booking.serving.forwarding import REQUEST_ID
from booking.serving.request_head import MAX_HEADER_BYTES, MAX_LINE_BYTES, MAX_LINES

_MAX_UNREAD_BYTES = 1024 * 1024
"""A client that asks for more without reading that much is not answered any further."""

_REFUSALS = {
    431: (
        f"The headers are larger than {MAX_HEADER_BYTES // 1024} KB together, one is larger than"
        f" {MAX_LINE_BYTES // 1024} KB, or there are more than {MAX_LINES}. Send less."
    ),
    500: "Something went wrong here, not with your request. Try again later.",
}


@functools.lru_cache(maxsize=2)
def _date(second: int) -> str:
    """The same as waitress would say, spelt once a second: for each answer, it would take 3 µs."""
    return str(build_http_date(second))


class _Logged(Task):
    """One line in the access log for each answer, even if its client has gone."""

    environ: dict[str, Any] | None = None
    _own_id: str | None = None

    @property
    def request_id(self) -> str:
        """What tells the request from all others: that of a trusted proxy, or one of our own."""
        if self.environ is not None and REQUEST_ID in self.environ:
            return str(self.environ[REQUEST_ID])
        if self._own_id is None:
            self._own_id = self.channel.server.new_request_id()
        return self._own_id

    def build_response_header(self) -> bytes:
        """The head of the answer. With the id on his screen, a buyer can be helped."""
        headers: list[tuple[str, str]] = self.response_headers
        headers.append(("X-Request-Id", self.request_id))
        headers.append(("Date", _date(int(self.start_time))))
        if self._is_usual():
            headers.append(("Server", self.channel.adj.ident))
            fields = [f"{name}: {value}\r\n" for name, value in headers]
            return f"HTTP/1.1 {self.status}\r\n{''.join(fields)}\r\n".encode("latin-1")
        head: bytes = super().build_response_header()
        return head

    def _is_usual(self) -> bool:
        """Whether the head needs nothing that waitress would look for: the answer says how long it
        is, and nobody says whether the connection is to be closed. It takes 2 µs then instead of
        10, a thirtieth of the whole request."""
        return (
            self.version == "1.1"
            and "CONNECTION" not in self.request.headers
            and ("Content-Length", str(self.content_length)) in self.response_headers
            and self.has_body
        )

    def service(self) -> None:
        try:
            super().service()
        finally:
            if self.channel.total_outbufs_len > self.channel.adj.send_bytes:
                self.channel.server.unread_grew = True
            log = self.channel.server.access_log
            # Where the application fails, waitress makes a task of its refusal.
            if log is not None and self.complete:
                log.add(
                    # Behind a trusted proxy, the environment has the proxy's client.
                    self.environ["REMOTE_ADDR"] if self.environ else self.channel.addr[0],
                    getattr(self.request, "command", "-"),
                    getattr(self.request, "path", "-"),
                    self.status[:3],
                    time.time() - self.start_time,
                    self.request_id,
                )


class AppTask(_Logged, WSGITask):
    """A request that the application answers."""

    def get_environment(self) -> dict[str, Any]:
        """The WSGI environment, with the id of the request."""
        environ: dict[str, Any] = super().get_environment()
        # waitress makes one and keeps it: behind a trusted proxy, its id takes the place of ours.
        environ[REQUEST_ID] = self.request_id
        return environ

    def start(self) -> None:
        super().start()
        # waitress lets the thread wait until the client reads: a few clients could hold them all.
        if self.channel.total_outbufs_len > _MAX_UNREAD_BYTES:
            self.set_close_on_finish()

    def set_close_on_finish(self) -> None:
        """Close the connection after this answer, but not because a 204 or a 304 has no length."""
        asked_to_close = self.request.headers.get("CONNECTION", "").lower() == "close"
        if not self.status.startswith(("204", "304")) or self.version != "1.1" or asked_to_close:
            super().set_close_on_finish()


class RefusalTask(_Logged, ErrorTask):
    """A request that is not valid HTTP, or too large."""

    def execute(self) -> None:
        error = self.request.error
        # A transfer coding that nobody knows is the client's mistake, whatever waitress calls it.
        status, reason = error.code, error.reason
        if status == 501:
            status, reason = 400, "Bad Request"
        detail = _REFUSALS.get(status, f"{error.body.removesuffix('.')}.")
        if status == 413:
            detail = f"The body is larger than {self.request.body_limit // 1024:,} KB. Send less."
        headers, body = self.channel.server.refuse(
            status, detail, self.request.origin, self.request_id
        )
        self.status = f"{status} {reason}"
        self.response_headers += headers
        self.set_close_on_finish()
        self.channel.refused = True
        self.content_length = len(body)
        self.write(b"" if self.request.is_head else body)
