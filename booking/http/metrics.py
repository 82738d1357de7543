"""What Prometheus is told of the requests, of the seats, and of the engine's work."""

import time
from collections import Counter as Count
from collections.abc import Iterable, Iterator
from contextlib import suppress

from flask import Flask, request
from flask.wrappers import Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from booking.domain.errors import BookingError
from booking.domain.history import HistoryEntry, SeatChange
from booking.engines.contract import BoxOffice
from booking.engines.errors import EngineError
from booking.engines.meter import Meter
from booking.http.application import real

PROBLEM_CODE = "booking.problem_code"
"""Where the WSGI environment has the code of the problem that was answered."""

_BEGAN = "booking.began"
_MOST_EVENTS = 50
"""A time series for each event would have no bound."""
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class SeatsCollector(Collector):
    """The seats of the first events by status, looked up when somebody asks."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One time series for each event and status; none while the database does not answer."""
        seats = GaugeMetricFamily("booking_seats", "Seats by status", labels=["event", "status"])
        with suppress(BookingError, EngineError):
            box_office: BoxOffice = self._app.extensions["box_office"]
            found, _ = box_office.events("", _MOST_EVENTS)
            for summary in found:
                for status, number in summary.seats.items():
                    seats.add_metric([summary.event.id, status.value], number)
        yield seats


class OutboxCollector(Collector):
    """What waits for the mail, looked up when somebody asks."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One number; none while the database does not answer."""
        waiting = GaugeMetricFamily("booking_mails_waiting", "Mails that wait to be sent")
        with suppress(EngineError):
            box_office: BoxOffice = self._app.extensions["box_office"]
            waiting.add_metric([], box_office.outbox.waiting())
        yield waiting


class EngineMeter(Meter):
    """Counts what an engine tells."""

    def __init__(self, registry: CollectorRegistry) -> None:
        changes = Counter(
            "booking_seat_changes",
            "Seats that were locked, booked and so on; an expired lock is one that ran out",
            ["change"],
            registry=registry,
        )
        # From the start, so that the first of each is a rise from 0.
        self._changes = {change: changes.labels(change.value) for change in SeatChange}
        self._late = Histogram(
            "booking_expiry_late_seconds",
            "How long after its deadline a lock that ran out was released",
            buckets=(*_BUCKETS, 30.0, 60.0),
            registry=registry,
        )
        self._calls = Histogram(
            "booking_batch_calls",
            "Calls that shared a transaction",
            buckets=(1, 2, 4, 8, 16, 32, 64),
            registry=registry,
        )
        seconds = Histogram(
            "booking_database_seconds",
            "How long transactions took, waiting for others included",
            ["kind"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._reading, self._writing = seconds.labels("read"), seconds.labels("write")

    def changed(self, entries: Iterable[HistoryEntry]) -> None:
        for change, number in Count(entry.change for entry in entries).items():
            self._changes[change].inc(number)

    def expired(self, late: float) -> None:
        self._late.observe(late)

    def carried_out(self, calls: int) -> None:
        self._calls.observe(calls)

    def waited(self, seconds: float, *, writing: bool) -> None:
        (self._writing if writing else self._reading).observe(seconds)


def register(app: Flask) -> Meter:
    """Count and time the requests of an application. ``app.extensions["metrics"]`` has the
    registry. Returns the meter for the engine."""
    registry = CollectorRegistry()
    app.extensions["metrics"] = registry
    registry.register(SeatsCollector(app))
    seconds = Histogram(
        "booking_request_seconds",
        "Requests by route, method and status, and how long they took",
        ["route", "method", "status"],
        buckets=_BUCKETS,
        registry=registry,
    )
    mails = Counter("booking_mails", "Mails by outcome", ["outcome"], registry=registry)
    app.extensions["metrics_of_mail"] = lambda outcome: mails.labels(outcome).inc()
    registry.register(OutboxCollector(app))
    refusals = Counter(
        "booking_refusals", "Requests that were refused, by code", ["code"], registry=registry
    )

    @app.before_request
    def begin() -> None:
        real(request).environ[_BEGAN] = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        asked = real(request)
        environ, rule = asked.environ, asked.url_rule
        route = rule.rule if rule is not None else "none"
        # A stranger may make up as many methods as he likes.
        method = asked.method if rule is not None else "any"
        took = time.perf_counter() - environ.get(_BEGAN, time.perf_counter())
        seconds.labels(route, method, str(response.status_code)).observe(took)
        if (code := environ.get(PROBLEM_CODE)) is not None:
            refusals.labels(code).inc()
        return response

    return EngineMeter(registry)
