"""How much is measured: the more, the steadier the numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Everything is measured once in each round."""

    rounds: int = 3
    seconds: int = 3
    """The length of one measurement over HTTP, half a second for connecting included."""
    connections: tuple[int, ...] = (8, 32, 128)
    repeats: int = 200
    """How often one call is made in a row, in process."""


QUICK = Effort(rounds=1, seconds=2, connections=(32,), repeats=50)
"""Enough to see that everything runs."""
