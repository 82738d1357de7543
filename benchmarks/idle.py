"""What connections at rest cost those that are not."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.effort import Effort
from benchmarks.load import SESSION, measure
from benchmarks.output import heading, progress
from benchmarks.rounds import Comparison, Results, cpu, show, show_ratios
from benchmarks.servers import Server, running, service
from benchmarks.tools import available, cores

_CONNECTIONS = 8
_IDLE = (0, 300, 900)
_SETTLE_SECONDS = 1


def run(effort: Effort) -> None:
    """Run this benchmark and print its tables."""
    if not available("wrk", "taskset", purpose="the measurement of idle connections"):
        return
    server_core, load_core = cores()
    results: Results = {(_name(idle), _CONNECTIONS): [] for idle in _IDLE}
    for round_number in range(1, effort.rounds + 1):
        with running(service(), seats=SESSION.seats, core=server_core) as server:
            # The first one is to warm up.
            for number, idle in enumerate((0, *_IDLE)):
                progress(f"idle, round {round_number} of {effort.rounds}: {_name(idle)}")
                with _connected(server, idle):
                    measured = measure(
                        server,
                        SESSION,
                        number=number,
                        connections=_CONNECTIONS,
                        seconds=effort.seconds,
                        core=load_core,
                    )
                if number > 0:
                    results[_name(idle), _CONNECTIONS].append(measured)
    heading(
        "Connections at rest",
        "Lock + confirm over HTTP, in memory, beside other connections, on which nothing is sent.",
    )
    show(results)
    none, *some = map(_name, _IDLE)
    show_ratios(results, [Comparison(name, none, "CPU/request", cpu) for name in some])


def _name(idle: int) -> str:
    return f"beside {idle} idle"


@contextmanager
def _connected(server: Server, count: int) -> Iterator[None]:
    """So many connections to a server, which has accepted them."""
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        time.sleep(_SETTLE_SECONDS)
        yield
