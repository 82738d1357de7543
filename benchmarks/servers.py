"""The servers that are measured: how to start each, what it has used, and that it is stopped."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.output import progress
from benchmarks.tools import pinned

_HERE = Path(__file__).parent
_EXPRESS = _HERE / "express"
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


class ServerError(Exception):
    """A server could not be started. The message holds what it said."""


@dataclass(frozen=True, slots=True)
class Program:
    """A server that can be started. It is told where to listen in the variable ``…PORT``, and how
    many seats to sell in ``…SEATS``."""

    name: str
    command: tuple[str, ...]
    prefix: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    fresh: Callable[[], AbstractContextManager[dict[str, str]]] | None = None
    """Makes what it keeps its data in, anew for each start: more variables."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is running."""

    pid: int
    port: int
    waits: bool = False

    def cpu_seconds(self) -> float:
        """The processor time that all its threads have used, and those of its processes."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(map(_cpu_seconds, [self.pid, *map(int, children)]))


def _cpu_seconds(pid: int) -> float:
    # The name of the program, in brackets, may hold anything; utime and stime are the 12th and 13th
    # field after it. See proc(5).
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def service(name: str = "this service", **settings: str) -> Program:
    """This service, as it comes but for the given settings."""
    return Program(
        name,
        (sys.executable, str(_HERE.parent / "wsgi.py")),
        prefix="BOOKING_",
        # One holder buys all the seats.
        environ={"BOOKING_MAX_SEATS_PER_HOLDER": "100000"}
        | {f"BOOKING_{setting.upper()}": value for setting, value in settings.items()},
    )


def bare_waitress() -> Program:
    """waitress with an application that returns a constant."""
    return Program("bare waitress", (sys.executable, "-m", "benchmarks.bare"))


def express() -> Program:
    """The same service on Express. Raises ServerError if it cannot be installed."""
    wanted = json.loads((_EXPRESS / "package.json").read_text())["dependencies"]
    if any(_installed(package) != version for package, version in wanted.items()):
        progress("Installing Express from npm …")
        options = ("--no-package-lock", "--no-audit", "--no-fund", "--silent")
        command = ("npm", "install", *options)
        done = subprocess.run(command, cwd=_EXPRESS, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stdout + done.stderr).strip()
            raise ServerError(f"npm could not install Express in {_EXPRESS}. {said}")
    return Program(
        "Express", ("node", str(_EXPRESS / "server.js")), environ={"NODE_ENV": "production"}
    )


def _installed(package: str) -> str | None:
    about = _EXPRESS / "node_modules" / package / "package.json"
    return str(json.loads(about.read_text())["version"]) if about.exists() else None


@contextmanager
def running(program: Program, *, seats: int, core: int | None) -> Iterator[Server]:
    """A fresh server that answers, on one core or on any; stopped on the way out.

    What it writes, its access log for one, goes to a file that is gone afterwards.
    """
    port = _free_port()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BOOKING_")},
        **program.environ,
        f"{program.prefix}PORT": str(port),
        f"{program.prefix}SEATS": str(seats),
    }
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        if program.fresh is not None:
            environ |= stack.enter_context(program.fresh())
        process = subprocess.Popen(
            (*pinned(core), *program.command),
            cwd=_HERE.parent,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C in the terminal is for us: we stop it.
            start_new_session=True,
        )
        try:
            if not _answers(process, port):
                log.seek(0)
                said = log.read().decode(errors="replace").strip()
                raise ServerError(f"{program.name} did not start. {said}")
            yield Server(process.pid, port, waits=program.fresh is not None)
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(process: "subprocess.Popen[bytes]", port: int) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        # The one that listens may have to start others first.
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.02)
        else:
            return True
        finally:
            connection.close()
    return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
