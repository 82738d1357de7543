"""Waiting for what is to happen, and looking at processes."""

import threading
import time
from collections.abc import Callable
from pathlib import Path


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> float:
    """Look until it is so; the moment at which it was seen. A busy machine takes long, but a lock
    must not run out meanwhile, which takes a minute."""
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.002)
    return time.monotonic()


def children(process: int) -> set[int]:
    """The processes that a process has started."""
    file = Path(f"/proc/{process}/task/{process}/children")
    return set(map(int, file.read_text(encoding="ascii").split()))


def is_running(process: int) -> bool:
    """Whether a process has not ended yet."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
