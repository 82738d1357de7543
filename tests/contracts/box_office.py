"""What every box office must do, whatever it keeps its events in. One inherits the class and
provides the ``box_office`` fixture."""

from dataclasses import replace

import pytest

from booking.domain import errors
from booking.domain.history import SeatChange
from booking.domain.keys import Key, Scope
from booking.domain.model import DEFAULT_EVENT, Event, SeatStatus, Visibility
from booking.domain.questions import Details, Kind, Question
from booking.engines.contract import BoxOffice
from booking.plans import grid
from booking.plans.model import Plan
from booking.settings import Settings
from tests.contracts.client_limits import ClientLimitContract
from tests.support.clocks import ManualClock
from tests.support.engine import ANN


def event(name: str, plan: Plan | None = None) -> Event:
    return Event(id=name, given_name=name.title(), plan=plan or grid.grid(2, 3))


def key(name: str, digest: bytes) -> Key:
    scopes = (Scope.READ, Scope.SELL)
    return Key(name=name, digest=digest, scopes=scopes, events=None, until=None, created_at=0)


class BoxOfficeContract(ClientLimitContract):
    """Events are opened, found, listed, changed and ended."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(keep_details_days=30)

    @pytest.fixture
    def box_office(self, clock: ManualClock) -> BoxOffice:
        raise AssertionError("a box office provides this")

    def test_it_begins_with_the_default_event(self, box_office: BoxOffice) -> None:
        registry = box_office.registry(DEFAULT_EVENT)
        assert len(registry.changes().seats) == 10
        assert registry.event.policy == box_office.policy

    def test_an_event_is_opened_and_found(self, box_office: BoxOffice) -> None:
        assert box_office.put(event("gala"))[1]
        assert box_office.registry("gala").event == event("gala")
        with pytest.raises(errors.EventNotFound):
            box_office.registry("opera")

    def test_each_event_has_seats_of_its_own(self, box_office: BoxOffice) -> None:
        box_office.put(event("gala"))
        box_office.put(event("opera"))
        box_office.registry("gala").lock(["A1"], ANN)
        assert box_office.registry("opera").seat("A1").status is SeatStatus.AVAILABLE

    def test_putting_an_event_again_changes_it(self, box_office: BoxOffice) -> None:
        box_office.put(event("gala"))
        registry = box_office.registry("gala")
        registry.lock(["A1"], ANN)
        summary, opened, *_ = box_office.put(replace(event("gala"), given_name="The gala"))
        assert not opened
        assert summary == box_office.registry("gala").summary()
        assert box_office.registry("gala") is registry
        assert registry.event.name == "The gala"
        assert registry.seat("A1").status is SeatStatus.LOCKED

    def test_a_sale_does_not_change_when_an_event_was_described(
        self, box_office: BoxOffice
    ) -> None:
        opened, *_ = box_office.put(event("gala"), expect=0)
        assert opened.described_at == opened.version
        registry = box_office.registry("gala")
        registry.lock(["A1"], ANN)
        assert registry.summary().described_at == opened.described_at
        assert box_office.put(event("gala"))[0].described_at == opened.described_at
        changed, *_ = box_office.put(replace(event("gala"), given_name="New"))
        assert changed.described_at > opened.described_at
        assert registry.summary() == changed

    def test_an_event_that_someone_else_changed_stays_as_it_is(self, box_office: BoxOffice) -> None:
        known = box_office.put(event("gala"))[0].described_at
        theirs = replace(event("gala"), given_name="Theirs")
        box_office.put(theirs, expect=known)
        for call in (
            lambda: box_office.put(replace(theirs, given_name="Ours"), expect=known),
            lambda: box_office.put(theirs, expect=0),
            lambda: box_office.end("gala", expect=known),
            lambda: box_office.put(event("opera"), expect=known),
        ):
            with pytest.raises(errors.EventChanged):
                call()
        assert box_office.registry("gala").event == theirs
        with pytest.raises(errors.EventNotFound):
            box_office.registry("opera")
        box_office.end("gala", expect=box_office.registry("gala").summary().described_at)

    def test_a_change_that_is_refused_changes_nothing(self, box_office: BoxOffice) -> None:
        box_office.put(event("gala"))
        box_office.registry("gala").lock(["B3"], ANN)
        with pytest.raises(errors.SeatsInUse):
            box_office.put(event("gala", grid.grid(1, 3)))
        assert box_office.registry("gala").event == event("gala")

    def test_a_plan_that_makes_a_booked_seat_another_one_is_refused_unless_that_is_meant(
        self, box_office: BoxOffice
    ) -> None:
        box_office.put(event("gala", grid.grid(2, 3)))
        registry = box_office.registry("gala")
        registry.lock(["A1", "B3"], ANN)
        registry.confirm(["A1"], ANN)
        # Row A becomes dearer; B3 is only locked.
        dearer = event("gala", grid.grid(2, 3, categories={"front": ["A"]}))
        with pytest.raises(errors.SeatsMoved, match="Seat A1 is booked and would be") as error:
            box_office.put(dearer)
        assert error.value.seats == ("A1",)
        assert registry.event == event("gala", grid.grid(2, 3))
        box_office.put(dearer, move_booked=True)
        assert registry.event == dearer
        assert registry.seat("A1").status is SeatStatus.BOOKED
        last = registry.history().entries[-1]
        assert (last.seat, last.change, last.holder) == ("A1", SeatChange.MOVED, None)

    def test_blocked_seats_that_a_new_plan_does_not_have_are_told(
        self, box_office: BoxOffice
    ) -> None:
        box_office.put(event("gala", grid.grid(2, 3)))
        registry = box_office.registry("gala")
        registry.block(["A1", "B2", "B3"])
        assert box_office.put(event("gala", grid.grid(1, 3))).gone == ("B2", "B3")
        assert registry.seat("A1").status is SeatStatus.BLOCKED
        assert box_office.put(event("gala", grid.grid(2, 3))).gone == ()

    def test_events_are_listed_in_the_order_of_their_ids_page_by_page(
        self, box_office: BoxOffice
    ) -> None:
        for name in ("gala", "opera", "ballet"):
            box_office.put(event(name))
        first, cursor = box_office.events(most=3)
        assert [each.event.id for each in first] == ["ballet", "default", "gala"]
        assert cursor is not None
        second, cursor = box_office.events(cursor, most=3)
        assert [each.event.id for each in second] == ["opera"]
        assert cursor is None
        assert box_office.events("zzz") == ([], None)

    def test_the_programme_is_in_the_order_of_dates(
        self, box_office: BoxOffice, clock: ManualClock
    ) -> None:
        dates = {"b": 300.0, "a": 200.0, "late": 900.0, "long": 100.0, "undated": None, "c": 300.0}
        for name, seconds in dates.items():
            starts_at = None if seconds is None else clock.now.wall + seconds
            ends_at = clock.now.wall + 1000 if name == "long" else None
            box_office.put(replace(event(name), starts_at=starts_at, ends_at=ends_at))
        for visibility in (Visibility.UNLISTED, Visibility.DRAFT):
            box_office.put(replace(event(visibility.value), visibility=visibility))

        def pages() -> list[str]:
            found: list[str] = []
            cursor: str | None = ""
            while cursor is not None:
                page, cursor = box_office.programme(cursor, most=2)
                found += [each.event.id for each in page]
            return found

        assert pages() == ["long", "a", "b", "c", "late", "undated"]
        clock.advance(300)
        assert pages() == ["long", "late", "undated"]
        box_office.put(replace(event("a"), starts_at=clock.now.wall + 1))
        assert pages() == ["long", "a", "late", "undated"]

    def test_the_default_event_is_in_the_programme_if_it_has_a_name(
        self, box_office: BoxOffice
    ) -> None:
        assert box_office.programme() == ([], None)
        box_office.put(event(DEFAULT_EVENT))
        assert [each.event.id for each in box_office.programme()[0]] == [DEFAULT_EVENT]

    def test_a_list_shows_how_many_seats_of_each_event_are_taken(
        self, box_office: BoxOffice, clock: ManualClock
    ) -> None:
        box_office.put(event("gala"))
        box_office.put(event("opera"))
        registry = box_office.registry("gala")
        registry.block(["B3"])

        def listed() -> dict[str, int]:
            summaries, _ = box_office.events()
            assert [each.event.name for each in summaries] == [DEFAULT_EVENT, "Gala", "Opera"]
            assert [sum(each.seats.values()) for each in summaries] == [10, 6, 6]
            return {status.value: seats for status, seats in summaries[1].seats.items() if seats}

        for _ in range(2):
            assert listed() == {"available": 5, "blocked": 1}
        registry.lock(["A1"], ANN)
        registry.lock(["A2"], ANN)
        assert listed() == {"available": 3, "locked": 2, "blocked": 1}
        registry.confirm(["A2"], ANN)
        for _ in range(2):
            assert listed() == {"available": 3, "locked": 1, "booked": 1, "blocked": 1}
        # The clock decides, whether anybody sweeps or not.
        clock.advance(60)
        assert listed() == {"available": 4, "booked": 1, "blocked": 1}

    def test_a_list_shows_events_as_they_were_described_last(self, box_office: BoxOffice) -> None:
        box_office.put(event("gala"))
        assert [each.event.name for each in box_office.events("default")[0]] == ["Gala"]
        larger = grid.grid(3, 3)
        box_office.put(replace(event("gala", larger), given_name="New", starts_at=5e9))
        ((summary,), _) = box_office.events("default")
        assert (summary.event.name, summary.event.starts_at) == ("New", 5e9)
        assert summary.seats == box_office.registry("gala").summary().seats
        assert summary.version == box_office.registry("gala").summary().version

    def test_an_event_that_ends_is_gone(self, box_office: BoxOffice) -> None:
        box_office.put(event("gala"))
        registry = box_office.registry("gala")
        box_office.end("gala")
        for call in (
            lambda: box_office.registry("gala"),
            lambda: box_office.end("gala"),
            lambda: registry.lock(["A1"], ANN),
        ):
            with pytest.raises(errors.EventNotFound):
                call()
        assert [each.event.id for each in box_office.events()[0]] == [DEFAULT_EVENT]

    def test_an_event_does_not_end_while_somebody_has_seats(self, box_office: BoxOffice) -> None:
        box_office.put(event("gala"))
        box_office.registry("gala").lock(["A1", "A2"], ANN)
        with pytest.raises(errors.SeatsInUse) as error:
            box_office.end("gala")
        assert error.value.seats == ("A1", "A2")
        assert box_office.registry("gala").seat("A1").status is SeatStatus.LOCKED

    def test_an_event_that_is_over_ends_although_seats_were_booked(
        self, box_office: BoxOffice, clock: ManualClock
    ) -> None:
        starts_at, ends_at = clock.now.wall + 60, clock.now.wall + 120
        box_office.put(replace(event("gala"), starts_at=starts_at, ends_at=ends_at))
        registry = box_office.registry("gala")
        registry.lock(["A1"], ANN)
        registry.confirm(["A1"], ANN)
        clock.advance(119)
        with pytest.raises(errors.SeatsInUse):
            box_office.end("gala")
        clock.advance(1)
        box_office.end("gala")
        with pytest.raises(errors.EventNotFound):
            box_office.registry("gala")

    def test_an_event_that_is_opened_again_goes_on_from_the_versions_it_had(
        self, box_office: BoxOffice
    ) -> None:
        box_office.put(event("gala"))
        registry = box_office.registry("gala")
        for _ in range(50):
            registry.lock(["A1"], ANN)
            registry.release(["A1"], ANN)
        last = registry.changes().version
        box_office.end("gala")
        box_office.put(event("gala"))
        reopened = box_office.registry("gala")
        assert reopened.changes().version > last
        assert reopened.changes(last).full
        assert reopened.history().complete
        assert not reopened.history(last).complete

    def test_details_are_forgotten_so_many_days_after_the_event(
        self, box_office: BoxOffice, clock: ManualClock
    ) -> None:
        day = 86400
        policy = replace(box_office.policy, ask=(Question(id="name", kind=Kind.NAME),))
        for name, starts_at in (("soon", day), ("later", 20 * day), ("undated", None)):
            at = None if starts_at is None else clock.now.wall + starts_at
            box_office.put(replace(event(name), policy=policy, starts_at=at))
            box_office.registry(name).lock(["A1"], ANN)
            details = Details({"name": "Ann"})
            box_office.registry(name).confirm(["A1"], ANN, details=details)

        def kept() -> list[str]:
            box_office.forget_old_details()
            return [
                name
                for name in ("soon", "later", "undated")
                if box_office.registry(name).bookings().details
            ]

        clock.advance(29 * day)
        assert kept() == ["soon", "later", "undated"]
        clock.advance(day)
        assert kept() == ["soon", "later"]
        clock.advance(day)
        assert kept() == ["later"]
        clock.advance(20 * day)
        assert kept() == []
        assert len(box_office.registry("soon").bookings().bookings) == 1

    def test_a_key_is_found_by_its_digest_until_it_is_revoked(self, box_office: BoxOffice) -> None:
        keys = box_office.keys
        made, is_new = keys.put(key("till", b"1" * 32))
        assert is_new
        assert keys.find(b"1" * 32) == made
        assert keys.find(b"2" * 32) is None
        changed = replace(key("till", b"2" * 32), scopes=(Scope.READ,), events=("gala",))
        assert keys.put(changed) == (
            replace(changed, digest=b"1" * 32, created_at=made.created_at),
            False,
        )
        keys.put(key("door", b"3" * 32))
        assert [each.name for each in keys.all()] == ["door", "till"]
        keys.end("till")
        assert keys.find(b"1" * 32) is None
        with pytest.raises(errors.KeyNotFound):
            keys.end("till")

    def test_a_key_runs_out(self, box_office: BoxOffice, clock: ManualClock) -> None:
        digest = b"1" * 32
        box_office.keys.put(replace(key("till", digest), until=clock.now.wall + 60))
        clock.advance(59)
        assert box_office.keys.find(digest)
        clock.advance(1)
        assert box_office.keys.find(digest) is None
        assert [each.name for each in box_office.keys.all()] == ["till"]

    def test_a_booking_is_found_in_whichever_event_it_is(self, box_office: BoxOffice) -> None:
        for name in ("gala", "opera"):
            box_office.put(event(name))
            box_office.registry(name).lock(["A1"], ANN)
            reference = box_office.registry(name).confirm(["A1"], ANN)[1].reference
            assert box_office.registry_of_booking(reference) is box_office.registry(name)
        with pytest.raises(errors.BookingNotFound):
            box_office.registry_of_booking("AAAAA-AAAAA")
