"""A reader who follows a page in an empty directory, with one terminal for each service and one
for everything else."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.docs.page import Save, Start, Step, Type, agree
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]

DIRECTORY = "/srv/booking"
"""Where the pages say that the reader is."""

RUN_DIRECTORY = "/run/booking"
"""Where the pages have the Unix socket."""

DATABASE = "postgresql://booking@db.example.org/booking"
"""The PostgreSQL of the pages."""

_PORT = "8080"
_MOST_SECONDS = 60
# The tests run in the virtual environment that this makes.
_SET_UP = re.compile(r"python3 -m venv \.venv && \.venv/bin/pip install -r (\S+) && ")
_OTHER_PORT = re.compile(r"BOOKING_PORT=(\d+)|127\.0\.0\.1:(\d+) wsgi:app")
_LISTENING = re.compile(r"\bunix:/|http://127\.0\.0\.1:(\d+)")


class Reader:
    """Carries the steps of a page out."""

    def __init__(self, directory: Path, database: str) -> None:
        self._directory = directory
        # What pages say, and what it is here. The ports come when services have told them.
        self._here = {
            RUN_DIRECTORY: str(directory / "run"),
            DIRECTORY: str(directory),
            DATABASE: shlex.quote(database),
        }
        self._services: dict[str, subprocess.Popen[bytes]] = {}
        self._environment = _environment(directory)
        self._terminal = subprocess.Popen(
            ["bash"],
            cwd=directory,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def follow(self, step: Step) -> None:
        """Do what the page says. Raises AssertionError if it comes out otherwise."""
        match step:
            case Save(name, text):
                (self._directory / name).write_text(text, encoding="utf-8")
            case Start(script, line):
                self._start(script, line)
            case Type(command, shown, line):
                printed = self._type(command)
                assert agree(shown, printed), (
                    f"line {line}: {command}\n--- shown\n{shown}\n--- printed\n{printed}"
                )

    def close(self) -> None:
        """End everything that was started."""
        for service in self._services.values():
            _kill(service)
        _kill(self._terminal)
        for stream in (self._terminal.stdin, self._terminal.stdout):
            assert stream is not None
            stream.close()

    def _start(self, script: str, line: int) -> None:
        if set_up := _SET_UP.search(script):
            assert (ROOT / set_up[1]).is_file()
            script = script.replace(set_up[0], "")
        other = _OTHER_PORT.search(script)
        port = _PORT if other is None else other[other.lastindex or 0]
        # At first, any free port will do, and the service says which one it has taken.
        ours = self._here.get(port, "0")
        if port in self._services:
            # Rudely: what the page says is kept must survive this, too.
            _kill(self._services.pop(port))
            # Its processes may outlive it by a moment.
            wait_until(lambda: not _is_listened_on(ours), seconds=_MOST_SECONDS)
        log = self._directory / f"service-{port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["bash", "-c", self._as_here(_replace(port, ours, script))],
                cwd=self._directory,
                env=self._environment | ({"BOOKING_PORT": ours} if other is None else {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._services[port] = process

        def has_started_or_ended() -> bool:
            return process.poll() is not None or bool(_LISTENING.search(log.read_text()))

        wait_until(has_started_or_ended, seconds=_MOST_SECONDS)
        listening = _LISTENING.search(log.read_text())
        assert listening, f"line {line}: the service does not start\n{log.read_text()}"
        if listening[1]:
            self._here[port] = listening[1]
            if port == _PORT:
                self._type(f"export BOOKING_PORT={listening[1]}")

    def _type(self, command: str) -> str:
        """What the command prints, as it would be where the page says that the reader is."""
        stdin, stdout = self._terminal.stdin, self._terminal.stdout
        assert stdin is not None
        assert stdout is not None
        end = f"--- end of command {os.urandom(8).hex()} ---"
        stdin.write(f"{self._as_here(command)}\necho; echo '{end}'\n")
        stdin.flush()
        patience = threading.Timer(_MOST_SECONDS, _kill, [self._terminal])
        patience.start()
        printed = ""
        for line in stdout:
            if line.strip() == end:
                break
            printed += line
        patience.cancel()
        # A terminal does not show the byte order mark that a table for spreadsheets begins with.
        printed = printed.removeprefix("\ufeff")
        assert self._terminal.poll() is None, f"{command}\nhas ended the terminal:\n{printed}"
        for said, here in self._here.items():
            printed = _replace(here, said, printed)
        return printed

    def _as_here(self, text: str) -> str:
        for said, here in self._here.items():
            text = _replace(said, here, text)
        return text


def _is_listened_on(port: str) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", int(port))) == 0


def _replace(what: str, by: str, text: str) -> str:
    # As a whole: the digits of a port may be part of another number.
    return re.sub(rf"(?<!\w){re.escape(what)}(?!\w)", lambda _: by, text)


def _environment(directory: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BOOKING_")}
    # As in a terminal, where curl shows no progress beside what it prints.
    (directory / ".curlrc").write_text("silent\nshow-error\n")
    return clean | {"CURL_HOME": str(directory), "LC_ALL": "C.UTF-8", "COLUMNS": "80"}


def _kill(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    """End a process with all that it has started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def reader(database: str) -> Iterator[Reader]:
    """A reader in a directory that has what a fresh copy of the project has."""
    # Not in pytest's own: its path is too long for a Unix socket.
    with tempfile.TemporaryDirectory(prefix="docs-") as folder:
        directory = Path(folder)
        for name in ("booking", "benchmarks", "wsgi.py"):
            (directory / name).symlink_to(ROOT / name)
        (directory / ".venv").symlink_to(sys.prefix)
        (directory / "run").mkdir()
        reading = Reader(directory, database)
        try:
            yield reading
        finally:
            reading.close()
