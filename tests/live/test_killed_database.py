"""A PostgreSQL server is killed or stopped, and restarted, while a service goes on."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.buyers import ADMIN, Buyers, bookings
from tests.live.server import Server
from tests.support.postgres import OwnServer, own_server
from tests.support.waiting import wait_until

SETTINGS: dict[str, Any] = {"seats": 2000, "max_seats_per_holder": 2000, "admin_token": ADMIN}


@pytest.fixture(scope="module")
def postgres() -> Iterator[OwnServer]:
    """Start a server for these tests alone, so that they kill nobody else's."""
    with own_server() as postgres:
        yield postgres


def test_the_service_heals_by_itself_and_loses_no_booking(postgres: OwnServer) -> None:
    with Server(database_url=postgres.url, **SETTINGS) as server:
        with Buyers(server, seats=2000) as buyers:
            for end in (postgres.kill, postgres.stop, postgres.kill):
                buyers.buy(20)
                end()
                buyers.be_told("unavailable")
                postgres.start()
            buyers.buy(20)
        # Exactly the acknowledged bookings, even if only a repeated call was answered.
        assert bookings(server) == buyers.sold
        assert not any("Traceback" in line for line in server.lines)


def test_repeating_a_confirm_settles_one_whose_answer_was_lost(
    postgres: OwnServer,
) -> None:
    with (
        Server(database_url=postgres.url, **SETTINGS) as server,
        server.client("t" * 40) as client,
    ):
        seat = next(
            seat["id"]
            for seat in client.call("GET", "/seats").json["seats"]
            if client.call("POST", f"/lock/{seat['id']}").status == 200
        )
        postgres.hold_answers_back()
        client.send("POST", f"/confirm/{seat}")
        wait_until(postgres.holds_answers_back)
        postgres.kill()
        lost = client.receive()
        assert (lost.code, lost.headers["Retry-After"]) == ("unavailable", "1")
        assert "It is not known whether the request was carried out" in lost.json["detail"]
        postgres.start()
        postgres.give_answers()
        wait_until(lambda: client.call("GET", "/seats").status == 200)
        settled = client.call("POST", f"/confirm/{seat}")
        assert (settled.code, settled.json["booked_by_you"]) == ("seat_booked", True)
        assert bookings(server)[seat] == [settled.json["booking"]["reference"]]
