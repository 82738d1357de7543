"""How a party is divided that no block has room for.

It gets a few blocks near each other: at most as many blocks as they are rows apart, and as few as
can be. That number is the spread of the party. With a spread of two, it has two blocks in one row
or in two neighbouring rows. Rows that are sold out count, and rows of different zones are never
near each other. Of such choices, the best has the fewest people who sit alone. Then its blocks are
nearest to the largest of them, to the whole seat. Then the largest is in the best place.
"""

import heapq
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from booking.domain.selection import seat_sets, single_seats
from booking.domain.selection.block_index import BlockIndex, IndexedRow, least_spread, windows
from booking.domain.selection.placing import Block, Placing
from booking.domain.selection.shares import equal_shares, possible_shares
from booking.plans.model import SEAT
from booking.plans.sections import Point

_MOST_WINDOWS = 100
"""How many groups of rows are looked at, the nearest. In 50,000 seats that are nearly sold out
there are thousands, and meanwhile nobody else is served."""

_MOST_STEPS = 3000
"""Once so many runs and seats have been compared, no more is looked at, which takes about 5 ms."""

_MOST_ANCHORS = 3
"""In how many runs of a group of rows the largest block is tried, the nearest."""

_MORE = 2
"""By how much the spread, and the number of blocks, may grow so that no single seat is left; and
how many farther runs are tried for that."""


class _Run(NamedTuple):
    """Free seats next to each other."""

    section: int
    start: int
    length: int

    @property
    def seats(self) -> int:
        return ((1 << self.length) - 1) << self.start


class Division:
    """Divides a party of some size among the seats of an index, which is fresh."""

    def __init__(self, placing: Placing, index: BlockIndex, size: int, *, clean: bool) -> None:
        """With ``clean``, only blocks that leave no single seat."""
        self._placing = placing
        self._index = index
        self._size = size
        self._clean = clean
        self._steps = 0
        self._runs: dict[int, list[_Run]] = {}
        self._sizes: dict[_Run, list[int]] = {}

    def best(self) -> list[Block]:
        """The best blocks. Empty if no zone has as many seats or, with ``clean``, none were found
        near each other that leave no single seat."""
        zones = self._index.rows_by_zone(self._size)
        if not zones:
            return []
        spread = least_spread(self._size, zones)
        for more in range(1 + _MORE if self._clean else 1):
            if found := self._best_of_spread(zones, spread + more):
                return found
        return []

    def _best_of_spread(self, zones: Sequence[Sequence[IndexedRow]], spread: int) -> list[Block]:
        best: list[Block] = []
        least: tuple[float, ...] = (math.inf,)
        for rows in windows(self._size, spread, zones, _MOST_WINDOWS):
            if self._steps > _MOST_STEPS:
                break
            runs = [run for row in rows for s in row.sections for run in self._runs_in(s)]
            self._steps += len(runs)
            for blocks in self._divisions(runs, spread):
                alone = sum(block.end - block.start == 1 for block in blocks)
                cost = alone, round(self._apart(blocks) / SEAT), blocks[0].cost
                if cost < least:
                    best, least = blocks, cost
        return best

    def _apart(self, blocks: Sequence[Block]) -> int:
        """How far the other blocks are from the largest."""
        largest, *others = (self._placing.middle(*block[1:]) for block in blocks)
        return sum(self._placing.distance(middle, largest) for middle in others)

    def _runs_in(self, section: int) -> list[_Run]:
        if section not in self._runs:
            seats = self._placing.free[section] & self._index.wanted[section]
            first_of_run = seats & ~(seats << 1)
            self._runs[section] = [
                _Run(section, start, length)
                for start, length in zip(
                    seat_sets.ones(first_of_run), reversed(seat_sets.runs(seats)), strict=True
                )
            ]
        return self._runs[section]

    def _divisions(self, runs: Sequence[_Run], spread: int) -> Iterator[list[Block]]:
        """Divisions of the party among some runs, one for each place of the largest block."""
        lengths = sorted((run.length for run in runs), reverse=True)
        fewest = self._fewest(lengths, spread)
        pairs = [length for length in lengths if length > 1]
        if sum(pairs[:spread]) >= self._size >= 2 * self._fewest(pairs, spread):
            # Nobody has to sit alone.
            runs, lengths = [run for run in runs if run.length > 1], pairs
            fewest = self._fewest(lengths, spread)
        if self._clean and not single_seats.possible(lengths, self._size, spread):
            return
        most = min(fewest + _MORE, spread, len(runs)) if self._clean else fewest
        for number in range(fewest, most + 1):
            least = self._size - sum(lengths[: number - 1])
            anchors = [run for run in runs if run.length >= least]
            for anchor in heapq.nsmallest(_MOST_ANCHORS, anchors, key=self._nearest_seat):
                if blocks := self._around(anchor, runs, number):
                    yield blocks
                if self._steps > _MOST_STEPS:
                    return

    def _fewest(self, lengths: Sequence[int], spread: int) -> int:
        """How many blocks it takes, ``spread`` at the most."""
        enough = (n for n in range(1, spread) if sum(lengths[:n]) >= self._size)
        return next(enough, spread)

    def _nearest_seat(self, run: _Run) -> int:
        sums = self._placing.plan.distances[run.section]
        return min(sums[n + 1] - sums[n] for n in range(run.start, run.start + run.length))

    def _around(self, anchor: _Run, runs: Sequence[_Run], number: int) -> list[Block]:
        """The party in so many blocks: one in the anchor, the others as near to it as can be."""
        self._steps += len(runs) + anchor.length
        share = min(anchor.length, math.ceil(self._size / number))
        block = self._placing.best(anchor.section, anchor.seats, share, clean=False)
        assert block is not None
        middle = self._placing.middle(*block[1:])

        def far(run: _Run) -> float:
            # From its nearest seat, as if the seats were in a straight line.
            positions = self._placing.plan.sections[run.section].positions
            (ax, ay), (bx, by) = positions[run.start], positions[run.start + run.length - 1]
            length = (bx - ax) ** 2 + (by - ay) ** 2
            along = ((middle.x - ax) * (bx - ax) + (middle.y - ay) * (by - ay)) / (length or 1)
            along = max(0.0, min(1.0, along))
            return math.hypot(ax + along * (bx - ax) - middle.x, ay + along * (by - ay) - middle.y)

        others = sorted((run for run in runs if run is not anchor), key=far)
        for chosen in self._nearest(others, self._size - anchor.length, number - 1):
            if blocks := self._placed([anchor, *chosen]):
                return blocks
        return []

    def _nearest(self, others: Sequence[_Run], needed: int, number: int) -> Iterator[list[_Run]]:
        """The longest of the nearest runs, as many as there are to be, once they have room enough;
        then, if single seats count, those among a few more runs."""
        longest: list[tuple[int, int]] = []
        found = 0
        for order, run in enumerate(others):
            heapq.heappush(longest, (run.length, -order))
            if len(longest) > number:
                heapq.heappop(longest)
            if sum(length for length, _ in longest) >= needed and len(longest) == number:
                yield [others[-negative] for _, negative in longest]
                found += 1
                if not self._clean or found > _MORE:
                    return

    def _placed(self, runs: Sequence[_Run]) -> list[Block]:
        """A block in each run, the largest where it is best, the others near to it. Empty if the
        runs cannot take the party without leaving a single seat, which then counts."""
        if self._clean:
            shares = possible_shares(self._size, list(map(self._clean_sizes, runs)))
        else:
            shares = equal_shares(self._size, [run.length for run in runs])
        largest_first = sorted(zip(runs, shares, strict=False), key=lambda each: -each[1])
        if not largest_first:
            return []
        # The largest is tried near the next one, too: where it is best, the others may be far.
        beside = [self._middle(run) for run, _ in largest_first[1:2]]
        tried = [self._beside(largest_first, near) for near in (None, *beside)]
        return min(tried, key=lambda blocks: (round(self._apart(blocks) / SEAT), blocks[0].cost))

    def _beside(self, largest_first: Sequence[tuple[_Run, int]], near: Point | None) -> list[Block]:
        """A block of some size in each run: the first where it is best or, with ``near``, nearest
        to there, and the others near to it."""
        self._steps += sum(run.length for run, _ in largest_first)
        blocks: list[Block] = []
        for run, share in largest_first:
            block = self._placing.best(run.section, run.seats, share, clean=self._clean, near=near)
            assert block is not None
            blocks.append(block)
            near = self._placing.middle(*blocks[0][1:])
        return blocks

    def _middle(self, run: _Run) -> Point:
        return self._placing.middle(run.section, run.start, run.start + run.length)

    def _clean_sizes(self, run: _Run) -> list[int]:
        """The sizes of blocks in the run that leave no single seat."""
        if run not in self._sizes:
            self._sizes[run] = [
                size
                for size in range(1, min(run.length, self._size) + 1)
                if self._placing.starts(run.section, run.seats, size)[0]
            ]
        return self._sizes[run]
