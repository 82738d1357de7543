"""What every engine must do at the door: make tickets, check them in and out, list the guests."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from booking.domain import errors
from booking.domain.history import SeatChange
from booking.domain.model import SeatStatus
from booking.domain.tickets import Entry, Ticket
from booking.engines.contract import Registry
from booking.engines.idempotency import Document, KeyedRequest, Reply
from booking.plans import grid
from booking.sale.door import Presented
from tests.contracts.counter import book
from tests.contracts.registry import RegistryContract
from tests.support.clocks import START, ManualClock
from tests.support.engine import ANN, BOB, OpenRegistry, event_of


def showing(ticket: Ticket, door: str = "north", scanned_at: float | None = None) -> Presented:
    return Presented(ticket.code, None, door, scanned_at)


def at_seat(seat: str) -> Presented:
    return Presented(None, seat, "north")


def described(ticket: Ticket) -> Document:
    return {"seat": ticket.seat, "door": ticket.entry and ticket.entry.door}


class DoorContract(RegistryContract):
    """The part of the contract that is for the door."""

    # Tickets

    def test_each_seat_of_a_booking_has_a_ticket_that_stays_the_same(
        self, registry: Registry
    ) -> None:
        reference = book(registry, "1", "2")
        before = registry.changes().version
        tickets = registry.tickets(reference)
        assert [ticket.seat for ticket in tickets] == ["1", "2"]
        assert len({ticket.code for ticket in tickets}) == 2
        assert {ticket.reference for ticket in tickets} == {reference}
        assert registry.tickets(reference) == tickets
        # To make a ticket changes nothing that anybody sees.
        assert registry.changes().version == before

    def test_many_who_ask_for_tickets_at_once_get_the_same(self, registry: Registry) -> None:
        reference = book(registry, "1", "2")
        with ThreadPoolExecutor(4) as pool:
            found = set(pool.map(registry.tickets, [reference] * 8))
        assert len(found) == 1

    def test_there_are_no_tickets_of_a_booking_that_is_cancelled_or_does_not_exist(
        self, registry: Registry
    ) -> None:
        reference = book(registry, "1")
        registry.cancel(reference, ANN)
        with pytest.raises(errors.BookingCancelled):
            registry.tickets(reference)
        with pytest.raises(errors.BookingNotFound):
            registry.tickets("00000-00000")

    @pytest.mark.parametrize("how", ["cancelled", "cancelled in part", "moved", "swapped"])
    def test_the_ticket_of_a_seat_that_is_given_up_is_void(
        self, registry: Registry, clock: ManualClock, how: str
    ) -> None:
        reference, other = book(registry, "1", "2"), book(registry, "5", holder=BOB)
        first, second = registry.tickets(reference)
        clock.advance(5)
        if how == "cancelled":
            registry.cancel(reference, ANN)
        elif how == "cancelled in part":
            registry.cancel(reference, ANN, ["1"])
        elif how == "moved":
            registry.move(reference, {"1": "3"}, ANN)
        else:
            registry.swap(reference, other, {"1": "5"}, "till")
        with pytest.raises(errors.TicketVoid) as refusal:
            registry.check_in(showing(first), "usher")
        assert refusal.value.void_at == START.wall + 5
        if how != "cancelled":
            assert registry.tickets(reference)[-1] == second
            registry.check_in(showing(second), "usher")

    def test_a_seat_that_is_moved_away_and_back_has_a_new_ticket(self, registry: Registry) -> None:
        reference = book(registry, "1")
        (first,) = registry.tickets(reference)
        registry.move(reference, {"1": "2"}, ANN)
        registry.move(reference, {"2": "1"}, ANN)
        (second,) = registry.tickets(reference)
        assert (second.seat, second.code == first.code) == ("1", False)

    # Check in and out

    def test_a_ticket_opens_the_door_once_and_says_when_and_where(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        (ticket,) = registry.tickets(book(registry, "1"))
        entered = registry.check_in(showing(ticket), "usher")
        assert entered.entry == Entry(START.wall, "north")
        clock.advance(5)
        with pytest.raises(errors.AlreadyCheckedIn) as refusal:
            registry.check_in(showing(ticket, "south"), "usher")
        assert refusal.value.entry == Entry(START.wall, "north")
        assert refusal.value.ticket.seat == "1"

    def test_who_goes_out_can_come_in_again(self, registry: Registry) -> None:
        (ticket,) = registry.tickets(book(registry, "1"))
        with pytest.raises(errors.NotCheckedIn):
            registry.check_out(showing(ticket), "usher")
        registry.check_in(showing(ticket), "usher")
        assert registry.check_out(showing(ticket), "usher").entry is None
        assert registry.check_in(showing(ticket, "south"), "usher").entry == Entry(
            START.wall, "south"
        )

    def test_who_has_no_ticket_at_hand_comes_in_by_the_seat(self, registry: Registry) -> None:
        reference = book(registry, "1")
        entered = registry.check_in(at_seat("1"), "usher")
        assert registry.tickets(reference) == (entered,)
        with pytest.raises(errors.AlreadyCheckedIn):
            registry.check_in(showing(entered), "usher")
        with pytest.raises(errors.TicketUnknown):
            registry.check_in(at_seat("2"), "usher")
        with pytest.raises(errors.SeatNotFound):
            registry.check_in(at_seat("none"), "usher")

    def test_a_code_that_was_never_given_out_is_unknown(self, registry: Registry) -> None:
        for call in (registry.check_in, registry.check_out):
            with pytest.raises(errors.TicketUnknown):
                call(Presented("0" * 26, None, "north"), "usher")

    def test_a_door_without_a_network_says_when_it_scanned_and_never_later_than_now(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        one, two = registry.tickets(book(registry, "1", "2"))
        clock.advance(600)
        at = START.wall + 60
        assert registry.check_in(showing(one, scanned_at=at), "usher").entry == Entry(at, "north")
        entered = registry.check_in(showing(two, scanned_at=START.wall + 9999), "usher")
        assert entered.entry == Entry(START.wall + 600, "north")

    def test_of_many_doors_at_once_one_lets_somebody_in(self, registry: Registry) -> None:
        tickets = registry.tickets(book(registry, "1", "2", "3"))

        def scan(door: int) -> int:
            entered = 0
            for ticket in tickets:
                try:
                    registry.check_in(showing(ticket, str(door)), "usher")
                    entered += 1
                except errors.AlreadyCheckedIn:
                    pass
            return entered

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(scan, range(8))) == len(tickets)

    def test_a_check_in_that_is_sent_again_is_answered_as_before(self, registry: Registry) -> None:
        (ticket,) = registry.tickets(book(registry, "1"))
        reply = Reply(described, KeyedRequest(b"u" * 32, "key", b"d" * 32))
        first = registry.check_in(showing(ticket), "usher", reply)
        assert registry.check_in(showing(ticket), "usher", reply) == first
        assert first == {"seat": "1", "door": "north"}

    def test_the_history_says_who_let_somebody_in_and_the_seat_stays_booked(
        self, registry: Registry
    ) -> None:
        (ticket,) = registry.tickets(book(registry, "1"))
        registry.check_in(showing(ticket), "usher")
        registry.check_out(showing(ticket), "usher")
        entries = [(e.change, e.actor, e.note) for e in registry.history().entries[-2:]]
        assert entries == [
            (SeatChange.CHECKED_IN, "usher", "door north"),
            (SeatChange.CHECKED_OUT, "usher", "door north"),
        ]
        assert registry.seat("1").status is SeatStatus.BOOKED

    # Who is expected

    def test_the_door_knows_all_who_are_expected_and_then_what_is_new(
        self, registry: Registry
    ) -> None:
        book(registry, "1", "2")
        known = registry.expected()
        assert known.full
        assert [ticket.seat for ticket in known.tickets] == ["1", "2"]
        assert registry.expected(known.version).tickets == ()
        registry.check_in(showing(known.tickets[0]), "usher")
        reference = book(registry, "3", holder=BOB)
        later = registry.expected(known.version)
        assert not later.full
        assert [(t.seat, t.entry is None) for t in later.tickets] == [("1", False), ("3", True)]
        registry.cancel(reference, BOB)
        last = registry.expected(later.version)
        assert (last.tickets, last.free) == ((), ("3",))

    # What came of it

    def test_the_seats_are_counted_by_section(self, open_registry: OpenRegistry) -> None:
        registry = open_registry(event_of(grid.grid(2, 3)))
        registry.block(["B1"])
        first, _ = registry.tickets(book(registry, "A1", "A2"))
        registry.check_in(showing(first), "usher")
        (section,) = registry.standing().sections.values()
        counted = {status: section.seats[status] for status in SeatStatus}
        assert counted == {
            SeatStatus.AVAILABLE: 3,
            SeatStatus.LOCKED: 0,
            SeatStatus.BOOKED: 2,
            SeatStatus.BLOCKED: 1,
        }
        assert (section.total, section.checked_in) == (6, 1)
