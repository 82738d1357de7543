"""The answers that are kept for requests that are sent again."""

import pytest

from booking import errors, idempotency
from booking.idempotency import KEPT_SECONDS, Answers
from tests.clocks import ManualClock
from tests.engine import ANN, BOB

A, B = b"one request", b"another"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def answers(clock: ManualClock) -> Answers:
    return Answers(clock)


def test_a_request_is_carried_out_once_and_then_has_its_answer(answers: Answers) -> None:
    assert answers.begin(ANN, "key", A) is None
    answers.finish(ANN, "key", b"answer")
    assert answers.begin(ANN, "key", A) == b"answer"


def test_a_request_has_no_answer_while_it_is_being_carried_out(answers: Answers) -> None:
    answers.begin(ANN, "key", A)
    with pytest.raises(errors.IdempotencyKeyInUse):
        answers.begin(ANN, "key", A)


def test_a_key_belongs_to_one_request(answers: Answers) -> None:
    answers.begin(ANN, "key", A)
    with pytest.raises(errors.IdempotencyKeyReused):
        answers.begin(ANN, "key", B)
    answers.finish(ANN, "key", b"answer")
    with pytest.raises(errors.IdempotencyKeyReused):
        answers.begin(ANN, "key", B)


def test_holders_have_keys_of_their_own(answers: Answers) -> None:
    answers.begin(ANN, "key", A)
    answers.finish(ANN, "key", b"answer")
    assert answers.begin(BOB, "key", A) is None
    assert answers.begin(ANN, "other", B) is None


def test_a_request_that_failed_can_be_sent_again_and_be_another(answers: Answers) -> None:
    answers.begin(ANN, "key", A)
    answers.forget(ANN, "key")
    assert answers.begin(ANN, "key", B) is None


def test_answers_are_kept_for_a_day(answers: Answers, clock: ManualClock) -> None:
    answers.begin(ANN, "key", A)
    answers.finish(ANN, "key", b"answer")
    clock.advance(KEPT_SECONDS - 1)
    assert answers.begin(ANN, "key", A) == b"answer"
    clock.advance(1)
    assert answers.begin(ANN, "key", A) is None


def test_answers_are_kept_up_to_a_number_the_newest_of_them(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "KEPT", 3)
    for key in "abcd":
        answers.begin(ANN, key, A)
        answers.finish(ANN, key, key.encode())
    assert len(answers._requests) == 3
    assert answers.begin(ANN, "d", A) == b"d"
    assert answers.begin(ANN, "a", A) is None


def test_what_is_old_is_dropped_when_something_is_added(
    answers: Answers, clock: ManualClock
) -> None:
    for key in "abc":
        answers.begin(ANN, key, A)
        clock.advance(KEPT_SECONDS / 2)
    assert list(answers._requests) == [(ANN, "b"), (ANN, "c")]
