"""Putting a server under load with wrk."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import Server
from benchmarks.tools import pinned

SEATS_PER_RUN = 25_000
MAX_SECONDS = 5
"""How long a run can be before its seats run out, at 10,000 requests per second."""

_LEAST_BUSY = 0.6

_SCRIPTS = Path(__file__).parent / "wrk"


class LoadError(Exception):
    """wrk did not do its work. The message holds what it said."""


@dataclass(frozen=True, slots=True)
class Workload:
    """What is asked of a server that sells so many seats."""

    name: str
    script: str
    path: str
    seats: int


# Each seat is sold once: here are enough for four runs.
SESSION = Workload("lock + confirm", "session.lua", "/", seats=4 * SEATS_PER_RUN)
SEE = Workload("GET /seats", "seats.lua", "/seats", seats=10)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What came of one run. ``busy`` is the share of a core that the server used, ``failed`` are
    the requests that were refused or not answered."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    busy: float
    failed: int
    waits: bool = False
    """Whether the server waits for others, so that it need not be busy."""

    @property
    def void(self) -> bool:
        """Whether it must not be relied on: requests failed, or the server stood still under full
        load, since the machine did something else."""
        return self.failed > 0 or (self.busy < _LEAST_BUSY and not self.waits)


def measure(
    server: Server,
    workload: Workload,
    *,
    number: int,
    connections: int,
    seconds: int,
    core: int | None,
) -> Measurement:
    """Load the server, from one core or from any. ``number`` counts the runs since it was started,
    from 0: each buys other seats. Half a second of the time is for connecting."""
    cpu_before = server.cpu_seconds()
    command = (
        *pinned(core),
        *("wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"),
        *("--script", workload.script, f"http://127.0.0.1:{server.port}{workload.path}"),
        *("--", str(connections), str(number * SEATS_PER_RUN + 1)),
    )
    # In their directory, so that one script finds the other.
    done = subprocess.run(
        command, cwd=_SCRIPTS, capture_output=True, text=True, check=False, timeout=seconds + 30
    )
    last_line = done.stdout.rstrip().rpartition("\n")[2]
    if done.returncode or not last_line.startswith("{"):
        raise LoadError(f"wrk failed. {done.stdout}{done.stderr}".rstrip())
    report: dict[str, int] = json.loads(last_line)
    if not report["requests"]:
        raise LoadError(f"No request to {workload.path} was answered in {seconds} s.")
    cpu_us = (server.cpu_seconds() - cpu_before) * 1e6
    return Measurement(
        rate=report["requests"] / report["duration"] * 1e6,
        p50_ms=report["p50"] / 1000,
        p99_ms=report["p99"] / 1000,
        cpu_us=cpu_us / report["requests"],
        busy=cpu_us / report["duration"],
        failed=report["refused"] + report["broken"],
        waits=server.engine is not None,
    )
