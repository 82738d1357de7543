"""Shutdown: no new connections, running requests are answered, exit code 0, and soon."""

import contextlib
import signal
import socket
import threading
import time

import pytest

from tests.live.server import Server, tokens
from tests.support.waiting import wait_until


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_though_locks_are_open_and_clients_connected(
    with_signal: signal.Signals,
) -> None:
    with Server() as server:
        idle, half = server.client(), server.client()
        assert idle.call("POST", "/lock/1").status == 200
        half.send_raw(b"POST /lock/2 HTTP/1.1\r\nContent-Le")
        start = time.monotonic()
        assert server.stop(with_signal) == 0
        assert time.monotonic() - start < 6
        idle.close()
        half.close()
    assert [line.split()[2:5] for line in server.access_log] == [["POST", "/lock/1", "200"]]


def test_under_load_every_request_that_was_carried_out_is_answered() -> None:
    answered: list[int] = []
    with Server(seats=100_000, max_seats_per_holder=100_000) as server:

        def buy(number: int, token: str) -> None:
            # In the end, the server closes the connection between two requests.
            with server.client(token) as client, contextlib.suppress(OSError):
                for seat in range(number + 1, 100_000, 16):
                    answered.append(client.call("POST", f"/lock/{seat}").status)
                    answered.append(client.call("POST", f"/confirm/{seat}").status)

        buyers = [threading.Thread(target=buy, args=each) for each in tokens(16).items()]
        for buyer in buyers:
            buyer.start()
        wait_until(lambda: len(answered) > 500)
        start = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - start < 6
        for buyer in buyers:
            buyer.join()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(server.address)
    assert set(answered) == {200}
    assert len(server.access_log) == len(answered)
    assert not any("Traceback" in line for line in server.lines)
