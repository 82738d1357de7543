"""What Prometheus is told of the server, and the address at which it asks.

prometheus_client decides when it is first imported whether it counts for one process or for
several. So it is imported here, and in ``http/metrics.py``, only when metrics are wanted, and after
:func:`prepare`.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from booking.serving.listening import ListenError
from booking.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


class ServerGauges:
    """How busy the server is. Set about once a second, by the thread that watches the sockets."""

    def __init__(self, registry: "CollectorRegistry") -> None:
        from prometheus_client import Gauge

        self.connections = Gauge(
            "booking_connections",
            "Connections of clients",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.busy_threads = Gauge(
            "booking_busy_threads",
            "Threads that are answering a request",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.waiting_requests = Gauge(
            "booking_waiting_requests",
            "Requests that no thread has begun",
            registry=registry,
            multiprocess_mode="livesum",
        )


@contextmanager
def prepare(settings: Settings) -> Iterator[None]:
    """Let several processes count together while the service runs."""
    if settings.metrics is None or settings.processes == 1:
        yield
        return
    directory = tempfile.mkdtemp(prefix="booking-metrics-")
    os.environ[_VARIABLE] = directory
    try:
        yield
    finally:
        del os.environ[_VARIABLE]
        shutil.rmtree(directory, ignore_errors=True)


def forget(process: int) -> None:
    """A process has ended: it has no connections any more."""
    if _VARIABLE in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(process)  # type: ignore[no-untyped-call]


def answer(settings: Settings, registry: "CollectorRegistry") -> None:
    """Answer Prometheus, in threads of their own.

    Raises:
        ListenError: the address is taken, not ours, or not found.
    """
    from prometheus_client import start_http_server

    assert settings.metrics is not None
    host, port = settings.metrics
    try:
        start_http_server(port, host, registry)
    except OSError as error:
        raise ListenError(
            f"Cannot listen on {host} port {port}: {error.strerror or error}."
            " Stop what uses it, or set BOOKING_METRICS to another."
        ) from error


def answer_for_all(settings: Settings, own: "CollectorRegistry") -> None:
    """Answer for all processes, until this one is ended. ``own`` has what is the same in each."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric
    from prometheus_client.multiprocess import MultiProcessCollector
    from prometheus_client.registry import Collector

    class Together(Collector):
        def collect(self) -> Iterator[Metric]:
            # Without a registry, it registers itself nowhere.
            counted = list(MultiProcessCollector(None).collect())  # type: ignore[no-untyped-call]
            names = {metric.name for metric in counted}
            yield from counted
            yield from (metric for metric in own.collect() if metric.name not in names)

    # It has nothing to finish.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    registry = CollectorRegistry()
    registry.register(Together())
    try:
        answer(settings, registry)
    except ListenError as error:
        sys.exit(str(error))
    watcher = os.getppid()
    while os.getppid() == watcher:
        time.sleep(1)
