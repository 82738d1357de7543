"""Several processes that serve together, and the one that watches over them."""

import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence

_SIGNALS = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)
_SOON_SECONDS = 5.0
"""A process that ends sooner than this is started again later each time."""
_LONGEST_DELAY_SECONDS = 30.0
_STOP_SECONDS = 8.0
"""How long processes have to stop before they are killed."""

logger = logging.getLogger(__name__)


def run(
    tasks: Sequence[Callable[[], None]], on_end: Callable[[int], None] = lambda _: None
) -> None:
    """Let a process carry out each of the tasks, and start one again that ends. ``on_end`` is told
    the id of a process that has. Returns when SIGTERM or SIGINT has come and all have stopped.

    For the main thread of a process that has no other.
    """
    # Taken one by one by sigtimedwait(), so that nothing is interrupted.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    herd = _Herd(tasks, on_end)
    for number in range(len(tasks)):
        herd.start(number)
    while True:
        received = signal.sigtimedwait(_SIGNALS, herd.seconds_to_next_start())
        if received is not None and received.si_signo != signal.SIGCHLD:
            break
        herd.reap()
        herd.start_those_due()
    herd.stop()


class _Herd:
    """The processes, by number."""

    def __init__(self, tasks: Sequence[Callable[[], None]], on_end: Callable[[int], None]) -> None:
        self._tasks = tasks
        self._on_end = on_end
        self._numbers: dict[int, int] = {}  # By process id.
        self._started_at: dict[int, float] = {}
        self._delays: dict[int, float] = {}
        self._due: dict[int, float] = {}

    def start(self, number: int) -> None:
        """Start the process of a number."""
        sys.stderr.flush()
        process = os.fork()
        if process == 0:
            _be_a_child(self._tasks[number], number)
        self._numbers[process] = number
        self._started_at[number] = time.monotonic()

    def reap(self) -> None:
        """Record which processes have ended, and when to start them again."""
        while self._numbers:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            number = self._numbers.pop(process)
            self._on_end(process)
            now = time.monotonic()
            delay = 0.0
            if now < self._started_at[number] + _SOON_SECONDS:
                delay = min(_LONGEST_DELAY_SECONDS, 2 * self._delays.get(number, 0.25))
            self._delays[number] = delay
            self._due[number] = now + delay
            how = os.waitstatus_to_exitcode(status)
            ended = f"was ended by signal {-how}" if how < 0 else f"ended with code {how}"
            logger.warning(
                "Process %d of the service %s; it is started again in %g s.", number, ended, delay
            )

    def seconds_to_next_start(self) -> float:
        """How long there is nothing to start."""
        return max(0.0, min(self._due.values(), default=time.monotonic() + 60) - time.monotonic())

    def start_those_due(self) -> None:
        """Start the processes whose time has come."""
        for number in [n for n, due in self._due.items() if due <= time.monotonic()]:
            del self._due[number]
            self.start(number)

    def stop(self) -> None:
        """Ask all to stop, and wait until they have."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while self._numbers:
            left = deadline - time.monotonic()
            if left <= 0:
                self._signal(signal.SIGKILL)
                left = 1.0
            signal.sigtimedwait(_SIGNALS, left)
            while self._numbers:
                process, _ = os.waitpid(-1, os.WNOHANG)
                if process == 0:
                    break
                del self._numbers[process]

    def _signal(self, number: signal.Signals) -> None:
        for process in self._numbers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)


def _be_a_child(serve: Callable[[], None], number: int) -> None:
    """Serve and end, without going back to where the parent was."""
    code = 1
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        serve()
        code = 0
    except SystemExit as stop:
        if isinstance(stop.code, str):
            print(stop.code, file=sys.stderr)
    except BaseException:
        logger.exception("Process %d of the service failed.", number)
    finally:
        with contextlib.suppress(OSError, AttributeError):
            sys.stderr.flush()
        os._exit(code)
