"""A process that is stopped while it has an event in PostgreSQL: by SIGSTOP, with its machine, or
because the network is gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from booking.domain.model import DEFAULT_EVENT, SeatStatus
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.postgres.database import PostgresDatabase
from booking.settings import Settings
from tests.support.engine import ANN, BOB
from tests.support.postgres import schema
from tests.support.waiting import wait_until

# Locks seat 1, and stops itself in the transaction.
_STOPPED = """
import os, signal, sys
from booking.engines.database import writes
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.registry import DatabaseRegistry
from booking.domain.model import DEFAULT_EVENT
from booking.engines.errors import Unavailable

url, when = sys.argv[1:]
write_rows = writes.write_rows

def stop(*arguments):
    writes.write_rows = write_rows
    if when == "before it writes":
        os.kill(os.getpid(), signal.SIGSTOP)
    write_rows(*arguments)
    if when == "before it commits":
        os.kill(os.getpid(), signal.SIGSTOP)

registry = DatabaseRegistry(PostgresDatabase(url, connections=2), DEFAULT_EVENT)
registry.seat("1")
writes.write_rows = stop
try:
    print(registry.lock(["1"], b"a" * 32).seats[0].status.value)
except Unavailable as error:
    print("not known" if error.outcome_unknown else "refused")
"""


@contextmanager
def stopped_process(url: str, when: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", _STOPPED, url, when], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            state = Path(f"/proc/{process.pid}/stat")
            wait_until(lambda: state.read_text("ascii").split()[2] == "T", seconds=60)
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("when", "outcome"),
    [
        # It finds its connection gone, and begins anew.
        ("before it writes", "locked"),
        # It cannot know whether the last word arrived.
        ("before it commits", "not known"),
    ],
)
def test_a_process_that_is_stopped_has_an_event_for_two_seconds_and_then_no_more(
    postgres: str, when: str, outcome: str
) -> None:
    with schema(postgres) as url:
        box_office = DatabaseBoxOffice(Settings(), PostgresDatabase(url, connections=4))
        registry = box_office.registry(DEFAULT_EVENT)
        with stopped_process(url, when) as process:
            assert registry.seat("1").status is SeatStatus.AVAILABLE
            began = time.monotonic()
            registry.lock(["2"], BOB)
            # Without a limit it would be refused after the 5 s that a lock is waited for.
            assert time.monotonic() - began < 4.5
            assert registry.seat("1").status is SeatStatus.AVAILABLE
            os.kill(process.pid, signal.SIGCONT)
            assert process.communicate(timeout=60)[0] == f"{outcome}\n"
        theirs = ["1"] if outcome == "locked" else []
        assert [seat.id for seat in registry.basket(ANN).seats] == theirs
        box_office.close()


def test_calls_that_read_do_not_wait_for_a_process_that_is_stopped(postgres: str) -> None:
    with schema(postgres) as url:
        box_office = DatabaseBoxOffice(Settings(), PostgresDatabase(url, connections=4))
        registry = box_office.registry(DEFAULT_EVENT)
        with ThreadPoolExecutor(1) as pool:
            with box_office._database.transaction(writing=True, long=True) as transaction:
                transaction.run("lock_version", event=DEFAULT_EVENT, known_version=0, known_mark=0)
                lock = pool.submit(registry.lock, ["2"], BOB)
                wait_until(lambda: registry._writes._leader is not None)
                for _ in range(3):
                    assert registry.seat("1").status is SeatStatus.AVAILABLE
                assert not lock.done()
            assert lock.result().seats[0].status is SeatStatus.LOCKED
        box_office.close()
