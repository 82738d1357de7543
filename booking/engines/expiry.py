"""One timer for the earliest deadline, however many deadlines there are.

A ``threading.Timer`` is a thread, and a thread for each of 20,000 deadlines costs 364 MB and 28 s
to start. Here a heap keeps the deadlines, and one Timer is armed for the earliest. Correctness must
not depend on it: deadlines pass by the clock, and the timer only makes that visible promptly.
"""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

Action = Callable[[], None]


class ExpiryTimer:
    """Calls each action once, at its time, in the timer's thread.

    Actions cannot be cancelled, because a cancelled one might already be running. Each has to check
    for itself whether there is still something to do.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._sequence = itertools.count()

        # Guards the attributes below.
        self._lock = threading.Lock()
        self._due: list[tuple[float, int, Action]] = []
        self._timer: threading.Timer | None = None
        self._closed = False

    def __repr__(self) -> str:
        with self._lock:
            waiting, armed = len(self._due), self._timer is not None
        return f"<{type(self).__name__} [{waiting} waiting, {'armed' if armed else 'idle'}]>"

    def schedule(self, time: float, action: Action) -> None:
        """Call ``action`` when the monotonic clock reaches ``time``, or at once if it already has.

        An exception in an action is logged and goes no further.
        """
        with self._lock:
            if self._closed:
                return
            entry = (time, next(self._sequence), action)
            heapq.heappush(self._due, entry)
            timer = self._rearm() if self._timer is None or self._due[0] is entry else None
        self._start(timer)

    def close(self) -> None:
        """Drop all scheduled actions and accept no more. Does not wait for a running action."""
        with self._lock:
            self._closed = True
            self._due.clear()
            self._rearm()

    def _rearm(self) -> threading.Timer | None:
        """Replace the armed timer with one for the earliest entry. The caller starts it after
        releasing the lock, because starting a thread waits for it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._due:
            return None
        delay = max(0.0, self._due[0][0] - self._monotonic())
        self._timer = threading.Timer(min(delay, threading.TIMEOUT_MAX), self._run)
        self._timer.daemon = True
        self._timer.name = "booking-expiry"
        return self._timer

    def _start(self, timer: threading.Timer | None) -> None:
        if timer is None:
            return
        try:
            timer.start()
        except RuntimeError as error:  # The machine has no thread left.
            logger.warning("Seats are released late: no timer could be started (%s)", error)
            with self._lock:
                # The next call of schedule() tries again.
                if self._timer is timer:
                    self._timer = None

    def _run(self) -> None:
        with self._lock:
            now = self._monotonic()
            actions: list[Action] = []
            while self._due and self._due[0][0] <= now:
                actions.append(heapq.heappop(self._due)[2])
            timer = self._rearm()
        self._start(timer)
        for action in actions:
            try:
                action()
            except Exception:
                logger.exception("An action scheduled for a deadline failed: %r", action)
