"""Fifty events beside one: what it costs that calls of different events share no transaction."""

from benchmarks.databases import engines
from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, progress, table
from benchmarks.shop import THREADS, Sold, compared, shop

_EVENTS = 50
_LEAST = Goal(0.9)
_TURNS = 3


def run(effort: Effort) -> None:
    """Measure and print."""
    rows = []
    with engines() as found:
        for engine in found:
            pairs: list[tuple[Sold, Sold]] = []
            for number in range(1, effort.rounds + 1):
                progress(f"Events, {engine.name}, round {number} of {effort.rounds}")
                seats = effort.repeats * 6
                with shop(engine) as opened:
                    opened.sell(seats // 4, events=_EVENTS)
                    # By turns, since the machine is not as fast at one moment as at another.
                    for _ in range(_TURNS):
                        many = opened.sell(seats, events=_EVENTS)
                        pairs.append((many, opened.sell(seats)))
            rows += compared(engine.name, pairs, _LEAST)
    heading(
        f"{_EVENTS} events, and one",
        f"Lock + confirm in the whole application, without sockets, by {THREADS} threads: sales a"
        " second, and sales for a second of\nprocessor time, that of the database server included.",
    )
    columns = (f"{_EVENTS} events", "one event", "ratio", "range (counted)", "goal", "result")
    table(("engine", *columns), rows)
