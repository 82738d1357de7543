"""The servers that are measured: how to start each, and that it is stopped."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import Engine
from benchmarks.tools import pinned

_HERE = Path(__file__).parent
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


class ServerError(Exception):
    """A server could not be started. The message holds what it said."""


@dataclass(frozen=True, slots=True)
class Program:
    """A server that can be started. It is told where to listen in the variable ``…PORT``, how many
    seats to sell in ``…SEATS``, and in which database, if in any, in ``…DATABASE_URL``."""

    name: str
    command: tuple[str, ...]
    prefix: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    engine: Engine | None = None
    """Makes the database, anew for each start."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is running."""

    pid: int
    port: int
    engine: Engine | None = None


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
            # Ctrl-C in the terminal is for us: we stop it.
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
