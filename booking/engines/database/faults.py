"""Faults of a database: logged in full for the operator, told in general to buyers."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from booking.domain import references
from booking.engines.errors import Unavailable

_EVERY_SECONDS = 1.0
"""How often faults of one kind are logged at the most: a dead database under load has thousands."""

logger = logging.getLogger(__name__)


def mint_incident() -> str:
    """A new incident such as ``7KQM4``: short enough to be read out on the telephone."""
    return references.mint()[:5]


@dataclass(slots=True)
class _Logged:
    """The last line about one kind of fault."""

    at: float
    incident: str
    unlogged: int = 0
    """How many faults of this kind came since, too soon for a line of their own."""


class Faults:
    """Logs what goes wrong with one database. Safe for any number of threads.

    Faults of one kind that come within a second share a line of the log, and its incident: so each
    incident that a buyer is told is in the log.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        mint: Callable[[], str] = mint_incident,
    ) -> None:
        self._clock = clock
        self._mint = mint
        # Guards the last lines, by kind.
        self._lock = threading.Lock()
        self._last: dict[str, _Logged] = {}

    def unavailable(
        self,
        kind: str,
        details: str,
        *,
        message: str = "The database cannot do this now.",
        outcome_unknown: bool = False,
        aborted: bool = False,
        rejected: bool = False,
    ) -> Unavailable:
        """Log a fault, and return the error for the buyer, who is told the ``message`` and the
        incident. The ``details`` are for the log alone, as is the ``kind``: SQLSTATE, say.
        """
        return Unavailable(
            message,
            outcome_unknown=outcome_unknown,
            aborted=aborted,
            rejected=rejected,
            incident=self._log(kind, details),
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
        # The driver points at a place in the statement in lines of its own.
        lines = [line.strip() for line in details.split("\n") if line.strip(" ^")]
        logger.error("Database fault %s, %s: %s%s", incident, kind, "; ".join(lines), more)
        return incident
