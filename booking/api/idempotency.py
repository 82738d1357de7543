"""Requests that are sent again with the same Idempotency-Key."""

import hashlib
import json
from collections.abc import Callable

from flask import request
from werkzeug.exceptions import BadRequest

from booking.api.documents import Document, encode
from booking.api.requests import Environ, read_key
from booking.registry import SeatRegistry


def once(
    registry: SeatRegistry, environ: Environ, holder: bytes | None, perform: Callable[[], Document]
) -> Document:
    """What ``perform`` answers or, to a request that is sent again, what it answered then.

    What is kept is the document alone: it must not have the token in it. Nothing is kept of a
    request that failed.
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
    kept = answers.begin(holder, key, _digest())
    if kept is not None:
        document: Document = json.loads(kept)
        return document
    try:
        document = perform()
        answers.finish(holder, key, encode(document))
    except BaseException:
        answers.forget(holder, key)
        raise
    return document


def _digest() -> bytes:
    """What tells one request from another: the call, what it is about, and the body."""
    rule = request.endpoint.rpartition(".")[2] if request.endpoint else ""
    subject = json.dumps([rule, request.view_args], sort_keys=True)
    return hashlib.sha256(subject.encode() + b"\n" + request.get_data()).digest()
