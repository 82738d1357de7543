"""Machines that share a PostgreSQL server while their clocks are an hour ahead or behind. The
database's clock decides. (An SQLite file is used by one machine, with one clock.)"""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import permutations

import pytest

from booking.domain import timestamps
from tests.live.buyers import ADMIN
from tests.live.server import WSGI, Client, Server
from tests.support.postgres import schema
from tests.support.waiting import wait_until

WRONG = (sys.executable, "-m", "tests.live.wrong_clock", "--")
LOCK_SECONDS = 1
HOUR = 3600


@pytest.fixture(scope="module")
def machines(postgres: str) -> Iterator[list[Server]]:
    """Start one machine with the right time, one that is ahead, and one that is behind."""
    commands = {0: WSGI, HOUR: (*WRONG, f"{HOUR}"), -HOUR: (*WRONG, f"-{HOUR}")}
    with schema(postgres) as url, ExitStack() as stack:
        servers = []
        for ahead, command in commands.items():
            server = stack.enter_context(
                Server(command, database_url=url, lock_seconds=LOCK_SECONDS, admin_token=ADMIN)
            )
            with server.client() as client:
                date = parsedate_to_datetime(client.call("GET", "/healthz").headers["Date"])
            assert date.timestamp() - time.time() == pytest.approx(ahead, abs=60)
            servers.append(server)
        yield servers


@pytest.fixture
def clients(machines: list[Server]) -> Iterator[list[Client]]:
    """One buyer, connected to each machine."""
    with ExitStack() as stack:
        yield [stack.enter_context(server.client("t" * 40)) for server in machines]


def is_free(client: Client, seat: str) -> bool:
    return "available" in client.call("GET", f"/seats/{seat}").text


def test_a_lock_expires_on_every_machine_on_time_and_not_before(
    clients: list[Client],
) -> None:
    others = clients[1:] + clients[:1]
    locked = []
    for seat, client in zip("123", clients, strict=True):
        before = time.time()
        answer = client.call("POST", f"/lock/{seat}").json
        locked.append((before, time.time()))
        assert answer["expires_in"] == LOCK_SECONDS
        assert before <= timestamps.read(answer["seat"]["locked_at"]) + 0.001
        assert timestamps.read(answer["seat"]["locked_at"]) - 0.001 <= time.time()
    for seat, other, (before, after) in zip("123", others, locked, strict=True):
        wait_until(partial(is_free, other, seat))
        assert before + LOCK_SECONDS <= time.time() < after + LOCK_SECONDS + 0.8


def test_a_seat_locked_on_one_machine_is_kept_for_its_buyer_on_every_machine(
    machines: list[Server], clients: list[Client]
) -> None:
    for seat, (here, there) in enumerate(permutations(range(3), 2), start=4):
        assert clients[here].call("POST", f"/lock/{seat}").status == 200
        with machines[there].client("s" * 40) as somebody_else:
            refused = somebody_else.call("POST", f"/lock/{seat}")
        assert refused.code == "seat_locked"
        assert int(refused.headers["Retry-After"]) <= LOCK_SECONDS
        assert clients[there].call("POST", f"/confirm/{seat}").status == 200


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ({"on_sale_from": HOUR / 2}, "not_on_sale"),
        ({"on_sale_from": -HOUR / 2}, "ok"),
        ({"on_sale_until": HOUR / 2}, "ok"),
        ({"on_sale_until": -HOUR / 2}, "not_on_sale"),
    ],
)
def test_the_sale_begins_and_ends_at_the_same_time_on_every_machine(
    machines: list[Server], clients: list[Client], times: dict[str, float], code: str
) -> None:
    now = time.time()
    event = {name: timestamps.write(now + seconds) for name, seconds in times.items()}
    with machines[0].client(ADMIN) as organiser:
        organiser.call("PUT", "/events/sale", {"plan": {"count": 3}, **event})
        for seat, client in zip("123", clients, strict=True):
            assert client.call("POST", f"/events/sale/lock/{seat}").code == code
            client.call("POST", f"/events/sale/release/{seat}")
        assert organiser.call("DELETE", "/events/sale").status == 200
