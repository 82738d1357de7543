"""A waitress server with our connections: how it waits for sockets, hands requests to threads, and
stops."""

import itertools
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from booking.serving import forwarding, metrics, slow_clients, unread
from booking.serving.access_log import AccessLog
from booking.serving.channel import Channel
from booking.serving.forwarding import UNIX_PEER
from booking.serving.request_head import MAX_HEADER_BYTES
from booking.serving.sockets import Sockets
from booking.settings import MAX_BODY_BYTES, Network, Settings

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_CONNECTIONS = 1000

HEALTH_PATH = "/healthz"
"""Answered within a second, whatever the other threads do."""

_OTHER_FILES = 50
"""Files that a process has open besides connections."""
_AF_UNIX = getattr(socket, "AF_UNIX", None)  # Windows has none.
_FLUSH_SECONDS = 0.05
_DRAIN_SECONDS = 4.0
_SHUTDOWN_SECONDS = 1

Refuse = Callable[[int, str, str | None, str], tuple[list[tuple[str, str]], bytes]]
"""Makes the headers and the body of an answer to a request that the server refuses, from the
status, what is wrong, the Origin of the request and its id."""

BodyLimit = Callable[[str, str, str | None], int]
"""How many bytes a body may have, by the method, the path and the Authorization of the request."""


def _connection_limit() -> int:
    """As many connections as we want, or as the system lets us have: without a file to spare,
    accepting fails over and over."""
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if files < 0 else max(1, min(MAX_CONNECTIONS, files - _OTHER_FILES))


def _behind(
    app: "WSGIApplication", networks: Sequence[Network], refuse: Refuse
) -> "WSGIApplication":
    """The application, told by trusted proxies who the client is and how it addressed us."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            forwarding.apply(environ, networks)
        except forwarding.ForwardingRefused as error:
            detail = f"{error}. The operator has to correct the proxy in front of this service."
            headers, body = refuse(
                400, detail, environ.get("HTTP_ORIGIN"), environ[forwarding.REQUEST_ID]
            )
            start_response("400 Bad Request", [*headers, ("Content-Length", str(len(body)))])
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        return app(environ, start_response)

    return answer


class Server(TcpWSGIServer):
    """A waitress server that logs accesses and stops without leaving anybody unanswered."""

    channel_class = Channel

    def __init__(
        self,
        app: "WSGIApplication",
        settings: Settings,
        listener: socket.socket,
        refuse: Refuse,
        body_limit: BodyLimit,
        access_log: AccessLog | None,
        watcher: int | None,
    ) -> None:
        self.refuse = refuse
        self.access_log = access_log
        self.gauges: metrics.ServerGauges | None = None
        # Set by any thread, and taken back by the one that watches the sockets.
        self.unread_grew = False
        self._stopping = False
        self._watcher = watcher
        self._awake = False
        self._flush_at = 0.0
        # Processes share no prefix, and next() is atomic.
        self._id_prefix, self._ids = secrets.token_hex(6), itertools.count(1)
        self._sockets = Sockets()
        self._health = ThreadedTaskDispatcher()
        self._health.set_thread_count(1)
        options: dict[str, Any] = {
            "sockets": [listener],
            "threads": settings.worker_threads,
            # select() fails at 1,024 file descriptors.
            "asyncore_use_poll": True,
            "connection_limit": _connection_limit(),
            "cleanup_interval": 1,
            # A list of 50,000 seats stays in memory on its way out.
            "outbuf_overflow": 16 * 1024 * 1024,
            # waitress refuses what is as large as the limit.
            "max_request_body_size": MAX_BODY_BYTES + 1,
            "max_request_header_size": MAX_HEADER_BYTES + 1,
            "ident": "booking",
            # Only _behind() looks at what is said about forwarding.
            "clear_untrusted_proxy_headers": False,
        }
        adjustments = Adjustments(**options)
        # Below this size, answers are sent by the thread that watches the sockets, many at a time,
        # and the others make no system call at all, for each would hand the interpreter over: a
        # fifth less processor time. Given as an option, waitress warns that it may go away.
        adjustments.send_bytes = 64 * 1024
        # For the parser, which is given nothing else.
        adjustments.body_limit = body_limit
        if listener.family == _AF_UNIX or settings.trusted_proxy:
            app = _behind(app, settings.trusted_proxy, refuse)
        super().__init__(
            app,
            map=self._sockets,
            _sock=listener,
            adj=adjustments,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

    def add_task(self, channel: Channel) -> None:
        """Have a thread answer the first request of a connection. Whoever watches over the service
        has one of his own: the others may all be waiting for the database."""
        of_health = getattr(channel.requests[0], "path", "") == HEALTH_PATH
        (self._health if of_health else self.task_dispatcher).add_task(channel)

    def new_request_id(self) -> str:
        """An id that no other request has. From any thread."""
        return f"{self._id_prefix}-{next(self._ids):x}"

    def getsockname(self) -> tuple[str, str]:
        """The host and the port, as strings."""
        if self.family == _AF_UNIX:
            return UNIX_PEER, ""
        host, port = super().getsockname()
        return host, port

    def set_socket_options(self, conn: socket.socket) -> None:
        """Send small answers at once; a Unix socket always does."""
        if self.family != _AF_UNIX:
            super().set_socket_options(conn)

    def fix_addr(self, addr: Any) -> Any:
        """The address of a client: that of an IPv4 client on an IPv6 socket as IPv4."""
        if self.family == _AF_UNIX:
            return UNIX_PEER, 0
        return (addr[0].removeprefix("::ffff:"), *addr[1:]) if "." in addr[0] else addr

    def on_signal(self, signal_number: int, frame: FrameType | None) -> None:
        """Begin to stop. A second signal ends the process at once."""
        self._stopping = True
        super().pull_trigger()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Serve until a signal comes, then answer what has been asked and close."""
        # One of several processes stops when the one that watches over them is gone.
        while not self._stopping and self._watcher in (None, os.getppid()):
            self._turn(self.adj.asyncore_loop_timeout)
        self._accept_waiting()
        self.accepting = False
        self.del_channel()
        self.socket.close()
        deadline = time.monotonic() + _DRAIN_SECONDS
        # Once round for the requests that had arrived already.
        self._turn(0)
        while self.active_channels and time.monotonic() < deadline:
            for channel in list(self.active_channels.values()):
                if not channel.requests and not channel.total_outbufs_len:
                    channel.will_close = True
                    self._sockets.ask(channel.file)
            self._turn(0.1)
        self.task_dispatcher.shutdown(timeout=_SHUTDOWN_SECONDS)
        self._health.shutdown(timeout=_SHUTDOWN_SECONDS)
        if self.access_log is not None:
            self.access_log.flush()

    def _accept_waiting(self) -> None:
        """Accept the connections that the system has accepted for us already."""
        connections = -1
        while len(self.active_channels) > connections:
            connections = len(self.active_channels)
            self.handle_accept()

    def look_at(self, channel: Channel) -> None:
        """See to a connection that another thread has changed. That wakes the thread that watches
        the sockets, unless it is about to look at them anyway."""
        self._sockets.ask(channel.file)
        if not self._awake:
            self._awake = True
            super().pull_trigger()

    def pull_trigger(self) -> None:
        """Do nothing: waitress says here that something has changed, and :meth:`look_at`, which
        follows, of which connection. To wake the thread that watches the sockets twice would cost
        more. Where a thread waits for room, look_at() has come with the bytes that take it."""

    def maintenance(self, now: float) -> None:
        """Close the connections on which nothing has moved for two minutes, and those of clients
        that take too long to send a request.

        waitress would wait until there is room in the socket, which never happens if the client
        does not read.
        """
        for channel in list(self.active_channels.values()):
            silent = channel.last_activity < now - self.adj.channel_timeout
            if (silent and not channel.requests) or slow_clients.is_overdue(channel, now):
                channel.handle_close()
        if self.gauges is not None:
            self.gauges.connections.set(len(self.active_channels))
            self.gauges.busy_threads.set(self.task_dispatcher.active_count)
            self.gauges.waiting_requests.set(len(self.task_dispatcher.queue))

    def _turn(self, timeout: float) -> None:
        """Wait for the sockets, once, and see to those that are ready."""
        # Changes made before this line are picked up below. Later changes wake the loop.
        self._awake = False
        if self.unread_grew:
            self.unread_grew = False
            for channel in unread.to_close(list(self.active_channels.values())):
                channel.handle_close()
        # At the limit, waitress would accept nobody.
        if len(self._map) >= self.adj.connection_limit - 1:
            channel = slow_clients.to_give_way(list(self.active_channels.values()))
            if channel is not None:
                channel.handle_close()
        if self.access_log is not None and self.access_log.waiting:
            # Not at each turn: under load, that is at every second request.
            if (now := time.monotonic()) >= self._flush_at:
                self.access_log.flush()
                self._flush_at = now + _FLUSH_SECONDS
            else:
                timeout = min(timeout, _FLUSH_SECONDS)
        # At each turn, it may be time for maintenance, or no more connections are wanted.
        self._sockets.ask(self._fileno)
        self._sockets.turn(timeout)
