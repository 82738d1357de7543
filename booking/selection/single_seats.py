"""Single seats: one that is left free with none free beside it, which hardly anybody buys.

Pure functions of sets of one section's seats, see :mod:`booking.selection.seat_sets`: ``free`` are
those that can be bought, ``chosen`` some of them.
"""

from booking.selection.seat_sets import blocks, runs


def lonely(free: int, chosen: int) -> int:
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
    return blocks(free, size) & (first_of_run << 1 | last_of_run >> size)


def avoidable(free: int, seats: int) -> bool:
    """Whether so many of the free seats can be chosen, wherever they are, so that none is left
    single by it.

    What is to be left over has to be divided among the runs of free seats: a run of one can stay or
    go; of a longer one, none can be left, or any number from two on, since those can be taken from
    one end.
    """
    lengths = runs(free)
    singles = lengths.count(1)
    longer = [length for length in lengths if length > 1]
    left = sum(lengths) - seats
    # With runs of two alone, what is left of them comes in twos.
    step = 1 if max(longer, default=0) > 2 else 2
    return any(
        rest == 0 or (2 <= rest <= sum(longer) and rest % step == 0)
        for rest in range(max(0, left - singles), left + 1)
    )
