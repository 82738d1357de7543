"""Many clients, one seat."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.live.server import UNLOCKED, WSGI, Client, Server, tokens

CLIENTS = 64


def race(clients: list[Client], seat: int) -> Counter[int]:
    """Let all clients lock the same seat: all requests are on their way before any answer is read.
    How often each status came back."""
    for client in clients:
        client.send("POST", f"/lock/{seat}")
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


def test_several_seats_are_locked_all_or_none_however_they_overlap() -> None:
    """No deadlock, no half-done call: two seats in opposite orders, over and over."""
    with Server(seats=2, max_seats_per_holder=2) as server:
        clients = [server.client(token) for token in tokens(16).values()]
        for _ in range(50):
            for number, client in enumerate(clients):
                client.send("POST", "/lock", {"seats": ["1", "2"] if number % 2 else ["2", "1"]})
            answers = [client.receive() for client in clients]
            assert Counter(answer.code for answer in answers) == {"ok": 1, "seats_unavailable": 15}
            winner = clients[[answer.status for answer in answers].index(200)]
            assert winner.call("POST", "/release", {"seats": ["1", "2"]}).status == 200
        for client in clients:
            client.close()
