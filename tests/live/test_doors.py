"""Many doors, one ticket: somebody comes in with it once, however many scan it at once."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from tests.live.buyers import ADMIN
from tests.live.server import UNLOCKED, WSGI, Client, Server
from tests.live.tills import Till, tills
from tests.support.postgres import schema

DOORS = 16
SEATS = 20


def open_doors(server: Server, processes: int) -> tuple[list[str], list[Client]]:
    """An event with a booking of every seat: the codes of its tickets, and the doors, as many at
    each process."""
    with server.client(ADMIN) as organiser:
        event = {"plan": {"count": SEATS}}
        assert organiser.call("PUT", "/events/gala", event).status == 201
        seats = [str(number) for number in range(1, SEATS + 1)]
        order = {"seats": seats, "override": ["limit"]}
        sold = organiser.call("POST", "/events/gala/bookings", order)
        reference = sold.json["booking"]["reference"]
        tickets = organiser.call("GET", f"/bookings/{reference}/tickets").json["tickets"]
    connect: list[Till] = [server.client] if processes == 1 else tills(server, processes)
    doors = [connect[number % processes](ADMIN) for number in range(DOORS)]
    return [ticket["code"] for ticket in tickets], doors


def scan(doors: Sequence[Client], code: str) -> Counter[int]:
    """Let all doors scan a ticket: all requests are sent before any answer is read."""
    for number, door in enumerate(doors):
        body = {"code": code, "door": f"door {number}"}
        door.send("POST", "/events/gala/check-in", body)
    return Counter(door.receive().status for door in doors)


@pytest.fixture
def scanned(request: pytest.FixtureRequest) -> Iterator[list[Counter[int]]]:
    """What the doors are told of each ticket: in memory, or by two processes on PostgreSQL."""
    command, in_memory = request.param
    if in_memory:
        with Server(command, admin_token=ADMIN, pin="off") as server:
            codes, doors = open_doors(server, 1)
            yield [scan(doors, code) for code in codes]
    else:
        with (
            schema(request.getfixturevalue("postgres")) as url,
            Server(command, database_url=url, processes=2, admin_token=ADMIN, pin="off") as server,
        ):
            codes, doors = open_doors(server, 2)
            yield [scan(doors, code) for code in codes]
    for door in doors:
        door.close()


@pytest.mark.parametrize(
    "scanned", [(WSGI, True), (WSGI, False)], indirect=True, ids=["memory", "postgres"]
)
def test_one_door_lets_somebody_in_and_all_others_are_told_that_they_are_in(
    scanned: list[Counter[int]],
) -> None:
    assert scanned == [{200: 1, 409: DOORS - 1}] * SEATS


@pytest.mark.parametrize(
    "scanned", [(UNLOCKED, True), (UNLOCKED, False)], indirect=True, ids=["memory", "postgres"]
)
def test_the_test_above_finds_who_comes_in_twice_when_the_lock_is_taken_out(
    scanned: list[Counter[int]],
) -> None:
    assert any(answers[200] > 1 for answers in scanned)
