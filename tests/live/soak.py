"""Soak test: two services sell for minutes while one mishap after another strikes their database.

Run it by hand; it takes too long for the suite:
``python -m tests.live.soak --minutes 5 --database postgres``.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from booking.engines.database.opening import open_database
from booking.engines.database.upkeep.check import check
from tests.live.buyers import ADMIN
from tests.live.server import ROOT, Server, environment
from tests.live.traders import Traders, expect_sound, live_bookings
from tests.support.postgres import OwnServer
from tests.support.waiting import wait_until

SETTINGS: dict[str, Any] = {"seats": 40, "max_seats_per_holder": 40, "admin_token": ADMIN}


class House(ABC):
    """A database, and the mishaps that can strike it."""

    url: str

    @abstractmethod
    def mishaps(self) -> dict[str, Callable[[], None]]:
        """Return the mishaps by name. Each ends with a working database."""

    @abstractmethod
    def close(self) -> None:
        """Remove everything."""


class PostgresHouse(House):
    """A primary and, during a fail-over, a standby. They take turns in two folders."""

    def __init__(self, folder: Path) -> None:
        self._folders = [folder / "a", folder / "b"]
        for each in self._folders:
            each.mkdir(mode=0o700)
        # The server runs as another user.
        folder.chmod(0o777)
        self.primary = OwnServer(str(self._folders[0]))
        self.primary.start()
        hosts = ",".join(map(str, self._folders))
        self.url = f"postgresql://postgres@/postgres?host={hosts}&target_session_attrs=read-write"
        self._dump()

    def mishaps(self) -> dict[str, Callable[[], None]]:
        return {
            "a dump is made": self._dump,
            "the dump is put back": self._restore,
            "the server is killed": self._kill,
            "a standby takes over that lacks the last transactions": self._fail_over,
        }

    def close(self) -> None:
        self.primary.stop(signal.SIGQUIT)

    def _dump(self) -> None:
        self.primary.run("pg_dump", "-Fc", "-f", f"{self._folders[0].parent}/dump")

    def _restore(self) -> None:
        dump = f"{self._folders[0].parent}/dump"
        self.primary.run("pg_restore", "--clean", "--if-exists", "-d", "postgres", dump)

    def _kill(self) -> None:
        self.primary.kill()
        self.primary.start()

    def _fail_over(self) -> None:
        folder = next(each for each in self._folders if str(each) != self.primary.folder)
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        standby = OwnServer(str(folder), self.primary)
        standby.start()
        wait_until(lambda: standby.is_level_with(self.primary), seconds=60)
        standby.cut_off()
        time.sleep(random.uniform(0, 0.5))
        self.primary.stop(signal.SIGQUIT)
        standby.promote()
        self.primary = standby


class SqliteHouse(House):
    """A file, and copies of it."""

    def __init__(self, folder: Path) -> None:
        self._file, self._copy = folder / "booking.db", folder / "copy.db"
        self.url = f"sqlite:///{self._file}"

    def mishaps(self) -> dict[str, Callable[[], None]]:
        return {
            "a copy is taken": partial(self._command, "backup", "--force", str(self._copy)),
            "the copy is put back": partial(self._command, "restore", "--yes", str(self._copy)),
            "the file is replaced by the copy": self._replace,
        }

    def close(self) -> None:
        pass

    def _replace(self) -> None:
        # Follow the docs: remove the old file's log as well.
        for ending in ("-wal", "-shm"):
            Path(f"{self._file}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self._copy, self._file.with_suffix(".new"))
        self._file.with_suffix(".new").replace(self._file)

    def _command(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "booking", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(database_url=self.url),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@contextmanager
def house(kind: str) -> Iterator[House]:
    """Create a database of a kind, in its own folder."""
    with tempfile.TemporaryDirectory() as folder:
        made = {"postgres": PostgresHouse, "sqlite": SqliteHouse}[kind](Path(folder))
        try:
            yield made
        finally:
            made.close()


def soak(kind: str, minutes: float, processes: int, seed: int) -> None:
    """Trade, cause a mishap, trade on, and check everything; again and again."""
    choice = random.Random(seed)
    ends = time.monotonic() + 60 * minutes
    rounds = 0
    with house(kind) as sold, ExitStack() as stack:
        servers = [
            stack.enter_context(
                Server(database_url=sold.url, processes=processes, pin="off", **SETTINGS)
            )
            for _ in range(2)
        ]
        mishaps = sold.mishaps()
        first = next(iter(mishaps))
        while time.monotonic() < ends:
            name = choice.choice(list(mishaps)) if rounds else first
            _make_room(servers[0])
            with Traders(servers, seats=SETTINGS["seats"], seed=choice.getrandbits(32)) as traders:
                traders.trade(20)
                mishaps[name]()
                since = time.monotonic()
                traders.trade(20)
            expect_sound(servers, traders.told, since)
            database = open_database(sold.url, connections=1)
            with database.transaction(writing=False) as transaction:
                report = check(transaction)
            database.close()
            assert not report.findings, report.findings
            rounds += 1
            print(f"{rounds}: {name}; {report.seats} seats are booked, each once", flush=True)


def _make_room(server: Server) -> None:
    """Cancel bookings of earlier rounds, so that there is something to sell."""
    booked = live_bookings(server)
    with server.client(ADMIN) as organiser:
        for reference in set(booked.values()):
            organiser.call("POST", f"/bookings/{reference}/cancel")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.soak", description=__doc__)
    parser.add_argument("--database", choices=["postgres", "sqlite"], default="postgres")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--processes", type=int, default=1, help="of each of the two services")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    soak(options.database, options.minutes, options.processes, options.seed)


if __name__ == "__main__":
    main()
