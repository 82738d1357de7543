"""A service on a database keeps every acknowledged sale, whatever happens to its processes."""

import signal
import time
from typing import Any

from booking.domain import timestamps
from tests.live.buyers import ADMIN, Buyers, Sold, bookings
from tests.live.server import Server
from tests.live.test_together import had_often, had_twice, take_and_give_back
from tests.support.waiting import wait_until

PLAN = {"grid": {"rows": 3, "seats_per_row": 3}}


def test_a_restart_forgets_nothing(url: str) -> None:
    token = "x" * 40
    with Server(database_url=url, admin_token=ADMIN) as server:
        with server.client(ADMIN) as organiser:
            organiser.call("PUT", "/events/gala", {"plan": PLAN})
            organiser.call("POST", "/events/gala/block", {"seats": ["C1"]})
        with server.client(token) as client:
            client.call("POST", "/events/gala/lock", {"seats": ["A1", "A2", "A3"]})
            confirm = client.call("POST", "/events/gala/confirm", {"seats": ["A1", "A2"]}).json
            seats = client.call("GET", "/events/gala/seats").json
        assert server.stop() == 0
    with Server(database_url=url, admin_token=ADMIN) as server:
        with server.client(token) as client:
            assert client.call("GET", "/events/gala/seats").json == seats
            reference = confirm["booking"]["reference"]
            assert (
                client.call("GET", f"/bookings/{reference}").json["booking"] == confirm["booking"]
            )
            assert client.call("POST", "/events/gala/confirm/A3").status == 200
        with server.client(ADMIN) as organiser:
            history = organiser.call("GET", "/events/gala/history").json["history"]
        assert [entry["change"] for entry in history] == [
            "blocked",
            *["locked"] * 3,
            *["booked"] * 3,
        ]


def test_a_lock_that_expired_while_the_service_was_down_is_free(url: str) -> None:
    settings: dict[str, Any] = {"database_url": url, "lock_seconds": 0.5}
    with Server(**settings) as server, server.client() as client:
        locked = client.call("POST", "/lock/1")
        assert locked.status == 200
        version = client.call("GET", "/seats").json["version"]
        server.process.kill()
    deadline = timestamps.read(locked.json["seat"]["expires_at"])
    wait_until(lambda: time.time() > deadline)
    with Server(**settings) as server, server.client() as client:
        assert client.call("POST", "/lock/1").status == 200
        changes = client.call("GET", f"/seats?since={version}").json
        assert [seat["id"] for seat in changes["seats"]] == ["1"]


def test_acknowledged_bookings_survive_a_kill(url: str) -> None:
    settings: dict[str, Any] = {"database_url": url, "seats": 2000, "max_seats_per_holder": 2000}
    sold: Sold = {}
    for round_number in range(3):
        with (
            Server(**settings) as server,
            Buyers(server, seats=2000, seed=round_number, sold=sold) as buyers,
        ):
            buyers.buy(50 + 20 * round_number)
            server.process.send_signal(signal.SIGKILL)
            buyers.give_up()
    with Server(**settings, admin_token=ADMIN) as server:
        there = bookings(server)
    assert len(sold) >= 200
    assert sold == {seat: there[seat] for seat in sold}


def test_two_processes_sell_one_house(url: str) -> None:
    """Clients of two servers lock overlapping groups of seats. No two have the same seat."""
    with Server(database_url=url, pin="off") as one, Server(database_url=url, pin="off") as other:
        spans, codes = take_and_give_back([one.client, other.client], had_often(300))
        assert codes <= {"ok", "seats_unavailable", "not_enough_seats"}
        assert had_twice(spans) == []
        for server in (one, other):
            with server.client() as client:
                seats = client.call("GET", "/seats").json["seats"]
            assert [seat["status"] for seat in seats] == ["available"] * 10


def test_a_change_by_one_process_is_visible_to_another_at_once(url: str) -> None:
    with (
        Server(database_url=url, admin_token=ADMIN) as one,
        Server(database_url=url, admin_token=ADMIN) as other,
        one.client(ADMIN) as here,
        other.client(ADMIN) as there,
    ):
        for number in range(1, 8):
            assert here.call("POST", f"/lock/{number}").status == 200
            assert there.call("GET", f"/seats/{number}").json["seat"]["status"] == "locked"
            assert there.call("POST", f"/release/{number}").status == 200
            assert here.call("GET", f"/seats/{number}").json["seat"]["status"] == "available"
        here.call("PUT", "/events/gala", {"plan": {"count": 3}})
        assert there.call("GET", "/events/gala").json["seats"]["total"] == 3
        there.call("PUT", "/events/gala", {"plan": {"count": 5}})
        assert len(here.call("GET", "/events/gala/seats").json["seats"]) == 5
        here.call("DELETE", "/events/gala")
        assert there.call("GET", "/events/gala/seats").code == "event_not_found"
        there.call("PUT", "/events/gala", {})
        assert here.call("GET", "/events/gala").json["seats"]["total"] == 10
