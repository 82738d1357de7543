"""Where there are how many free seats next to each other."""

import heapq
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterator, Sequence

from booking.domain.selection.seat_sets import ones, runs


class IndexedRow:
    """The sections of a row that have seats in an index."""

    def __init__(self, zone: int, number: int) -> None:
        self.zone = zone
        self.number = number
        self.sections: list[int] = []
        self.nearest = 0
        self.lengths: list[int] | None = None
        """The lengths of its blocks, the longest first; None when they have to be asked for."""


class BlockIndex:
    """The sections with seats of one category and zone, by the length of their longest block."""

    def __init__(self) -> None:
        # By section, the seats of the category and zone.
        self.wanted: dict[int, int] = {}
        # The sections in which seats were taken or freed since the last refresh().
        self.stale: set[int] = set()
        self._rows: dict[int, IndexedRow] = {}
        self._row_of: dict[int, IndexedRow] = {}
        # By section: its longest block, the lengths of all, and the distance of its nearest free
        # seat.
        self._longest_in: dict[int, int] = {}
        self._lengths_in: dict[int, list[int]] = {}
        self._nearest: dict[int, int] = {}
        # By the length of the longest block, the sections with such, after their nearest free seat.
        self._by_length: dict[int, list[tuple[int, int]]] = {}

    def add(self, section: int, wanted: int, row: tuple[int, int]) -> None:
        """Add a section; ``row`` is the number of its zone, and its own."""
        self.wanted[section] = wanted
        self.stale.add(section)
        zone, number = row
        self._row_of[section] = self._rows.setdefault(number, IndexedRow(zone, number))
        self._row_of[section].sections.append(section)
        self._longest_in[section] = self._nearest[section] = 0

    def refresh(self, free: Sequence[int], sums: Sequence[Sequence[int]]) -> None:
        """Catch up with what has become of the free seats."""
        for section in self.stale:
            if before := self._longest_in[section]:
                entries = self._by_length[before]
                del entries[bisect_left(entries, (self._nearest[section], section))]
                if not entries:
                    del self._by_length[before]
            seats, its = free[section] & self.wanted[section], sums[section]
            lengths = runs(seats)
            longest = max(lengths, default=0)
            distance = min((its[seat + 1] - its[seat] for seat in ones(seats)), default=0)
            if longest:
                insort(self._by_length.setdefault(longest, []), (distance, section))
            self._longest_in[section], self._nearest[section] = longest, distance
            self._lengths_in[section] = lengths
        for row in {self._row_of[section] for section in self.stale}:
            row.lengths = None
            row.nearest = min(
                (self._nearest[s] for s in row.sections if self._longest_in[s]), default=0
            )
        self.stale.clear()

    def longest(self) -> int:
        """The size of the largest block, 0 if no seat is free."""
        return max(self._by_length, default=0)

    def with_blocks(self, size: int) -> Iterator[tuple[int, int]]:
        """The distance of the nearest free seat, and the section, of all sections that have a block
        of the size; the nearest first."""
        return heapq.merge(*(self._by_length[each] for each in self._by_length if each >= size))

    def rows_by_zone(self, size: int) -> list[list[IndexedRow]]:
        """The rows with free seats, in order, of each zone that has ``size`` of them."""
        zones: dict[int, list[IndexedRow]] = {}
        for row in self._rows.values():
            if row.lengths is None:
                found = (length for s in row.sections for length in self._lengths_in[s])
                row.lengths = sorted(found, reverse=True)
            if row.lengths:
                zones.setdefault(row.zone, []).append(row)
        return [
            rows for rows in zones.values() if sum(sum(row.lengths or ()) for row in rows) >= size
        ]


def least_spread(size: int, zones: Sequence[Sequence[IndexedRow]]) -> int:
    """The least number such that as many blocks, in as many rows one behind the other, have
    ``size`` seats. There are rows enough for that."""

    def suffices(spread: int) -> bool:
        return any(True for rows in zones for _ in _reaching(size, spread, rows))

    # It grows with the spread. So try numbers farther and farther apart, and then between them.
    longest = max(lengths[0] for rows in zones for row in rows if (lengths := row.lengths))
    low = high = -(-size // longest)
    step = 1
    while not suffices(high):
        low = high + 1
        high += step
        step *= 2
    while low < high:
        middle = (low + high) // 2
        if suffices(middle):
            high = middle
        else:
            low = middle + 1
    return high


def windows(
    size: int, spread: int, zones: Sequence[Sequence[IndexedRow]], most: int
) -> list[Sequence[IndexedRow]]:
    """The groups of ``spread`` rows, one behind the other, whose longest ``spread`` blocks have so
    many seats: ``most`` of them, those with the nearest free seats first."""
    groups = (
        (nearest, zone, start, end)
        for zone, rows in enumerate(zones)
        for nearest, start, end in _reaching(size, spread, rows)
    )
    return [zones[zone][start:end] for _, zone, start, end in heapq.nsmallest(most, groups)]


def _reaching(size: int, spread: int, rows: Sequence[IndexedRow]) -> Iterator[tuple[int, int, int]]:
    """The groups of rows whose longest ``spread`` blocks have ``size`` seats, each with the
    distance of its nearest free seat."""
    lengths = sorted({length for row in rows for length in row.lengths or ()}, reverse=True)
    # How many blocks there are of each length, among those that may be of use.
    blocks = [0] * (lengths[0] + 1)
    # Rows of the group, each nearer than all that are behind it.
    nearer: deque[int] = deque()
    start = 0
    for number, row in enumerate(rows):
        for length in (row.lengths or [])[:spread]:
            blocks[length] += 1
        while rows[start].number <= row.number - spread:
            for length in (rows[start].lengths or [])[:spread]:
                blocks[length] -= 1
            start += 1
        while nearer and rows[nearer[-1]].nearest >= row.nearest:
            nearer.pop()
        nearer.append(number)
        while nearer[0] < start:
            nearer.popleft()
        seats, left = 0, spread
        for length in lengths:
            taken = min(blocks[length], left)
            seats += taken * length
            left -= taken
            if seats >= size or not left:
                break
        if seats >= size:
            yield rows[nearer[0]].nearest, start, number + 1
