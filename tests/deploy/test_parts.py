"""The parts of the compose file, without containers: nginx, two services, PostgreSQL. Each is
killed in turn while buyers buy."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.deploy.nginx import Nginx, free_port
from tests.live.buyers import ADMIN, Buyers, bookings
from tests.live.server import Server
from tests.support.postgres import own_server

SEATS = 3000


class Service:
    """One process of the service, which is started again at the same port."""

    def __init__(self, **settings: Any) -> None:
        self._settings = {**settings, "port": free_port()}
        self.port: int = self._settings["port"]
        self.start()

    def start(self) -> None:
        self.server = Server(**self._settings)

    def kill(self) -> None:
        self.server.__exit__()


@contextmanager
def services(count: int, **settings: Any) -> Iterator[list[Service]]:
    with ExitStack() as stack:
        running = []
        for _ in range(count):
            running.append(Service(**settings))
            stack.callback(running[-1].kill)
        yield running


def test_each_part_is_killed_in_turn_and_no_acknowledged_booking_is_lost(tmp_path: Path) -> None:
    # As the environment in the compose file.
    settings = {"trusted_proxy": "127.0.0.1", "rate_limit": "10000/s", "admin_token": ADMIN}
    house = {"seats": SEATS, "max_seats_per_holder": SEATS, "max_locked_seats_per_client": SEATS}
    with (
        own_server() as postgres,
        services(2, database_url=postgres.url, **settings, **house) as (first, second),
        Nginx(tmp_path, [first.port, second.port]) as nginx,
    ):
        parts: list[tuple[Callable[[], None], Callable[[], None]]] = [
            (part.kill, part.start) for part in (first, second, postgres, nginx)
        ]
        with Buyers(nginx, seats=SEATS) as buyers:
            for kill, start in parts:
                buyers.buy(30)
                kill()
                start()
                buyers.buy(30)
        assert bookings(second.server) == buyers.sold
        for service in (first, second):
            assert not any("Traceback" in line for line in service.server.lines)
