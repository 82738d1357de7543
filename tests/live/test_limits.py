"""An attacker who makes up tokens, and buyers who still get seats."""

import itertools
import threading
from collections import Counter
from typing import Any

from tests.live.server import Answer, Client, Server
from tests.live.tills import tills

MOST = 20
SEATS = 200


def post(client: Client, path: str, address: str) -> Answer:
    client.send_raw(
        f"POST {path} HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: {address}\r\n"
        "Content-Length: 0\r\n\r\n".encode()
    )
    return client.receive()


def test_64_connections_that_mint_tokens_hold_no_more_than_one_client_may() -> None:
    settings: dict[str, Any] = {
        "trusted_proxy": "127.0.0.1",
        "seats": SEATS,
        "max_locked_seats_per_client": MOST,
    }
    codes: Counter[str] = Counter()

    def attack(number: int, server: Server) -> None:
        with server.client() as client:
            for seat in range(1, SEATS + 1, 8):
                codes[post(client, f"/lock/{seat + number % 8}", "203.0.113.1").code] += 1

    with Server(**settings) as server:
        assert f"Each client is limited to {MOST} locked seats." in server.lines[0]
        attackers = [threading.Thread(target=attack, args=(n, server)) for n in range(64)]
        for attacker in attackers:
            attacker.start()
        for attacker in attackers:
            attacker.join()
        with server.client() as client:
            seats = client.call("GET", "/seats").json["seats"]
            free = [seat["id"] for seat in seats if seat["status"] == "available"]
            assert len(free) == SEATS - MOST
            for number, seat in enumerate(free[:50]):
                assert post(client, f"/lock/{seat}", f"198.51.100.{number}").status == 200
    assert codes["ok"] == MOST
    assert codes["too_many_requests"] > 0


def test_a_client_is_counted_in_the_database_by_all_processes_and_after_a_restart(
    url: str,
) -> None:
    settings: dict[str, Any] = {
        "database_url": url,
        "trusted_proxy": "127.0.0.1",
        "max_locked_seats_per_client": 4,
        "pin": "off",
    }
    seats = map(str, itertools.count(1))
    with Server(**settings, processes=2) as server:
        one, other = (till("t" * 40) for till in tills(server, 2))
        for client in (one, other, one, other):
            assert post(client, f"/lock/{next(seats)}", "203.0.113.1").status == 200
        for client in (one, other):
            refused = post(client, f"/lock/{next(seats)}", "203.0.113.1")
            assert (refused.status, refused.code) == (429, "too_many_requests")
            assert refused.headers["Retry-After"] == "1"
            assert post(client, f"/lock/{next(seats)}", "203.0.113.2").status == 200
            client.close()
        assert server.stop() == 0
    with Server(**settings) as server, server.client() as client:
        assert post(client, f"/lock/{next(seats)}", "203.0.113.1").status == 429
