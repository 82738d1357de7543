"""Who takes the processor time of a request over HTTP: a staircase from a bare waitress to a sale.

Each step adds one thing to the step before, and answers the same requests over real sockets.
"""

import sys
from itertools import pairwise
from statistics import median

from benchmarks.effort import Effort
from benchmarks.load import SESSION
from benchmarks.output import Goal, heading, table
from benchmarks.rounds import Comparison, Results, alternate, cpu, rate, show, show_ratios
from benchmarks.servers import Program, bare_waitress, service
from benchmarks.tools import available, cores


def _step(name: str, step: str) -> Program:
    """Our server, with an application that returns a constant."""
    return Program(name, (sys.executable, "-m", "benchmarks.steps", step), prefix="BOOKING_")


_STAIRS = [
    bare_waitress(),
    _step("our server", "server"),
    _step("+ our Flask", "application"),
    service("+ lock and confirm"),
]
_PLAIN = _step("(plain Flask)", "flask")


def run(effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    if not available("wrk", "taskset", purpose="the staircase"):
        return
    server_core, load_core = cores()
    results = alternate(
        [*_STAIRS, _PLAIN],
        SESSION,
        effort.connections,
        effort,
        server_core=server_core,
        load_core=load_core,
    )
    heading(
        "Where the processor time of a request goes",
        "Lock + confirm over HTTP. All but the last stair answer with a constant. Plain Flask is no"
        " stair: it stands\nwhere our Flask does.",
    )
    show(results)
    _show_steps(results)
    bottom, *others = (each.name for each in (*_STAIRS, _PLAIN))
    goals = {_STAIRS[-1].name: Goal(0.6)}
    show_ratios(
        results,
        [Comparison(bottom, each, "CPU/request", cpu, goals.get(each)) for each in others]
        + [Comparison(each, bottom, "requests/s", rate, goals.get(each)) for each in others],
    )


def _show_steps(results: Results) -> None:
    """Print what each stair adds."""
    counts = sorted({count for _, count in results})
    rows = []
    for below, above in pairwise(each.name for each in _STAIRS):
        steps = [
            [
                cpu(high) - cpu(low)
                for low, high in zip(results[below, count], results[above, count], strict=True)
            ]
            for count in counts
        ]
        rows.append((above, *(f"{median(each):+.0f}" for each in steps)))
    table(("adds, µs of processor time", *(f"{count} connections" for count in counts)), rows)
