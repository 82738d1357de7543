"""Which processor core a process keeps to."""

import os
import random
import socket

_CLAIM = "\0booking-core-{}"


def pin_to_one_core(claim: str = _CLAIM) -> int | None:
    """Keep the process on one of the processor cores that it may use: one that no other service of
    this machine keeps to. If there is none, the system goes on choosing.

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
            os.sched_setaffinity(0, {core})
            return claimed.detach()
    return None
