"""Servers measured in turn, and what the rounds say together.

The machine is not ours alone, and its speed changes from second to second. So in each round the
servers are measured one right after the other, and compared within the round: the ratio that is
reported is the median of the ratios of the rounds. A round does not count for a server that was
kept from working or let requests fail.
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

_WARM_UP_SECONDS = 3
"""Node.js needs that long until its code is compiled: it answers a third of the requests in the
first second, and two thirds in the second."""
_WARM_UP_CONNECTIONS = 32

Results = dict[tuple[str, int], list[Measurement]]
"""The measurement of each round, by the name of the server and the number of connections."""


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
    """Measure every server with every number of connections, in each round once; and replays, which
    have no connections of that kind, after them.

    A round starts all of them afresh, and those that are not measured have nothing to do.
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
    """Print the medians of the rounds that count, and a warning where some do not."""
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
    """Print what shares of the time of all processor cores each had."""
    rows = []
    for (name, count), rounds in results.items():
        of_rounds = [[part / (each.seconds * COUNT) for part in each.used] for each in rounds]
        shares = [median(each) for each in zip(*of_rounds, strict=True)]
        cells = (f"{share:.0%}" for share in (*shares, max(0.0, 1 - sum(shares))))
        rows.append((name, str(count), *cells))
    table((f"of the {COUNT} processor cores", "connections", *Used._fields, "others"), rows)
    print(
        "Idle is waiting for the disk or for each other. Others are what else there is on the"
        " machine, or on those\nthat it shares its cores with.\n"
    )


def rate(measurement: Measurement) -> float:
    """Requests per second."""
    return measurement.rate


def p99(measurement: Measurement) -> float:
    """The time that one request in a hundred exceeds."""
    return measurement.p99_ms


def cpu(measurement: Measurement) -> float:
    """The processor time of a request: the least disturbed by what else the machine does."""
    return measurement.cpu_us


@dataclass(frozen=True, slots=True)
class Comparison:
    """One server ÷ another in some number, and what that should be."""

    one: str
    other: str
    label: str
    number: Callable[[Measurement], float]
    goal: Goal | None = None


def show_ratios(results: Results, comparisons: Iterable[Comparison]) -> None:
    """Print how servers compare, as far as they were measured."""
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
