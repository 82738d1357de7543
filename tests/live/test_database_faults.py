"""A database that fails in other ways than by ending: the service answers 503, says why in a few
lines of its log, and sells on when it can."""

from typing import Any

import psycopg

from tests.live.buyers import ADMIN, Buyers, bookings
from tests.live.server import Server
from tests.live.test_start import run
from tests.support.postgres import own_server

SETTINGS: dict[str, Any] = {"seats": 2000, "max_seats_per_holder": 2000, "admin_token": ADMIN}
_TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = 'booking' AND pid <> pg_backend_pid()
"""


def faults(server: Server) -> list[str]:
    return [line for line in server.lines if "Database fault" in line]


def test_connections_that_are_terminated_again_and_again_cost_no_booking_and_no_flood() -> None:
    with own_server() as postgres, Server(database_url=postgres.url, **SETTINGS) as server:
        with (
            Buyers(server, seats=2000) as buyers,
            psycopg.connect(postgres.url, autocommit=True) as administrator,
        ):
            buyers.buy(20)
            for _ in range(300):
                administrator.execute(_TERMINATE)
            buyers.buy(20)
        assert bookings(server) == buyers.sold
        assert server.stop() == 0
        others = [line for line in server.lines[1:] if " POST " not in line and " GET " not in line]
        # A line a second for each kind of fault, whatever number of calls it meets.
        assert others == faults(server)
        assert len(others) < 40


def test_without_a_free_connection_a_service_answers_503_and_another_does_not_start() -> None:
    with own_server() as postgres, Server(database_url=postgres.url, **SETTINGS) as server:
        held = []
        try:
            with Buyers(server, seats=2000) as buyers:
                buyers.buy(5)
                while buyers.codes["unavailable"] == 0:
                    try:
                        held.append(psycopg.connect(postgres.url, autocommit=True))
                    except psycopg.OperationalError:
                        held[0].execute(_TERMINATE)
                refused = run(database_url=postgres.url, port=0)
                for connection in held:
                    connection.close()
                buyers.buy(20)
        finally:
            for connection in held:
                connection.close()
        assert refused.returncode == 1
        assert "accepts no more connections. Raise its max_connections" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert bookings(server) == buyers.sold
        assert not any("Traceback" in line for line in server.lines)
