"""The running service keeps to its contract, whatever is asked: schemathesis makes up the calls.

By hand, for longer and with other calls each time: ``python -m tests.live.test_contract 600``.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.server import ROOT, Server
from tests.support.postgres import schema

TOKEN = "organiser-0123456789-0123456789-0123"
SECONDS = 15


@pytest.fixture(params=["in memory", "sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "in memory":
        yield ""
    elif request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'booking.db'}"
    else:
        with schema(request.getfixturevalue("postgres")) as url:
            yield url


def make_calls_up(server: Server, seconds: int, *more: str) -> subprocess.CompletedProcess[str]:
    """Try the contract: its examples, the edges of each value, random calls, and calls that follow
    the links of others."""
    host, port = server.address
    return subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "--no-color"),
            *("--config-file", str(ROOT / "tests/live/schemathesis.toml")),
            *("run", f"http://{host}:{port}/openapi.json"),
            # It is the administrator's token, and, as any other, that of a holder.
            *("--header", f"Authorization: Bearer {TOKEN}"),
            *("--phases", "examples,coverage,fuzzing,stateful"),
            *("--max-time", str(seconds), "--no-shrink", "--warnings", "off", *more),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds + 120,
        check=False,
    )


def test_made_up_calls_are_answered_as_the_contract_has_it(database_url: str) -> None:
    with Server(admin_token=TOKEN, database_url=database_url) as server:
        # The same calls each time; and nothing is remembered of them.
        done = make_calls_up(server, SECONDS, "--seed", "1", "--generation-database", "none")
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
        assert not [line for line in server.access_log if "Traceback" in line]


if __name__ == "__main__":
    with Server(admin_token=TOKEN, database_url=sys.argv[2] if sys.argv[2:] else "") as server:
        print(make_calls_up(server, int(sys.argv[1])).stdout)
