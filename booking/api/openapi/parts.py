"""What the schemas are built of: kinds of schemas, and values that are in many of them."""

from typing import Any

from booking.api.openapi import examples
from booking.domain import identifiers
from booking.plans.seat_ids import MAX_SEAT_ID

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def of_object(
    properties: dict[str, Schema], *, optional: tuple[str, ...] = (), **more: Any
) -> Schema:
    """An object that has all these members, but for the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, **more}


def list_of(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def accepted(properties: dict[str, Schema], **more: Any) -> Schema:
    """An object that is sent: what is not known is refused."""
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


def text(description: str) -> Schema:
    return {"type": "string", "description": description}


TIME: Schema = {"type": "string", "format": "date-time", "examples": [examples.TIME]}
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SECONDS: Schema = {"type": "number", "minimum": 0, "description": "Seconds, to the millisecond."}
MESSAGE = text("A sentence for a person.")
SEAT_ID: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_SEAT_ID, "examples": ["7"]}
SEAT_IDS = list_of(SEAT_ID)
NAMED_SEATS = list_of(SEAT_ID, minItems=1, uniqueItems=True)
EVENT_ID: Schema = {"type": "string", "pattern": f"^{identifiers.FORM}$", "examples": ["gala"]}
VERSION: Schema = {
    "type": "integer",
    "minimum": 0,
    "description": "Grows with every visible change of the event.",
}
SHORT: Schema = {"type": "string", "maxLength": 200}
