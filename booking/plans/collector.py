"""Python's garbage collector, while there is much to make and nothing to collect."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext


@contextmanager
def paused(most_seconds: float | None = None) -> Iterator[None]:
    """Let it wait while tens of thousands of values are made that stay: it would look through them
    again and again, for a fifth of the time that it takes to open 50,000 seats. What may have to
    wait for something says for how many seconds at most.

    Safe for threads. Who finds it paused leaves it so; who paused it lets it go on, for all.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        with nullcontext() if most_seconds is None else _going_on_after(most_seconds):
            yield
    finally:
        gc.enable()


@contextmanager
def _going_on_after(seconds: float) -> Iterator[None]:
    end = threading.Timer(seconds, gc.enable)
    end.daemon = True
    try:
        end.start()
    except RuntimeError:
        gc.enable()  # There can be no more threads, so it does not wait.
    try:
        yield
    finally:
        end.cancel()
