"""Programs that the benchmarks need, which the machine may lack."""

import os
import shutil

from benchmarks.output import progress

_INSTALL = {
    "wrk": "apt-get install wrk",
    "taskset": "apt-get install util-linux",
    "node": "apt-get install nodejs",
    "npm": "apt-get install npm",
    "nginx": "apt-get install nginx",
}


def available(*names: str, purpose: str) -> bool:
    """Return whether all the programs are installed; if not, say what is skipped, and how to
    install them."""
    missing = [name for name in names if shutil.which(name) is None]
    for name in missing:
        progress(f"There is no {name}, so {purpose} is left out. To install it: {_INSTALL[name]}")
    return not missing


def cores() -> tuple[int, int]:
    """Choose two of the cores that we may use: for the server and for the load generator.

    If there is only one, both share it, and the numbers say little.
    """
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) == 1:
        progress("There is only one processor core: server and load generator share it.")
    return usable[0], usable[-1]


def pinned(core: int | None) -> tuple[str, ...]:
    """Return what to put before a command to run it on one core; nothing if there is none."""
    return () if core is None else ("taskset", "-c", str(core))
