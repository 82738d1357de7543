"""Seats are read in columns, and one by one where something is unusual: with the same outcome."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from booking.plans.reading import PlanError, read
from tests.support.houses import theatre

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from([" a", "a ", "a b", "é", "e\u0301", "\ud800", "\u202e", "x" * 191, "x" * 201]),
    st.sampled_from([[], {}, "Stalls-1-2", "stalls", "balcony", 1_100_000, -1_100_001, 2.5]),
)
MEMBERS = st.sampled_from(["seat_guid", "seat_number", "category", "position", "radius", "color"])


def outcome(document: dict[str, Any]) -> object:
    try:
        return read(document).zones
    except PlanError as error:
        return error.mistakes, error.count


@given(st.lists(st.tuples(st.integers(0, 3), MEMBERS | st.sampled_from(["x", "y"]), ODD)))
def test_a_seat_is_the_same_in_columns_and_by_itself(changes: list[tuple[int, str, Any]]) -> None:
    document = theatre(rows=2, seats_per_row=4)
    seats = document["zones"][0]["rows"][0]["seats"]
    for number, member, value in changes:
        part = seats[number]
        if member in ("x", "y") and isinstance(part["position"], dict):
            part = part["position"]
        part[member] = value
    one_by_one = copy.deepcopy(document)
    # No mistake, but unusual enough.
    one_by_one["zones"][1]["rows"][0]["seats"][0]["radius"] = None
    assert outcome(document) == outcome(one_by_one)
