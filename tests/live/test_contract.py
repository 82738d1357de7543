"""The running service keeps to its contract, whatever is asked: schemathesis makes up the calls."""

import subprocess
import sys
from pathlib import Path

from tests.live.server import ROOT, Server

TOKEN = "organiser-0123456789-0123456789-0123"
SECONDS = 20


def test_made_up_calls_are_answered_as_the_contract_has_it(tmp_path: Path) -> None:
    with Server(admin_token=TOKEN) as server:
        host, port = server.address
        done = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("schemathesis")), "--no-color"),
                *("--config-file", str(ROOT / "tests/live/schemathesis.toml")),
                *("run", f"http://{host}:{port}/openapi.json"),
                # It is the administrator's token, and, as any other, that of a holder.
                *("--header", f"Authorization: Bearer {TOKEN}"),
                # Always the same calls: by hand, leave these out, and it makes up others.
                *("--phases", "examples,coverage", "--seed", "1"),
                *("--max-time", str(SECONDS), "--no-shrink", "--warnings", "off"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=SECONDS + 120,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
        assert not [line for line in server.access_log if "Traceback" in line]
