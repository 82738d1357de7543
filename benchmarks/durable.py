"""In memory, on SQLite, on PostgreSQL: what it costs that a restart forgets nothing."""

from dataclasses import replace

from benchmarks import growth
from benchmarks.databases import Engine, engines
from benchmarks.effort import Effort
from benchmarks.load import SESSION
from benchmarks.node import express_with_pg
from benchmarks.output import Goal, heading, progress
from benchmarks.processors import COUNT
from benchmarks.replay import Replay
from benchmarks.rounds import Comparison, alternate, rate, show, show_processors, show_ratios
from benchmarks.servers import service
from benchmarks.tools import available

_CONNECTIONS = 32
_BUYERS = {1: 5, _CONNECTIONS: 50}
"""Whose statements are run alone, and how many seats they buy for each time that an effort repeats
a call: more where many share a transaction."""
_CORES_TO_SPARE = 4
"""From so many on, two processes, the database and the load generator have one each. With fewer,
what a second process brings has no goal, and the table of the cores says who has them."""


def run(effort: Effort) -> None:
    """Measure and print."""
    with engines() as found:
        if available("wrk", purpose="the measurement of databases over HTTP"):
            _over_http(found, effort)
        growth.run(found, effort)


def _over_http(found: list[Engine], effort: Effort) -> None:
    memory = service("in memory")
    programs, replays, comparisons = [memory], [], []
    for engine in found:
        one = replace(service(engine.name), engine=engine)
        two = replace(service(f"{engine.name}, 2 processes", processes="2"), engine=engine)
        has_server = engine.pid is not None
        reference = express_with_pg(engine) if has_server else []
        progress(f"Taking down what is asked of {engine.name}")
        alone = [Replay(engine, effort.repeats * n, buyers) for buyers, n in _BUYERS.items()]
        # Those that are compared stand next to each other.
        programs += [*reference, one, two]
        replays += alone
        least = None if has_server else Goal(0.8)
        # SQLite lets one process write at a time, whatever cores there are.
        least_of_two = Goal(1.6) if has_server and COUNT >= _CORES_TO_SPARE else None
        comparisons += [
            Comparison(one.name, memory.name, "requests/s", rate, least),
            *(Comparison(one.name, each.name, "requests/s", rate, Goal(1)) for each in reference),
            *(Comparison(one.name, each.name, "requests/s", rate) for each in alone),
            Comparison(two.name, one.name, "requests/s", rate, least_of_two),
        ]
    results = alternate(programs, SESSION, (_CONNECTIONS,), effort, replays=replays)
    heading(
        "Lock + confirm in a database",
        "On a disk before it is acknowledged. The server of PostgreSQL runs on the same machine.",
        "Statements are those that the service runs while so many buy at once, run again without it"
        " and without HTTP;\ntheir times are those of a transaction.",
        "\n".join(map(str, replays)),
    )
    show(results)
    show_processors(results)
    show_ratios(results, comparisons)
