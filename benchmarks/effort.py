"""How much to measure: the more, the steadier the numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How many times to measure everything."""

    rounds: int = 3
    seconds: int = 3
    """The length of one measurement over HTTP, including half a second for connecting."""
    connections: tuple[int, ...] = (8, 32, 128)
    repeats: int = 200
    """How often to repeat one call, in process."""


QUICK = Effort(rounds=1, seconds=2, connections=(32,), repeats=50)
"""Enough to see that everything runs."""
