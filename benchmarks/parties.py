"""Seats that are sold four at a time, in a database."""

from dataclasses import replace
from statistics import median

from benchmarks.databases import engines
from benchmarks.effort import Effort
from benchmarks.load import PARTIES, PARTY
from benchmarks.output import Goal, heading, table
from benchmarks.rounds import alternate, show, show_processors
from benchmarks.servers import service
from benchmarks.tools import available

_CONNECTIONS = 32
_LEAST = Goal(2000)


def run(effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    if not available("wrk", purpose="the measurement of parties"):
        return
    with engines() as found:
        programs = [replace(service(engine.name), engine=engine) for engine in found]
        results = alternate(programs, PARTIES, (_CONNECTIONS,), effort)
    heading(
        f"Parties of {PARTY}, in a database",
        f"One request locks {PARTY} seats, and one confirms them, in a house of {PARTIES.seats:,}"
        " seats. Everything is on the same machine.",
    )
    show(results)
    show_processors(results)
    rows = []
    for (name, _), rounds in results.items():
        seats = median(each.rate * PARTY / 2 for each in rounds)
        rows.append((name, f"{seats:,.0f}", str(_LEAST), _LEAST.verdict(seats)))
    table(("server", "seats sold a second", "goal", "result"), rows)
