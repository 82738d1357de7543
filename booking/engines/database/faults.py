"""Faults of a database: the operator gets the details in the log, buyers a general message."""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from booking.domain import references
from booking.engines.errors import Unavailable

_UNWRITABLE_SECONDS = 5.0
"""How long a database that could not be written counts as one that cannot."""

_EVERY_SECONDS = 1.0
"""Log each kind of fault at most this often: a dead database under load has thousands."""

logger = logging.getLogger(__name__)


def mint_incident() -> str:
    """Return a new incident number such as ``7KQM4``, short enough to read out over the phone."""
    return references.mint()[:5]


@dataclass(slots=True)
class _Logged:
    """The last log line about one kind of fault."""

    at: float
    incident: str
    unlogged: int = 0
    """How many faults of this kind have followed too soon to be logged."""


class Faults:
    """Logs what goes wrong with one database. Safe for many threads.

    Faults of one kind within a second share a log line and its incident number, so that the log
    has every incident number that a buyer sees.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        mint: Callable[[], str] = mint_incident,
    ) -> None:
        self._clock = clock
        self._mint = mint
        # Guards the last log line of each kind.
        self._lock = threading.Lock()
        self._last: dict[str, _Logged] = {}
        # Set and read in one step.
        self._unwritable_at = -math.inf

    def unavailable(
        self,
        kind: str,
        details: str,
        *,
        message: str = "The database cannot do this now.",
        outcome_unknown: bool = False,
        aborted: bool = False,
        rejected: bool = False,
        unwritable: bool = False,
    ) -> Unavailable:
        """Log a fault, and return the error for the buyer, with the ``message`` and the incident.
        Only the log has the ``details`` and the ``kind``, such as the SQLSTATE. ``unwritable``: the
        database can be read, but its disk is full or it takes no changes.
        """
        if unwritable:
            self._unwritable_at = self._clock()
        return Unavailable(
            message,
            outcome_unknown=outcome_unknown,
            aborted=aborted,
            rejected=rejected,
            incident=self._log(kind, details),
        )

    def expect_writable(self) -> None:
        """Raises Unavailable if the database took no change a moment ago, although it can be
        read."""
        if self._clock() < self._unwritable_at + _UNWRITABLE_SECONDS:
            raise Unavailable(
                "The database takes no changes: its disk is full, or it is read-only."
            )

    def _log(self, kind: str, details: str) -> str:
        now = self._clock()
        with self._lock:
            last = self._last.get(kind)
            if last is not None and now < last.at + _EVERY_SECONDS:
                last.unlogged += 1
                return last.incident
            incident = self._mint()
            self._last[kind] = _Logged(now, incident)
        more = f" ({last.unlogged} more under {last.incident})" if last and last.unlogged else ""
        # The driver marks a place in the statement with "^" on a line of its own.
        lines = [line.strip() for line in details.split("\n") if line.strip(" ^")]
        logger.error("Database fault %s, %s: %s%s", incident, kind, "; ".join(lines), more)
        return incident
