"""Measure what it costs to survive a restart: in memory, on SQLite, on PostgreSQL."""

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
"""The numbers of buyers whose statements are replayed alone, and how many seats each replay sells
per repeat of the effort: more where many share a transaction."""
_PROCESSES = (2, 4)
"""How many processes are compared with one. If each of them, the database and the load generator
have a core, there is a goal; with fewer cores, a table shows who used them."""


def run(effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    with engines() as found:
        if available("wrk", purpose="the measurement of databases over HTTP"):
            _over_http(found, effort)
        growth.run(found, effort)


def _over_http(found: list[Engine], effort: Effort) -> None:
    memory = service("in memory")
    programs, replays, comparisons = [memory], [], []
    for engine in found:
        one = replace(service(engine.name), engine=engine)
        several = {
            count: replace(
                service(f"{engine.name}, {count} processes", processes=str(count)), engine=engine
            )
            for count in _PROCESSES
        }
        has_server = engine.pid is not None
        reference = express_with_pg(engine) if has_server else []
        progress(f"Recording the statements for {engine.name}")
        alone = [Replay(engine, effort.repeats * n, buyers) for buyers, n in _BUYERS.items()]
        # Servers that are compared run right after each other.
        programs += [*reference, one, *several.values()]
        replays += alone
        least = None if has_server else Goal(0.85)
        comparisons += [
            Comparison(one.name, memory.name, "requests/s", rate, least),
            *(Comparison(one.name, each.name, "requests/s", rate, Goal(1.4)) for each in reference),
            *(Comparison(one.name, each.name, "requests/s", rate) for each in alone),
            *(
                Comparison(each.name, one.name, "requests/s", rate, _least(engine, count))
                for count, each in several.items()
            ),
        ]
    results = alternate(programs, SESSION, (_CONNECTIONS,), effort, replays=replays)
    heading(
        "Lock + confirm in a database",
        "Every sale is on the disk before it is acknowledged. PostgreSQL runs on the same machine.",
        "“Statements” replays the service's statements for that many buyers at once, without the"
        " service and without HTTP;\nits times are per transaction.",
        "\n".join(map(str, replays)),
    )
    show(results)
    show_processors(results)
    show_ratios(results, comparisons)


def _least(engine: Engine, processes: int) -> Goal | None:
    # SQLite lets one process write at a time, however many cores there are.
    return Goal(1) if engine.pid is not None and processes + 2 <= COUNT else None
