"""A waitress application that does nothing: the limit that ours could reach.

It answers every request on ``PORT`` with a body as long as the answer to a lock.
"""

import logging
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from waitress import serve

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BODY = (
    b'{"message":"Seat 12345 is locked for you. Confirm it within 60 seconds.","seat":{"id":"12345"'
    b',"status":"locked","locked_at":"2026-11-22T16:00:00.123Z","expires_at":"2026-11-22T16:01:00.12'
    b'3Z"},"token":"0123456789abcdef0123456789abcdef","expires_in":60}\n'
)
_HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


def answer(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer any request with the same body."""
    start_response("200 OK", _HEADERS)
    return [BODY]


if __name__ == "__main__":
    # waitress warns whenever all threads are busy: under load, at every request.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    serve(
        answer,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        threads=8,
        asyncore_use_poll=True,
        connection_limit=1000,
    )
