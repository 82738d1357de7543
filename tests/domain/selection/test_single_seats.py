"""The single-seat rule, by example and against all choices that there are."""

from collections.abc import Collection
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.selection.seat_sets import blocks, ones
from booking.domain.selection.single_seats import avoidable, leaving_single, left_single


def bits(picture: str) -> int:
    """The seats that have an ``x`` in the picture, the first seat at the left."""
    return sum(1 << number for number, mark in enumerate(picture) if mark == "x")


@pytest.mark.parametrize(
    ("free", "chosen", "left"),
    [
        ("xxxxx", "..x..", "....."),  # Two remain at either side.
        ("xxxxx", ".x...", "x...."),  # Between the end of the section and a taken one.
        ("xxxxx", ".xxx.", "x...x"),
        ("xxxxx", "x.x..", ".x..."),  # Between two taken ones.
        (".xxx.", ".x...", "....."),
        (".xxx.", "..x..", ".x.x."),
        (".xxx.", ".xx..", "...x."),
        ("xxxxx", "xxxxx", "....."),
        ("x.xxx", "..x..", "....."),  # The first was single before.
        ("x.xxx", "..xx.", "....x"),
    ],
)
def test_seats_left_single_by_a_choice(free: str, chosen: str, left: str) -> None:
    assert left_single(bits(free), bits(chosen)) == bits(left)


@pytest.mark.parametrize(
    ("free", "chosen", "can_be"),
    [
        ("xxx", ".x.", True),  # One at the end of three.
        ("xxx", "xx.", False),  # Two of three: a section of odd length.
        ("xxxxx", ".xx..", True),
        ("xxxxx", "xxxx.", False),
        ("..xx", "..x.", False),  # One of the last two seats.
        ("xx.xx", "x....", False),
        ("xx.xx", ".x.x.", True),  # The two at either side.
        ("xx.x", "x...", True),  # The one that is single already.
        ("xxx.x", "xx...", False),  # Two side by side: the other way is to sit apart.
        ("xxx.x", "xx..x", True),  # Whoever sits apart anyway can take the three.
        ("xxx.x", "x.x..", True),
        ("xx.xx", "xx.x.", False),
        ("xxx.xx", ".xx...", True),
        ("xxxx.xxx", "xxx.....", True),
    ],
)
def test_whether_leaving_a_single_seat_can_be_avoided_without_sitting_farther_apart(
    free: str, chosen: str, can_be: bool
) -> None:
    assert avoidable(bits(free), bits(chosen)) is can_be


def _alone(free: set[int], chosen: set[int]) -> set[int]:
    """The rule again, seat by seat."""
    left = free - chosen
    return {
        seat for seat in left if not {seat - 1, seat + 1} & left and {seat - 1, seat + 1} & chosen
    }


sections = st.sets(st.integers(0, 9))


@given(sections, st.data())
def test_left_single_is_the_rule(free: set[int], data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(free)))) if free else set()
    as_bits = left_single(sum(1 << seat for seat in free), sum(1 << seat for seat in chosen))
    assert as_bits == sum(1 << seat for seat in _alone(free, chosen))


def _blocks(seats: Collection[int]) -> int:
    return sum(seat - 1 not in seats for seat in seats)


@settings(max_examples=500)
@given(sections, st.data())
def test_avoidable_is_whether_any_choice_in_no_more_blocks_leaves_no_single_seat(
    free: set[int], data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(free | {10})), min_size=1))
    free |= chosen
    expected = any(
        _blocks(choice) <= _blocks(chosen) and not _alone(free, set(choice))
        for choice in combinations(sorted(free), len(chosen))
    )
    as_bits = sum(1 << seat for seat in free), sum(1 << seat for seat in chosen)
    assert avoidable(*as_bits) == expected


@given(sections, st.integers(1, 6))
def test_blocks_that_leave_single_seats_are_those_of_which_the_rule_says_so(
    free: set[int], size: int
) -> None:
    as_bits = sum(1 << seat for seat in free)
    assert ones(leaving_single(as_bits, size)) == [
        start
        for start in ones(blocks(as_bits, size))
        if _alone(free, set(range(start, start + size)))
    ]
