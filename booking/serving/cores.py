"""Which processor core a process keeps to, and how its threads take turns on it."""

import contextlib
import os
import random
import socket
import sys
from pathlib import Path

_CLAIM = "\0booking-core-{}"


def pin_to_one_core(claim: str = _CLAIM) -> int | None:
    """Keep the process on one of the processor cores that it may use: one that no other service of
    this machine keeps to. If there is none, or this is not allowed, the system goes on choosing.

    Returns the file that claims the core as long as it is open, if only until the process ends.

    Python runs one thread at a time, and to hand over to one on another core costs more: pinned,
    the service answers up to 1.3 times as many requests (``python -m benchmarks --only pinning``).
    What is not pinned, the system moves out of the way.
    """
    if not hasattr(os, "sched_setaffinity"):  # Linux has it.
        return None
    cores = list(os.sched_getaffinity(0))
    # Services in containers cannot see each other's claims: so that not all take the first core.
    random.shuffle(cores)
    for core in cores:
        # An address without a file. Nobody connects to it, and only one socket can have it.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as claimed:
            try:
                claimed.bind(claim.format(core))
            except OSError:
                continue
            try:
                os.sched_setaffinity(0, {core})
            except OSError:  # Not allowed here.
                return None
            return claimed.detach()
    return None


def run_threads_in_turn() -> None:
    """Have a thread that wakes up wait until the one that runs sleeps or has had its share of time
    (``SCHED_BATCH`` of Linux). Only of this thread, and of those that it starts.

    Woken, a thread of Python would take the core at once, only to find that the other still has the
    interpreter, and sleep again. In memory, the service answers 1.1 to 1.2 times as many requests
    this way, the slowest hundredth in 0.6 to 0.9 of the time
    (``python -m benchmarks --only pinning``).
    """
    if sys.platform != "linux" or are_system_calls_filtered():
        return
    # The C library of Alpine does not know how.
    with contextlib.suppress(OSError):
        # Else the operator has chosen another way.
        if os.sched_getscheduler(0) == os.SCHED_OTHER:
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def are_system_calls_filtered() -> bool:
    """Whether some system calls are forbidden, as in a container or by ``SystemCallFilter`` of
    systemd. One that is may end the process, so there is no trying."""
    try:
        return "\nSeccomp:\t2\n" in Path("/proc/self/status").read_text()
    except OSError:
        return True
