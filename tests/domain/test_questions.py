"""What an organiser asks, and what answers it."""

import pytest

from booking.domain.questions import Details, Kind, Question, faults

ASK = (
    Question(id="name", kind=Kind.NAME, required=True),
    Question(id="email", kind=Kind.EMAIL),
    Question(id="phone", kind=Kind.PHONE),
    Question(id="wish", kind=Kind.TEXT, text="Any wishes?"),
    Question(id="menu", kind=Kind.CHOICE, text="Which menu?", choices=("meat", "none")),
    Question(id="bus", kind=Kind.YES_NO, text="Do you take the bus?"),
)


def test_answers_to_all_that_is_asked_are_taken() -> None:
    answers = {
        "name": "Ann Müller",
        "email": "ann.m+gala@example.co.uk",
        "phone": "+49 (0)30 / 123-456",
        "wish": "A seat\nby the aisle",
        "menu": "none",
        "bus": False,
    }
    assert not dict(faults(ASK, answers))


def test_only_what_is_required_must_be_answered() -> None:
    assert not dict(faults(ASK, {"name": "Ann"}))
    assert dict(faults(ASK, {})) == {"name": "is required"}


@pytest.mark.parametrize(
    ("question", "answer", "fault"),
    [
        ("name", "", "must not be empty"),
        ("name", " ", "must not be empty"),
        ("name", "Ann\nBob", "must be one line"),
        ("name", "a\x1bb", "holds a control character"),
        ("name", "x" * 201, "is longer than 200 characters"),
        ("name", 5, "must be a string"),
        ("email", "ann", "must be an e-mail address, such as ann@example.org"),
        ("email", "a@b@c.de", "must be an e-mail address, such as ann@example.org"),
        ("email", "a@b.de\nBcc: c@d.de", "must be an e-mail address, such as ann@example.org"),
        ("email", "a@" + "b." * 150 + "de", "must be an e-mail address, such as ann@example.org"),
        ("phone", "call me", "must be a phone number, such as +49 30 123456"),
        ("phone", "()--", "must be a phone number, such as +49 30 123456"),
        ("wish", "x" * 1001, "is longer than 1,000 characters"),
        ("menu", "fish", "must be one of “meat”, “none”"),
        ("bus", "yes", "must be true or false"),
        ("shoes", "42", "is not asked for"),
    ],
)
def test_what_answers_nothing_is_told_by_its_question(
    question: str, answer: object, fault: str
) -> None:
    assert dict(faults(ASK, {"name": "Ann", question: answer})) == {question: fault}


def test_no_log_shows_what_is_known_of_people() -> None:
    assert "Ann" not in repr(Details({"name": "Ann"}))
