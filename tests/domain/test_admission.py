"""The rules of the door, and the codes that open it."""

from dataclasses import replace

import pytest

from booking.domain import admission, errors, tickets
from booking.domain.history import HistoryEntry, SeatChange
from booking.domain.model import Seat, SeatStatus
from booking.domain.report import Course, count
from booking.domain.tickets import Entry, Ticket
from booking.plans import grid

TICKET = Ticket(code=tickets.mint(), reference="7KQM4-T9X2P", seat="7")
IN = replace(TICKET, entry=Entry(100, "north"))
VOID = admission.void(TICKET, 50)


def test_a_ticket_lets_one_in_and_then_nobody_until_they_went_out() -> None:
    assert admission.check_in(TICKET, "north", None, 100) == IN
    with pytest.raises(errors.AlreadyCheckedIn, match=r"seat 7 already, at 1970.*, door north"):
        admission.check_in(IN, "south", None, 200)
    assert admission.check_out(IN) == TICKET
    with pytest.raises(errors.NotCheckedIn):
        admission.check_out(TICKET)


def test_a_void_ticket_lets_nobody_in_or_out() -> None:
    with pytest.raises(errors.TicketVoid, match="cancelled or moved at 1970-01-01T00:00:50"):
        admission.check_in(VOID, "north", None, 100)
    with pytest.raises(errors.TicketVoid):
        admission.check_out(replace(VOID, entry=IN.entry))


@pytest.mark.parametrize(("scanned_at", "at"), [(None, 100), (60, 60), (140, 100)])
def test_a_scan_counts_from_when_it_was_made_and_never_from_the_future(
    scanned_at: float | None, at: float
) -> None:
    entered = admission.check_in(TICKET, "north", scanned_at, 100)
    assert entered.entry == Entry(at, "north")


def test_a_code_is_the_same_however_it_is_typed() -> None:
    code = tickets.mint()
    assert len(code) == 26
    assert tickets.normal(code) == code
    typed = " ".join([code[:13].lower(), code[13:]]).replace("0", "o").replace("1", "l")
    assert tickets.normal(typed) == code
    for other in ("", code[:-1], f"{code}0", code[:-1] + "U", "https://example.org"):
        assert tickets.normal(other) is None


def test_a_ticket_does_not_show_its_code() -> None:
    assert TICKET.code not in repr(TICKET)


def test_seats_are_counted_by_section() -> None:
    seats = [Seat("A1"), Seat("A2", SeatStatus.BOOKED), Seat("B1", SeatStatus.BLOCKED)]
    standing = count(5, seats, grid.grid(2, 2).names, {"A2"})
    assert standing.version == 5
    assert (standing.whole.total, standing.whole.checked_in) == (3, 1)
    assert standing.whole.seats[SeatStatus.BOOKED] == 1


def test_what_happened_is_counted_by_day_and_the_share_of_locks_that_were_booked() -> None:
    def entries(day: int, *changes: SeatChange) -> list[HistoryEntry]:
        return [HistoryEntry(day, day, "7", change, None) for change in changes]

    assert Course(str).share_of_locks is None
    course = Course(lambda at: f"day {at:.0f}")
    course.add(entries(1, SeatChange.LOCKED, SeatChange.BOOKED, SeatChange.LOCKED))
    course.add(entries(2, SeatChange.EXPIRED, SeatChange.SOLD))
    assert course.share_of_locks == 0.5
    assert list(course.days) == ["day 1", "day 2"]
    assert course.days["day 1"][SeatChange.LOCKED] == 2
