"""Sets of the seats of one section: whole numbers whose bit n stands for the seat n.

What is asked of a section, such as where five of its seats are free next to each other, is then
answered by a few operations on one number.
"""

from collections.abc import Iterator


def ones(seats: int) -> Iterator[int]:
    """The numbers of the seats, ascending."""
    while seats:
        lowest = seats & -seats
        yield lowest.bit_length() - 1
        seats ^= lowest


def runs(seats: int) -> list[int]:
    """The lengths of the runs of seats next to each other."""
    return [len(run) for run in f"{seats:b}".split("0") if run]


def blocks(seats: int, size: int) -> Iterator[int]:
    """Where ``size`` seats next to each other begin, ascending."""
    length = 1
    while length < size:
        step = min(length, size - length)
        seats &= seats >> step
        length += step
    return ones(seats)
