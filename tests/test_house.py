"""The order of the rooms, as ``[importlinter]`` in setup.cfg writes it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_each_room_imports_only_rooms_below_it_and_there_is_no_circle() -> None:
    # In a process of its own: it sets up logging as it likes.
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
