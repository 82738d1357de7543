"""Measure servers in turn, and summarise the rounds.

The machine is shared, and its speed changes from second to second. So each round measures the
servers right after each other and compares them within the round; the reported ratio is the median
over all rounds. A round does not count for a server that was short of its core or failed requests.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from benchmarks.effort import Effort
from benchmarks.load import Measurement, Workload, measure
from benchmarks.output import Goal, progress, table
from benchmarks.processors import COUNT, Used
from benchmarks.replay import Replay
from benchmarks.servers import Program, running

_WARM_UP_SECONDS = 5
"""How long Node.js takes to compile its code: it reaches a third of its speed in the first second,
and two thirds in the next. Four processes of the service read a large house meanwhile."""
_WARM_UP_CONNECTIONS = 32

Results = dict[tuple[str, int], list[Measurement]]
"""The measurements of all rounds, by server and number of connections."""


def alternate(
    programs: Sequence[Program],
    workload: Workload,
    connections: Sequence[int],
    effort: Effort,
    *,
    replays: Sequence[Replay] = (),
    server_core: int | None = None,
    load_core: int | None = None,
) -> Results:
    """Measure every server with every number of connections, once in each round. Replays, which
    have no such connections, follow.

    Each round starts all servers afresh. Those not being measured are idle.
    """
    names = [each.name for each in programs] + [each.name for each in replays]
    results: Results = {(name, count): [] for count in connections for name in names}
    for round_number in range(1, effort.rounds + 1):
        title = f"{workload.name}, round {round_number} of {effort.rounds}"
        with ExitStack() as stack:
            servers = {}
            for program in programs:
                progress(f"{title}: starting {program.name}")
                server = stack.enter_context(
                    running(program, seats=workload.seats, core=server_core)
                )
                servers[program.name] = server
                measure(
                    server,
                    workload,
                    number=0,
                    connections=_WARM_UP_CONNECTIONS,
                    seconds=_WARM_UP_SECONDS,
                    core=load_core,
                )
            for number, count in enumerate(connections, start=1):
                for name, server in servers.items():
                    progress(f"{title}, {count} connections: {name}")
                    measured = measure(
                        server,
                        workload,
                        number=number,
                        connections=count,
                        seconds=effort.seconds,
                        core=load_core,
                    )
                    if measured.void:
                        progress(
                            f"!!! Does not count: {measured.failed:,} requests failed,"
                            f" and the server was busy for {measured.busy:.0%} of the time !!!"
                        )
                    results[name, count].append(measured)
                for replay in replays:
                    progress(f"{title}: {replay.name}")
                    results[replay.name, count].append(replay.measure())
    return results


def show(results: Results) -> None:
    """Print the medians of the rounds that count, and warn if some do not."""
    rows = []
    for (name, count), rounds in results.items():
        counting = [each for each in rounds if not each.void]
        shown = counting or rounds
        rows.append(
            (
                name,
                str(count),
                f"{median(each.rate for each in shown):,.0f}",
                f"{median(each.p50_ms for each in shown):.1f}",
                f"{median(each.p99_ms for each in shown):.1f}",
                f"{median(each.cpu_us for each in shown):.0f}",
                f"{median(each.busy for each in shown):.0%}",
                f"{len(counting)} of {len(rounds)}",
            )
        )
    table(
        ("server", "connections", "requests/s", "p50 ms", "p99 ms", "CPU µs", "busy", "counted"),
        rows,
    )
    for (name, count), rounds in results.items():
        if failed := sum(each.failed for each in rounds):
            print(f"!!! {name}, {count} connections: {failed:,} requests FAILED !!!\n")


def show_processors(results: Results) -> None:
    """Print who used which share of all processor cores."""
    rows = []
    for (name, count), rounds in results.items():
        of_rounds = [[part / (each.seconds * COUNT) for part in each.used] for each in rounds]
        shares = [median(each) for each in zip(*of_rounds, strict=True)]
        cells = (f"{share:.0%}" for share in (*shares, max(0.0, 1 - sum(shares))))
        rows.append((name, str(count), *cells))
    table((f"of the {COUNT} processor cores", "connections", *Used._fields, "others"), rows)
    print(
        "Idle: waiting for the disk or for each other. Others: other programs on the machine, or"
        " on machines that share\nits cores.\n"
    )


def rate(measurement: Measurement) -> float:
    """Return the requests per second."""
    return measurement.rate


def p99(measurement: Measurement) -> float:
    """Return the time that one request in a hundred exceeds."""
    return measurement.p99_ms


def cpu(measurement: Measurement) -> float:
    """Return the processor time per request, the number least disturbed by other load."""
    return measurement.cpu_us


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ratio of two servers in some number, and its goal."""

    one: str
    other: str
    label: str
    number: Callable[[Measurement], float]
    goal: Goal | None = None


def show_ratios(results: Results, comparisons: Iterable[Comparison]) -> None:
    """Print the ratios of those servers that were measured."""
    rows = []
    for each in comparisons:
        for name, count in results:
            if name != each.one or (each.other, count) not in results:
                continue
            pairs = zip(results[each.one, count], results[each.other, count], strict=True)
            ratios = [
                each.number(one) / each.number(other)
                for one, other in pairs
                if not (one.void or other.void)
            ]
            label, goal = f"{each.one} ÷ {each.other}, {each.label}", str(each.goal or "")
            if not ratios:
                rows.append((label, str(count), "", "none", goal, "VOID"))
                continue
            middle = median(ratios)
            rounds = f"{min(ratios):.2f} – {max(ratios):.2f} ({len(ratios)})"
            result = each.goal.verdict(middle) if each.goal else ""
            rows.append((label, str(count), f"{middle:.2f}", rounds, goal, result))
    if rows:
        table(("ratio", "connections", "median", "range (counted)", "goal", "result"), rows)
