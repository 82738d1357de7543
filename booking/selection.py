"""Which of the free seats are best: an index of them, kept up to date seat by seat.

A block is some seats next to each other. Its cost is the distance of its seats from the focal
point of the plan, all together; if taking it leaves a single seat alone, as much as if each of its
seats were one seat farther away. The best block is the one of the least cost and, of several, the
first in the plan: the choice depends on nothing but which seats are free.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from booking import errors, seat_sets, single_seats
from booking.block_index import BlockIndex, Row, nearest
from booking.model import BestAvailable
from booking.plans.model import Plan
from booking.plans.sections import Point

_SEAT = 1000
"""The usual distance from a seat to the next one, in the unit of distances here. They are whole
numbers, so that their sums are the same in whatever order they are made."""


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
        # By section: the seats that are free, see booking.seat_sets.
        self._free = [(1 << len(section.seats)) - 1 for section in plan.sections]
        # By section: the distances from the focal point, of the first 0, 1, 2, … seats together.
        self._scale = _SEAT / plan.spacing
        self._sums = [
            list(
                accumulate((self._distance(plan.focus, at) for at in section.positions), initial=0)
            )
            for section in plan.sections
        ]
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

    def lonely(self, seat_ids: Iterable[str]) -> list[str]:
        """The seats that would be left single if these, which are free, were taken; in plan order.

        Where as many seats of a section cannot be taken without leaving a single one, none of it.
        """
        chosen: dict[int, int] = {}
        for seat_id in seat_ids:
            section, number = self._places[seat_id]
            chosen[section] = chosen.get(section, 0) | 1 << number
        left: list[str] = []
        for section, seats in sorted(chosen.items()):
            lonely = single_seats.lonely(self._free[section], seats)
            if lonely and single_seats.avoidable(self._free[section], seats.bit_count()):
                names = self.plan.sections[section].seats
                left += [name for number, name in enumerate(names) if lonely >> number & 1]
        return left

    def best(self, wanted: BestAvailable, *, forbid_single_seats: bool = False) -> list[str]:
        """The best seats of those that are wanted: a block or, if there is none and ``split``
        allows it, a block in each of as few neighbouring rows as possible. In plan order.

        With ``forbid_single_seats``, seats to which :meth:`lonely` has nothing to say.

        Raises:
            NotInPlan: the plan has no such category or zone.
            NotEnoughSeats: there are no such seats.
            LeavesSingleSeat: there are, but each choice of them leaves a seat single.
        """
        index = self._index(wanted.category, wanted.zone)
        index.refresh(self._free, self._sums)
        found = self._search(index, wanted, forbid=forbid_single_seats)
        if found:
            return self._seats(found)
        if forbid_single_seats and (found := self._search(index, wanted, forbid=False)):
            raise errors.LeavesSingleSeat(self.lonely(self._seats(found)))
        raise errors.NotEnoughSeats(wanted.count, index.longest())

    def _search(self, index: BlockIndex, wanted: BestAvailable, *, forbid: bool) -> list[Block]:
        block = self._best_block(index, wanted.count, forbid=forbid)
        if block is not None:
            return [block]
        if wanted.split and index.longest() < wanted.count:
            return self._best_rows(index, wanted.count, forbid=forbid)
        return []

    def _seats(self, blocks: Sequence[Block]) -> list[str]:
        return [
            seat_id
            for block in sorted(blocks, key=lambda block: block.section)
            for seat_id in self.plan.sections[block.section].seats[block.start : block.end]
        ]

    def _best_block(self, index: BlockIndex, size: int, *, forbid: bool) -> Block | None:
        """The best block of all, None if there is none."""
        best: Block | None = None
        for distance, section in index.with_blocks(size):
            if best is not None and distance * size > best.cost:
                break
            block = self._best_in(index, section, size, forbid=forbid)
            if block is not None and (best is None or block < best):
                best = block
        return best

    def _best_in(
        self, index: BlockIndex, section: int, size: int, *, forbid: bool, near: Point | None = None
    ) -> Block | None:
        """The best block in a section, None if there is none. With ``near``, what counts is how far
        its middle is from there."""
        free = self._free[section]
        forbid = forbid and single_seats.avoidable(free, size)
        sums = self._sums[section]
        best: Block | None = None
        for start in seat_sets.blocks(free & index.wanted[section], size):
            if near is None:
                cost = sums[start + size] - sums[start]
            else:
                middle = self._middle(section, start, start + size)
                cost = size * self._distance(near, middle)
            if best is not None and cost >= best.cost:
                continue
            if single_seats.lonely(free, ((1 << size) - 1) << start):
                cost += size * _SEAT
                if forbid or (best is not None and cost >= best.cost):
                    continue
            best = Block(cost, section, start, start + size)
        return best

    def _best_rows(self, index: BlockIndex, size: int, *, forbid: bool) -> list[Block]:
        """The best blocks, one a row, in as few neighbouring rows as possible; empty if there are
        none. They are of about equal size, and near to the largest of them."""
        best: list[Block] = []
        least_cost: float = math.inf
        for rows in index.neighbouring_rows(size):
            if nearest(rows) * math.ceil(size / len(rows)) > least_cost:
                break
            blocks = self._blocks_in_rows(index, size, rows, forbid=forbid)
            cost = sum(block.cost for block in blocks)
            if blocks and cost < least_cost:
                best, least_cost = blocks, cost
        return best

    def _blocks_in_rows(
        self, index: BlockIndex, size: int, rows: Sequence[Row], *, forbid: bool
    ) -> list[Block]:
        blocks: list[Block] = []
        # The largest first.
        for row, part in sorted(_shares(size, rows), key=lambda share: -share[1]):
            near = self._middle(*blocks[0][1:]) if blocks else None
            candidates = [
                self._best_in(index, section, part, forbid=forbid, near=near)
                for section in row.sections
            ]
            found = [block for block in candidates if block is not None]
            if not found:
                return []
            blocks.append(min(found))
        return blocks

    def _middle(self, section: int, start: int, end: int) -> Point:
        positions = self.plan.sections[section].positions
        first, last = positions[start], positions[end - 1]
        return Point((first.x + last.x) / 2, (first.y + last.y) / 2)

    def _distance(self, a: Point, b: Point) -> int:
        return round(math.dist(a, b) * self._scale)

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
        for number, section in enumerate(self.plan.sections):
            if zone is not None and zones[section.zone] != zone:
                continue
            wanted = sum(
                1 << seat
                for seat, its in enumerate(section.categories)
                if category is None or its == category
            )
            if wanted:
                index.add(number, wanted, (section.zone, section.row))
                self._indexes_of[number].append(index)
        index.refresh(self._free, self._sums)
        if index.wanted:  # Of those with nothing on them, a stranger could have us keep many.
            self._indexes[category, zone] = index
        return index


def _shares(size: int, rows: Sequence[Row]) -> Iterator[tuple[Row, int]]:
    """How many seats each row contributes: as equal as their longest blocks allow."""
    for number, row in enumerate(sorted(rows, key=lambda row: (row.longest, row.number))):
        share = min(row.longest, size // (len(rows) - number))
        yield row, share
        size -= share
