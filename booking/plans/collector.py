"""Python's garbage collector, while there is much to make and nothing to collect."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Let it wait while tens of thousands of values are made that stay: it would look through them
    again and again, for a fifth of the time that it takes to open 50,000 seats. For work of the
    processor alone, during which nobody waits for anything.

    Safe for threads. Who finds it paused leaves it so; who paused it lets it go on, for all.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
