"""Where there are how many free seats next to each other."""

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence

from booking.selection.seat_sets import ones, runs


class IndexedRow:
    """The sections of a row that have seats in an index."""

    def __init__(self, zone: int, number: int) -> None:
        self.zone = zone
        self.number = number
        self.sections: list[int] = []
        self.longest = 0
        self.nearest = 0


class BlockIndex:
    """The sections with seats of one category and zone, by the length of their longest block."""

    def __init__(self) -> None:
        # By section, the seats of the category and zone.
        self.wanted: dict[int, int] = {}
        # The sections in which seats were taken or freed since the last refresh().
        self.stale: set[int] = set()
        self._rows: dict[int, IndexedRow] = {}
        self._row_of: dict[int, IndexedRow] = {}
        # By section: its longest block, and the distance of its nearest free seat.
        self.longest_in: dict[int, int] = {}
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
        self.longest_in[section] = self._nearest[section] = 0

    def refresh(self, free: Sequence[int], sums: Sequence[Sequence[int]]) -> None:
        """Catch up with what has become of the free seats."""
        for section in self.stale:
            if before := self.longest_in[section]:
                entries = self._by_length[before]
                del entries[bisect_left(entries, (self._nearest[section], section))]
                if not entries:
                    del self._by_length[before]
            seats, its = free[section] & self.wanted[section], sums[section]
            longest = max(runs(seats), default=0)
            distance = min((its[seat + 1] - its[seat] for seat in ones(seats)), default=0)
            if longest:
                insort(self._by_length.setdefault(longest, []), (distance, section))
            self.longest_in[section], self._nearest[section] = longest, distance
        for row in {self._row_of[section] for section in self.stale}:
            row.longest = max(self.longest_in[section] for section in row.sections)
            row.nearest = min(
                self._nearest[s] for s in row.sections if self.longest_in[s] or not row.longest
            )
        self.stale.clear()

    def longest(self) -> int:
        """The size of the largest block, 0 if no seat is free."""
        return max(self._by_length, default=0)

    def with_blocks(self, size: int) -> Iterator[tuple[int, int]]:
        """The distance of the nearest free seat, and the section, of all sections that have a block
        of the size; the nearest first."""
        return heapq.merge(*(self._by_length[each] for each in self._by_length if each >= size))

    def fewest_rows(self, size: int, stretches: Sequence[Sequence[IndexedRow]]) -> int | None:
        """How many rows, one behind the other, it takes to have so many seats in one block each;
        None if they are not to be had."""
        fewest: int | None = None
        for stretch in stretches:
            start = seats = 0
            for end, row in enumerate(stretch, 1):
                seats += row.longest
                while seats - stretch[start].longest >= size:
                    seats -= stretch[start].longest
                    start += 1
                if seats >= size and (fewest is None or end - start < fewest):
                    fewest = end - start
        return fewest

    def neighbouring_rows(
        self, size: int, length: int, stretches: Sequence[Sequence[IndexedRow]], most: int
    ) -> list[Sequence[IndexedRow]]:
        """The groups of ``length`` rows, one behind the other, that have so many seats in one block
        each: ``most`` of them, those with the nearest free seats first."""
        groups: list[tuple[int, int, int]] = []
        for number, stretch in enumerate(stretches):
            distances = [row.nearest for row in stretch]
            seats = 0
            for end, row in enumerate(stretch, 1):
                seats += row.longest - (stretch[end - length - 1].longest if end > length else 0)
                if end >= length and seats >= size:
                    groups.append((min(distances[end - length : end]), number, end))
        return [
            stretches[number][end - length : end]
            for _, number, end in heapq.nsmallest(most, groups)
        ]

    def stretches(self) -> list[list[IndexedRow]]:
        """The rows with free seats, as far as they are one behind the other."""
        stretches: list[list[IndexedRow]] = []
        zone = last = -1
        for row in self._rows.values():
            if not row.longest:
                continue
            if row.zone != zone or row.number > last + 1:
                stretches.append([])
            zone, last = row.zone, row.number
            stretches[-1].append(row)
        return stretches


def nearest(rows: Sequence[IndexedRow]) -> int:
    """The distance of the nearest free seat in some rows."""
    return min(row.nearest for row in rows)
