"""Readiness: whether a service can sell, for whatever monitors it."""

from tests.live.server import Server
from tests.support.postgres import own_server


def test_a_service_is_ready_while_its_database_answers_and_tells_what_may_lose_bookings() -> None:
    with (
        own_server() as postgres,
        Server(database_url=postgres.url) as server,
        server.client() as client,
    ):
        assert client.call("GET", "/readyz").json == {"status": "ok"}
        postgres.set("synchronous_commit = off")
        postgres.stop()
        assert client.call("GET", "/readyz").code == "unavailable"
        assert client.call("GET", "/healthz").status == 200
        postgres.start()
        ready = client.call("GET", "/readyz")
        assert ready.status == 200
        assert "synchronous_commit" in ready.json["warnings"][0]
