"""A service whose SQLite file is replaced sells no seat twice, and loses no sale that it
acknowledged into the new file."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.live.buyers import ADMIN, Buyers, Sold, bookings
from tests.live.server import ROOT, Server, environment
from tests.support.waiting import wait_until


@pytest.fixture(params=[1, 2], ids=["one process", "two processes"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with Server(
        database_url=f"sqlite:///{tmp_path / 'booking.db'}",
        processes=request.param,
        admin_token=ADMIN,
        seats=1000,
        max_seats_per_holder=1000,
        pin="off",
    ) as server:
        yield server


def command(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "booking", *arguments],
        cwd=ROOT,
        env=environment(database_url=f"sqlite:///{folder / 'booking.db'}"),
        check=True,
        capture_output=True,
    )


def references(sold: Sold) -> set[str]:
    return {reference for each in sold.values() for reference in each}


def all_booked(server: Server) -> Sold:
    """Return the bookings. A process that was idle during the change answers 503 once."""
    found: Sold = {}

    def answered() -> bool:
        with suppress(KeyError):
            found.update(bookings(server))
            return True
        return False

    wait_until(answered)
    return found


def test_after_a_clean_stop_the_file_alone_has_every_sale(server: Server, tmp_path: Path) -> None:
    with Buyers(server, seats=1000) as buyers:
        buyers.buy(30)
    assert server.stop() == 0
    assert [file.name for file in tmp_path.iterdir()] == ["booking.db"]
    (tmp_path / "booking.db").rename(tmp_path / "alone.db")
    with Server(database_url=f"sqlite:///{tmp_path / 'alone.db'}", admin_token=ADMIN) as alone:
        assert bookings(alone).items() >= buyers.sold.items()


def test_restore_under_load_sells_no_seat_twice_and_versions_go_on(
    server: Server, tmp_path: Path
) -> None:
    with Buyers(server, seats=1000, locks_may_go=True) as buyers:
        buyers.buy(20)
        command(tmp_path, "backup", str(tmp_path / "copy.db"))
        buyers.buy(20)
        with server.client() as client:
            version = client.call("GET", "/seats").json["version"]
        command(tmp_path, "restore", "--yes", str(tmp_path / "copy.db"))
        # Answers that were on their way have come by then.
        buyers.buy(20)
        before = references(buyers.sold)
        buyers.buy(20)
    there = references(all_booked(server))  # This fails if a seat is sold twice.
    with server.client() as client:
        answer = client.call("GET", f"/seats?since={version}")
        if answer.status == 503:
            # This process was idle, and only now notices the other file.
            answer = client.call("GET", f"/seats?since={version}")
    changes = answer.json
    assert changes["full"]
    assert changes["version"] > version
    assert references(buyers.sold) - before <= there


def test_all_processes_sell_from_a_file_that_was_moved_over_the_database(
    server: Server, tmp_path: Path
) -> None:
    with Buyers(server, seats=1000, locks_may_go=True) as buyers:
        buyers.buy(20)
        command(tmp_path, "backup", str(tmp_path / "copy.db"))
        buyers.buy(20)
        shutil.move(tmp_path / "copy.db", tmp_path / "booking.db")
        buyers.be_told("unavailable")
        # Answers that were on their way have come by then.
        buyers.buy(20)
        before = references(buyers.sold)
        buyers.buy(20)
    assert references(buyers.sold) - before <= references(all_booked(server))
    assert any("was replaced by another file" in line for line in server.lines)


def test_a_process_that_starts_is_not_misled_by_the_index_that_another_has_open(
    tmp_path: Path,
) -> None:
    """The previous file's log is empty, so that only its index says how large that file was."""
    path = tmp_path / "booking.db"
    settings: dict[str, Any] = {"database_url": f"sqlite:///{path}", "seats": 1000}
    settings["max_seats_per_holder"] = 1000
    with Server(**settings) as server, Buyers(server, seats=1000) as buyers:
        buyers.buy(300)
        command(tmp_path, "backup", str(tmp_path / "large.db"))
    for file in tmp_path.glob("booking.db*"):
        file.unlink()
    with Server(**settings) as before, before.client("x" * 40) as client:
        assert client.call("POST", "/lock/1").status == 200
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (tmp_path / "large.db").replace(path)
        with Server(**settings) as after, Buyers(after, seats=1000, seed=1) as buyers:
            buyers.buy(20)
        assert client.call("POST", "/lock/2").status == 503
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
