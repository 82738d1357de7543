"""How a party is divided among rows."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.selection.shares import equal_shares, possible_shares

rooms = st.lists(st.integers(1, 6), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("size", "room", "shares"),
    [
        (6, [4, 4], [3, 3]),
        (5, [4, 4], [2, 3]),
        (6, [1, 9], [1, 5]),
        (7, [9, 2, 3], [3, 2, 2]),
        (8, [3, 3, 2], [3, 3, 2]),
    ],
)
def test_shares_are_as_equal_as_there_is_room(
    size: int, room: list[int], shares: list[int]
) -> None:
    assert equal_shares(size, room) == shares


@given(rooms, st.data())
def test_all_have_room_and_nobody_more_than_needs_be(room: list[int], data: st.DataObject) -> None:
    size = data.draw(st.integers(len(room), sum(room)))
    shares = equal_shares(size, room)
    assert sum(shares) == size
    assert all(1 <= share <= least for share, least in zip(shares, room, strict=True))
    # Whoever has less than another has no room for more.
    most = max(shares)
    assert all(s == r for s, r in zip(shares, room, strict=True) if s < most - 1)


@given(st.lists(st.sets(st.integers(1, 6)).map(sorted), min_size=1, max_size=4), st.integers(1, 20))
def test_possible_shares_are_found_if_there_are_any(sizes: list[list[int]], size: int) -> None:
    shares = possible_shares(size, sizes)
    if any(sum(each) == size for each in product(*sizes)):
        assert sum(shares) == size
        assert all(share in row for share, row in zip(shares, sizes, strict=True))
    else:
        assert shares == []


@given(rooms, st.data())
def test_with_all_sizes_possible_shares_differ_by_one_at_most(
    room: list[int], data: st.DataObject
) -> None:
    size = data.draw(st.integers(len(room), len(room) * min(room)))
    shares = possible_shares(size, [range(1, each + 1) for each in room])
    assert max(shares) - min(shares) <= 1
