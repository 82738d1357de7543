"""Sets of the seats of one section: whole numbers whose bit n stands for the seat n.

What is asked of a section, such as where five of its seats are free next to each other, is then
answered by a few operations on one number.
"""

from collections.abc import Iterable


def of(chosen: Iterable[bool]) -> int:
    """The seats of which it is said, in their order, that they are chosen."""
    return int("".join(["1" if each else "0" for each in chosen])[::-1] or "0", 2)


def ones(seats: int) -> list[int]:
    """The numbers of the seats, ascending."""
    bits = f"{seats:b}"[::-1]
    if 4 * seats.bit_count() > len(bits):
        return [number for number, bit in enumerate(bits) if bit == "1"]
    # Few in a long row: from one to the next, 1 µs instead of 6 for three seats of 150.
    numbers = []
    number = bits.find("1")
    while number >= 0:
        numbers.append(number)
        number = bits.find("1", number + 1)
    return numbers


def runs(seats: int) -> list[int]:
    """The lengths of the runs of seats next to each other."""
    return [len(run) for run in f"{seats:b}".split("0") if run]


def blocks(seats: int, size: int) -> int:
    """The seats at which ``size`` of the seats, next to each other, begin."""
    length = 1
    while length < size:
        step = min(length, size - length)
        seats &= seats >> step
        length += step
    return seats
