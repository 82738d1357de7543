"""Which of the free seats are best: an index of them, kept up to date seat by seat.

A block is some seats next to each other. Its cost is the distance of its seats from the focal
point of the plan, all together; if taking it leaves a single seat alone, as much as if each of its
seats were one seat farther away. The best block is the one of the least cost and, of several, the
first in the plan: the choice depends on nothing but which seats are free. A party that is divided
among several rows has the best place for its largest part; the cost of the others is how far they
are from that.
"""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, partial
from typing import NamedTuple

from booking import errors
from booking.model import BestAvailable
from booking.plans.model import SEAT, Plan
from booking.plans.sections import Point
from booking.selection import seat_sets, single_seats
from booking.selection.block_index import BlockIndex, IndexedRow, nearest
from booking.selection.shares import equal_shares, possible_shares

_MOST_GROUPS = 100
"""How many groups of neighbouring rows are looked at, the nearest. In 50,000 seats that are nearly
sold out there are thousands; a hundred take 3 ms, and meanwhile nobody else is served."""

_MOST_STARTS = 2000
"""Once blocks at so many seats have been compared, no further group of rows is looked at. In long
rows of which every other seat is free, a hundred groups would take 90 ms."""

_MORE_ROWS = 2
"""In how many more rows than would do seats are looked for that leave no single seat."""


class Block(NamedTuple):
    """The seats from ``start`` to before ``end`` of a section."""

    cost: int
    section: int
    start: int
    end: int


class FreeSeats:
    """The free seats of a plan, all of them at first. Not safe for threads: whoever owns it has a
    lock.

    To note that a seat is taken or free takes the same time in any house. To choose takes as long
    as it takes to look at those rows that may have better seats than the best that were found.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._places = plan.places
        # By section: the seats that are free, see booking.selection.seat_sets.
        self._free = [(1 << len(section.seats)) - 1 for section in plan.sections]
        # By category and zone, None standing for any.
        self._indexes: dict[tuple[str | None, str | None], BlockIndex] = {}
        # By section: the indexes that it is in.
        self._indexes_of: list[list[BlockIndex]] = [[] for _ in self._free]
        self._index(None, None)

    def replace(self, seat_id: str, *, free: bool) -> None:
        """Take note that a seat has become free, or is so no longer."""
        section, number = self._places[seat_id]
        if free:
            self._free[section] |= 1 << number
        else:
            self._free[section] &= ~(1 << number)
        for index in self._indexes_of[section]:
            index.stale.add(section)

    def left_single(
        self, chosen: Iterable[str], locked: Iterable[str], booked: Iterable[str]
    ) -> list[str]:
        """The seats that a holder leaves single by booking the ``chosen`` ones, in plan order.

        ``locked`` are all seats that the holder has locked. Those that are not chosen count as
        free. What other holders have locked counts as taken. ``booked`` are the seats that the
        holder has booked before. None of a section if the holder could not have as many seats of
        it, in no more blocks, without leaving a single one.
        """
        held, before = self._by_section(locked), self._by_section(booked)
        left: list[str] = []
        for section, seats in sorted(self._by_section(chosen).items()):
            free = self._free[section] | held.get(section, 0)
            lonely = single_seats.lonely(free, seats)
            theirs = seats | before.get(section, 0)
            if lonely and single_seats.avoidable(free | theirs, theirs):
                names = self.plan.sections[section].seats
                left += [names[number] for number in seat_sets.ones(lonely)]
        return left

    def _by_section(self, seat_ids: Iterable[str]) -> dict[int, int]:
        found: dict[int, int] = {}
        for seat_id in seat_ids:
            section, number = self._places[seat_id]
            found[section] = found.get(section, 0) | 1 << number
        return found

    def best(
        self,
        wanted: BestAvailable,
        *,
        forbid_single_seats: bool = False,
        without: Collection[str] = (),
    ) -> list[str]:
        """The best seats of those that are wanted: a block or, if there is none and ``split``
        allows it, a block in each of as few neighbouring rows as possible. In plan order.

        With ``forbid_single_seats``, seats that leave none single, if there are such seats. The
        free seats ``without`` count as taken.

        Raises:
            NotInPlan: the plan has no such category or zone.
            NotEnoughSeats: there are no such seats.
        """
        for seat_id in without:
            self.replace(seat_id, free=False)
        try:
            return self._seats(self._best(wanted, forbid_single_seats=forbid_single_seats))
        finally:
            for seat_id in without:
                self.replace(seat_id, free=True)

    def _best(self, wanted: BestAvailable, *, forbid_single_seats: bool) -> list[Block]:
        index = self._index(wanted.category, wanted.zone)
        index.refresh(self._free, self.plan.distances)
        clean_first = (True, False) if forbid_single_seats else (False,)
        for clean in clean_first:
            block = self._best_block(index, wanted.count, clean=clean)
            if block is not None:
                return [block]
        for clean in clean_first if wanted.split else ():
            if blocks := self._best_rows(index, wanted.count, clean=clean):
                return blocks
        raise errors.NotEnoughSeats(wanted.count, index.longest(), split=wanted.split)

    def _seats(self, blocks: Sequence[Block]) -> list[str]:
        return [
            seat_id
            for block in sorted(blocks, key=lambda block: block.section)
            for seat_id in self.plan.sections[block.section].seats[block.start : block.end]
        ]

    def _best_block(self, index: BlockIndex, size: int, *, clean: bool) -> Block | None:
        """The best block of all, None if there is none."""
        best: Block | None = None
        for distance, section in index.with_blocks(size):
            if best is not None and distance * size > best.cost:
                break
            block = self._best_in(index, section, size, clean=clean)
            if block is not None and (best is None or block < best):
                best = block
        return best

    def _best_in(
        self, index: BlockIndex, section: int, size: int, *, clean: bool, near: Point | None = None
    ) -> Block | None:
        """The best block in a section, None if there is none. With ``near``, what counts is how far
        its middle is from there. With ``clean``, only blocks that leave no single seat."""
        sums = self.plan.distances[section]

        def cost(start: int) -> int:
            if near is None:
                return sums[start + size] - sums[start]
            return size * self._distance(near, self._middle(section, start, start + size))

        costs = [
            (cost(start) + size * penalty, start)
            for starts, penalty in zip(self._starts(index, section, size), (0, SEAT), strict=True)
            if penalty == 0 or not clean
            for start in seat_sets.ones(starts)
        ]
        if not costs:
            return None
        least, start = min(costs)
        return Block(least, section, start, start + size)

    def _starts(self, index: BlockIndex, section: int, size: int) -> tuple[int, int]:
        """Where blocks begin that leave no single seat, and where such that do."""
        free = self._free[section]
        starts = seat_sets.blocks(free & index.wanted[section], size)
        leaving = single_seats.leaving_single(free, size)
        return starts & ~leaving, starts & leaving

    def _best_rows(self, index: BlockIndex, size: int, *, clean: bool) -> list[Block]:
        """The best blocks, one a row, in as few neighbouring rows as possible; empty if there are
        none. They are of about equal size, and near to the largest of them."""
        stretches = index.stretches()
        fewest = index.fewest_rows(size, stretches)
        if fewest is None:
            return []
        most = min(fewest + _MORE_ROWS, size) if clean else fewest
        # Of each row, once: it is in several groups.
        permitted = cache(partial(self._permitted, index, size)) if clean else None
        for length in range(fewest, most + 1):
            best: list[Block] = []
            least_cost: float = math.inf
            compared = 0
            for rows in index.neighbouring_rows(size, length, stretches, _MOST_GROUPS):
                if nearest(rows) * math.ceil(size / length) > least_cost:
                    break
                if compared > _MOST_STARTS:
                    break
                compared += sum(self._free[s].bit_count() for row in rows for s in row.sections)
                blocks = self._blocks_in_rows(index, size, rows, permitted)
                cost = sum(block.cost for block in blocks)
                if blocks and cost < least_cost:
                    best, least_cost = blocks, cost
            if best:
                return best
        return []

    def _blocks_in_rows(
        self,
        index: BlockIndex,
        size: int,
        rows: Sequence[IndexedRow],
        permitted: Callable[[IndexedRow], Sequence[int]] | None,
    ) -> list[Block]:
        """A block in each row, of the sizes that are permitted there; empty if that cannot be."""
        if permitted is None:
            shares = equal_shares(size, [row.longest for row in rows])
        else:
            shares = possible_shares(size, list(map(permitted, rows)))
        blocks: list[Block] = []
        # The largest first.
        for row, share in sorted(zip(rows, shares, strict=False), key=lambda each: -each[1]):
            near = self._middle(*blocks[0][1:]) if blocks else None
            candidates = (
                self._best_in(index, section, share, clean=permitted is not None, near=near)
                for section in row.sections
                if index.longest_in[section] >= share
            )
            blocks.append(min(block for block in candidates if block is not None))
        return blocks

    def _permitted(self, index: BlockIndex, most: int, row: IndexedRow) -> list[int]:
        """The sizes that a block in the row can have without leaving a single seat."""
        return [
            size
            for size in range(1, min(row.longest, most) + 1)
            if any(self._starts(index, section, size)[0] for section in row.sections)
        ]

    def _middle(self, section: int, start: int, end: int) -> Point:
        positions = self.plan.sections[section].positions
        first, last = positions[start], positions[end - 1]
        return Point((first.x + last.x) / 2, (first.y + last.y) / 2)

    def _distance(self, a: Point, b: Point) -> int:
        return round(math.dist(a, b) / self.plan.spacing * SEAT)

    def _index(self, category: str | None, zone: str | None) -> BlockIndex:
        index = self._indexes.get((category, zone))
        if index is not None:
            return index
        categories = [each.name for each in self.plan.categories]
        if category is not None and category not in categories:
            raise errors.NotInPlan("category", category, categories)
        zones = [each.name for each in self.plan.zones]
        if zone is not None and zone not in zones:
            raise errors.NotInPlan("zone", zone, zones)
        index = BlockIndex()
        if (category, zone) not in self.plan.kinds:
            return index
        for number, section in enumerate(self.plan.sections):
            if zone is not None and zones[section.zone] != zone:
                continue
            wanted = seat_sets.of(category in (None, its) for its in section.categories)
            if wanted:
                index.add(number, wanted, (section.zone, section.row))
                self._indexes_of[number].append(index)
        index.refresh(self._free, self.plan.distances)
        self._indexes[category, zone] = index
        return index
