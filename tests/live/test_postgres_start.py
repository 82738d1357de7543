"""What a service says if it cannot start on PostgreSQL, and what it never reveals."""

import subprocess

import pytest

from tests.live.server import ROOT, WSGI, Server, environment
from tests.support.postgres import schema


def start(**settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        WSGI,
        cwd=ROOT,
        env=environment(port=0, **settings),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize("settings", [{"log_level": "debug"}, {"log_level": "error"}])
@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgresql://shop:S3cret?@127.0.0.1:1/x",
            "Nothing answers at 127.0.0.1:1.",
        ),
        ("postgresql://shop:S3cret/@127.0.0.1:1/x", "BOOKING_DATABASE_URL has a character in its"),
        (
            "postgresql://127.0.0.1:1/x?S3cret=on",
            "BOOKING_DATABASE_URL is not a PostgreSQL URL, or",
        ),
    ],
)
def test_a_failed_start_is_reported_in_one_line_at_any_log_level(
    url: str, told: str, settings: dict[str, object]
) -> None:
    done = start(database_url=url, **settings)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot start: {told}")
    assert len(done.stderr.splitlines()) == 1
    assert "S3cret" not in done.stderr


def test_a_failed_start_of_several_processes_is_reported_once() -> None:
    done = start(database_url="postgresql://shop:S3cret?@127.0.0.1:1/x", processes=2)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_the_first_line_shows_the_database_and_no_parameter(postgres: str) -> None:
    with schema(postgres) as url, Server(database_url=f"{url}&application_name=S3cret") as server:
        assert "and selling what is in postgresql://" in server.lines[0]
        assert server.lines[0].endswith("/postgres.\n")
        assert "S3cret" not in server.lines[0]
        assert "options" not in server.lines[0]
