"""What every box office must keep for the mail. One inherits the class and provides the
``box_office`` fixture."""

from dataclasses import replace

import pytest

from booking.domain import errors
from booking.domain.model import Event, Policy
from booking.domain.notices import LinkRequest, Notice, Occasion
from booking.domain.questions import Details, Kind, Question
from booking.engines.contract import Booked, BoxOffice, Registry
from booking.engines.idempotency import KeyedRequest, Reply
from booking.engines.outbox import Key
from booking.plans import grid
from booking.plans.names import Place
from booking.settings import MailServer, Settings
from tests.support.clocks import START, ManualClock
from tests.support.engine import ANN, BOB

DAY = 86400
STARTS = START.wall + 10 * DAY
GALA = Event(
    id="gala",
    given_name="The gala",
    plan=grid.grid(2, 3),
    starts_at=STARTS,
    place="The hall",
    policy=Policy(
        ask=(Question(id="name", kind=Kind.NAME), Question(id="email", kind=Kind.EMAIL)),
    ),
)
WITH_MAIL = Settings(
    keep_details_days=30,
    smtp_url=MailServer("localhost", 25, "smtp"),
    mail_from="theatre@example.org",
    public_url="https://tickets.example.org",
)


def details(who: str) -> Details:
    return Details({"name": who, "email": f"{who}@example.org"}, language="de")


def book(registry: Registry, *seats: str, who: str = "Ann", holder: bytes = ANN) -> str:
    registry.lock(seats, holder)
    return registry.confirm(seats, holder, None, details(who))[1].reference


def written(box_office: BoxOffice) -> list[Notice]:
    """What waits, in the order in which it was written."""
    waiting = [each.errand for each in box_office.outbox.due(100)]
    return [errand for errand in waiting if isinstance(errand, Notice)]


def told(box_office: BoxOffice) -> list[tuple[Occasion, str]]:
    return [(notice.occasion, notice.to) for notice in written(box_office)]


def sent(box_office: BoxOffice) -> None:
    """All that waits is sent."""
    for waiting in box_office.outbox.due(100):
        box_office.outbox.done(waiting.key)


class MailContract:
    """Each change is told to those whom it concerns, and kept until it is sent."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    def settings(self) -> Settings:
        return WITH_MAIL

    @pytest.fixture
    def box_office(self, clock: ManualClock) -> BoxOffice:
        raise AssertionError("a box office provides this")

    @pytest.fixture
    def gala(self, box_office: BoxOffice) -> Registry:
        box_office.put(GALA)
        return box_office.registry("gala")

    def test_a_booking_is_told_with_all_that_the_mail_says(
        self, box_office: BoxOffice, gala: Registry
    ) -> None:
        reference = book(gala, "A2", "A1")
        assert written(box_office) == [
            Notice(
                occasion=Occasion.BOOKED,
                written_at=START.wall,
                to="Ann@example.org",
                name="Ann",
                language="de",
                reference=reference,
                event="gala",
                title="The gala",
                place="The hall",
                starts_at=STARTS,
                doors_at=None,
                ends_at=None,
                time_zone=None,
                seats=(Place("", "A", "1"), Place("", "A", "2")),
            )
        ]

    def test_who_gave_no_address_is_told_nothing(
        self, box_office: BoxOffice, gala: Registry
    ) -> None:
        gala.lock(["A1", "A2"], ANN)
        gala.confirm(["A1"], ANN)
        gala.confirm(["A2"], ANN, None, Details({"name": "Ann"}))
        assert written(box_office) == []

    def test_a_call_that_is_refused_tells_nothing(
        self, box_office: BoxOffice, gala: Registry
    ) -> None:
        gala.lock(["A1"], BOB)
        with pytest.raises(errors.NotYourLock):
            gala.confirm(["A1"], ANN, None, details("Ann"))
        assert written(box_office) == []

    def test_a_request_that_is_sent_again_is_told_once(
        self, box_office: BoxOffice, gala: Registry
    ) -> None:
        gala.lock(["A1"], ANN)
        reply: Reply[Booked] = Reply(lambda _: {}, KeyedRequest(ANN, "key", b"digest"))
        for _ in range(2):
            gala.confirm(["A1"], ANN, None, details("Ann"), reply)
        assert told(box_office) == [(Occasion.BOOKED, "Ann@example.org")]

    def test_a_booking_of_the_box_office_is_told(
        self, box_office: BoxOffice, gala: Registry
    ) -> None:
        gala.sell(["A1"], ANN, details("Ann"), "till")
        assert told(box_office) == [(Occasion.BOOKED, "Ann@example.org")]

    def test_whatever_becomes_of_a_booking_is_told(
        self, box_office: BoxOffice, gala: Registry
    ) -> None:
        ann = book(gala, "A1", "A2")
        bob = book(gala, "A3", who="Bob", holder=BOB)
        sent(box_office)
        gala.move(ann, {"A1": "B1"}, ANN)
        gala.swap(ann, bob, {"B1": "A3"}, "till")
        gala.cancel(ann, ANN, ["A2"])
        gala.cancel(ann, ANN)
        seats = {
            (notice.to[:3], notice.occasion): (
                [place.row + place.seat for place in notice.before],
                [place.row + place.seat for place in notice.seats],
            )
            for notice in written(box_office)
            if notice.to[:3] == "Bob" or notice.occasion is Occasion.CANCELLED
        }
        assert seats == {
            ("Bob", Occasion.CHANGED): (["A3"], ["B1"]),
            ("Ann", Occasion.CANCELLED): ([], ["A3"]),
        }
        anns = [each.occasion for each in written(box_office) if each.to[:3] == "Ann"]
        assert anns == [Occasion.CHANGED] * 3 + [Occasion.CANCELLED]

    def test_an_event_that_is_postponed_is_told_to_all_who_have_booked(
        self, box_office: BoxOffice, gala: Registry
    ) -> None:
        book(gala, "A1")
        bob = book(gala, "A2", who="Bob", holder=BOB)
        gala.cancel(bob, BOB)
        sent(box_office)
        box_office.put(replace(GALA, starts_at=STARTS + DAY))
        (notice,) = written(box_office)
        assert (notice.occasion, notice.to) == (Occasion.POSTPONED, "Ann@example.org")
        assert (notice.started_at, notice.starts_at) == (STARTS, STARTS + DAY)
        sent(box_office)
        box_office.put(replace(GALA, starts_at=STARTS + DAY, description="About it"))
        assert written(box_office) == []

    def test_an_event_that_is_over_is_postponed_without_a_word(
        self, box_office: BoxOffice, gala: Registry, clock: ManualClock
    ) -> None:
        book(gala, "A1")
        sent(box_office)
        clock.advance(11 * DAY)
        box_office.put(replace(GALA, starts_at=STARTS - DAY))
        assert written(box_office) == []

    def test_who_has_a_seat_that_moves_in_the_plan_is_told_from_where_to_where(
        self, box_office: BoxOffice, gala: Registry
    ) -> None:
        book(gala, "A1", "A2")
        book(gala, "B3", who="Bob", holder=BOB)
        sent(box_office)
        zone = GALA.plan.zones[0]
        renamed = replace(zone, rows=(replace(zone.rows[0], label="Z"), zone.rows[1]))
        box_office.put(replace(GALA, plan=replace(GALA.plan, zones=(renamed,))), move_booked=True)
        (notice,) = written(box_office)
        assert (notice.occasion, notice.to) == (Occasion.CHANGED, "Ann@example.org")
        assert [place.row for place in (*notice.before, *notice.seats)] == ["A", "A", "Z", "Z"]

    def test_all_are_reminded_once_of_each_time_at_which_it_starts(
        self, box_office: BoxOffice, gala: Registry, clock: ManualClock
    ) -> None:
        book(gala, "A1")
        sent(box_office)
        box_office.remind(DAY)
        assert written(box_office) == []
        clock.advance(9.5 * DAY)
        for _ in range(2):
            box_office.remind(DAY)
        assert told(box_office) == [(Occasion.REMINDER, "Ann@example.org")]
        sent(box_office)
        box_office.put(replace(GALA, starts_at=STARTS + 3600))
        sent(box_office)
        box_office.remind(DAY)
        assert told(box_office) == [(Occasion.REMINDER, "Ann@example.org")]
        sent(box_office)
        clock.advance(DAY)
        box_office.remind(DAY)
        assert written(box_office) == []

    def test_an_errand_is_due_again_after_a_pause_and_counts_its_attempts(
        self, box_office: BoxOffice, gala: Registry, clock: ManualClock
    ) -> None:
        book(gala, "A1")
        (first,) = box_office.outbox.due(10)
        assert first.attempts == 0
        box_office.outbox.postpone(first.key, 60)
        assert box_office.outbox.due(10) == []
        assert box_office.outbox.waiting() == 1
        clock.advance(60)
        assert [each.attempts for each in box_office.outbox.due(10)] == [1]
        box_office.outbox.done(first.key)
        box_office.outbox.done(first.key)
        assert box_office.outbox.waiting() == 0

    def test_a_request_for_links_waits_like_a_notice(self, box_office: BoxOffice) -> None:
        request = LinkRequest(written_at=START.wall, to="ann@example.org", language="he")
        for _ in range(2):
            box_office.outbox.put(request)
        waiting = box_office.outbox.due(10)
        assert [each.errand for each in waiting] == [request] * 2
        assert len({each.key for each in waiting}) == 2

    def test_erasing_details_erases_what_was_to_be_told(
        self, box_office: BoxOffice, gala: Registry
    ) -> None:
        ann = book(gala, "A1")
        book(gala, "A2", who="Bob", holder=BOB)
        gala.erase_details(ann)
        gala.cancel(ann, ANN)
        assert told(box_office) == [(Occasion.BOOKED, "Bob@example.org")]

    def test_details_that_were_kept_for_long_enough_go_with_what_was_to_be_told(
        self, box_office: BoxOffice, gala: Registry, clock: ManualClock
    ) -> None:
        book(gala, "A1")
        clock.advance(40 * DAY - 1)
        box_office.forget_old_details()
        assert box_office.outbox.waiting() == 1
        clock.advance(1)
        box_office.forget_old_details()
        assert box_office.outbox.waiting() == 0

    def test_what_was_to_be_told_outlives_the_event_but_not_for_ever(
        self, box_office: BoxOffice, gala: Registry, clock: ManualClock
    ) -> None:
        gala.cancel(book(gala, "A1"), ANN)
        box_office.end("gala")
        box_office.forget_old_details()
        assert [occasion for occasion, _ in told(box_office)] == [
            Occasion.BOOKED,
            Occasion.CANCELLED,
        ]
        clock.advance(30 * DAY)
        box_office.forget_old_details()
        assert box_office.outbox.waiting() == 0

    def test_bookings_are_found_by_an_address_however_it_is_written(
        self, box_office: BoxOffice, gala: Registry, clock: ManualClock
    ) -> None:
        first = book(gala, "A1")
        clock.advance(1)
        second = book(gala, "A2")
        gala.cancel(book(gala, "A3"), ANN)
        book(gala, "B1", who="Bob", holder=BOB)
        latest_first = [("gala", second), ("gala", first)]
        assert box_office.bookings_of(" ann@EXAMPLE.org") == latest_first
        assert box_office.bookings_of("ann@example.org", most=1) == latest_first[:1]
        assert box_office.bookings_of("nobody@example.org") == []
        notice = gala.notice(Occasion.LINK, first)
        assert notice is not None
        assert (notice.occasion, notice.reference) == (Occasion.LINK, first)
        clock.advance(10 * DAY)
        assert box_office.bookings_of("ann@example.org") == []

    def test_the_key_of_links_is_long(self, box_office: BoxOffice) -> None:
        assert len(box_office.shared_key("links")) == 32


class TwoProcessesContract:
    """Two box offices on one database, for a class that provides ``box_office`` and ``other``."""

    def test_one_at_a_time_sends(
        self, box_office: BoxOffice, other: BoxOffice, clock: ManualClock
    ) -> None:
        assert box_office.outbox.lease("one", 60)
        assert not other.outbox.lease("other", 60)
        clock.advance(59)
        assert box_office.outbox.lease("one", 60)
        clock.advance(59)
        assert not other.outbox.lease("other", 60)
        # The first one was killed.
        clock.advance(1)
        assert other.outbox.lease("other", 60)
        box_office.outbox.release("one")
        assert not box_office.outbox.lease("one", 60)
        other.outbox.release("other")
        assert box_office.outbox.lease("one", 60)

    def test_what_one_wrote_the_other_sends(self, box_office: BoxOffice, other: BoxOffice) -> None:
        box_office.put(GALA)
        book(box_office.registry("gala"), "A1")
        (waiting,) = other.outbox.due(10)
        other.outbox.done(waiting.key)
        assert box_office.outbox.due(10) == []
        assert isinstance(waiting.key, Key)

    def test_both_have_the_same_key_of_links(self, box_office: BoxOffice, other: BoxOffice) -> None:
        assert box_office.shared_key("links") == other.shared_key("links")
