"""Serving with waitress: sockets, threads, the processor, signals."""

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, Task, ThreadedTaskDispatcher, WSGITask

from booking.access_log import AccessLog
from booking.settings import MAX_BODY_BYTES, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MAX_HEADER_BYTES = 16 * 1024
MAX_CONNECTIONS = 1000

_DRAIN_SECONDS = 4.0
_SHUTDOWN_SECONDS = 1

RefusalBody = Callable[[int, str], tuple[str, bytes]]
"""Makes the content type and the body of an answer to a request that is no valid HTTP, from the
status and what is wrong."""


class ListenError(Exception):
    """The address cannot be listened on. The message says why and what to do."""


def serve(
    app: "WSGIApplication", settings: Settings, *, refusal_body: RefusalBody, about: str
) -> None:
    """Answer requests until SIGINT or SIGTERM, then stop: no new connections, running requests
    answered. Blocks; for the main thread. ``about`` is said after the address on the first line.

    Raises:
        ListenError: the address is taken, not ours, or not found.
    """
    # Each time all threads are busy waitress warns, which under load is at every request.
    queue_log = logging.getLogger("waitress.queue")
    queue_log.setLevel(logging.NOTSET if settings.log_level == "debug" else logging.ERROR)
    access_log = AccessLog(sys.stderr) if settings.log_level in ("debug", "info") else None

    listener = _listen(settings)
    port = listener.getsockname()[1]
    if settings.pin:
        # Before any thread is started, for those take after the one that starts them.
        pin_to_one_core(port)
    server = _Server(app, settings, listener, refusal_body, access_log)
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, server.on_signal)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"Listening on http://{host}:{port}/ {about}", file=sys.stderr, flush=True)
    server.run()


def pin_to_one_core(number: int) -> None:
    """Keep the process on one of the processor cores that it may use, chosen by ``number``.

    Python runs one thread at a time. To hand over to a thread on another core costs more than the
    work between two hand-overs: pinned, the service answers 1.3 to 2 times as many requests.
    """
    if hasattr(os, "sched_setaffinity"):  # Linux
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[number % len(cores)]})


def _listen(settings: Settings) -> socket.socket:
    try:
        address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(address[0], socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address[4])
    except OSError as error:
        raise ListenError(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror or error}."
            " Stop what uses it, or set BOOKING_HOST or BOOKING_PORT to another."
        ) from error
    return listener


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


class _RefusalTask(_Logged, ErrorTask):
    """A request that is not valid HTTP, or too large."""

    def execute(self) -> None:
        error = self.request.error
        # A transfer coding that nobody knows is the client's mistake, whatever waitress calls it.
        status = 400 if error.code == 501 else error.code
        reason = "Bad Request" if error.code == 501 else error.reason
        content_type, body = self.channel.server.refusal_body(
            status, _SAID.get(status, f"{error.body}.")
        )
        self.status = f"{status} {reason}"
        self.response_headers.append(("Content-Type", content_type))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


_SAID = {
    413: f"The body is larger than {MAX_BODY_BYTES // 1024} KB. Send less.",
    431: f"The headers are larger than {MAX_HEADER_BYTES // 1024} KB together. Send less.",
    500: "Something went wrong here, not with your request. Try again later.",
}


class _Channel(HTTPChannel):
    task_class = _AppTask
    error_task_class = _RefusalTask


class _Server(TcpWSGIServer):
    """A waitress server that logs accesses and stops without leaving anybody unanswered."""

    channel_class = _Channel

    def __init__(
        self,
        app: "WSGIApplication",
        settings: Settings,
        listener: socket.socket,
        refusal_body: RefusalBody,
        access_log: AccessLog | None,
    ) -> None:
        self.refusal_body = refusal_body
        self.access_log = access_log
        self._stopping = False
        self._awake = False
        options: dict[str, Any] = {
            "sockets": [listener],
            "threads": settings.threads,
            # select() fails at 1,024 file descriptors.
            "asyncore_use_poll": True,
            "connection_limit": MAX_CONNECTIONS,
            # waitress refuses what is as large as the limit.
            "max_request_body_size": MAX_BODY_BYTES + 1,
            "max_request_header_size": MAX_HEADER_BYTES + 1,
            "ident": "booking",
            "clear_untrusted_proxy_headers": True,
        }
        if settings.trusted_proxy is not None:
            options |= {
                "trusted_proxy": settings.trusted_proxy,
                "trusted_proxy_headers": {
                    "x-forwarded-for",
                    "x-forwarded-host",
                    "x-forwarded-proto",
                },
            }
        adjustments = Adjustments(**options)
        # Below this size, answers are sent by the thread that watches the sockets, many at a time,
        # and the others make no system call at all, for each would hand the interpreter over. Given
        # as an option, waitress warns that it may go away.
        adjustments.send_bytes = 64 * 1024
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(settings.threads)
        super().__init__(
            app,
            map={},
            _sock=listener,
            dispatcher=dispatcher,
            adj=adjustments,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

    def on_signal(self, signal_number: int, frame: FrameType | None) -> None:
        """Begin to stop. A second signal ends the process at once."""
        self._stopping = True
        super().pull_trigger()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Serve until a signal comes, then answer what has been asked and close."""
        while not self._stopping:
            self._turn(self.adj.asyncore_loop_timeout)
        self.accepting = False
        self.del_channel()
        self.socket.close()
        deadline = time.monotonic() + _DRAIN_SECONDS
        # Once round for the requests that had arrived already.
        self._turn(0)
        while self.active_channels and time.monotonic() < deadline:
            for channel in self.active_channels.values():
                if not channel.requests and not channel.total_outbufs_len:
                    channel.will_close = True
            self._turn(0.1)
        self.task_dispatcher.shutdown(timeout=_SHUTDOWN_SECONDS)

    def pull_trigger(self) -> None:
        """Wake the thread that watches the sockets, unless it is about to look at them anyway."""
        if not self._awake:
            self._awake = True
            super().pull_trigger()

    def _turn(self, timeout: float) -> None:
        """Wait for the sockets, once, and see to those that are ready."""
        # Whoever changes something from here on wakes us; what was changed before is seen now.
        self._awake = False
        if self.access_log is not None:
            self.access_log.flush()
        self.asyncore.loop(timeout=timeout, map=self._map, use_poll=True, count=1)
