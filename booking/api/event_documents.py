"""Events as documents that the administrator sends."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from booking import mistakes, timestamps
from booking.model import Event, Policy
from booking.plans.fields import Own, Text, wrong
from booking.plans.model import Plan
from booking.plans.reading import PlanError, read


class EventMistakes(Exception):
    """A document that is no event. ``mistakes`` are all that were found, each with its place."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def _time(value: object) -> float:
    if not isinstance(value, str):
        raise wrong("must be a string")
    try:
        return timestamps.read(value)
    except ValueError as expected:
        raise wrong(f"must be {expected}") from None


def _not_empty(text: str) -> str:
    if not text.strip():
        raise wrong("must not be empty")
    return text


_Time = Annotated[float, BeforeValidator(_time)]
_NO_PLAN = object()
_Seconds = Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)]


class _PolicyDocument(Own):
    # Defaults that are never read: what is not set is as in another policy.
    lock_seconds: _Seconds = 0
    max_lock_seconds: _Seconds = 0
    max_seats_per_holder: Annotated[int, Field(ge=1, le=100_000)] = 0
    forbid_single_seats: bool = False
    cancel_until: _Time | None = None

    def policy(self, otherwise: Policy) -> Policy:
        """The policy that says what the document says, and else what the other one says."""
        return replace(otherwise, **self.model_dump(exclude_unset=True))


class _EventDocument(Own):
    name: Annotated[Text, AfterValidator(_not_empty)] = ""
    starts_at: _Time | None = None
    on_sale_from: _Time | None = None
    on_sale_until: _Time | None = None
    plan: Any = None
    # Of the plan that is sent with it: real houses exist that repeat labels.
    allow_same_labels: bool = False
    policy: _PolicyDocument = _PolicyDocument()


def read_event(event: str, document: object, *, plan: Plan, policy: Policy) -> tuple[Event, bool]:
    """The event that a document describes, and whether it says anything of a plan. ``plan`` and
    ``policy`` are for what it does not say.

    Raises:
        EventMistakes: it describes none.
    """
    found: list[str] = []
    told = _EventDocument()
    try:
        told = _EventDocument.model_validate(document)
    except ValidationError as error:
        found += mistakes.lines(error)
    given = document.get("plan", _NO_PLAN) if isinstance(document, dict) else _NO_PLAN
    if given is not _NO_PLAN:
        try:
            plan = read(given, within=["plan"], allow_same_labels=told.allow_same_labels)
        except PlanError as error:
            found += error.mistakes
    policy = told.policy.policy(policy)
    if policy.max_lock_seconds < policy.lock_seconds:
        found.append(
            f"policy: max_lock_seconds is {policy.max_lock_seconds:g}, which is less than"
            f" lock_seconds, {policy.lock_seconds:g}"
        )
    begins, ends = told.on_sale_from, told.on_sale_until
    if begins is not None and ends is not None and ends <= begins:
        found.append("on_sale_until: is not after on_sale_from")
    starts = told.starts_at
    if begins is not None and ends is None and starts is not None and starts <= begins:
        found.append(
            "on_sale_from: is not before starts_at, when the sale ends without on_sale_until"
        )
    if found:
        raise EventMistakes(found)
    described = Event(
        id=event,
        given_name=told.name,
        plan=plan,
        policy=policy,
        starts_at=told.starts_at,
        on_sale_from=begins,
        on_sale_until=ends,
    )
    return described, given is not _NO_PLAN
