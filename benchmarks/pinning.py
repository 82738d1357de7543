"""Measure what the service gains by pinning itself to one processor core, where its threads run in
turn."""

from benchmarks.effort import Effort
from benchmarks.load import SESSION
from benchmarks.output import heading
from benchmarks.rounds import Comparison, alternate, rate, show, show_ratios
from benchmarks.servers import service
from benchmarks.tools import available

_CONNECTIONS = 32


def run(effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    if not available("wrk", purpose="the measurement of pinning"):
        return
    on, off = service("BOOKING_PIN=on", pin="on"), service("BOOKING_PIN=off", pin="off")
    results = alternate([on, off], SESSION, (_CONNECTIONS,), effort)
    heading(
        "BOOKING_PIN on and off",
        "Lock + confirm; nothing else pins the server or the load generator to a core.",
    )
    show(results)
    show_ratios(results, [Comparison(on.name, off.name, "requests/s", rate)])
