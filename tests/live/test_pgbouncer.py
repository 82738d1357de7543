"""The service behind the real PgBouncer in transaction mode."""

from typing import Any

import psycopg

from tests.live.buyers import ADMIN, Buyers, bookings
from tests.live.server import Server
from tests.support.pgbouncer import pgbouncer
from tests.support.postgres import own_server

SETTINGS: dict[str, Any] = {
    "seats": 2000,
    "max_seats_per_holder": 2000,
    "max_locked_seats_per_client": 2000,
    "admin_token": ADMIN,
    "processes": 2,
}


def test_two_processes_sell_through_pgbouncer_in_transaction_mode() -> None:
    with (
        own_server() as postgres,
        pgbouncer(postgres.folder, sessions=2) as url,
        Server(database_url=url, **SETTINGS) as server,
    ):
        with Buyers(server, seats=2000) as buyers:
            buyers.buy(300)
            with psycopg.connect(postgres.url) as connection:
                names = connection.execute(
                    "SELECT DISTINCT application_name FROM pg_stat_activity"
                    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                ).fetchall()
        assert names == [("booking",)]
        assert bookings(server) == buyers.sold
        assert not [line for line in server.lines if "ERROR" in line or "Traceback" in line]
        assert server.stop() == 0
