"""Thousands of clients follow a sale through nginx, with the file that we ship."""

import asyncio
import json
import random
import re
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, table
from benchmarks.servers import running, service
from benchmarks.tools import available

_FOLLOWERS = 5_000
_SEATS = 50_000
_SALES_A_SECOND = 20
_WARM_UP = 5
_READS = re.compile(r'booking_request_seconds_count\{.*route="/seats".*\} (\S+)')


class Sale:
    """What is known of the changes: when each was acknowledged, and how late clients saw them."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, float] = {}
        self.lags: list[float] = []
        self.answers = 0
        self._bodies: dict[bytes, tuple[int, float | None]] = {}

    def take(self, body: bytes) -> int:
        """A client was sent this. Returns the version that it has now."""
        if body not in self._bodies:  # Thousands are sent the same.
            document = json.loads(body)
            seats = (seat["id"] for seat in document["seats"])
            times = [self.acknowledged[seat] for seat in seats if seat in self.acknowledged]
            self._bodies[body] = document["version"], min(times, default=None)
        version, oldest = self._bodies[body]
        self.answers += 1
        if oldest is not None:
            self.lags.append(time.monotonic() - oldest)
        return version


class Connection(asyncio.Protocol):
    """Sends a request at a time, and gives the body of the answer."""

    def __init__(self) -> None:
        self._received = b""
        self._body: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\ncontent-length: (\d+)", head)
        if found and length and len(body) >= int(length[1]) and self._body is not None:
            self._received = b""
            if not self._body.done():
                self._body.set_result(body)

    async def call(self, request: str) -> bytes:
        """Send a request without a body."""
        self._body = asyncio.get_running_loop().create_future()
        assert self._transport is not None
        lines = f"{request} HTTP/1.1\r\nHost: tickets.example\r\nContent-Length: 0\r\n\r\n"
        self._transport.write(lines.encode())
        return await self._body


def run(effort: Effort) -> None:
    """Run this benchmark and print its table."""
    if not available("nginx", purpose="the measurement of followers"):
        return
    seconds = 5 * effort.seconds
    # Only here: the other benchmarks do without the tests.
    from tests.deploy.nginx import Nginx, free_port

    metrics = f"127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        # No lock runs out meanwhile: that would be a change that nobody acknowledged.
        locks = {"lock_seconds": "3600", "max_lock_seconds": "3600"}
        program = service(metrics=metrics, trusted_proxy="127.0.0.1", **locks)
        server = stack.enter_context(running(program, seats=_SEATS, core=None))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        nginx = stack.enter_context(Nginx(folder, [server.port], connections=8192))
        sale = Sale()
        reads = asyncio.run(_follow(nginx.address, metrics, sale, seconds))
    heading(
        f"{_FOLLOWERS:,} clients follow an event of {_SEATS:,} seats through nginx",
        f"Each asks once a second what has changed. {_SALES_A_SECOND} seats are locked a second.",
    )
    lags = sorted(sale.lags)
    rows: list[tuple[str, float, Goal | None]] = [
        ("answers to clients, a second", sale.answers / seconds, None),
        ("reads that the service is asked for, a second", reads, Goal(30, at_most=True)),
        ("a change is seen after, median, s", lags[len(lags) // 2], None),
        ("99th percentile, s", lags[len(lags) * 99 // 100], None),
        ("longest, s", lags[-1], Goal(3, at_most=True)),
    ]
    table(
        ("", "measured", "goal", ""),
        [
            (name, f"{value:,.2f}", str(goal or ""), goal.verdict(value) if goal else "")
            for name, value, goal in rows
        ],
    )


async def _follow(address: tuple[str, int], metrics: str, sale: Sale, seconds: int) -> float:
    """Let the clients follow the sale. Returns the reads a second that reach the service."""
    loop = asyncio.get_running_loop()
    _, seller = await loop.create_connection(Connection, *address)
    version = json.loads(await seller.call("GET /seats"))["version"]
    made = [await loop.create_connection(Connection, *address) for _ in range(_FOLLOWERS)]
    tasks = [asyncio.create_task(_client(each, version, sale)) for _, each in made]
    tasks.append(asyncio.create_task(_sell(seller, sale)))
    await asyncio.sleep(_WARM_UP)
    sale.lags.clear()
    sale.answers, before = 0, await asyncio.to_thread(_reads, metrics)
    await asyncio.sleep(seconds)
    reads = (await asyncio.to_thread(_reads, metrics) - before) / seconds
    for task in tasks:
        task.cancel()
    return reads


async def _client(connection: Connection, version: int, sale: Sale) -> None:
    await asyncio.sleep(random.random())
    while True:
        asked = time.monotonic()
        version = max(version, sale.take(await connection.call(f"GET /seats?since={version}")))
        await asyncio.sleep(max(0.0, asked + 1 - time.monotonic()))


async def _sell(connection: Connection, sale: Sale) -> None:
    for seat in range(1, _SEATS):
        await connection.call(f"POST /lock/{seat}")
        sale.acknowledged[str(seat)] = time.monotonic()
        await asyncio.sleep(1 / _SALES_A_SECOND)


def _reads(metrics: str) -> float:
    with urllib.request.urlopen(f"http://{metrics}/metrics") as page:
        return sum(map(float, _READS.findall(page.read().decode())))
