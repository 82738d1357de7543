"""What became of the seats of an event, the newest changes of it."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter

from booking.domain.history import HistoryEntry, HistoryPage

_version = attrgetter("version")


class History(ABC):
    """Records the changes of seats. Not safe for threads: its owner has a lock."""

    @abstractmethod
    def extend(self, entries: Iterable[HistoryEntry]) -> None:
        """Add entries. No version is below those of earlier entries."""

    @abstractmethod
    def has(self, version: int) -> bool:
        """Whether a recorded change has this version."""

    @abstractmethod
    def since(self, version: int, most: int) -> HistoryPage:
        """The entries after a version, oldest first: ``most`` of them, and every further entry
        with the version of the last, so that a caller who goes on from there misses none.

        The page is complete if no entry after the version has been forgotten.
        """


class RecentHistory(History):
    """Keeps the newest ``limit`` entries."""

    def __init__(self, limit: int, version: int = 0) -> None:
        """Begin at a version: of what was before, nothing is known."""
        self.limit = limit
        self._begun_at = version
        # The newest are at the end. Up to twice the limit, so that forgetting is rare: it moves all
        # that stay.
        self._entries: list[HistoryEntry] = []
        # The version of the last entry that was forgotten.
        self._forgotten = 0

    def extend(self, entries: Iterable[HistoryEntry]) -> None:
        self._entries.extend(entries)
        if len(self._entries) > 2 * self.limit:
            self._forgotten = self._entries[-self.limit - 1].version
            del self._entries[: -self.limit]

    def has(self, version: int) -> bool:
        place = bisect_right(self._entries, version, key=_version)
        return place > 0 and self._entries[place - 1].version == version

    def since(self, version: int, most: int) -> HistoryPage:
        first = max(0, len(self._entries) - self.limit)
        forgotten = self._entries[first - 1].version if first else self._forgotten
        start = max(first, bisect_right(self._entries, version, key=_version))
        end = start + most
        if end < len(self._entries):
            end = bisect_right(self._entries, self._entries[end - 1].version, lo=end, key=_version)
        return HistoryPage(
            entries=tuple(self._entries[start:end]),
            more=end < len(self._entries),
            complete=version >= forgotten and (version == 0 or version >= self._begun_at),
            limit=self.limit,
        )
