"""The programs that the benchmarks call, which the machine may lack."""

import os
import shutil

from benchmarks.output import progress

_INSTALL = {
    "wrk": "apt-get install wrk",
    "taskset": "apt-get install util-linux",
    "node": "apt-get install nodejs",
    "npm": "apt-get install npm",
}


def available(*names: str, purpose: str) -> bool:
    """Whether all the programs are there; if not, says what is left out and how to change that."""
    missing = [name for name in names if shutil.which(name) is None]
    for name in missing:
        progress(f"There is no {name}, so {purpose} is left out. To install it: {_INSTALL[name]}")
    return not missing


def cores() -> tuple[int, int]:
    """Two processor cores of those that we may use: for the server and for the load generator.

    Where there is only one, both share it, and the numbers say little.
    """
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) == 1:
        progress("There is only one processor core: server and load generator share it.")
    return usable[0], usable[-1]


def pinned(core: int | None) -> tuple[str, ...]:
    """What to put before a command so that it runs on one core; without one, nothing."""
    return () if core is None else ("taskset", "-c", str(core))
