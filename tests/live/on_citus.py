"""The service on a cluster of Citus, one of whose nodes is killed again and again while buyers buy.

By hand, for Citus comes neither with the tests nor with Debian:
``python -m tests.live.on_citus /usr/lib/postgresql/15/bin --kills 5``.
"""

import argparse
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from booking.engines.database.postgres import citus
from booking.engines.database.postgres.database import PostgresDatabase
from tests.deploy.nginx import free_port
from tests.live.buyers import ADMIN, Buyers, bookings
from tests.live.server import Server
from tests.support.waiting import wait_until

SEATS = 5000


class Node:
    """A PostgreSQL with Citus in a folder."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._folder = str(folder)
        folder.mkdir()
        shutil.chown(folder, "postgres")
        initdb = [str(binaries / "initdb"), "-D", self._folder, "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*initdb, "--locale=C"], user="postgres", check=True, stdout=subprocess.DEVNULL
        )
        self._command = [
            *(str(binaries / "postgres"), "-D", self._folder, "-k", self._folder),
            *("-p", str(self.port)),
            *("-c", "shared_preload_libraries=citus", "-c", "max_connections=200"),
        ]
        self.start()
        self.run("CREATE EXTENSION citus")

    def start(self) -> None:
        # Nodes connect to each other, and libpq looks for certificates at home.
        self._process = subprocess.Popen(
            self._command,
            user="postgres",
            env={"HOME": self._folder},
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._answers, seconds=60)

    def stop(self, how: signal.Signals) -> None:
        """Let it end: with SIGQUIT as if it crashed."""
        self._process.send_signal(how)
        self._process.wait(60)

    def run(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def cluster(binaries: Path) -> Iterator[tuple[Node, list[Node]]]:
    """A coordinator, and two nodes that have the events."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        shutil.chown(folder, "postgres")
        nodes = []
        for number in range(3):
            node = Node(binaries, Path(folder, str(number)))
            running.callback(node.stop, signal.SIGQUIT)
            nodes.append(node)
        coordinator, *workers = nodes
        coordinator.run(f"SELECT citus_set_coordinator_host('127.0.0.1', {coordinator.port})")
        for worker in workers:
            coordinator.run(f"SELECT citus_add_node('127.0.0.1', {worker.port})")
        yield coordinator, workers


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("binaries", type=Path, help="where initdb and postgres are")
    parser.add_argument("--kills", type=int, default=5, help="how often (5)")
    arguments = parser.parse_args()
    with cluster(arguments.binaries) as (coordinator, workers):
        settings: dict[str, Any] = {
            "database_url": coordinator.url,
            "seats": SEATS,
            "max_seats_per_holder": SEATS,
            "admin_token": ADMIN,
        }
        # What one database has is moved to the nodes.
        with Server(**settings) as server, Buyers(server, seats=SEATS) as buyers:
            buyers.buy(50)
        with closing(PostgresDatabase(coordinator.url, connections=1)) as database:
            print(*citus.distribute(database), "are distributed", flush=True)
        with Server(processes=2, **settings) as server:
            shard = "SELECT nodeport FROM pg_dist_shard_placement WHERE shardid ="
            where = f"{shard} get_shard_id_for_distribution_column('event', 'default')"
            ((port,),) = coordinator.run(where)
            node = next(worker for worker in workers if worker.port == port)
            with Buyers(server, seats=SEATS, sold=buyers.sold) as buyers:
                for kill in range(arguments.kills):
                    buyers.buy(50)
                    node.stop(signal.SIGQUIT)
                    buyers.be_told("unavailable")
                    node.start()
                    buyers.buy(50)
                    print(f"killed {kill + 1} times, {len(buyers.sold)} seats sold", flush=True)
            assert bookings(server) == buyers.sold, "what was acknowledged is not what was booked"
        other = next(worker for worker in workers if worker is not node)
        other.stop(signal.SIGQUIT)
        with Server(**settings) as server, Buyers(server, seats=SEATS, sold=buyers.sold) as buyers:
            buyers.buy(50)
            print("started and sold without the other node")
        other.start()


if __name__ == "__main__":
    main()
