"""With an Idempotency-Key and without: what it costs to be able to send a request again."""

from statistics import median

from benchmarks.databases import engines
from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, progress, table
from benchmarks.shop import THREADS, shop

_LEAST = Goal(0.85)


def run(effort: Effort) -> None:
    """Measure and print."""
    rows = []
    with engines() as found:
        for engine in (None, *found):
            name = engine.name if engine else "in memory"
            rates: list[tuple[float, float]] = []
            for number in range(1, effort.rounds + 1):
                progress(f"Keys, {name}, round {number} of {effort.rounds}")
                seats = effort.repeats * (20 if engine is None else 5)
                with shop(engine) as opened:
                    opened.sell(seats // 4, keys=True)
                    # By turns, since the machine is not as fast at one moment as at another.
                    rates += [(opened.sell(seats, keys=True), opened.sell(seats)) for _ in range(3)]
            ratios = sorted(keyed / plain for keyed, plain in rates)
            rows.append(
                (
                    name,
                    f"{median(keyed for keyed, _ in rates):,.0f}",
                    f"{median(plain for _, plain in rates):,.0f}",
                    f"{median(ratios):.2f}",
                    f"{ratios[0]:.2f} – {ratios[-1]:.2f} ({len(ratios)})",
                    str(_LEAST),
                    _LEAST.verdict(median(ratios)),
                )
            )
    heading(
        "With an Idempotency-Key",
        f"Lock + confirm in the whole application, without sockets: {THREADS} threads, sales a"
        " second.",
    )
    table(("engine", "with keys", "without", "ratio", "range (counted)", "goal", "result"), rows)
