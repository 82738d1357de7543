"""Clients that ask and never read: what waits for them is bounded. Real sockets and channels; the
test itself is the thread that watches over them."""

import io
import socket
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from booking import unread
from booking.listening import listen
from booking.server import _Server
from booking.settings import Settings
from tests.waiting import wait_until

# More than the system keeps for a client that does not read.
BODY_BYTES = 12 * 1024 * 1024
SHARED = bytes(BODY_BYTES)


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Length", str(BODY_BYTES))])
    body = SHARED if environ["PATH_INFO"] == "/shared" else bytes(BODY_BYTES)
    return environ["wsgi.file_wrapper"](io.BytesIO(body))  # type: ignore[no-any-return]


@pytest.fixture
def server() -> Iterator[_Server]:
    settings = Settings(port=0, threads=1)
    server = _Server(
        app,
        settings,
        listen(settings),
        lambda status, detail, origin: ([], detail.encode()),
        lambda method, path, authorization: 0,
        None,
        None,
    )
    yield server
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.task_dispatcher.shutdown()
    server.close()


@pytest.fixture
def clients() -> Iterator[list[socket.socket]]:
    clients: list[socket.socket] = []
    yield clients
    for client in clients:
        client.close()


def ask(server: _Server, clients: list[socket.socket], path: str) -> Any:
    """Let a new client ask and not read; its channel, once the answer waits in it."""
    before = set(server.active_channels.values())
    client = socket.create_connection(server.socket.getsockname())
    clients.append(client)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())

    def waits() -> bool:
        server._turn(0.01)
        new = set(server.active_channels.values()) - before
        return any(each.total_outbufs_len and not each.requests for each in new)

    wait_until(waits)
    (channel,) = set(server.active_channels.values()) - before
    return channel


def test_the_connection_that_has_not_read_for_longest_is_closed_first(
    server: _Server, clients: list[socket.socket]
) -> None:
    first, second, third = (ask(server, clients, f"/{number}") for number in range(3))
    first.last_activity += 1000  # It has read something since.
    channels = list(server.active_channels.values())
    assert unread.to_close(channels, 3 * BODY_BYTES + 10_000) == []
    assert unread.to_close(channels, 2 * BODY_BYTES + 10_000) == [second]
    assert unread.to_close(channels, 0) == [second, third, first]


def test_a_body_that_several_wait_for_counts_once(
    server: _Server, clients: list[socket.socket]
) -> None:
    for _ in range(3):
        ask(server, clients, "/shared")
    assert unread.to_close(server.active_channels.values(), BODY_BYTES + 10_000) == []


def test_the_server_closes_connections_when_too_much_waits(
    server: _Server, clients: list[socket.socket]
) -> None:
    first = ask(server, clients, "/0")
    for number in range(unread.MAX_UNREAD_BYTES // BODY_BYTES):
        ask(server, clients, f"/{number}")

    def is_closed() -> bool:
        server._turn(0.01)
        return not first.connected

    wait_until(is_closed)
    assert len(server.active_channels) == unread.MAX_UNREAD_BYTES // BODY_BYTES


def test_a_connection_on_which_nothing_moves_is_closed_though_its_client_does_not_read(
    server: _Server, clients: list[socket.socket]
) -> None:
    channel = ask(server, clients, "/0")
    server.maintenance(time.time())
    assert channel.connected
    server.maintenance(time.time() + server.adj.channel_timeout + 1)
    assert not server.active_channels
