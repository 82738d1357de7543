"""Single seats: one that is left free with none free beside it, which hardly anybody buys.

Pure functions of sets of one section's seats, see :mod:`booking.domain.selection.seat_sets`:
``free`` are those that can be bought, ``chosen`` some of them.
"""

from collections.abc import Sequence

from booking.domain.selection import seat_sets
from booking.domain.selection.seat_sets import runs


def left_single(free: int, chosen: int) -> int:
    """The seats that are left single by the choice: free, beside a chosen one, and between taken
    ones or a taken one and the end of the section. One that was single before is none of these."""
    left = free & ~chosen
    single = left & ~(left << 1) & ~(left >> 1)
    return single & (chosen << 1 | chosen >> 1)


def leaving_single(free: int, size: int) -> int:
    """The seats at which a block of ``size`` free seats begins that leaves a single seat when it is
    chosen: the one before it, or the one behind it."""
    first_of_run = free & ~(free << 1)
    last_of_run = free & ~(free >> 1)
    return seat_sets.blocks(free, size) & (first_of_run << 1 | last_of_run >> size)


def avoidable(free: int, chosen: int) -> bool:
    """Whether as many of the free seats as are ``chosen``, in no more blocks, could be chosen
    elsewhere in the section so that none is left single.

    Taking seats from two sides of a run, or from its middle, never leaves fewer single seats than
    taking them from one end. So each run of free seats gives one block: all of it, or any number
    that leaves two or more.
    """
    lengths = sorted(runs(free), reverse=True)
    return possible(lengths, chosen.bit_count(), len(runs(chosen)))


def possible(lengths: Sequence[int], seats: int, blocks: int) -> bool:
    """Whether so many seats can be taken from runs of these lengths, the longest first, in no more
    blocks, so that none is left single. There are as many in the longest runs."""
    longest, others = lengths[:blocks], lengths[blocks:]
    if longest[0] <= 2:
        # A run of two can only be taken as a whole.
        pairs = min(lengths.count(2), seats // 2)
        singles = seats - 2 * pairs
        return singles <= lengths.count(1) and pairs + singles <= blocks
    spare = sum(longest) - seats
    if spare != 1:
        # None is left over, or two or more, which one run of three or more can leave.
        return True
    # Leave out a run of one seat, or take a run that is shorter by one in the place of another.
    shorter = any(length - 1 in others for length in {longest[-1], longest[-1] + 1} & {*longest})
    return 1 in longest or shorter
