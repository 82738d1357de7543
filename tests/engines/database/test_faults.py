"""Faults of a database: details for the operator, a general message for buyers."""

import itertools
import logging

import pytest

from booking.engines.database.faults import Faults, mint_incident
from booking.engines.errors import Unavailable
from booking.http.problems import _members


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def faults(clock: Clock) -> Faults:
    numbers = itertools.count(1)
    return Faults(clock, lambda: f"INC-{next(numbers)}")


def test_the_log_has_the_details_and_the_buyer_the_incident(
    faults: Faults, caplog: pytest.LogCaptureFixture
) -> None:
    error = faults.unavailable("42P01", 'relation "seat" does not exist\nLINE 1: INSERT\n      ^')
    assert caplog.messages == [
        'Database fault INC-1, 42P01: relation "seat" does not exist; LINE 1: INSERT'
    ]
    assert caplog.records[0].levelno == logging.ERROR
    assert str(error) == (
        "The database cannot do this now. Nothing was changed. Try again in a moment."
        " The server log has the details under INC-1."
    )
    assert _members(error) == {"incident": "INC-1"}


def test_faults_of_a_kind_within_a_second_share_a_line_and_its_incident(
    faults: Faults, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    told = [faults.unavailable("53100", "disk full").incident for _ in range(1000)]
    other = faults.unavailable("57014", "timeout").incident
    clock.now = 1.0
    later = faults.unavailable("53100", "disk full").incident
    assert (set(told), other, later) == ({"INC-1"}, "INC-2", "INC-3")
    assert caplog.messages == [
        "Database fault INC-1, 53100: disk full",
        "Database fault INC-2, 57014: timeout",
        "Database fault INC-3, 53100: disk full (999 more under INC-1)",
    ]


def test_incidents_are_short_and_differ() -> None:
    incidents = {mint_incident() for _ in range(100)}
    assert len(incidents) > 95
    assert {len(incident) for incident in incidents} == {5}


def test_a_database_that_takes_no_changes_is_not_ready_until_a_moment_after(
    faults: Faults, clock: Clock
) -> None:
    faults.expect_writable()
    faults.unavailable("57014", "timeout")
    faults.expect_writable()
    faults.unavailable("53100", "disk full", unwritable=True)
    with pytest.raises(Unavailable, match="its disk is full, or it is read-only"):
        faults.expect_writable()
    clock.now += 5
    faults.expect_writable()
