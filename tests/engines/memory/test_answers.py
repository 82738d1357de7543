"""The answers that are kept in memory."""

from booking.engines.idempotency import KEPT_SECONDS, GivenAnswer, KeyedRequest
from booking.engines.memory.answers import AnswersInMemory
from tests.support.engine import ANN


def keep(answers: AnswersInMemory, key: str, at: float) -> None:
    answers.keep(KeyedRequest(ANN, key, b""), GivenAnswer(b"", at, {"key": key}))


def kept(answers: AnswersInMemory, keys: str) -> str:
    return "".join(key for key in keys if answers.find(KeyedRequest(ANN, key, b"")))


def test_answers_are_kept_up_to_a_number_the_newest_of_them() -> None:
    answers = AnswersInMemory(kept=3)
    for at, key in enumerate("abcdb"):
        keep(answers, key, at)
    assert kept(answers, "abcd") == "bcd"
    keep(answers, "e", 5)
    assert kept(answers, "abcde") == "bde"


def test_what_is_old_is_dropped_when_something_is_added() -> None:
    answers = AnswersInMemory()
    for number, key in enumerate("abc"):
        keep(answers, key, number * KEPT_SECONDS / 2)
    assert kept(answers, "abc") == "bc"
    assert len(answers) == 2
