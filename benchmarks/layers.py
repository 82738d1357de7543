"""Which layer of the service takes how much processor time: in memory, on SQLite, on PostgreSQL."""

import json
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.databases import engines
from benchmarks.effort import Effort
from benchmarks.load import SESSION, LoadError, measure
from benchmarks.output import heading, progress, table
from benchmarks.servers import Program, Server, running, service
from benchmarks.tools import available, cores

_CONNECTIONS = 32
_RUNS = 3
"""How often each server is loaded once it is warm."""
_READ_SECONDS = 10
"""How long a server may take to tell its times."""

Times = defaultdict[str, float]
"""Microseconds of processor time for a request, by layer. See :mod:`benchmarks.timed_server`."""

_ROWS: tuple[tuple[str, Callable[[Times], float]], ...] = (
    ("the sockets: read, hand over, send", lambda it: it["sockets"]),
    (
        "a thread waits for a request",
        lambda it: it["all"] - it["sockets"] - it["request"],
    ),
    ("… reads and writes HTTP", lambda it: it["request"] - it["flask"]),
    (
        "… Flask, the view, the document",
        lambda it: it["flask"] - it["registry"] - it["submit"],
    ),
    ("in memory: the registry", lambda it: it["registry"]),
    (
        "with a database: a call joins others",
        lambda it: it["submit"] - it["sleep"] - it["lead"],
    ),
    ("… its thread sleeps and is woken", lambda it: it["sleep"]),
    ("… one thread leads, and wakes the others", lambda it: it["lead"] - it["transact"]),
    ("in the transaction: begin", lambda it: it["begin"]),
    (
        "… lock, ask, catch up",
        lambda it: it["transact"] - it["begin"] - it["carry out"] - it["write rows"] - it["commit"],
    ),
    ("… the rules, and rows of what they changed", lambda it: it["carry out"]),
    ("… write the rows", lambda it: it["write rows"]),
    ("… commit", lambda it: it["commit"]),
    ("together", lambda it: it["all"]),
)


def run(effort: Effort) -> None:
    """Run this benchmark and print its table."""
    if not available("wrk", "taskset", purpose="the measurement of layers"):
        return
    with engines() as found:
        programs = [service("in memory")]
        programs += [replace(service(each.name), engine=each) for each in found]
        measured: dict[str, list[Times]] = {each.name: [] for each in programs}
        for number in range(1, effort.rounds + 1):
            for program in programs:
                progress(f"layers, round {number} of {effort.rounds}: {program.name}")
                measured[program.name].append(_measure(program, effort))
    heading(
        "Which layer takes the processor time of a request",
        f"Lock + confirm over HTTP, {_CONNECTIONS} connections; µs of processor time of the"
        " service, medians of the rounds.\nMeasuring itself takes 1 to 2 µs a layer.",
    )
    rows = [
        (name, *(f"{median(map(number, times)):.0f}" for times in measured.values()))
        for name, number in _ROWS
    ]
    table(("µs", *measured), rows)


def _measure(program: Program, effort: Effort) -> Times:
    server_core, load_core = cores()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "times.json")
        timed = replace(
            program,
            command=(sys.executable, "-m", "benchmarks.timed_server"),
            environ={**program.environ, "TIMES": str(file)},
        )
        with running(timed, seats=SESSION.seats, core=server_core) as server:

            def load(number: int) -> int:
                measured = measure(
                    server,
                    SESSION,
                    number=number,
                    connections=_CONNECTIONS,
                    seconds=effort.seconds,
                    core=load_core,
                )
                if measured.failed:
                    raise LoadError(f"{program.name}: {measured.failed:,} requests failed.")
                return measured.requests

            # The first calls open the house.
            load(0)
            before = _read(server, file)
            requests = sum(map(load, range(1, 1 + _RUNS)))
            after = _read(server, file)
    took = {layer: 1e6 * (after[layer] - before.get(layer, 0)) / requests for layer in after}
    return Times(float, took)


def _read(server: Server, file: Path) -> dict[str, float]:
    """What the server has taken so far."""
    file.unlink(missing_ok=True)
    os.kill(server.pid, signal.SIGUSR1)
    deadline = time.monotonic() + _READ_SECONDS
    while not file.exists():
        if time.monotonic() > deadline:
            raise LoadError("The server does not tell its times.")
        time.sleep(0.01)
    times: dict[str, float] = json.loads(file.read_text())
    return times
