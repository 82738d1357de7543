"""One client's connection: waitress's channel, its parser and its tasks, with what we do otherwise.

waitress offers the classes of these as attributes to be replaced.
"""

import copy
import re
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, Task, WSGITask

from booking.settings import MAX_BODY_BYTES

MAX_HEADER_BYTES = 16 * 1024

_MAX_UNREAD_BYTES = 1024 * 1024
"""A client that asks for more without reading that much is not answered any further."""

_START_LINE = re.compile(rb"[^ ]+ [^ ]+(?: HTTP/[0-9]\.[0-9])?")
_CONTROL_CHARACTER = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_REFUSALS = {
    431: f"The headers are larger than {MAX_HEADER_BYTES // 1024} KB together. Send less.",
    500: "Something went wrong here, not with your request. Try again later.",
}


class _Parser(HTTPRequestParser):
    """Refuses by itself what would cost waitress's own parser its time or its composure.

    Its adjustments have a ``body_limit``: how many bytes of a body are taken, by the method, the
    path and the Authorization of the request.
    """

    adj: Any
    body_limit = MAX_BODY_BYTES

    def parse_header(self, header_plus: bytes) -> None:
        start_line, _, headers = header_plus.partition(b"\r\n")
        # waitress's patterns go back and forth over what they do not match in the end, for 38 s
        # over a start line of 16 KB, while nobody else is served.
        if _START_LINE.fullmatch(start_line.rstrip()) is None:
            raise ParsingError("The start line is not that of an HTTP request")
        if _CONTROL_CHARACTER.search(headers) is not None:
            raise ParsingError("The headers hold a control character")
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError("The address or the Content-Length is not valid") from error
        limit = self.adj.body_limit(self.command, self.path, self.headers.get("AUTHORIZATION"))
        if limit != self.body_limit:
            self.body_limit = limit
            self.adj = copy.copy(self.adj)
            # waitress refuses what is as large as the limit.
            self.adj.max_request_body_size = limit + 1


class _Logged(Task):
    """One line in the access log for each answer, be it that nobody waits for it any more."""

    environ: dict[str, Any] | None = None

    def service(self) -> None:
        try:
            super().service()
        finally:
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
                )


class _AppTask(_Logged, WSGITask):
    """A request that the application answers."""

    def start(self) -> None:
        super().start()
        # waitress lets the thread wait until the client reads: a few clients could hold them all.
        if self.channel.total_outbufs_len > _MAX_UNREAD_BYTES:
            self.set_close_on_finish()

    def set_close_on_finish(self) -> None:
        """Close the connection after this answer, but not because a 304 has no length."""
        asked_to_close = self.request.headers.get("CONNECTION", "").lower() == "close"
        if not self.status.startswith("304") or self.version != "1.1" or asked_to_close:
            super().set_close_on_finish()


class _RefusalTask(_Logged, ErrorTask):
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
        content_type, body = self.channel.server.refusal_body(status, detail)
        self.status = f"{status} {reason}"
        self.response_headers.append(("Content-Type", content_type))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection. Its server has a ``refusal_body`` and an ``access_log``."""

    parser_class = _Parser
    task_class = _AppTask
    error_task_class = _RefusalTask

    def writable(self) -> bool:
        """Whether there is something to send. Not yet, while an answer is being made: waitress
        would look again and again, at the cost of the thread that makes it."""
        ready = not self.requests or self.total_outbufs_len >= self.adj.send_bytes
        return bool(self.total_outbufs_len and ready) or self.will_close or self.close_when_flushed

    def send_continue(self) -> None:
        """Ask for the body, unless there is none to come; waitress would wait for it for ever."""
        if self.request.completed:
            self.request.expect_continue = False
        else:
            super().send_continue()
