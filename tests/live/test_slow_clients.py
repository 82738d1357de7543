"""Clients that drip their requests, or never read their answers, keep nobody else out."""

import contextlib
import socket
import sqlite3
import threading
from pathlib import Path

from tests.live.buyers import HasAddress
from tests.live.server import Server
from tests.support.waiting import wait_until

CROWD = 1100
HEAD = b"POST /lock HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"


def crowd(server: HasAddress, count: int, *starts: bytes) -> list[socket.socket]:
    """Connections that have each sent one of the beginnings."""
    connections = []
    for number in range(count):
        # The service may have closed it already.
        with contextlib.suppress(ConnectionError):
            connection = socket.create_connection(server.address, timeout=30)
            connections.append(connection)
            connection.sendall(starts[number % len(starts)])
    return connections


def test_more_connections_than_there_may_be_shut_nobody_out() -> None:
    with Server(seats=2000) as server:
        connections = crowd(
            server,
            CROWD,
            b"",
            HEAD,
            HEAD + b"Content-Length: 100\r\n\r\n{",
            b"GET /seats HTTP/1.1\r\nHost: test\r\n\r\n" * 3,
        )
        try:
            for seat in range(1, 6):
                # It would wait for 30 s at the most.
                with server.client() as client:
                    assert client.call("POST", f"/lock/{seat}").status == 200
        finally:
            for connection in connections:
                connection.close()


def test_a_request_has_to_be_sent_in_time_however_steadily_it_drips() -> None:
    with Server() as server, server.client() as client:
        client.send_raw(b"GET /seats HTTP/1.1\r\nHost: test\r\n")
        done = threading.Event()

        def drip() -> None:
            with contextlib.suppress(OSError):
                while not done.wait(0.5):
                    client.send_raw(b"A: b\r\n")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            with contextlib.suppress(ConnectionError):
                assert client.receive_all() == ""
        finally:
            done.set()
            dripping.join()


def test_it_is_said_that_the_service_is_well_while_all_threads_wait_for_the_database(
    tmp_path: Path,
) -> None:
    file = tmp_path / "booking.db"
    with Server(database_url=f"sqlite:///{file}", threads=2) as server:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        clients = [server.client() for _ in range(8)]
        for number, client in enumerate(clients, 1):
            client.send("POST", f"/lock/{number}")
        with server.client() as watcher:
            assert watcher.call("GET", "/healthz").status == 200
        assert not any("/lock/" in line for line in server.access_log)
        other.execute("ROLLBACK")
        other.close()
        wait_until(lambda: any("/lock/" in line for line in server.access_log))
        for client in clients:
            client.receive()
            client.close()
