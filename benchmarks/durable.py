"""In memory, on SQLite, on PostgreSQL: what it costs that a restart forgets nothing."""

from dataclasses import replace

from benchmarks.databases import Engine, engines
from benchmarks.effort import Effort
from benchmarks.load import SESSION
from benchmarks.node import express_with_pg
from benchmarks.output import Goal, heading
from benchmarks.rounds import Comparison, alternate, rate, show, show_processors, show_ratios
from benchmarks.servers import service
from benchmarks.tools import available

_CONNECTIONS = 32


def run(effort: Effort) -> None:
    """Measure and print."""
    with engines() as found:
        if available("wrk", purpose="the measurement of databases over HTTP"):
            _over_http(found, effort)


def _over_http(found: list[Engine], effort: Effort) -> None:
    programs = [service("in memory")]
    comparisons = []
    for engine in found:
        one = replace(service(engine.name), engine=engine)
        two = replace(service(f"{engine.name}, 2 processes", processes="2"), engine=engine)
        # Those that are compared stand next to each other.
        reference = express_with_pg(engine) if engine.name == "PostgreSQL" else []
        programs += [*reference, one, two]
        memory = Comparison(one.name, programs[0].name, "requests/s", rate)
        comparisons += [
            replace(memory, goal=Goal(0.8)) if engine.name == "SQLite" else memory,
            Comparison(two.name, one.name, "requests/s", rate),
            *(Comparison(one.name, each.name, "requests/s", rate, Goal(1.0)) for each in reference),
        ]
    results = alternate(programs, SESSION, (_CONNECTIONS,), effort)
    heading(
        "Lock + confirm in a database",
        "On a disk before it is acknowledged. The server of PostgreSQL runs on the same machine.",
    )
    show(results)
    show_processors(results)
    show_ratios(results, comparisons)
