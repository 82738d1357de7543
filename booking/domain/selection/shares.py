"""How a party is divided among rows: as equally as can be."""

from collections.abc import Sequence
from functools import reduce
from operator import or_


def equal_shares(size: int, room: Sequence[int]) -> list[int]:
    """How many of ``size`` go to each row that has ``room`` for some. There is room for all."""
    shares = [0] * len(room)
    # Those with the least room first: what they cannot take is divided among the others.
    for taken, row in enumerate(sorted(range(len(room)), key=lambda row: (room[row], row))):
        shares[row] = min(room[row], size // (len(room) - taken))
        size -= shares[row]
    return shares


def possible_shares(size: int, sizes: Sequence[Sequence[int]]) -> list[int]:
    """The same where each row can take parties of some ``sizes`` alone; empty if that cannot be."""
    # For each row, all that it and those behind it can take together, as the bits of a number.
    together = [1]
    for row in reversed(sizes):
        together.append(reduce(or_, (together[-1] << share for share in row), 0))
    *behind, all_rows = together
    if not all_rows >> size & 1:
        return []
    shares: list[int] = []
    for row, others in zip(sizes, reversed(behind), strict=True):
        equal = size / (len(sizes) - len(shares))
        can = [share for share in row if share <= size and others >> size - share & 1]
        _, share = min((abs(share - equal), share) for share in can)
        shares.append(share)
        size -= share
    return shares
