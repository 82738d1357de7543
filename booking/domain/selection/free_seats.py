"""Which of the free seats are best: an index of them, kept up to date seat by seat.

A block is some seats next to each other. Its cost is the distance of its seats from the focal
point of the plan, all together; if taking it leaves a single seat alone, as much as if each of its
seats were one seat farther away. The best block is the one of the least cost and, of several, the
first in the plan: the choice depends on nothing but which seats are free. How a party is divided
that no block has room for is in :mod:`booking.domain.selection.division`.
"""

from collections.abc import Collection, Iterable, Sequence

from booking.domain import errors
from booking.domain.model import BestAvailable
from booking.domain.selection import seat_sets, single_seats
from booking.domain.selection.block_index import BlockIndex
from booking.domain.selection.division import Division
from booking.domain.selection.placing import Block, Placing
from booking.plans.model import Plan


class FreeSeats:
    """The free seats of a plan, all of them at first. Not safe for threads: whoever owns it has a
    lock.

    To note that a seat is taken or free takes the same time in any house. To choose takes as long
    as it takes to look at those rows that may have better seats than the best that were found.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._places = plan.places
        # By section: the seats that are free, see booking.domain.selection.seat_sets.
        self._free = [(1 << len(section.seats)) - 1 for section in plan.sections]
        self._placing = Placing(plan, self._free)
        # Categories that are only chosen from if the wish names them.
        self._excluded: Sequence[str] = ()
        # By category and zone, None standing for any, but for those excluded.
        self._indexes: dict[tuple[str | None, str | None], BlockIndex] = {}
        # By section: the indexes that it is in.
        self._indexes_of: list[list[BlockIndex]] = [[] for _ in self._free]
        self._index(None, None)

    def replace(self, seat_id: str, *, free: bool) -> None:
        """Record that a seat has become free, or is no longer free."""
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
            single = single_seats.left_single(free, seats)
            theirs = seats | before.get(section, 0)
            if single and single_seats.avoidable(free | theirs, theirs):
                names = self.plan.sections[section].seats
                left += [names[number] for number in seat_sets.ones(single)]
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
        excluded: Sequence[str] = (),
        without: Collection[str] = (),
    ) -> list[str]:
        """The best seats of those that are wanted: a block or, if there is none and ``split``
        allows it, a few blocks near each other in one zone. In plan order.

        With ``forbid_single_seats``, seats that leave none single, if there are such seats. Seats
        of ``excluded`` categories are only chosen if the wish names the category. The free seats
        ``without`` count as taken.

        Raises:
            NotInPlan: the plan has no such category or zone.
            NotEnoughSeats: there are no such seats.
        """
        if excluded != self._excluded:
            self._exclude(excluded)
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
            if blocks := Division(self._placing, index, wanted.count, clean=clean).best():
                return blocks
        excluded = self._excluded if wanted.category is None else ()
        raise errors.NotEnoughSeats(
            wanted.count, index.longest(), split=wanted.split, excluded=excluded
        )

    def _seats(self, blocks: Sequence[Block]) -> list[str]:
        return [
            seat_id
            for block in sorted(blocks, key=lambda block: block[1:])
            for seat_id in self.plan.sections[block.section].seats[block.start : block.end]
        ]

    def _best_block(self, index: BlockIndex, size: int, *, clean: bool) -> Block | None:
        """The best block of all, None if there is none."""
        best: Block | None = None
        for distance, section in index.with_blocks(size):
            if best is not None and distance * size > best.cost:
                break
            block = self._placing.best(section, index.wanted[section], size, clean=clean)
            if block is not None and (best is None or block < best):
                best = block
        return best

    def _exclude(self, categories: Sequence[str]) -> None:
        """Let the indexes of any category be built again without these."""
        self._excluded = categories
        for kind in [kind for kind in self._indexes if kind[0] is None]:
            index = self._indexes.pop(kind)
            for section in index.wanted:
                self._indexes_of[section].remove(index)

    def _wants(self, wish: str | None, category: str) -> bool:
        return category not in self._excluded if wish is None else category == wish

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
        # Line by line, each from its first section on.
        for number in sorted(range(len(self.plan.sections)), key=self.plan.lines.__getitem__):
            section = self.plan.sections[number]
            if zone is not None and zones[section.zone] != zone:
                continue
            wants = {its: self._wants(category, its) for its in set(section.categories)}
            wanted = seat_sets.of(map(wants.__getitem__, section.categories))
            if wanted:
                index.add(number, wanted, self.plan.lines[number])
                self._indexes_of[number].append(index)
        index.refresh(self._free, self.plan.distances)
        self._indexes[category, zone] = index
        return index
