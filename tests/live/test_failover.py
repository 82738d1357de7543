"""A primary with a synchronous standby is killed while buyers buy, and the standby is promoted.

By hand, many rounds: ``python -m tests.live.test_failover 20``.
"""

import sys
import time
from typing import Any

import psycopg

from tests.live.buyers import ADMIN, Buyers, bookings
from tests.live.server import Server
from tests.support.postgres import OwnServer, own_server
from tests.support.waiting import wait_until

SETTINGS: dict[str, Any] = {
    "seats": 5000,
    "max_seats_per_holder": 5000,
    "admin_token": ADMIN,
    "processes": 2,
}


def is_synchronous(primary: OwnServer) -> bool:
    with psycopg.connect(primary.url) as connection:
        found = connection.execute("SELECT sync_state FROM pg_stat_replication").fetchall()
    return found == [("sync",)]


def fail_over(*, before: int, after: int) -> tuple[float, int]:
    """Let buyers buy so many seats before the primary is killed, and after. Returns how many
    seconds after the kill the first of these was acknowledged, and how many were sold in all."""
    with own_server() as primary, own_server(primary) as standby:
        # Only now: the standby has copied the settings of the primary.
        primary.set("synchronous_standby_names = '*'")
        wait_until(lambda: is_synchronous(primary))
        url = (
            f"postgresql://postgres@/postgres?host={primary.folder},{standby.folder}"
            "&target_session_attrs=read-write"
        )
        with Server(database_url=url, **SETTINGS) as server:
            with Buyers(server, seats=5000) as buyers:
                buyers.buy(before)
                primary.kill()
                killed_at = time.monotonic()
                buyers.be_told("unavailable")
                standby.promote()
                buyers.buy(1)
                seconds = time.monotonic() - killed_at
                buyers.buy(after)
            # Exactly what was acknowledged, each seat once.
            assert bookings(server) == buyers.sold
            assert not any("Traceback" in line for line in server.lines)
        return seconds, len(buyers.sold)


def test_selling_goes_on_and_no_acknowledged_booking_is_lost_or_given_twice() -> None:
    fail_over(before=50, after=50)


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        seconds, sold = fail_over(before=20 + 37 * number % 200, after=50)
        print(f"Round {number + 1}: sold {sold}, on after {seconds:.2f} s", flush=True)
