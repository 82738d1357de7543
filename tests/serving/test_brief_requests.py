"""Brief requests are answered by the thread that watches the sockets: here, the test itself."""

import contextlib
import socket
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from booking.serving.listening import listen
from booking.serving.wsgi_server import Server
from booking.settings import Settings
from tests.support.waiting import wait_until

LARGE = 32 * 1024 * 1024
"""More than the system keeps for a client that does not read."""


class App:
    """Notes which thread answers, and can be told to wait."""

    def __init__(self) -> None:
        self.threads: dict[str, int] = {}
        self.go_on = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.threads[path] = threading.get_ident()
        if path == "/waits":
            self.go_on.wait(30)
        if path == "/brief/fails":
            raise ValueError
        body = bytes(LARGE) if path == "/large" else path.encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]


@pytest.fixture
def app() -> Iterator[App]:
    app = App()
    yield app
    app.go_on.set()


@pytest.fixture
def server(app: App) -> Iterator[Server]:
    settings = Settings(port=0, threads=1)
    server = Server(
        app,
        settings,
        listen(settings),
        lambda status, detail, origin, request_id: ([], detail.encode()),
        lambda method, path, authorization: 0,
        None,
        None,
        lambda path: path.startswith("/brief"),
    )
    yield server
    app.go_on.set()
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.task_dispatcher.shutdown()
    server.close()


@pytest.fixture
def client(server: Server) -> Iterator[socket.socket]:
    with socket.create_connection(server.socket.getsockname()) as client:
        yield client


def ask(client: socket.socket, *paths: str) -> None:
    """Send requests, all before any answer is read."""
    client.sendall(b"".join(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % p.encode() for p in paths))


def read(server: Server, client: socket.socket, last: bytes) -> bytes:
    """What the client is sent, which ends like this."""
    client.setblocking(False)
    received = bytearray()

    def is_complete() -> bool:
        server._turn(0.01)
        with contextlib.suppress(BlockingIOError):
            received.extend(client.recv(1024 * 1024))
        return received.endswith(last)

    wait_until(is_complete)
    return bytes(received)


def test_the_thread_of_the_sockets_answers_brief_requests_and_no_others(
    server: Server, client: socket.socket, app: App
) -> None:
    for path in ("/brief", "/other"):
        ask(client, path)
        read(server, client, path.encode())
    assert app.threads["/brief"] == threading.get_ident() != app.threads["/other"]


def test_a_brief_request_waits_for_no_thread(
    server: Server, client: socket.socket, app: App
) -> None:
    with socket.create_connection(server.socket.getsockname()) as slow:
        ask(slow, "/waits")
        while "/waits" not in app.threads:
            server._turn(0.01)
        ask(client, "/brief")
        read(server, client, b"/brief")


def test_requests_that_are_sent_together_are_answered_in_their_order(
    server: Server, client: socket.socket
) -> None:
    paths = ["/brief/1", "/brief/2", "/other/3", "/brief/4", "/other/5", "/brief/6"]
    ask(client, *paths)
    answers = read(server, client, b"/brief/6").decode()
    assert [answers.index(f"\r\n\r\n{path}") for path in paths] == sorted(
        answers.index(f"\r\n\r\n{path}") for path in paths
    )


def test_whoever_has_not_read_an_answer_does_not_hold_up_the_thread_of_the_sockets(
    server: Server, client: socket.socket, app: App
) -> None:
    ask(client, "/large", "/brief")
    # The thread of the sockets, which would have to send, must not wait until it has been sent.
    read(server, client, b"/brief")
    assert app.threads["/brief"] != threading.get_ident()


def test_a_brief_request_that_fails_is_refused_and_the_next_one_is_answered(
    server: Server, client: socket.socket
) -> None:
    ask(client, "/brief/fails")
    assert b" 500 " in read(server, client, b"Try again later.")
    with socket.create_connection(server.socket.getsockname()) as other:
        ask(other, "/brief")
        read(server, other, b"/brief")
