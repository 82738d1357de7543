"""Locks and real time."""

import time

from tests.live.server import Server
from tests.support.waiting import wait_until


def test_a_lock_expires_on_time_and_not_before() -> None:
    with Server(lock_seconds=0.4) as server, server.client() as client:
        for seat in ("1", "2", "3"):
            before = time.monotonic()
            assert client.call("POST", f"/lock/{seat}").json["expires_in"] == 0.4
            after = time.monotonic()
            free = wait_until(
                lambda seat=seat: "locked" not in client.call("GET", f"/seats/{seat}").text  # type: ignore[misc]
            )
            assert before + 0.4 <= free < after + 0.4 + 0.5


def test_locks_that_expire_together_all_free_their_seats() -> None:
    seats = [str(number) for number in range(1, 501)]
    server = Server(seats=500, max_seats_per_holder=500, lock_seconds=0.5)
    with server, server.client() as client:
        assert client.call("POST", "/lock", {"seats": seats}).status == 200
        wait_until(lambda: "locked" not in client.call("GET", "/seats").text)
        assert client.call("POST", "/lock", {"seats": seats}).status == 200


def test_a_confirmed_seat_is_not_released() -> None:
    with Server(lock_seconds=0.2) as server, server.client("t" * 40) as client:
        client.call("POST", "/lock/1")
        client.call("POST", "/lock/2")
        assert client.call("POST", "/confirm/1").status == 200
        wait_until(lambda: "locked" not in client.call("GET", "/seats/2").text)
        assert client.call("GET", "/seats/1").json["seat"]["status"] == "booked"
