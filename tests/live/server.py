"""Start, call and stop the service in its own process."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parent.parent.parent

WSGI = (sys.executable, "wsgi.py")
UNLOCKED = (sys.executable, "-m", "tests.live.unlocked")
GUARDED = (*UNLOCKED, "--guarded")


def environment(**settings: object) -> dict[str, str]:
    """Return this process's environment with only the given settings, such as ``seats=3``."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BOOKING_")}
    return clean | {f"BOOKING_{name.upper()}": str(value) for name, value in settings.items()}


class Answer:
    """An answer: the status, the headers, and the body as JSON."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """Return ``ok``, or the code of the problem."""
        return "ok" if self.status == 200 else str(self.json["code"])


class Client:
    """One keep-alive connection. A test can send on many before it reads any answer."""

    def __init__(self, address: tuple[str, int], token: str | None = None) -> None:
        self._socket = socket.create_connection(address, timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._headers = "" if token is None else f"Authorization: Bearer {token}\r\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def send(self, method: str, path: str, body: object = None) -> None:
        encoded = b"" if body is None else json.dumps(body).encode()
        kind = "" if body is None else "Content-Type: application/json\r\n"
        self.send_raw(
            f"{method} {path} HTTP/1.1\r\nHost: test\r\n{self._headers}{kind}"
            f"Content-Length: {len(encoded)}\r\n\r\n".encode()
            + encoded
        )

    def send_raw(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self) -> Answer:
        response = http.client.HTTPResponse(self._socket)
        response.begin()
        return Answer(response)

    def receive_all(self) -> str:
        """Return everything received until the server closes the connection."""
        with self._socket.makefile("rb") as stream:
            return stream.read().decode("utf-8")

    def call(self, method: str, path: str, body: object = None) -> Answer:
        self.send(method, path, body)
        return self.receive()


class Server:
    """A running service, or another program that prints where it listens."""

    def __init__(self, command: Sequence[str] = WSGI, **settings: object) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(**{"port": 0, **settings}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        try:
            self.address = ("127.0.0.1", self._port())
        except BaseException:
            # End it here: without an object, no __exit__() will.
            self._end()
            raise

    def _port(self) -> int:
        assert self._listening.wait(20), "the server does not say that it listens"
        match = re.search(r"http://(?:127\.0\.0\.1|\[::\]):(\d+)", "".join(self.lines))
        assert match, "".join(self.lines)
        return int(match[1])

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if "http://" in line or line.startswith("Listening on "):
                self._listening.set()
        self._listening.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def client(self, token: str | None = None) -> Client:
        return Client(self.address, token)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Ask the server to stop, and return its exit code."""
        self.process.send_signal(with_signal)
        code = self.process.wait(10)
        self._reader.join()
        return code

    @property
    def access_log(self) -> list[str]:
        """Return the lines after the first one."""
        return self.lines[1:]


def tokens(count: int) -> Mapping[int, str]:
    """Return tokens for so many clients."""
    return {number: f"token-of-client-{number}".ljust(40, ".") for number in range(count)}
