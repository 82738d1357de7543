"""What engines tell of their work to whoever watches them."""

from collections.abc import Iterable

from booking.domain.history import HistoryEntry


class Meter:
    """Takes what an engine tells. This one forgets it; that of Prometheus is in ``http/metrics``.

    It is told while the engine has its lock, so it only counts.
    """

    def changed(self, entries: Iterable[HistoryEntry]) -> None:
        """These changes of seats are carried out, in a database committed."""

    def expired(self, late: float) -> None:
        """Locks were found to have run out, the first of them so many seconds ago."""

    def carried_out(self, calls: int) -> None:
        """So many calls share a transaction."""

    def waited(self, seconds: float, *, writing: bool) -> None:
        """A transaction took so long, from when it was asked for until it was committed or failed:
        almost all of that is the database's time."""
