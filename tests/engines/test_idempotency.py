"""The answers that are kept for requests that are sent again."""

import pytest

from booking.engines import idempotency
from booking.engines.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from booking.engines.idempotency import KEPT_SECONDS, Answers
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB

A, B = b"one request", b"another"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def answers(clock: ManualClock) -> Answers:
    return Answers(clock)


def test_a_request_is_carried_out_once_and_then_has_its_answer(answers: Answers) -> None:
    request = answers.begin(ANN, "key", A)
    assert request.answer is None
    answers.finish(request, b"answer")
    assert answers.begin(ANN, "key", A).answer == b"answer"


def test_a_request_has_no_answer_while_it_is_being_carried_out(answers: Answers) -> None:
    answers.begin(ANN, "key", A)
    with pytest.raises(IdempotencyKeyInUse):
        answers.begin(ANN, "key", A)


def test_a_key_belongs_to_one_request(answers: Answers) -> None:
    request = answers.begin(ANN, "key", A)
    with pytest.raises(IdempotencyKeyReused):
        answers.begin(ANN, "key", B)
    answers.finish(request, b"answer")
    with pytest.raises(IdempotencyKeyReused):
        answers.begin(ANN, "key", B)


def test_holders_have_keys_of_their_own(answers: Answers) -> None:
    answers.finish(answers.begin(ANN, "key", A), b"answer")
    assert answers.begin(BOB, "key", A).answer is None
    assert answers.begin(ANN, "other", B).answer is None


def test_a_request_that_failed_can_be_sent_again_and_be_another(answers: Answers) -> None:
    answers.forget(answers.begin(ANN, "key", A))
    assert answers.begin(ANN, "key", B).answer is None


def test_answers_are_kept_for_a_day(answers: Answers, clock: ManualClock) -> None:
    answers.finish(answers.begin(ANN, "key", A), b"answer")
    clock.advance(KEPT_SECONDS - 1)
    assert answers.begin(ANN, "key", A).answer == b"answer"
    clock.advance(1)
    assert answers.begin(ANN, "key", A).answer is None


def test_answers_are_kept_up_to_a_number_the_newest_of_them(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "KEPT", 3)
    for key in "abcd":
        answers.finish(answers.begin(ANN, key, A), key.encode())
    assert len(answers._requests) == 3
    assert answers.begin(ANN, "d", A).answer == b"d"
    assert answers.begin(ANN, "a", A).answer is None


def test_a_request_that_was_dropped_meanwhile_leaves_the_next_one_of_its_key_alone(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "KEPT", 1)
    for leave in (lambda r: answers.finish(r, b"answer"), answers.forget):
        dropped = answers.begin(ANN, "key", A)
        answers.begin(BOB, "key", A)
        answers.begin(ANN, "key", B)
        leave(dropped)
        with pytest.raises(IdempotencyKeyInUse):
            answers.begin(ANN, "key", B)
        answers.begin(BOB, "other", A)


def test_what_is_old_is_dropped_when_something_is_added(
    answers: Answers, clock: ManualClock
) -> None:
    for key in "abc":
        answers.begin(ANN, key, A)
        clock.advance(KEPT_SECONDS / 2)
    assert list(answers._requests) == [(ANN, "b"), (ANN, "c")]
