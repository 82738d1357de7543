"""Requests that are sent again with the same Idempotency-Key."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress

from flask import request
from werkzeug.exceptions import BadRequest

from booking.api.documents import Document, encode
from booking.api.requests import Environ, read_key
from booking.engine import Registry
from booking.errors import Unavailable


def once(
    registry: Registry,
    environ: Environ,
    holder: bytes | None,
    perform: Callable[[], Document],
    *,
    about: str = "",
) -> Document:
    """What ``perform`` answers or, to a request that is sent again, what it answered then. The
    same request is the same call, about the same seat or what else it is ``about``, with the same
    body.

    What is kept is the document alone: it must not have the token in it. Nothing is kept of a
    request that failed.

    Raises:
        BadRequest: there is a key, but it has not the form of one, or there is no holder.
        IdempotencyKeyReused, IdempotencyKeyInUse: see :class:`booking.idempotency.Answers`.
    """
    key = read_key(environ)
    if key is None:
        return perform()
    if holder is None:
        raise BadRequest(
            "An Idempotency-Key belongs to a holder. Send a token with it:"
            " the one that you have, or one of your own choice."
        )
    answers = registry.answers
    keyed = answers.begin(holder, key, _digest(about))
    if keyed.answer is not None:
        document: Document = json.loads(keyed.answer)
        return document
    try:
        document = perform()
    except BaseException:
        # Whoever waits for the answer is to know why there is none, whatever becomes of the key.
        with suppress(Unavailable):
            answers.forget(keyed)
        raise
    # What was done is done: that its answer cannot be kept is no reason to say otherwise.
    with suppress(Unavailable):
        answers.finish(keyed, encode(document))
    return document


def _digest(about: str) -> bytes:
    # The same blueprint serves several addresses.
    call = (request.endpoint or "").rpartition(".")[2]
    subject = json.dumps([call, (request.view_args or {}).get("seat_id"), about])
    return hashlib.sha256(subject.encode() + b"\n" + request.get_data()).digest()
