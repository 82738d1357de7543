"""The clock at the venue."""

import pytest

from booking.domain import timestamps
from booking.http.time_zones import is_time_zone, local_time

WINTER, SUMMER = 1_800_000_000.0, 1_815_000_000.0


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        (None, "2027-01-15T08:00:00.000Z", "2027-07-07T22:40:00.000Z"),
        ("Europe/Berlin", "2027-01-15T09:00:00.000+01:00", "2027-07-08T00:40:00.000+02:00"),
        ("UTC", "2027-01-15T08:00:00.000+00:00", "2027-07-07T22:40:00.000+00:00"),
        ("-03:30", "2027-01-15T04:30:00.000-03:30", "2027-07-07T19:10:00.000-03:30"),
    ],
)
def test_a_time_is_told_as_the_clock_at_the_venue_shows_it(
    zone: str | None, winter: str, summer: str
) -> None:
    assert zone is None or is_time_zone(zone)
    assert local_time(WINTER, zone) == winter
    assert local_time(SUMMER, zone) == summer


def test_a_time_is_the_same_to_the_millisecond_as_in_utc() -> None:
    for unix_time in (0.0009, 1_795_693_654.9249, 1_795_693_654.9999):
        assert local_time(unix_time, None) == timestamps.write(unix_time)
