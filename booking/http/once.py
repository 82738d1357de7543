"""Idempotency keys: a request that is sent again gets the same answer again."""

import hashlib
import json
from collections.abc import Callable
from typing import TypeVar

from flask import request
from werkzeug.exceptions import BadRequest

from booking.engines.contract import Registry
from booking.http.documents import Document, encode
from booking.http.requests import Environ, read_key

T = TypeVar("T")


def once(
    registry: Registry,
    environ: Environ,
    holder: bytes | None,
    act: Callable[[], T],
    describe: Callable[[T], Document],
    *,
    about: str = "",
) -> Document:
    """Act, and describe what came of it; or, to a request that is sent again, what came of it then.
    The same request is the same call, about the same seat or what else it is ``about``, with the
    same body.

    What is kept is the document alone: it must not have the token in it. Nothing is kept of a
    request that failed.

    Raises:
        BadRequest: there is a key, but it has not the form of one, or there is no holder.
        IdempotencyKeyReused, IdempotencyKeyInUse: see :class:`booking.engines.idempotency.Answers`.
    """
    key = read_key(environ)
    if key is None:
        return describe(act())
    if holder is None:
        raise BadRequest(
            "An Idempotency-Key belongs to a holder. Send a token with it:"
            " the one that you have, or one of your own choice."
        )
    keyed = registry.answers.begin(holder, key, _digest(about))
    if keyed.answer is not None:
        document: Document = json.loads(keyed.answer)
        return document
    return describe(registry.answer(keyed, act, lambda result: encode(describe(result))))


def _digest(about: str) -> bytes:
    # The same blueprint is registered under several names.
    call = (request.endpoint or "").rpartition(".")[2]
    subject = json.dumps([call, (request.view_args or {}).get("seat_id"), about])
    return hashlib.sha256(subject.encode() + b"\n" + request.get_data()).digest()
