"""One client's connection: waitress's channel and its parser, with what we do otherwise.

waitress offers the classes of these as attributes to be replaced. What else we rely on inside it is
written down in ``waitress_insides.py``.
"""

import copy
import re
import socket
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import RequestHeaderFieldsTooLarge

from booking.serving import request_head
from booking.serving.chunks import ChunkedBody
from booking.serving.request_head import MAX_HEADER_BYTES
from booking.serving.tasks import AppTask, RefusalTask
from booking.settings import MAX_BODY_BYTES

_MAX_AWAY_BYTES = 64 * 1024 * 1024
"""Of a body that was refused, so much is read away."""
_AWAY_AT_ONCE_BYTES = 256 * 1024

_ORIGIN = re.compile(rb"(?im)^origin:[ \t]*+([!-~]{1,255}+)[ \t]*+\r$")


class _Parser(HTTPRequestParser):
    """Refuses by itself what would cost waitress's own parser its time or its composure.

    Its adjustments have a ``body_limit``: how many bytes of a body are taken, by the method, the
    path and the Authorization of the request.
    """

    adj: Any
    body_rcv: Any
    body_limit = MAX_BODY_BYTES
    _refused_head = b""
    """The start of a request that was refused before its headers were read."""

    def received(self, data: bytes) -> int:
        """Take what belongs to the request from the start of a packet. Returns how many bytes."""
        before = self.header_plus
        consumed: int = super().received(data)
        if self.error is not None and self.body_rcv is None:
            self._refused_head = before + data[:MAX_HEADER_BYTES]
        return consumed

    @property
    def origin(self) -> str | None:
        """The Origin of the request, also of one that was refused."""
        if (origin := self.headers.get("ORIGIN")) is not None:
            return str(origin)
        found = _ORIGIN.search(self._refused_head)
        return None if found is None else found[1].decode("ascii")

    @property
    def is_head(self) -> bool:
        """Whether the answer must have no body."""
        return self._refused_head.startswith(b"HEAD ") or getattr(self, "command", "") == "HEAD"

    def parse_header(self, header_plus: bytes) -> None:
        start_line, _, headers = header_plus.partition(b"\r\n")
        try:
            self.headers = request_head.read(start_line, headers)
            transfer_encoding = self.headers.get("TRANSFER_ENCODING")
            # waitress adds the headers that it is given to those that are there.
            super().parse_header(start_line + b"\r\n")
        except request_head.HeadTooLarge:
            # What waitress does itself with a head of more than 16 KB.
            super().parse_header(b"GET / HTTP/1.0\r\n")
            self.error = RequestHeaderFieldsTooLarge("")
            return
        except request_head.HeadRefused as error:
            raise ParsingError(str(error)) from None
        except ValueError as error:
            raise ParsingError("The address or the Content-Length is not valid") from error
        self._expect_one_reading(transfer_encoding)
        # waitress compares the whole header with "close"; it may be a list.
        if "CONNECTION" in self.headers:
            options = [each.strip().lower() for each in self.headers["CONNECTION"].split(",")]
            if "close" in options:
                self.headers["CONNECTION"] = "close"
                self.connection_close = True
            elif "keep-alive" in options:
                self.headers["CONNECTION"] = "keep-alive"
        if self.chunked:
            self.body_rcv = ChunkedBody(self.body_rcv.getbuf())
        limit = self.adj.body_limit(self.command, self.path, self.headers.get("AUTHORIZATION"))
        if limit != self.body_limit:
            self.body_limit = limit
            self.adj = copy.copy(self.adj)
            # waitress refuses what is as large as the limit.
            self.adj.max_request_body_size = limit + 1

    def _expect_one_reading(self, transfer_encoding: str | None) -> None:
        """Refuse a head that a proxy in front of us may read differently: which host is meant, and
        where the body ends (RFC 9112, sections 3.2 and 6.1)."""
        host = self.headers.get("HOST")
        if host is None:
            if self.version == "1.1":
                raise ParsingError("There is no Host header")
        elif not request_head.is_host(host):
            # Two Host headers have become one with a comma in it.
            raise ParsingError("The Host header is not one host")
        if transfer_encoding is None:
            return
        # Two of them have become one with a comma in it, too.
        if transfer_encoding.lower() != "chunked" or self.version != "1.1":
            raise ParsingError("Only “Transfer-Encoding: chunked”, once, in HTTP/1.1 is understood")
        if "CONTENT_LENGTH" in self.headers:
            raise ParsingError("There are both a Content-Length and a Transfer-Encoding")


class Channel(HTTPChannel):
    """A connection. Its server has ``refuse`` and an ``access_log``, and is told when an answer is
    not sent at once (``unread_grew``), and when there is something to send (``look_at``).

    After a refusal, the client may still be sending its body. To close then would reset the
    connection, and the client would not read the answer (RFC 9112, section 9.6). So the channel
    closes its own half, and reads away what comes until the client closes its half, or has sent
    :data:`_MAX_AWAY_BYTES`, or two minutes have passed.
    """

    close_when_flushed: bool  # waitress's own.
    refused = False
    last_request: float
    """When the last request had been received, or else when the connection was made."""
    request_began: float
    """When the first bytes came of the request that is being received."""
    _left_to_read: int | None = None
    """How much is still read away; None as long as there may be answers."""

    parser_class = _Parser
    task_class = AppTask
    error_task_class = RefusalTask

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.last_request = self.request_began = self.creation_time

    def received(self, data: bytes) -> bool:
        """Take what a client has sent."""
        before = self.request
        taken: bool = super().received(data)
        now = self.last_activity
        if self.requests:
            self.last_request = now
        if self.request is not before or before is None:
            self.request_began = now
        return taken

    @property
    def file(self) -> int | None:
        """The file of its socket, until it is closed."""
        file: int | None = self._fileno
        return file

    def service(self) -> None:
        """Answer the next request. From any thread."""
        try:
            super().service()
        finally:
            self.server.look_at(self)

    def write_soon(self, data: bytes) -> int:
        """Take a part of an answer. From any thread."""
        taken: int = super().write_soon(data)
        # Less is sent with the rest.
        if self.total_outbufs_len >= self.adj.send_bytes or self.will_close:
            self.server.look_at(self)
        return taken

    def writable(self) -> bool:
        """Whether there is something to send. Not yet, while an answer is being made: waitress
        would look again and again, at the cost of the thread that makes it."""
        ready = not self.requests or self.total_outbufs_len >= self.adj.send_bytes
        return bool(self.total_outbufs_len and ready) or self.will_close or self.close_when_flushed

    def handle_write(self) -> None:
        """Send what there is; after a refusal, end the answer and go on reading."""
        if not self.refused or not self.close_when_flushed or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if not self.total_outbufs_len:
            self.close_when_flushed = False
            self._left_to_read = _MAX_AWAY_BYTES
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:  # The client has gone.
                self.handle_close()

    def handle_read(self) -> None:
        """Read a request, or read away what belongs to a refused one."""
        if self._left_to_read is None:
            super().handle_read()
            return
        # Without a note of when: a client that goes on and on is closed like one that is silent.
        read = len(self.recv(_AWAY_AT_ONCE_BYTES))
        self._left_to_read -= read
        if read and self._left_to_read <= 0:
            self.handle_close()

    def handle_expt(self) -> None:
        """Close the connection: an urgent byte has come, which nobody takes. waitress would be told
        of it at each turn, and warn each time."""
        self.handle_close()

    def send_continue(self) -> None:
        """Ask for the body, unless there is none to come; waitress would wait for it for ever."""
        if self.request.completed:
            self.request.expect_continue = False
        else:
            super().send_continue()
