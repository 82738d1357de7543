"""What the description of a call is made of."""

from collections.abc import Mapping
from typing import Any

from booking.api.openapi import examples
from booking.api.openapi.parts import (
    MESSAGE,
    Schema,
    list_of,
    of_object,
    ref,
)
from booking.http import problems
from booking.http.documents import Document

Operation = dict[str, Any]

JSON = "application/json"
HOLDER: list[dict[str, list[str]]] = [{"holder": []}, {"cookie": []}, {"secure_cookie": []}]
ANYONE: list[dict[str, list[str]]] = [{}]
ADMINISTRATOR: list[dict[str, list[str]]] = [{"administrator": []}]
ORGANISER: list[dict[str, list[str]]] = [{"administrator": []}, {"key": []}]

ANY_CALL = ("bad_request", "headers_too_large", "internal_error")
OF_AN_EVENT = ("event_not_found", "unavailable", "event_unreadable")
CHANGE = ("origin_not_allowed", "too_many_requests")
WITH_BODY = ("body_too_large", "unsupported_media_type")
ADMINISTRATION = ("administrator_required", "not_found", "too_many_requests")
ORGANISING = (*ADMINISTRATION, "scope_required")
KEYED = ("idempotency_key_reused",)
"""The problems that calls of one kind have in common."""

_HEADERS_OF_PROBLEMS = {
    401: ("WWW-Authenticate",),
    409: ("Retry-After",),
    415: ("Accept", "Accept-Encoding"),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


SEVERAL: dict[str, Schema] = {"seats": list_of(ref("Seat"))}


def header(name: str) -> Schema:
    return {"$ref": f"#/components/headers/{name}"}


def parameter(name: str) -> Schema:
    return {"$ref": f"#/components/parameters/{name}"}


def answer(description: str, schema: Schema, *headers: str, example: Any = None) -> Document:
    """A success with a JSON body."""
    content = {"schema": schema} | ({} if example is None else {"example": example})
    return {
        "description": description,
        "content": {JSON: content},
        **({"headers": {name: header(name) for name in headers}} if headers else {}),
    }


def problem_answers(codes: tuple[str, ...]) -> dict[str, Document]:
    """The answers to what goes wrong, by status, with an example of each code."""
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(problems.CODES[code], []).append(code)
    return {
        str(status): {
            "description": "Problem: " + ", ".join(f"`{code}`" for code in found),
            "content": {
                problems.CONTENT_TYPE: {
                    "schema": ref("Problem"),
                    "examples": {code: {"value": examples.PROBLEMS[code]} for code in found},
                }
            },
            "headers": {name: header(name) for name in _HEADERS_OF_PROBLEMS.get(status, ())},
        }
        for status, found in sorted(by_status.items())
    }


def operation(
    name: str,
    summary: str,
    tag: str,
    answers: Mapping[int, Document],
    *,
    codes: tuple[str, ...] = (),
    parameters: tuple[Any, ...] = (),
    body: Schema | None = None,
    body_required: bool = True,
    security: list[dict[str, list[str]]] = ANYONE,
) -> Operation:
    """One operation. ``codes`` are the problems that it can have, besides those of any call."""
    described: Operation = {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "security": security,
        "parameters": [each if isinstance(each, dict) else parameter(each) for each in parameters],
        "responses": {str(status): each for status, each in answers.items()}
        | problem_answers((*ANY_CALL, *codes, *(WITH_BODY if body is not None else ()))),
    }
    for each in described["responses"].values():
        each["headers"] = each.get("headers", {}) | {"X-Request-Id": header("X-Request-Id")}
    if body is not None:
        described["requestBody"] = {
            "required": body_required,
            "content": {JSON: {"schema": body}},
        }
    return described


def changed(
    schema: dict[str, Schema], *headers: str, optional: tuple[str, ...] = ()
) -> dict[int, Document]:
    """The success of a call that changes something."""
    return {
        200: answer("Done.", of_object({"message": MESSAGE, **schema}, optional=optional), *headers)
    }


def not_changed(description: str) -> Document:
    """The answer to an If-None-Match that matches."""
    return {"description": description, "headers": {"ETag": header("ETag")}}
