"""What Prometheus finds when it asks, of one process and of several."""

import json
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live.server import ROOT, WSGI, Server, environment
from tests.live.test_start import free_port, run
from tests.support.waiting import wait_until

_VARIABLE = re.compile(r"\bbooking_[a-z_]+")


def scraped(port: int) -> dict[str, float]:
    """The samples, by name and labels as they are written."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as response:
        lines = response.read().decode().splitlines()
    samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in samples}


def answers(port: int) -> bool:
    """Whether the process that answers Prometheus has started."""
    try:
        return bool(scraped(port))
    except OSError:
        return False


def requests_of(samples: dict[str, float], **labels: str) -> float:
    wanted = [f'{name}="{value}"' for name, value in labels.items()]
    return sum(
        value
        for name, value in samples.items()
        if name.startswith("booking_request_seconds_count")
        and all(label in name for label in wanted)
    )


@pytest.mark.parametrize("processes", [1, 2])
def test_requests_refusals_and_seats_are_counted(processes: int, tmp_path: Path) -> None:
    port = free_port()
    settings: dict[str, Any] = {"metrics": f"127.0.0.1:{port}", "processes": processes}
    with Server(database_url=f"sqlite:///{tmp_path / 'booking.db'}", **settings) as server:
        for seat in "123":
            # A connection each, so that more than one process gets some.
            with server.client() as client:
                assert client.call("POST", f"/lock/{seat}").status == 200
                assert client.call("POST", f"/lock/{seat}").status == 409

        def counted() -> bool:
            try:
                return requests_of(scraped(port), status="200") == 3
            except OSError:  # The process that answers has not started yet.
                return False

        wait_until(counted)
        samples = scraped(port)
        assert requests_of(samples, route="/lock/<seat_id>", method="POST", status="409") == 3
        assert samples['booking_refusals_total{code="seat_locked"}'] == 3
        assert samples['booking_seats{event="default",status="locked"}'] == 3
        assert samples["booking_connections"] >= 0
        assert samples['booking_seat_changes_total{change="locked"}'] == 3
        assert samples["booking_batch_calls_sum"] >= 6
        assert samples['booking_database_seconds_count{kind="write"}'] >= 3
        assert server.stop() == 0


@pytest.mark.parametrize("database", ["in memory", "sqlite"])
def test_expiries_and_their_lateness_are_counted(database: str, tmp_path: Path) -> None:
    port = free_port()
    url = "" if database == "in memory" else f"sqlite:///{tmp_path / 'booking.db'}"
    settings: dict[str, Any] = {
        "metrics": f"127.0.0.1:{port}",
        "lock_seconds": 0.2,
        "database_url": url,
    }
    with Server(**settings) as server, server.client("t" * 40) as client:
        assert client.call("POST", "/lock", {"seats": ["1", "2"]}).status == 200
        wait_until(lambda: scraped(port)['booking_seat_changes_total{change="expired"}'] == 2)
        samples = scraped(port)
        assert samples["booking_expiry_late_seconds_count"] == 1
        assert samples["booking_expiry_late_seconds_sum"] > 0
        assert samples['booking_seat_changes_total{change="booked"}'] == 0


@pytest.fixture
def promtool() -> str:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("There is no promtool: apt-get install prometheus brings it.")
    return program


def test_promtool_finds_nothing_wrong_with_the_shipped_rules(promtool: str) -> None:
    # The configuration names its rules.
    command = [promtool, "check", "config", "deploy/prometheus.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rules = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())
    assert f"{len(rules['groups'][0]['rules'])} rules found" in done.stdout


@pytest.mark.parametrize("processes", [1, 2])
def test_promtool_finds_nothing_wrong_with_the_metrics(
    promtool: str, processes: int, tmp_path: Path
) -> None:
    port = free_port()
    url = f"sqlite:///{tmp_path / 'booking.db'}"
    settings: dict[str, Any] = {
        "metrics": f"127.0.0.1:{port}",
        "processes": processes,
        "database_url": url,
    }
    with Server(**settings) as server, server.client("t" * 40) as client:
        for path in ("/lock/1", "/lock/1", "/confirm/1", "/nothing"):
            client.call("POST", path)
        wait_until(lambda: answers(port))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as response:
            page = response.read()
    done = subprocess.run(
        [promtool, "check", "metrics"], input=page, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_stranger_cannot_make_time_series_up() -> None:
    port = free_port()
    with Server(metrics=f"127.0.0.1:{port}") as server, server.client() as client:
        for number in range(20):
            client.call("GET", f"/nothing/{number}")
            client.call(f"METHOD{number}", "/seats")
        routes = {
            name for name in scraped(port) if name.startswith("booking_request_seconds_count")
        }
    assert len(routes) == 2


def test_an_address_for_metrics_that_is_taken_stops_the_start_with_a_sentence() -> None:
    with Server() as other:
        result = run(metrics=f"127.0.0.1:{other.address[1]}", port=0)
    assert result.returncode == 1
    assert result.stderr.startswith("Cannot start: Cannot listen on 127.0.0.1 port")
    assert "BOOKING_METRICS" in result.stderr


def test_rules_and_dashboard_ask_for_what_there_is() -> None:
    port = free_port()
    with Server(metrics=f"127.0.0.1:{port}") as server, server.client() as client:
        client.call("POST", "/lock/1")
        client.call("POST", "/lock/1")
        names = {name.partition("{")[0] for name in scraped(port)}
    rules = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    dashboard = json.loads((ROOT / "deploy" / "grafana.json").read_text())
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    used = {name for expression in asked for name in _VARIABLE.findall(expression)}
    assert used
    assert used <= names


def test_without_the_setting_nothing_of_it_is_loaded() -> None:
    code = "import wsgi, sys; print('prometheus_client' in sys.modules)"
    done = subprocess.run(
        [WSGI[0], "-c", code],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
