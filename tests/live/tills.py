"""Connect to each process of a service, so that none is idle."""

import os
import signal
from collections.abc import Callable, Sequence
from functools import partial

from tests.live.server import Client, Server, tokens
from tests.support.waiting import children, wait_until

Till = Callable[[str], Client]
"""Connects to a process as the holder of a token."""


def tills(server: Server, processes: int) -> list[Till]:
    """Return a till for each process. The system alone gives all connections to two of four."""
    wait_until(lambda: len(children(server.process.pid)) == processes)
    return [partial(_connect, server, each) for each in sorted(children(server.process.pid))]


def queue_at(tills: Sequence[Till], count: int) -> list[Client]:
    """Connect so many clients, equally many at each till."""
    return [tills[number % len(tills)](token) for number, token in tokens(count).items()]


def _connect(server: Server, process: int, token: str) -> Client:
    others = children(server.process.pid) - {process}
    for other in others:
        os.kill(other, signal.SIGSTOP)
    client = server.client(token)
    try:
        assert client.call("GET", "/healthz").status == 200
    finally:
        for other in others:
            os.kill(other, signal.SIGCONT)
    return client
