"""What the benchmarks write: tables on standard output, progress on standard error."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """What a number should be at least or at most."""

    bound: float
    at_most: bool = False

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.bound:g}"

    def verdict(self, value: float) -> str:
        """Whether the number is as it should be, in a word."""
        reached = value <= self.bound if self.at_most else value >= self.bound
        return "reached" if reached else "MISSED"


def progress(text: str) -> None:
    """Say what is going on."""
    print(text, file=sys.stderr, flush=True)


def heading(text: str, *remarks: str) -> None:
    """Begin a section of the results: what is measured, and how."""
    print(f"## {text}", *remarks, sep="\n\n", end="\n\n", flush=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table: the first column to the left, the others, mostly numbers, to the
    right."""
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in (columns, rule, *rows):
        first, *others = (
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print(f"| {' | '.join([first, *others])} |")
    print(flush=True)
