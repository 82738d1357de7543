"""Who keeps the processor cores of this machine busy. See proc(5)."""

import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

COUNT = len(os.sched_getaffinity(0))
"""The cores that we may use."""

_TICKS = os.sysconf("SC_CLK_TCK")


class Used(NamedTuple):
    """Seconds of processor time that each has used since it began."""

    service: float
    database: float
    load: float
    idle: float
    """Nobody had anything to do."""

    def since(self, earlier: "Used") -> "Used":
        """What was used in between."""
        return Used(*(now - then for now, then in zip(self, earlier, strict=True)))


def used(service: int, database: int | None = None) -> Used:
    """What the processes of a service and of its database have used, of which these were the first,
    and the programs that we ran and that have ended."""
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
    with suppress(FileNotFoundError, ProcessLookupError):  # It has ended just now.
        # The name of the program, in brackets, may hold anything; utime and stime are the 12th and
        # 13th field after it, and those of the children that have ended the next two.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = sum(map(int, fields[11 : 15 if ended_children else 13]))
    return ticks / _TICKS


def _idle() -> float:
    ours = {f"cpu{core}" for core in os.sched_getaffinity(0)}
    lines = map(str.split, Path("/proc/stat").read_text().splitlines())
    # To wait for a disk is to be idle, too.
    return sum(int(line[4]) + int(line[5]) for line in lines if line[0] in ours) / _TICKS
