"""Compare the service over HTTP with Express and with a waitress that does nothing.

Each server runs on one processor core, and the load generator on another.
"""

from benchmarks.effort import Effort
from benchmarks.load import SEE, SESSION, Workload
from benchmarks.node import express
from benchmarks.output import Goal, heading
from benchmarks.rounds import Comparison, Results, alternate, cpu, p99, rate, show, show_ratios
from benchmarks.servers import Program, bare_waitress, service, under_granian
from benchmarks.tools import available, cores

_OURS = service()
_QUIET = service("without access log", log_level="warning")
_GRANIAN = under_granian()
_BARE = bare_waitress()


def run(effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    if not available("wrk", "taskset", purpose="the comparison over HTTP"):
        return
    # Servers that are compared run right after each other.
    reference = express()

    results = _measure([_BARE, _OURS, *reference, _GRANIAN, _QUIET], SESSION, effort)
    heading(
        "Lock + confirm over HTTP",
        "A whole session on distinct seats: POST /lock/<seat>, later POST /confirm/<seat>.",
    )
    show(results)
    show_ratios(
        results,
        [
            Comparison(_OURS.name, "Express", "requests/s", rate, Goal(1.25)),
            Comparison(_OURS.name, "Express", "p99", p99, Goal(0.5, at_most=True)),
            Comparison(_OURS.name, "Express", "CPU/request", cpu),
            Comparison(_OURS.name, _BARE.name, "requests/s", rate, Goal(0.6)),
            Comparison(_GRANIAN.name, "Express", "requests/s", rate, Goal(1.2)),
            Comparison(_GRANIAN.name, "Express", "p99", p99, Goal(0.5, at_most=True)),
            Comparison(_GRANIAN.name, _OURS.name, "requests/s", rate),
            Comparison(_OURS.name, _QUIET.name, "requests/s", rate),
        ],
    )

    results = _measure([_BARE, _OURS, *reference, _GRANIAN], SEE, effort)
    heading("GET /seats over HTTP", "Ten seats. The bare waitress answers with 250 bytes.")
    show(results)
    show_ratios(
        results,
        [
            Comparison(_OURS.name, "Express", "requests/s", rate),
            Comparison(_OURS.name, "Express", "p99", p99),
            Comparison(_OURS.name, "Express", "CPU/request", cpu),
            Comparison(_OURS.name, _BARE.name, "requests/s", rate),
        ],
    )


def _measure(programs: list[Program], workload: Workload, effort: Effort) -> Results:
    server_core, load_core = cores()
    return alternate(
        programs,
        workload,
        effort.connections,
        effort,
        server_core=server_core,
        load_core=load_core,
    )
