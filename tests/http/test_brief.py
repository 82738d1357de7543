"""Which calls are so brief that they need no thread of their own."""

import pytest

from booking.http.brief import is_brief


@pytest.mark.parametrize(
    "path", ["/lock/7", "/confirm/Row A 7", "/release/7", "/seats/7", "/events/gala/lock/7"]
)
def test_a_call_on_one_seat_is_brief(path: str) -> None:
    assert is_brief(path)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/lock", "/lock/", "/seats", "/events/gala/seats", "/events/gala/plan", "/lock/a/b"],
)
def test_what_may_concern_a_whole_house_is_not(path: str) -> None:
    assert not is_brief(path)
