"""Times as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain import timestamps


def test_a_time_is_written_in_utc_with_milliseconds() -> None:
    assert timestamps.write(0) == "1970-01-01T00:00:00.000Z"
    assert timestamps.write(1_800_000_000.1234) == "2027-01-15T08:00:00.123Z"


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-15T08:00:00Z",
        "2027-01-15t08:00:00.000z",
        "2027-01-15T09:30:00+01:30",
        "2027-01-14T23:00:00.000000-09:00",
    ],
)
def test_a_time_is_read_whatever_its_offset(text: str) -> None:
    assert timestamps.read(text) == 1_800_000_000


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_what_is_written_is_read_and_written_again(milliseconds: int) -> None:
    text = timestamps.write(milliseconds / 1000)
    assert timestamps.write(timestamps.read(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2027-01-15",
        "2027-01-15T08:00:00",
        "2027-01-15 08:00:00Z",
        "2027-02-30T08:00:00Z",
        "2027-01-15T24:00:01Z",
        "2027-01-15T08:00:00+25:00",
        "0000-01-15T08:00:00Z",
        "٢٠٢٧-01-15T08:00:00Z",
        "2027-01-15T08:00:00Z\n",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59-01:00",
        "9999-12-31T23:59:59.9999Z",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a time such as"):
        timestamps.read(text)
