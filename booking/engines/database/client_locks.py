"""What clients have locked in other events than the one of a transaction."""

from collections.abc import Callable, Iterable

from booking.domain.moment import Moment
from booking.engines.database.connection import Row, Transaction


class LocksElsewhere:
    """Looks up the clients of a batch in one statement.

    It finds what is committed. So a client that asks for seats of several events at the very same
    moment may get a few more than it may have; of one event, where calls take turns, never.
    """

    def __init__(self, event: str) -> None:
        self._event = event
        self._found: Callable[[], list[Row]] = list
        self._deadlines: dict[str, list[float]] | None = None

    def ask(self, transaction: Transaction, clients: Iterable[bytes]) -> Callable[[], list[Row]]:
        """Ask the database for the locks of clients."""
        rows = [{"client": client.hex()} for client in dict.fromkeys(clients)]
        if not rows:
            return list
        return transaction.send_for_each("locks_elsewhere", rows, event=self._event)

    def begin(self, found: Callable[[], list[Row]]) -> None:
        """Begin with the locks that were asked for."""
        self._found, self._deadlines = found, None

    def count(self, client: bytes, now: Moment) -> int:
        """How many locks a client has elsewhere that have not run out."""
        if self._deadlines is None:
            self._deadlines = {}
            for row in self._found():
                self._deadlines.setdefault(row["client"], []).append(row["deadline"])
        return sum(deadline > now.wall for deadline in self._deadlines.get(client.hex(), ()))
