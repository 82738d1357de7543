"""The list of seats as it is sent: encoded once for all who ask."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from booking.api.listing import Listing
from booking.domain.model import Changes, Policy
from booking.engines.errors import Unavailable
from booking.engines.memory.registry import SeatRegistry
from booking.http.documents import seat_document
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, event_of


@pytest.fixture
def registry() -> SeatRegistry:
    policy = Policy(max_seats_per_holder=5000)
    return SeatRegistry(event_of(5000, policy), clock=ManualClock())


def lock(registry: SeatRegistry, first: int, last: int) -> None:
    registry.lock([str(number) for number in range(first, last + 1)], ANN)


def test_those_who_are_sent_the_same_version_share_one_body(registry: SeatRegistry) -> None:
    listing = Listing()
    version, body = listing.current(registry)
    assert listing.current(registry)[1] is body
    assert listing.current(registry, full=True)[1] is listing.current(registry, full=True)[1]
    lock(registry, 1, 3)
    changed = listing.since(registry, version)[1]
    assert listing.since(registry, version)[1] is changed
    assert [seat["id"] for seat in json.loads(changed)["seats"]] == ["1", "2", "3"]


def test_the_body_is_that_of_the_seats_as_they_are(registry: SeatRegistry) -> None:
    listing = Listing()
    listing.current(registry)
    for _ in range(2):
        lock(registry, 7, 9)
        version, body = listing.current(registry)
        seats = [seat_document(seat) for seat in registry.changes().seats]
        assert json.loads(body) == {"event": "default", "version": version, "seats": seats}
        assert json.loads(listing.current(registry, full=True)[1])["full"] is True
        registry.release(["7", "8", "9"], ANN)


def test_if_many_seats_have_changed_all_are_sent(registry: SeatRegistry) -> None:
    listing = Listing()
    since = registry.changes().version
    lock(registry, 1, 1000)
    assert len(json.loads(listing.since(registry, since)[1])["seats"]) == 1000
    lock(registry, 1001, 1001)
    answer = json.loads(listing.since(registry, since)[1])
    assert (answer["full"], len(answer["seats"])) == (True, 5000)


def test_changes_that_nobody_asks_for_again_take_no_room(registry: SeatRegistry) -> None:
    listing = Listing()
    for number in range(1, 101):
        since = registry.changes().version
        lock(registry, number, number)
        listing.since(registry, since)
    assert len(listing._changes) <= 8


def test_while_one_call_waits_for_the_database_others_are_refused_at_once(
    registry: SeatRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = Listing()
    expected = listing.current(registry)
    waits, answers, changes = threading.Event(), threading.Event(), registry.changes

    def changes_once_there_is_an_answer(since: int | None = None) -> Changes:
        if waits.is_set():
            raise Unavailable("The database keeps other calls waiting.")
        waits.set()
        assert answers.wait(60)
        return changes(since)

    monkeypatch.setattr(registry, "changes", changes_once_there_is_an_answer)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(listing.current, registry)
        assert waits.wait(60)
        with pytest.raises(Unavailable):
            listing.current(registry)
        answers.set()
        assert first.result() == expected


def test_of_calls_that_cross_the_later_one_is_shown(
    registry: SeatRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = Listing()
    listing.current(registry)
    lock(registry, 1, 1)
    changes = registry.changes

    def changes_and_then_others_are_faster(since: int | None = None) -> Changes:
        monkeypatch.undo()
        earlier = changes(since)
        lock(registry, 2, 2)
        listing.current(registry)
        return earlier

    monkeypatch.setattr(registry, "changes", changes_and_then_others_are_faster)
    version, body = listing.current(registry)
    assert version == registry.changes().version
    assert [seat["status"] for seat in json.loads(body)["seats"][:3]] == [
        "locked",
        "locked",
        "available",
    ]
