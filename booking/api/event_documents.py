"""Events as documents that the administrator sends."""

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from booking.domain import timestamps
from booking.domain.model import Event, Policy, Visibility
from booking.domain.questions import MOST_OWN_QUESTIONS, STANDARD, Kind, Question
from booking.http import time_zones
from booking.http.errors import InvalidDocument
from booking.plans import mistakes, pretix, texts
from booking.plans.fields import Own, Text, wrong
from booking.plans.finer_unit import in_finer_unit
from booking.plans.reading import PlanError, read

_T = TypeVar("_T", Event, Policy)


def _time(value: object) -> float:
    if not isinstance(value, str):
        raise wrong("must be a string")
    try:
        return timestamps.read(value)
    except ValueError as expected:
        raise wrong(f"must be {expected}") from None


def _time_zone(name: str) -> str:
    if not time_zones.is_time_zone(name):
        raise wrong(
            f'"{name[:64]}" is no time zone: name one such as Europe/Berlin, or an offset such as'
            " +01:00"
        )
    return name


def _paragraphs(text: str) -> str:
    """A text of several lines."""
    lines = text.replace("\r\n", "\n").split("\n")
    if what := next(filter(None, map(texts.fault, lines)), None):
        raise wrong(what)
    return "\n".join(lines)


def _not_empty(text: str) -> str:
    if not text.strip():
        raise wrong("must not be empty")
    return text


_TimeZone = Annotated[str, AfterValidator(_time_zone)]
_Time = Annotated[float, BeforeValidator(_time)]
_NO_PLAN = object()
_Seconds = Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)]

_Paragraphs = Annotated[str, Field(max_length=4000), AfterValidator(_paragraphs)]

_FIELDS = {"name": "given_name"}
"""The fields of an event that are called otherwise in its document."""

_NO_SEATS = {"focal_point", "name"}
"""The members of a plan that can be patched alone."""

_NOT_FIELDS = {
    "plan",
    "allow_same_labels",
    "move_booked",
    "policy",
    "event",
    "front",
    "seats",
    "version",
}


class _QuestionDocument(Own):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    required: bool = False
    type: Literal["text", "choice", "yes_no"] = "text"
    question: Text = ""
    choices: Annotated[list[Annotated[Text, AfterValidator(_not_empty)]], Field(max_length=20)] = (
        Field(default_factory=list)
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> "_QuestionDocument":
        if self.id in STANDARD:
            if self.model_fields_set & {"type", "question", "choices"}:
                raise wrong(f"{self.id} needs no words: say only whether it is required")
        elif not self.question.strip():
            raise wrong("a question of your own needs its words, as question")
        if (self.type == "choice") is not (len(set(self.choices)) >= 2):
            raise wrong("a choice has two different choices or more, and nothing else has any")
        return self

    def asked(self) -> Question:
        return Question(
            id=self.id,
            kind=Kind(self.id if self.id in STANDARD else self.type),
            required=self.required,
            text=self.question,
            choices=tuple(self.choices),
        )


def _askable(ask: list[_QuestionDocument]) -> list[_QuestionDocument]:
    if len({question.id for question in ask}) != len(ask):
        raise wrong("has two questions of the same id")
    if sum(question.id not in STANDARD for question in ask) > MOST_OWN_QUESTIONS:
        raise wrong(f"has more than {MOST_OWN_QUESTIONS} questions of your own")
    return ask


class _PolicyDocument(Own):
    # Defaults that are never read: what is not set is as in another policy.
    lock_seconds: _Seconds = 0
    max_lock_seconds: _Seconds = 0
    max_seats_per_holder: Annotated[int, Field(ge=1, le=100_000)] = 0
    forbid_single_seats: bool = False
    max_expired_locks: Annotated[int, Field(ge=1, le=1000)] | None = None
    cancel_until: _Time | None = None
    ask: Annotated[list[_QuestionDocument], AfterValidator(_askable)] = Field(default_factory=list)
    best_available_excludes: Annotated[list[Text], Field(max_length=100)] = Field(
        default_factory=list
    )

    def fields(self) -> dict[str, Any]:
        """What is said of the policy."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        if "ask" in said:
            said["ask"] = tuple(question.asked() for question in self.ask)
        if "best_available_excludes" in said:
            said["best_available_excludes"] = tuple(dict.fromkeys(self.best_available_excludes))
        return said


class _EventDocument(Own):
    # Defaults that are never read: what is not set is as in another event.
    name: Annotated[Text, AfterValidator(_not_empty)] = ""
    starts_at: _Time | None = None
    on_sale_from: _Time | None = None
    on_sale_until: _Time | None = None
    # Without one, the offset in `starts_at` says what the clocks at the venue show.
    time_zone: _TimeZone | None = None
    doors_at: _Time | None = None
    ends_at: _Time | None = None
    place: Text = ""
    description: _Paragraphs = ""
    visibility: Annotated[Visibility, Field(strict=False)] = Visibility.PUBLIC
    plan: Any = None
    # Of the plan that is sent with it: real houses exist that repeat labels.
    allow_same_labels: bool = False
    # Whether booked seats may be others in it: another section, row, number or category.
    move_booked: bool = False
    policy: _PolicyDocument = _PolicyDocument()
    # What GET gives besides can be sent back, and changes nothing.
    event: str = ""
    front: Any = None
    seats: Any = None
    version: Any = None

    def fields(self) -> dict[str, Any]:
        """What is said of the event, but for its plan and its policy."""
        said = self.model_dump(
            exclude_unset=True,
            exclude=_NOT_FIELDS,
        )
        return {_FIELDS.get(name, name): value for name, value in said.items()}


def moves_booked(document: object) -> bool:
    """Whether a document says that booked seats may become others."""
    return isinstance(document, dict) and document.get("move_booked") is True


def read_event(document: object, otherwise: Event) -> Event:
    """The event that says what a document says, and else what the other event says.

    Raises:
        InvalidDocument: the document describes none.
    """
    found: list[str] = []
    untold = 0
    told = _EventDocument()
    try:
        told = _EventDocument.model_validate(document)
    except ValidationError as error:
        found += mistakes.lines(error)
    if "event" in told.model_fields_set and told.event != otherwise.id:
        found.append(f"event: is not {otherwise.id}, to which this is sent")
    plan = otherwise.plan
    given = document.get("plan", _NO_PLAN) if isinstance(document, dict) else _NO_PLAN
    if given is not _NO_PLAN:
        try:
            plan = read(given, within=["plan"], allow_same_labels=told.allow_same_labels)
            plan = in_finer_unit(plan)
        except PlanError as error:
            found += error.mistakes
            untold = error.count - len(error.mistakes)
    policy = replace(otherwise.policy, **told.policy.fields())
    event = replace(otherwise, plan=plan, policy=policy, **told.fields())
    if event.given_name == (plan.name or event.id):
        event = replace(event, given_name="")  # GET tells it so where none was given.
    if zone := _zone_by_the_way(document, told, otherwise):
        event = replace(event, time_zone=zone)
    found += _contradictions(event)
    if found:
        raise InvalidDocument(found, len(found) + untold)
    return event


def patch_event(patch: object, current: Event, blank: Event) -> Event:
    """The current event after a JSON Merge Patch (RFC 7396). What is null in the patch becomes
    as it is in a blank event.

    Raises:
        InvalidDocument: the patch, or what it makes of the event, describes none.
    """
    if not isinstance(patch, dict):
        raise InvalidDocument(["must be a JSON object"])
    policy, policy_patch = current.policy, patch.get("policy")
    if isinstance(policy_patch, dict):
        policy, policy_patch = _reset(policy_patch, policy, blank.policy)
        patch = patch | {"policy": policy_patch}
    plan_patch = patch.get("plan")
    if isinstance(plan_patch, dict) and plan_patch and plan_patch.keys() <= _NO_SEATS:
        # The seats stay. Their labels were accepted, be they the same.
        plan = pretix.patched(current.plan, plan_patch)
        patch = patch | {"plan": plan, "allow_same_labels": True}
    event, rest = _reset(patch, replace(current, policy=policy), blank)
    return read_event(rest, event)


def _reset(patch: dict[str, Any], current: _T, blank: _T) -> tuple[_T, dict[str, Any]]:
    """The current value with what a patch has null as in a blank one, and the rest of the patch."""
    # There is no event without a plan: that null is a mistake.
    fields = {field.name for field in dataclasses.fields(blank)} - {"id", "plan", "given_name"}
    fields |= _FIELDS.keys() if isinstance(blank, Event) else set()
    reset = [name for name, value in patch.items() if value is None and name in fields]
    values = {_FIELDS.get(name, name): getattr(blank, _FIELDS.get(name, name)) for name in reset}
    return replace(current, **values), {k: v for k, v in patch.items() if k not in reset}


def _contradictions(event: Event) -> Iterator[str]:
    """What cannot be true together."""
    policy = event.policy
    if policy.max_lock_seconds < policy.lock_seconds:
        yield (
            f"policy: max_lock_seconds is {policy.max_lock_seconds:g}, which is less than"
            f" lock_seconds, {policy.lock_seconds:g}"
        )
    categories = [category.name for category in event.plan.categories]
    for name in policy.best_available_excludes:
        if name not in categories:
            yield (
                f"policy.best_available_excludes: the plan has no category “{name}”. It has"
                f" {', '.join(f'“{category}”' for category in categories)}"
            )
    begins, ends, starts = event.on_sale_from, event.on_sale_until, event.starts_at
    if begins is not None and ends is not None and ends <= begins:
        yield "on_sale_until: is not after on_sale_from"
    if begins is not None and ends is None and starts is not None and starts <= begins:
        yield "on_sale_from: is not before starts_at, when the sale ends without on_sale_until"
    if starts is not None and event.doors_at is not None and event.doors_at > starts:
        yield "doors_at: is after starts_at"
    if starts is not None and event.ends_at is not None and event.ends_at <= starts:
        yield "ends_at: is not after starts_at"


def _zone_by_the_way(document: object, told: _EventDocument, otherwise: Event) -> str | None:
    """The offset that ``starts_at`` is given with, if it is all that is known of the time zone."""
    known = otherwise.time_zone
    if told.time_zone is not None or (known is not None and not time_zones.OFFSET.fullmatch(known)):
        return None
    starts_at = document.get("starts_at") if isinstance(document, dict) else None
    return time_zones.offset_of(starts_at) if isinstance(starts_at, str) else None
