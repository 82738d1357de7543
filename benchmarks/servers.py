"""Start and stop the servers to be measured."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.databases import Engine
from benchmarks.tools import pinned

_HERE = Path(__file__).parent
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


class ServerError(Exception):
    """A server did not start. The message contains its output."""


@dataclass(frozen=True, slots=True)
class Program:
    """How to start a server. The variables ``…PORT``, ``…SEATS`` and, if it uses a database,
    ``…DATABASE_URL`` tell it where to listen, how many seats to sell, and where to keep them."""

    name: str
    command: tuple[str, ...]
    prefix: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    engine: Engine | None = None
    """Creates a new database for each start."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    pid: int
    port: int
    engine: Engine | None = None


def service(name: str = "this service", **settings: str) -> Program:
    """Return this service, with default settings except for those given."""
    return Program(
        name,
        (sys.executable, str(_HERE.parent / "wsgi.py")),
        prefix="BOOKING_",
        # One holder buys all the seats.
        environ={"BOOKING_MAX_SEATS_PER_HOLDER": "100000"}
        | {f"BOOKING_{setting.upper()}": value for setting, value in settings.items()},
    )


def under_granian() -> Program:
    """Return this service under another server than its own."""
    command = (sys.executable, "-m", "benchmarks.granian_server")
    return replace(service("under granian"), command=command)


def bare_waitress() -> Program:
    """Return a waitress whose application returns a constant."""
    return Program("bare waitress", (sys.executable, "-m", "benchmarks.bare"))


@contextmanager
def running(program: Program, *, seats: int, core: int | None) -> Iterator[Server]:
    """Start a server, on one core or on any, wait until it answers, and stop it on exit.

    Its output, including the access log, goes to a temporary file.
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
        if program.engine is not None:
            url = stack.enter_context(program.engine.fresh())
            environ[f"{program.prefix}DATABASE_URL"] = url
        process = subprocess.Popen(
            (*pinned(core), *program.command),
            cwd=_HERE.parent,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Keep Ctrl-C in the terminal from the server: we stop it.
            start_new_session=True,
        )
        try:
            if not _answers(process, port):
                log.seek(0)
                said = log.read().decode(errors="replace").strip()
                raise ServerError(f"{program.name} did not start. {said}")
            yield Server(process.pid, port, program.engine)
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
        # The process that listens may have to start others first.
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
