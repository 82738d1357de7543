"""A service with several processes."""

import os
import signal
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.live.buyers import ADMIN, Buyers, bookings
from tests.live.server import ROOT, WSGI, Server, environment
from tests.support.waiting import children, wait_until

SETTINGS: dict[str, Any] = {"seats": 2000, "max_seats_per_holder": 2000, "admin_token": ADMIN}


@pytest.fixture
def file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'booking.db'}"


def none_exists(paths: list[Path]) -> bool:
    return not any(path.exists() for path in paths)


def test_a_process_that_ends_is_started_again(file: str) -> None:
    with Server(database_url=file, processes=2) as server:
        wait_until(lambda: len(children(server.process.pid)) == 2)
        before = children(server.process.pid)
        for process in before:
            os.kill(process, signal.SIGKILL)
        wait_until(
            lambda: (
                len(children(server.process.pid)) == 2 and not children(server.process.pid) & before
            )
        )
        with server.client() as client:
            assert client.call("GET", "/healthz").status == 200
        assert server.stop() == 0
    assert "was ended by signal 9; it is started again in 0.5 s." in "".join(server.lines)


def test_killing_each_process_during_sales_loses_no_booking(url: str) -> None:
    processes = 3
    with Server(database_url=url, processes=processes, **SETTINGS) as server:
        wait_until(lambda: len(children(server.process.pid)) == processes)
        first = children(server.process.pid)
        with Buyers(server, seats=2000) as buyers:
            for process in first:
                buyers.buy(20)
                os.kill(process, signal.SIGKILL)
            wait_until(lambda: len(children(server.process.pid) - first) == processes)
            buyers.buy(20)
        # Exactly the acknowledged bookings, even if only a repeated call was answered.
        assert bookings(server) == buyers.sold
        assert server.stop() == 0


def test_all_processes_stop_when_asked_or_when_their_supervisor_is_gone(file: str) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        with Server(database_url=file, processes=2) as server:
            wait_until(lambda: len(children(server.process.pid)) == 2)
            serving = [Path(f"/proc/{process}") for process in children(server.process.pid)]
            server.process.send_signal(how)
            server.process.wait(10)
            wait_until(partial(none_exists, serving))


def test_in_memory_there_is_one_process() -> None:
    done = subprocess.run(
        WSGI, cwd=ROOT, env=environment(processes=2), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "each process would sell the whole house. Set BOOKING_DATABASE_URL" in done.stderr


def test_a_failed_start_is_reported_once(tmp_path: Path) -> None:
    settings = {"processes": 2, "database_url": f"sqlite:///{tmp_path}/no/such/folder.db"}
    done = subprocess.run(
        WSGI, cwd=ROOT, env=environment(**settings), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("Cannot start: There is no folder") == 1
