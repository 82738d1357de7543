"""What an organiser wants to know of a buyer, and whether what a buyer says answers it.

Pure: the same rules for a page, a program and the box office.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from booking.plans import texts

Answer = str | bool

MOST_OWN_QUESTIONS = 5
_LONGEST_TEXT = 1000
_LONGEST_NAME = 200
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\".]+(?:\.[^\s@<>,;\".]+)+")
_LONGEST_EMAIL = 254
_PHONE = re.compile(r"\+?[0-9 ()./-]{3,40}")


class Kind(StrEnum):
    """What an answer is."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    TEXT = "text"
    CHOICE = "choice"
    """One of the ``choices`` of the question."""

    YES_NO = "yes_no"


STANDARD = (Kind.NAME, Kind.EMAIL, Kind.PHONE)
"""Questions that need no words: every page knows how to ask them. Their ids are their kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. ``text`` and ``choices`` are the organiser's own words."""

    id: str
    kind: Kind
    required: bool = False
    text: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of the people of a booking. Personal: no log and no history has it, and its
    ``repr`` tells nothing."""

    answers: Mapping[str, Answer] = field(default_factory=dict, repr=False, hash=False)
    note: str = field(default="", repr=False)
    """What the box office wrote down."""

    language: str = ""
    """What the buyer reads, as ``Accept-Language`` says it: for mail."""


NO_DETAILS = Details()


def faults(ask: Sequence[Question], answers: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is wrong with answers: the id of each question, and what to do about it."""
    asked = {question.id: question for question in ask}
    for question in ask:
        if question.required and question.id not in answers:
            yield question.id, "is required"
    for question_id, answer in answers.items():
        if question_id not in asked:
            yield question_id, "is not asked for"
        elif fault := _fault(asked[question_id], answer):
            yield question_id, fault


def _fault(question: Question, answer: object) -> str | None:
    if question.kind is Kind.YES_NO:
        return None if isinstance(answer, bool) else "must be true or false"
    if not isinstance(answer, str):
        return "must be a string"
    if question.kind is Kind.CHOICE:
        among = ", ".join(f"“{choice}”" for choice in question.choices)
        return None if answer in question.choices else f"must be one of {among}"
    if not answer.strip():
        return "must not be empty"
    if fault := next(filter(None, map(texts.fault, answer.split("\n"))), None):
        return fault
    return _FAULTS[question.kind](answer)


def _text_fault(text: str) -> str | None:
    return None if len(text) <= _LONGEST_TEXT else f"is longer than {_LONGEST_TEXT:,} characters"


def _name_fault(name: str) -> str | None:
    if "\n" in name:
        return "must be one line"
    return None if len(name) <= _LONGEST_NAME else f"is longer than {_LONGEST_NAME} characters"


def _email_fault(email: str) -> str | None:
    is_address = len(email) <= _LONGEST_EMAIL and _EMAIL.fullmatch(email)
    return None if is_address else "must be an e-mail address, such as ann@example.org"


def _phone_fault(phone: str) -> str | None:
    is_number = _PHONE.fullmatch(phone) and sum(map(str.isdigit, phone)) >= 3
    return None if is_number else "must be a phone number, such as +49 30 123456"


_FAULTS = {
    Kind.NAME: _name_fault,
    Kind.EMAIL: _email_fault,
    Kind.PHONE: _phone_fault,
    Kind.TEXT: _text_fault,
}
