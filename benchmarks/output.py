"""Output of the benchmarks: tables on standard output, progress on standard error."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """The least or the greatest value that a number should have."""

    bound: float
    at_most: bool = False

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.bound:g}"

    def verdict(self, value: float) -> str:
        """Return a word that says whether the number meets the goal."""
        reached = value <= self.bound if self.at_most else value >= self.bound
        return "reached" if reached else "MISSED"


def progress(text: str) -> None:
    """Report progress."""
    print(text, file=sys.stderr, flush=True)


def heading(text: str, *remarks: str) -> None:
    """Print the heading of a section: what is measured, and how."""
    print(f"## {text}", *remarks, sep="\n\n", end="\n\n", flush=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table. The first column is left-aligned; the others, mostly numbers, are
    right-aligned."""
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in (columns, rule, *rows):
        first, *others = (
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print(f"| {' | '.join([first, *others])} |")
    print(flush=True)
