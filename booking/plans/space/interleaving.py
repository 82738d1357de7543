"""Rows that a file has in pieces which take turns along one line: the odd numbers, then the even
ones."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import dist

from booking.plans import sections
from booking.plans.areas import Box
from booking.plans.sections import Point
from booking.plans.space.lines import in_line

_NEAREST = 0.3
"""The pieces of a row take turns: their seats keep at least this part of the distance in a piece.
Seats that are nearer to each other are those of two floors, drawn one over the other."""
_MOST_COMPARED = 50_000
"""After so many comparisons, what is left is taken as the file has it."""


def rows_with_their_pieces(rows: Sequence[tuple[str, Sequence[Point]]]) -> list[list[int]]:
    """The rows by number, pieces of one row together. A row comes as its label and its seats."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for number, (label, seats) in enumerate(rows):
        if len(seats) > 1:
            by_label[label].append(number)
    group_of = {number: [number] for number in range(len(rows))}
    compared = 0
    for numbers in by_label.values():
        for a, b in _overlapping(numbers, rows):
            compared += 1
            if compared > _MOST_COMPARED:
                break
            one, other = group_of[a], group_of[b]
            if one is not other and _take_turns(_seats(rows, one), _seats(rows, other)):
                one += other
                group_of |= dict.fromkeys(other, one)
    return [sorted(group) for number, group in group_of.items() if number == min(group)]


def _seats(rows: Sequence[tuple[str, Sequence[Point]]], group: Sequence[int]) -> list[Point]:
    return [seat for number in group for seat in rows[number][1]]


def _overlapping(
    numbers: Sequence[int], rows: Sequence[tuple[str, Sequence[Point]]]
) -> Iterator[tuple[int, int]]:
    """The pairs of rows of which the boxes around them overlap."""
    if len(numbers) < 2:
        return
    boxes = {number: Box.of(rows[number][1]) for number in numbers}
    wide = sum(box.right - box.left for box in boxes.values())
    high = sum(box.bottom - box.top for box in boxes.values())
    # Along the side on which fewer of them overlap.
    start, end = (0, 2) if wide < high else (1, 3)
    open_boxes: list[int] = []
    for number in sorted(numbers, key=lambda each: boxes[each][start]):
        box = boxes[number]
        open_boxes = [each for each in open_boxes if boxes[each][end] >= box[start]]
        for other in open_boxes:
            there = boxes[other]
            if (
                box.left <= there.right
                and there.left <= box.right
                and box.top <= there.bottom
                and there.top <= box.bottom
            ):
                yield other, number
        open_boxes.append(number)


def _take_turns(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether two pieces are on one line, with seats of each between seats of the other."""
    usual = [sections.usual(map(dist, each, each[1:])) for each in (one, other)]
    order = in_line([*one, *other])
    if order is None or None in usual:
        return False
    whole = [*one, *other]
    apart = min(dist(whole[a], whole[b]) for a, b in pairwise(order))
    turns = sum((a < len(one)) is not (b < len(one)) for a, b in pairwise(order))
    return turns > 2 and apart >= _NEAREST * min(each for each in usual if each)
