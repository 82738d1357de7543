"""With an Idempotency-Key and without: what it costs to be able to send a request again."""

import os
import time
from statistics import median
from typing import NamedTuple

from benchmarks.databases import Engine, engines
from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, progress, table
from benchmarks.processors import used
from benchmarks.shop import THREADS, Shop, shop

_LEAST = Goal(0.85)
_TURNS = 3


class _Sold(NamedTuple):
    """Sales a second, and the processor time that one took, that of the database included."""

    rate: float
    seconds: float


def run(effort: Effort) -> None:
    """Measure and print."""
    rows = []
    with engines() as found:
        for engine in (None, *found):
            name = engine.name if engine else "in memory"
            pairs: list[tuple[_Sold, _Sold]] = []
            for number in range(1, effort.rounds + 1):
                progress(f"Keys, {name}, round {number} of {effort.rounds}")
                seats = effort.repeats * (10 if engine is None else 3)
                with shop(engine) as opened:
                    opened.sell(seats // 4, keys=True)
                    # By turns, since the machine is not as fast at one moment as at another.
                    for _ in range(_TURNS):
                        keyed = _sell(opened, engine, seats, keys=True)
                        pairs.append((keyed, _sell(opened, engine, seats, keys=False)))
            rows.append((name, *_ratios([(a.rate, b.rate) for a, b in pairs])))
            # Hardly disturbed by what else the machine does.
            efforts = [(1 / a.seconds, 1 / b.seconds) for a, b in pairs]
            rows.append((f"{name}, by processor time", *_ratios(efforts)))
    heading(
        "With an Idempotency-Key",
        f"Lock + confirm in the whole application, without sockets, by {THREADS} threads: sales a"
        " second, and sales for a second of\nprocessor time, that of the database server included.",
    )
    table(("engine", "with keys", "without", "ratio", "range (counted)", "goal", "result"), rows)


def _sell(opened: Shop, engine: Engine | None, seats: int, *, keys: bool) -> _Sold:
    before = _processor_time(engine)
    rate = opened.sell(seats, keys=keys)
    return _Sold(rate, (_processor_time(engine) - before) / seats)


def _processor_time(engine: Engine | None) -> float:
    server = used(os.getpid(), engine.pid).database if engine is not None else 0.0
    return time.process_time() + server


def _ratios(pairs: list[tuple[float, float]]) -> tuple[str, ...]:
    ratios = sorted(keyed / plain for keyed, plain in pairs)
    middle = median(ratios)
    return (
        f"{median(keyed for keyed, _ in pairs):,.0f}",
        f"{median(plain for _, plain in pairs):,.0f}",
        f"{middle:.2f}",
        f"{ratios[0]:.2f} – {ratios[-1]:.2f} ({len(ratios)})",
        str(_LEAST),
        _LEAST.verdict(middle),
    )
