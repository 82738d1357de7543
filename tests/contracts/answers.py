"""What every engine does with a request that is sent again, as tests. An engine inherits the class
and provides the ``open_registry`` fixture."""

import threading

import pytest

from booking.domain import errors
from booking.domain.model import LockedSeats, SeatStatus
from booking.domain.questions import NO_DETAILS
from booking.engines.contract import Booked, Registry
from booking.engines.errors import IdempotencyKeyReused
from booking.engines.idempotency import KEPT_SECONDS, Document, KeyedRequest, Reply
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB, Engine, statuses

LOCK_1 = KeyedRequest(ANN, "key", b"lock 1")


def described(locked: LockedSeats) -> Document:
    return {"seats": [seat.id for seat in locked.seats], "expires_in": locked.expires_in}


def once(request: KeyedRequest = LOCK_1) -> Reply[LockedSeats]:
    return Reply(described, request)


class AnswersContract(Engine):
    """A request with a key is carried out once."""

    def test_without_a_key_a_call_is_answered_with_what_came_of_it(
        self, registry: Registry
    ) -> None:
        answer = registry.lock(["1"], ANN, Reply(described))
        assert answer == {"seats": ["1"], "expires_in": 60}

    def test_a_request_that_is_sent_again_is_given_the_first_answer_and_changes_nothing(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        answer = registry.lock(["1"], ANN, once())
        assert answer == {"seats": ["1"], "expires_in": 60}
        before = registry.changes()
        clock.advance(5)
        assert registry.lock(["1"], ANN, once()) == answer
        assert registry.changes() == before
        registry.release(["1"], ANN)
        assert registry.lock(["1"], ANN, once()) == answer
        assert registry.seat("1").status is SeatStatus.AVAILABLE

    def test_every_call_of_a_holder_can_be_sent_again(self, registry: Registry) -> None:
        registry.lock(["1", "2"], ANN)
        for _ in range(2):
            again = KeyedRequest(ANN, "extend", b"")
            assert registry.extend(["1"], ANN, once(again))["seats"] == ["1"]
            again = KeyedRequest(ANN, "release", b"")
            assert registry.release(["2"], ANN, Reply(lambda _: {"released": True}, again))
            again = KeyedRequest(ANN, "confirm", b"")
            reply: Reply[Booked] = Reply(lambda booked: {"reference": booked[1].reference}, again)
            confirmed = registry.confirm(["1"], ANN, None, NO_DETAILS, reply)
        reference = confirmed["reference"]
        for _ in range(2):
            again = KeyedRequest(ANN, "cancel", b"")
            assert registry.cancel(reference, ANN, None, Reply(lambda _: {"free": True}, again))
        assert statuses(registry)["1"] is SeatStatus.AVAILABLE

    def test_a_call_that_changes_nothing_has_an_answer_that_is_kept_too(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN)
        for _ in range(5):
            clock.advance(50)
            registry.extend(["1"], ANN)
        before = registry.changes()
        at_its_limit = KeyedRequest(ANN, "extend", b"")
        answer = registry.extend(["1"], ANN, once(at_its_limit))
        clock.advance(10)
        assert registry.extend(["1"], ANN, once(at_its_limit)) == answer
        assert registry.changes() == before

    def test_a_key_belongs_to_one_request(self, registry: Registry) -> None:
        registry.lock(["1"], ANN, once())
        with pytest.raises(IdempotencyKeyReused):
            registry.lock(["2"], ANN, once(LOCK_1._replace(digest=b"lock 2")))
        assert registry.seat("2").status is SeatStatus.AVAILABLE

    def test_holders_have_keys_of_their_own(self, registry: Registry) -> None:
        registry.lock(["1"], ANN, once())
        theirs = LOCK_1._replace(holder=BOB, digest=b"lock 2")
        assert registry.lock(["2"], BOB, once(theirs))["seats"] == ["2"]

    def test_nothing_is_kept_of_a_request_that_failed(self, registry: Registry) -> None:
        registry.lock(["1"], BOB)
        with pytest.raises(errors.SeatsUnavailable):
            registry.lock(["1"], ANN, once())
        registry.release(["1"], BOB)
        # Its key may even be used for another one.
        other = LOCK_1._replace(digest=b"lock 2")
        assert registry.lock(["2"], ANN, once(other))["seats"] == ["2"]
        with pytest.raises(IdempotencyKeyReused):
            registry.lock(["1"], ANN, once())

    def test_an_answer_is_given_again_for_a_day(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        first = registry.lock(["1"], ANN, once())
        registry.release(["1"], ANN)
        clock.advance(KEPT_SECONDS - 1)
        assert registry.lock(["1"], ANN, once()) == first
        assert registry.seat("1").status is SeatStatus.AVAILABLE
        clock.advance(1)
        registry.lock(["1"], ANN, once())
        assert registry.seat("1").status is SeatStatus.LOCKED

    def test_a_day_later_a_key_can_be_used_for_another_request(
        self, registry: Registry, clock: ManualClock
    ) -> None:
        registry.lock(["1"], ANN, once())
        clock.advance(KEPT_SECONDS)
        other = once(LOCK_1._replace(digest=b"lock 2"))
        answer = registry.lock(["2"], ANN, other)
        assert registry.lock(["2"], ANN, other) == answer

    def test_of_the_same_request_many_times_at_once_one_acts_and_all_have_its_answer(
        self, registry: Registry
    ) -> None:
        answers: list[Document] = []
        start = threading.Barrier(8)

        def send() -> None:
            start.wait()
            answers.append(registry.lock(["1"], ANN, once()))

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [{"seats": ["1"], "expires_in": 60}] * 8

    def test_an_error_that_nobody_foresaw_fails_its_own_call_and_no_other(
        self, registry: Registry
    ) -> None:
        def broken(_: LockedSeats) -> Document:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            registry.lock(["1"], ANN, Reply(broken, LOCK_1))
        registry.lock(["2"], ANN, once())
        assert statuses(registry)["2"] is SeatStatus.LOCKED
