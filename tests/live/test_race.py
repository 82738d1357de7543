"""Many clients, one seat."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.live.server import UNLOCKED, WSGI, Client, Server, tokens

CLIENTS = 64


def race(clients: list[Client], seat: int, event: str = "default") -> Counter[int]:
    """Let all clients lock the same seat: all requests are sent before any answer is read. Returns
    how often each status came back."""
    for client in clients:
        client.send("POST", f"/events/{event}/lock/{seat}")
    return Counter(client.receive().status for client in clients)


@pytest.fixture
def clients(request: pytest.FixtureRequest) -> Iterator[list[Client]]:
    with Server(request.param, seats=1000, max_seats_per_holder=1000, pin="off") as server:
        clients = [server.client(token) for token in tokens(CLIENTS).values()]
        yield clients
        for client in clients:
            client.close()


@pytest.mark.parametrize("clients", [WSGI], indirect=True)
def test_one_client_gets_the_seat_and_all_others_are_told_that_it_is_taken(
    clients: list[Client],
) -> None:
    for seat in range(1, 101):
        assert race(clients, seat) == {200: 1, 409: CLIENTS - 1}


@pytest.mark.parametrize("clients", [UNLOCKED], indirect=True)
def test_the_test_above_finds_a_double_sale_when_the_lock_is_taken_out(
    clients: list[Client],
) -> None:
    assert any(race(clients, seat)[200] > 1 for seat in range(1, 501))


def test_hundreds_of_clients_stay_connected() -> None:
    with Server() as server:
        clients = [server.client() for _ in range(400)]
        for client in clients:
            client.send("GET", "/seats/1")
        assert {client.receive().status for client in clients} == {200}
        for client in clients:
            client.close()
