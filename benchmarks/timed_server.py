"""The service, with a stop-watch on each of its layers.

At SIGUSR1, it writes to the file ``TIMES`` how many seconds of processor time it has taken so far:
in all, in the thread that watches the sockets, and in each layer of the others.
"""

import json
import os
import runpy
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel

from booking.engines.database import writers, writes
from booking.engines.database.batches import Batches, Pending
from booking.engines.database.connection import Database
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.sqlite.database import SqliteDatabase
from booking.engines.memory.registry import SeatRegistry

_WSGI = Path(__file__).parent.parent / "wsgi.py"

_LAYERS: tuple[tuple[str, Any, str], ...] = (
    ("request", HTTPChannel, "service"),
    ("flask", Flask, "__call__"),
    ("registry", SeatRegistry, "_write"),
    ("submit", Batches, "submit"),
    # Of a call, not of those that lead.
    ("sleep", Pending, "sleep"),
    ("lead", Batches, "_lead"),
    ("transact", writers, "write_in_transaction"),
    ("carry out", writes.Write, "carry_out"),
    ("write rows", writes, "write_rows"),
)

_took: defaultdict[str, float] = defaultdict(float)


def _add(layer: str, seconds: float) -> None:
    # No other thread can come between reading and writing: nothing is called there.
    _took[layer] += seconds


def _time(layer: str, owner: Any, name: str) -> None:
    function: Callable[..., Any] = getattr(owner, name)

    def timed(*arguments: Any, **values: Any) -> Any:
        # Of this thread alone, whatever others do meanwhile.
        began = time.thread_time()
        try:
            return function(*arguments, **values)
        finally:
            _add(layer, time.thread_time() - began)

    setattr(owner, name, timed)


def _time_transactions(owner: type[Database]) -> None:
    begin: Callable[..., AbstractContextManager[Any]] = owner.transaction

    @contextmanager
    def timed(self: Database, *, writing: bool, long: bool = False) -> Iterator[Any]:
        if not writing:
            with begin(self, writing=writing, long=long) as transaction:
                yield transaction
            return
        began = time.thread_time()
        manager = begin(self, writing=writing, long=long)
        transaction = manager.__enter__()
        _add("begin", time.thread_time() - began)
        try:
            yield transaction
        except BaseException as error:
            if not manager.__exit__(type(error), error, error.__traceback__):
                raise
        else:
            began = time.thread_time()
            manager.__exit__(None, None, None)
            _add("commit", time.thread_time() - began)

    owner.transaction = timed  # type: ignore[method-assign]


def _write(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    # The system calls this in the thread that watches the sockets.
    times = {**_took, "all": time.process_time(), "sockets": time.thread_time()}
    file = Path(os.environ["TIMES"])
    whole = file.with_suffix(".new")
    whole.write_text(json.dumps(times))
    whole.replace(file)


if __name__ == "__main__":
    for each in _LAYERS:
        _time(*each)
    _time_transactions(SqliteDatabase)
    _time_transactions(PostgresDatabase)
    signal.signal(signal.SIGUSR1, _write)
    sys.argv = [str(_WSGI)]
    runpy.run_path(str(_WSGI), run_name="__main__")
