"""What members of the documents of plans, and of events, may hold."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from booking import texts
from booking.plans.limits import FARTHEST
from booking.plans.sections import Point

_COLOR = re.compile(r"#[0-9A-Fa-f]{3,8}|[A-Za-z]{1,32}|rgba?\([0-9., %]{1,40}\)|")


def wrong(message: str) -> PydanticCustomError:
    """What a validator raises. The text is taken as it is."""
    # pydantic takes it for a template: what a stranger sent goes in as a value. And it must be
    # possible to encode it, which half a surrogate pair is not.
    return PydanticCustomError("wrong", "{message}", {"message": texts.printable(message)})


def _readable(text: str) -> str:
    """Refuse what deceives who reads it, or could garble a terminal or a log."""
    if what := texts.fault(text):
        raise wrong(what)
    return text


def _label(value: object) -> object:
    """A number is a label too."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _color(text: str) -> str:
    if not _COLOR.fullmatch(text):
        raise wrong("is no CSS colour, such as #cc79a7")
    return text


def _empty_if_null(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, Field(max_length=200), AfterValidator(_readable)]
Label = Annotated[Text, BeforeValidator(_label)]
OptionalText = Annotated[Text, BeforeValidator(_empty_if_null)]
Color = Annotated[str, AfterValidator(_color), BeforeValidator(_empty_if_null)]
Coordinate = Annotated[float, Field(allow_inf_nan=False, ge=-FARTHEST, le=FARTHEST)]
Length = Annotated[float, Field(allow_inf_nan=False, ge=0, le=FARTHEST)]


class Own(BaseModel):
    """A part of a document of ours: what is not known is a mistake."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Foreign(BaseModel):
    """A part of another program's document: what is not known is left aside."""

    model_config = ConfigDict(strict=True, extra="ignore")


class FocalPoint(Own):
    """Where the eyes go."""

    x: Coordinate
    y: Coordinate

    def point(self) -> Point:
        return Point(self.x, self.y)
