"""With an Idempotency-Key and without: what it costs to be able to send a request again."""

from benchmarks.databases import engines
from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, progress, table
from benchmarks.shop import THREADS, Sold, compared, shop

_LEAST = Goal(0.85)
_TURNS = 3


def run(effort: Effort) -> None:
    """Measure and print."""
    rows = []
    with engines() as found:
        for engine in (None, *found):
            name = engine.name if engine else "in memory"
            pairs: list[tuple[Sold, Sold]] = []
            for number in range(1, effort.rounds + 1):
                progress(f"Keys, {name}, round {number} of {effort.rounds}")
                seats = effort.repeats * (10 if engine is None else 3)
                with shop(engine) as opened:
                    opened.sell(seats // 4, keys=True)
                    # By turns, since the machine is not as fast at one moment as at another.
                    for _ in range(_TURNS):
                        keyed = opened.sell(seats, keys=True)
                        pairs.append((keyed, opened.sell(seats)))
            rows += compared(name, pairs, _LEAST)
    heading(
        "With an Idempotency-Key",
        f"Lock + confirm in the whole application, without sockets, by {THREADS} threads: sales a"
        " second, and sales for a second of\nprocessor time, that of the database server included.",
    )
    table(("engine", "with keys", "without", "ratio", "range (counted)", "goal", "result"), rows)
