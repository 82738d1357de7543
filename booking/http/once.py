"""Idempotency keys: a request that is sent again gets the same answer again."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import TypeVar

from flask import request
from werkzeug.exceptions import BadRequest

from booking.engines.idempotency import Document, KeyedRequest, Reply
from booking.http.application import real
from booking.http.requests import Environ, has_body

T = TypeVar("T")

_KEY = re.compile(r'"[ !#-\[\]-~]{1,255}"|[!#-\[\]-~]{1,255}')


def once(
    environ: Environ,
    holder: bytes | None,
    describe: Callable[[T], Document],
    *,
    about: str = "",
) -> Reply[T]:
    """How this request is answered: with a key, once; sent again, it is given the same document.
    The same request is the same call, about the same seat or what else it is ``about``, with the
    same body.

    What is kept is the document alone: it must not have the token in it.

    Raises:
        BadRequest: there is a key, but it has not the form of one, or there is no holder.
    """
    key = _read_key(environ)
    if key is None:
        return Reply(describe)
    if holder is None:
        raise BadRequest(
            "An Idempotency-Key belongs to a holder. Send a token with it:"
            " the one that you have, or one of your own choice."
        )
    return Reply(describe, KeyedRequest(holder, key, _digest(environ, about)))


def _read_key(environ: Environ) -> str | None:
    """Return the request's Idempotency-Key; None without one."""
    if (text := environ.get("HTTP_IDEMPOTENCY_KEY")) is None:
        return None
    # The IETF draft quotes the key, as in "8e03978e"; many clients leave the quotes out.
    if not _KEY.fullmatch(text):
        raise BadRequest('Idempotency-Key must be 1 to 255 ASCII characters in quotes: "8e03".')
    return str(text.strip('"'))


def _digest(environ: Environ, about: str) -> bytes:
    # The same blueprint is registered under several names.
    asked = real(request)
    rule, seat_id = asked.url_rule, (asked.view_args or {}).get("seat_id")
    call = "" if rule is None else rule.endpoint.rpartition(".")[2]
    # A list in JSON, in which only a seat may have to be escaped: json.dumps() would take 8 µs.
    seat = "null" if seat_id is None else json.dumps(seat_id)
    subject = f'["{call}", {seat}, "{about}"]\n'
    body = asked.get_data() if has_body(environ) else b""
    return hashlib.sha256(subject.encode() + body).digest()
