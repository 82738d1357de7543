"""What connections at rest cost those that are not."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from benchmarks.effort import Effort
from benchmarks.load import SESSION, Measurement, measure
from benchmarks.output import heading, progress, table
from benchmarks.servers import Server, running, service
from benchmarks.tools import available, cores

_CONNECTIONS = 8
_IDLE = (0, 300, 900)
_SETTLE_SECONDS = 1


def run(effort: Effort) -> None:
    """Run this benchmark and print its table."""
    if not available("wrk", "taskset", purpose="the measurement of idle connections"):
        return
    server_core, load_core = cores()
    measured: dict[int, list[Measurement]] = {idle: [] for idle in _IDLE}
    for round_number in range(1, effort.rounds + 1):
        with running(service(), seats=SESSION.seats, core=server_core) as server:
            # The first one is to warm up.
            for number, idle in enumerate((0, *_IDLE)):
                progress(f"idle, round {round_number} of {effort.rounds}: {idle} connections")
                with _connected(server, idle):
                    result = measure(
                        server,
                        SESSION,
                        number=number,
                        connections=_CONNECTIONS,
                        seconds=effort.seconds,
                        core=load_core,
                    )
                if number > 0:
                    measured[idle].append(result)
    heading(
        "Connections at rest",
        f"Lock + confirm over HTTP, in memory, {_CONNECTIONS} connections, beside others on which"
        " nothing is sent; medians of\nthe rounds.",
    )
    rows = []
    for idle, results in measured.items():
        pairs = zip(results, measured[0], strict=True)
        ratios = sorted(one.cpu_us / none.cpu_us for one, none in pairs)
        rows.append(
            (
                str(idle),
                f"{median(each.rate for each in results):,.0f}",
                f"{median(each.p99_ms for each in results):.1f}",
                f"{median(each.cpu_us for each in results):.0f}",
                f"{median(ratios):.2f} ({ratios[0]:.2f} – {ratios[-1]:.2f})",
            )
        )
    table(("idle", "requests/s", "p99 ms", "CPU µs", "÷ none"), rows)


@contextmanager
def _connected(server: Server, count: int) -> Iterator[None]:
    """So many connections to a server, which has accepted them."""
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        time.sleep(_SETTLE_SECONDS)
        yield
