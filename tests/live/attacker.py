"""A stranger who sends bytes, and looks at what they cost the service."""

import contextlib
import socket
import time

from tests.live.server import Server

MOST_SECONDS = 0.020
"""What one request may cost of a processor core, besides what a plain request costs."""


class Attacker:
    """Sends requests on connections of their own and measures what they cost the service."""

    def __init__(self, server: Server) -> None:
        self._address = server.address
        # The clock of the processor time of another process, as clock_getcpuclockid(3) has it.
        self._clock = (~server.process.pid << 3) | 2
        plain = b"GET /seats HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
        self.plain_cost = min(self._measure(plain)[1] for _ in range(5))

    def send(self, data: bytes) -> bytes:
        """Send and return all that comes back until the service closes the connection."""
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
        """Whether a request costs more than it may, each time that it is tried."""
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
