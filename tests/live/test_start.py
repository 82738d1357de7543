"""Starting the service, and failing to."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from booking.serving.cores import are_system_calls_filtered
from tests.live.server import ROOT, WSGI, Server, environment


def run(*command: str, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*WSGI, *command],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_the_first_line_says_where_it_listens_what_it_sells_and_what_it_forgets() -> None:
    with Server(seats=12) as server:
        assert re.fullmatch(
            r"Listening on http://127\.0\.0\.1:\d+/ and selling 12 seats\."
            r" They are kept in memory: a restart forgets who has them\.\n",
            server.lines[0],
        )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux runs threads in turn")
@pytest.mark.parametrize("settings", [{}, {"pin": "off"}], ids=["pinned", "not pinned"])
def test_in_memory_threads_run_in_turn_if_pinned(settings: dict[str, Any]) -> None:
    with Server(**settings) as server:
        in_turn = os.sched_getscheduler(server.process.pid) == os.SCHED_BATCH
        assert in_turn == (not settings and not are_system_calls_filtered())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux runs threads in turn")
def test_threads_that_wait_for_a_database_do_not_run_in_turn(tmp_path: Path) -> None:
    with Server(database_url=f"sqlite:///{tmp_path / 'booking.db'}") as server:
        assert os.sched_getscheduler(server.process.pid) == os.SCHED_OTHER


def test_help_lists_every_setting() -> None:
    result = run("--help")
    assert result.returncode == 0
    assert "BOOKING_LOCK_SECONDS" in result.stdout


@pytest.mark.parametrize("settings", [{"seats": "many"}, {"port": "99999"}, {"seets": 5}])
def test_a_bad_setting_stops_the_start_with_a_sentence(settings: dict[str, object]) -> None:
    result = run(**settings)
    assert result.returncode == 1
    assert result.stderr.startswith("Cannot start: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_port_that_is_taken_stops_the_start_with_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(port=port)
    assert result.returncode == 1
    assert result.stderr == (
        f"Cannot start: Cannot listen on 127.0.0.1 port {port}: Address already in use."
        " Stop what uses it, or set BOOKING_HOST or BOOKING_PORT to another.\n"
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.mark.parametrize(
    "command",
    [
        ("flask", "--app", "wsgi", "run", "--debug", "--no-reload", "--port", "{port}"),
        ("waitress-serve", "--listen", "127.0.0.1:{port}", "wsgi:app"),
    ],
    ids=["flask", "waitress-serve"],
)
def test_other_servers_serve_the_same_application(command: tuple[str, ...]) -> None:
    port = str(free_port())
    program = str(Path(sys.executable).parent / command[0])
    with Server([program, *(part.format(port=port) for part in command[1:])]) as server:
        with server.client("t" * 40) as client:
            assert client.call("POST", "/lock/7").code == "ok"
        with server.client("t" * 40) as client:
            assert client.call("POST", "/lock/7").code == "seat_locked"
        with server.client("t" * 40) as client:
            assert client.call("POST", "/confirm").json["booking"]["seats"] == ["7"]


def test_under_other_servers_too_the_collector_spares_what_stays() -> None:
    looked = subprocess.run(
        [sys.executable, "-c", "import gc, wsgi; print(gc.get_freeze_count(), gc.get_threshold())"],
        cwd=ROOT,
        env=environment(seats=1000),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    frozen, thresholds = looked.stdout.split(maxsplit=1)
    assert int(frozen) > 10_000
    assert thresholds == "(10000, 20, 20)\n"
