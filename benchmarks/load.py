"""Put a server under load with wrk."""

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processors import Used, used
from benchmarks.servers import Server
from benchmarks.tools import pinned

SEATS_PER_RUN = 25_000
MAX_SECONDS = 5
"""How long a run can be before its seats run out, at 10,000 requests per second."""

_LEAST_BUSY = 0.6
_SETTLE_SECONDS = 0.5
"""See ``load.lua``."""

_SCRIPTS = Path(__file__).parent / "wrk"


class LoadError(Exception):
    """wrk failed. The message contains its output."""


@dataclass(frozen=True, slots=True)
class Workload:
    """The requests to send to a server, and how many seats it sells."""

    name: str
    script: str
    path: str
    seats: int


# Each seat is sold once. These are enough for four runs.
SESSION = Workload("lock + confirm", "session.lua", "/", seats=4 * SEATS_PER_RUN)
PARTY = 4
PARTIES = Workload(f"lock + confirm of {PARTY}", "parties.lua", "/", seats=4 * SEATS_PER_RUN)
SEE = Workload("GET /seats", "seats.lua", "/seats", seats=10)


@dataclass(frozen=True, slots=True)
class Measurement:
    """The result of one run of ``seconds``. ``failed`` counts requests that were refused or not
    answered."""

    seconds: float
    requests: int
    failed: int
    p50_ms: float
    p99_ms: float
    used: Used
    waits: bool = False
    """Whether the server waits for others, and so may be idle under full load."""

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of processor time per request."""
        return self.used.service * 1e6 / self.requests

    @property
    def busy(self) -> float:
        """The share of a core that the server used."""
        return self.used.service / self.seconds

    @property
    def void(self) -> bool:
        """Whether the run does not count: requests failed, or the server got too little of its
        core, because the machine was doing something else."""
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
    """Load the server, from one core or from any. ``number`` counts the runs since the server
    started, from 0, so that each buys other seats. Connecting takes half a second of the time."""
    command = (
        *pinned(core),
        *("wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"),
        *("--script", workload.script, f"http://127.0.0.1:{server.port}{workload.path}"),
        *("--", str(connections), str(number * SEATS_PER_RUN + 1)),
    )
    processes = server.pid, server.engine.pid if server.engine else None
    # Run in the scripts' directory, so that one finds the other.
    with subprocess.Popen(
        command, cwd=_SCRIPTS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as wrk:
        try:
            time.sleep(_SETTLE_SECONDS)
            before = used(*processes)
            output, errors = wrk.communicate(timeout=seconds + 30)
        finally:
            wrk.kill()
    used_by_all = used(*processes).since(before)
    last_line = output.rstrip().rpartition("\n")[2]
    if wrk.returncode or not last_line.startswith("{"):
        raise LoadError(f"wrk failed. {output}{errors}".rstrip())
    report: dict[str, int] = json.loads(last_line)
    if not report["requests"]:
        raise LoadError(f"No request to {workload.path} was answered in {seconds} s.")
    return Measurement(
        seconds=report["duration"] / 1e6,
        requests=report["requests"],
        failed=report["refused"] + report["broken"],
        p50_ms=report["p50"] / 1000,
        p99_ms=report["p99"] / 1000,
        used=used_by_all,
        waits=server.engine is not None,
    )
