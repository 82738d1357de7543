"""Find out who uses the processor cores of this machine. See proc(5)."""

import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

COUNT = len(os.sched_getaffinity(0))
"""How many cores we may use."""

_TICKS = os.sysconf("SC_CLK_TCK")


class Used(NamedTuple):
    """Seconds of processor time used so far, by whom."""

    service: float
    database: float
    load: float
    idle: float
    """Time when nobody had anything to do."""

    def since(self, earlier: "Used") -> "Used":
        """Return the time used since an earlier reading."""
        return Used(*(now - then for now, then in zip(self, earlier, strict=True)))


def used(service: int, database: int | None = None) -> Used:
    """Read the time used by a service and its database, given their first processes, and by the
    programs of ours that have ended."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Used(
        service=_used_by_all(service),
        database=0.0 if database is None else _used_by_all(database),
        load=programs.ru_utime + programs.ru_stime,
        idle=_idle(),
    )


def _used_by_all(pid: int) -> float:
    seconds = _used_by(pid, ended_children=True)
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return seconds + sum(_used_by(int(child)) for child in children)


def _used_by(pid: int, *, ended_children: bool = False) -> float:
    ticks = 0
    with suppress(FileNotFoundError, ProcessLookupError):  # The process has just ended.
        # The program's name, in brackets, may contain anything. After it, utime and stime are the
        # 12th and 13th fields; the next two are those of children that have ended.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = sum(map(int, fields[11 : 15 if ended_children else 13]))
    return ticks / _TICKS


def _idle() -> float:
    ours = {f"cpu{core}" for core in os.sched_getaffinity(0)}
    lines = map(str.split, Path("/proc/stat").read_text().splitlines())
    # Waiting for a disk counts as idle.
    return sum(int(line[4]) + int(line[5]) for line in lines if line[0] in ours) / _TICKS
