"""What members of the documents of plans, and of events, may hold."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from booking.plans import texts
from booking.plans.limits import FARTHEST
from booking.plans.sections import Point

_COLOR = re.compile(
    r"#[0-9A-Fa-f]{3,8}|[A-Za-z]{1,32}"
    r"|(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\([0-9A-Za-z.,%/+\- ]{1,100}\)|"
)


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


def _readable_lines(text: str) -> str:
    """As :func:`_readable`, with line breaks."""
    _readable(re.sub(r"[\r\n]", " ", text))
    return text


def _label(value: object) -> object:
    """A number is a label too."""
    if isinstance(value, str):
        return _readable(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _color(text: str) -> str:
    if not _COLOR.fullmatch(text := text.strip()):
        raise wrong("is no CSS colour, such as #cc79a7")
    return text


def zero_if_null(value: object) -> object:
    """What is left out, where it is written as null."""
    return 0 if value is None else value


def _empty_if_null(value: object) -> object:
    return "" if value is None else value


MAX_TEXT = 200
"""The most characters of a name or a label."""

Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_readable)]
Label = Annotated[str, Field(max_length=MAX_TEXT), BeforeValidator(_label)]
AreaText = Annotated[
    str, Field(max_length=1000), AfterValidator(_readable_lines), BeforeValidator(_empty_if_null)
]
OptionalText = Annotated[Text, BeforeValidator(_empty_if_null)]
Color = Annotated[str, AfterValidator(_color), BeforeValidator(_empty_if_null)]
Coordinate = Annotated[float, Field(allow_inf_nan=False, ge=-FARTHEST, le=FARTHEST)]
Length = Annotated[float, Field(allow_inf_nan=False, ge=0, le=FARTHEST)]


class Own(BaseModel):
    """A part of a document of ours: what is not known is a mistake."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Foreign(BaseModel):
    """A part of another program's document: what is not known is not looked at."""

    model_config = ConfigDict(strict=True, extra="ignore")


class FocalPoint(Own):
    """Where the eyes go."""

    x: Coordinate
    y: Coordinate

    def point(self) -> Point:
        return Point(self.x, self.y)
