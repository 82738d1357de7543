"""The database goes back to an earlier state while two services sell from it: a standby without the
last transactions is promoted, or a dump is restored."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from tests.live.buyers import ADMIN
from tests.live.server import Client, Server
from tests.live.traders import Traders, expect_sound, live_bookings
from tests.support.postgres import OwnServer, own_server
from tests.support.waiting import wait_until

SETTINGS: dict[str, Any] = {"seats": 40, "max_seats_per_holder": 40, "admin_token": ADMIN}
ANN, BOB = "a" * 40, "b" * 40


@contextmanager
def services(url: str, count: int = 2, **settings: Any) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(Server(database_url=url, **SETTINGS, **settings))
            for _ in range(count)
        ]


def buy(client: Client, seat: str) -> str:
    """Buy a seat, even if the first calls after a fail-over are refused."""

    def bought() -> bool:
        client.call("POST", f"/lock/{seat}")
        return client.call("POST", f"/confirm/{seat}").status in (200, 409)

    wait_until(bought)
    return str(client.call("GET", "/basket").json["bookings"][-1]["reference"])


@pytest.fixture
def primary() -> Iterator[OwnServer]:
    with own_server() as primary:
        yield primary


@pytest.fixture
def standby(primary: OwnServer) -> Iterator[OwnServer]:
    with own_server(primary) as standby:
        yield standby


@pytest.mark.parametrize("lost", ["a booking", "a cancellation"])
def test_a_standby_that_lacks_the_last_transactions_takes_over(
    primary: OwnServer, standby: OwnServer, lost: str
) -> None:
    url = (
        f"postgresql://postgres@/postgres?host={primary.folder},{standby.folder}"
        "&target_session_attrs=read-write"
    )
    with (
        services(url) as servers,
        servers[0].client(ANN) as ann,
        servers[1].client(BOB) as bob,
    ):
        reference = buy(ann, "7")
        wait_until(lambda: standby.is_level_with(primary))
        standby.cut_off()
        if lost == "a booking":
            buy(ann, "1")
        else:
            assert ann.call("POST", f"/bookings/{reference}/cancel").status == 200
        version = ann.call("GET", "/seats").json["version"]
        bob.call("GET", "/seats")
        primary.stop(signal.SIGQUIT)
        standby.promote()
        buy(bob, "2")
        for client in (ann, bob):
            changes = client.call("GET", f"/seats?since={version}").json
            assert changes["full"]
            booked = [seat["id"] for seat in changes["seats"] if seat["status"] == "booked"]
            assert booked == ["2", "7"]
            assert client.call("POST", "/lock/7").code == "seat_booked"
        buy(bob, "1")
        for server in servers:
            assert live_bookings(server).keys() == {"1", "2", "7"}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_dump_is_put_back_under_load(primary: OwnServer, processes: int) -> None:
    dump = f"{primary.folder}/dump"
    with services(primary.url, processes=processes, pin="off") as servers:
        with Traders(servers, seats=SETTINGS["seats"]) as traders:
            traders.trade(30)
            primary.run("pg_dump", "-Fc", "-f", dump)
            traders.trade(30)
            primary.run("pg_restore", "--clean", "--if-exists", "-d", "postgres", dump)
            restored = time.monotonic()
            traders.trade(30)
        expect_sound(servers, traders.told, since=restored)
