"""An attacker who sends bytes and measures what they cost the service."""

import contextlib
import socket
import time

from tests.live.server import Server

MOST_SECONDS = 0.020
"""How much more processor time one request may cost than a plain one."""


class Attacker:
    """Sends each request on its own connection, and measures what it costs the service."""

    def __init__(self, server: Server) -> None:
        self._address = server.address
        # Another process's CPU-time clock; see clock_getcpuclockid(3).
        self._clock = (~server.process.pid << 3) | 2
        plain = b"GET /seats HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
        self.plain_cost = min(self._measure(plain)[1] for _ in range(5))

    def send(self, data: bytes) -> bytes:
        """Send bytes, and return everything received until the service closes the connection."""
        received = b""
        with (
            socket.create_connection(self._address, timeout=30) as connection,
            contextlib.suppress(ConnectionError),
        ):
            connection.sendall(data)
            while some := connection.recv(1_000_000):
                received += some
        return received

    def status(self, data: bytes) -> int:
        return int(self.send(data).split(b" ", 2)[1])

    def is_expensive(self, data: bytes) -> bool:
        """Return whether a request costs more than it may at every attempt."""
        return all(self._measure(data)[1] > self.plain_cost + MOST_SECONDS for _ in range(5))

    def _measure(self, data: bytes) -> tuple[bytes, float]:
        before = time.clock_gettime(self._clock)
        answer = self.send(data)
        return answer, time.clock_gettime(self._clock) - before


def request(
    route: str,
    headers: dict[str, str],
    body: bytes = b"",
    *,
    host: str = "Host: test\r\n",
    version: str = "1.1",
) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{route} HTTP/{version}\r\n{host}{lines}\r\n".encode("latin-1") + body
