"""Serving with waitress: processes, the processor, signals."""

import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from booking.serving import collector, cores, listening, metrics, processes
from booking.serving.access_log import AccessLog
from booking.serving.wsgi_server import MAX_CONNECTIONS, BodyLimit, Refuse, Server
from booking.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def serve(
    make_app: Callable[[], "WSGIApplication"],
    settings: Settings,
    *,
    refuse: Refuse,
    body_limit: BodyLimit,
    about: str,
    on_start: Callable[[Any], None] = lambda _: None,
    on_stop: Callable[[Any], None] = lambda _: None,
    registry_of: Callable[[Any], Any] = lambda _: None,
) -> None:
    """Answer requests until SIGINT or SIGTERM, then stop: no new connections, running requests
    answered. Blocks; for the main thread. ``about`` is said after the address on the first line.

    Each process makes an application of its own, calls ``on_start`` with it before the first
    request, and ``on_stop`` when all that was asked is answered. Where metrics are
    wanted, ``registry_of`` an application has them.

    Raises:
        ListenError: the address is taken, not ours, or not found.
    """
    # Each time all threads are busy waitress warns, which under load is at every request.
    queue_log = logging.getLogger("waitress.queue")
    queue_log.setLevel(logging.NOTSET if settings.log_level == "debug" else logging.ERROR)

    listener = listening.listen(settings)
    first_line = f"Listening on {listening.address_of(settings, listener)} {about}"

    # The process that watches over this one, if there are several.
    watcher = None if settings.processes == 1 else os.getpid()

    def serve_alone(first_line: str | None = None) -> None:
        if settings.pin:
            # Before any thread is started, for those take after the one that starts them.
            cores.pin_to_one_core()
            # With a database it gains nothing: threads wait for that most of the time, and whoever
            # has its answer should go on soon.
            if settings.database_url is None:
                cores.run_threads_in_turn()
        # A program that was started with its standard error closed has none.
        wanted = settings.log_level in ("debug", "info") and sys.stderr is not None
        as_json = settings.log_format == "json"
        access_log = AccessLog(sys.stderr, as_json=as_json) if wanted else None
        app = make_app()
        server = Server(app, settings, listener, refuse, body_limit, access_log, watcher)
        if settings.metrics is not None:
            registry = registry_of(app)
            server.gauges = metrics.ServerGauges(registry)
            if settings.processes == 1:
                metrics.answer(settings, registry)
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, server.on_signal)
        collector.spare_what_is_there()
        if first_line is not None:
            _say(first_line)
        on_start(app)
        server.run()
        on_stop(app)

    try:
        if settings.processes == 1:
            serve_alone(first_line)
        else:
            # Connections wait here until the first process has started.
            listener.listen(MAX_CONNECTIONS)
            _say(first_line)
            tasks: list[Callable[[], None]] = [serve_alone] * settings.processes
            if settings.metrics is not None:
                tasks.append(lambda: metrics.answer_for_all(settings, registry_of(make_app())))
            with metrics.prepare(settings):
                processes.run(tasks, on_end=metrics.forget)
    finally:
        listening.remove(settings)


def _say(line: str) -> None:
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)
