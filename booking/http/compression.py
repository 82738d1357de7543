"""Bodies, compressed for clients that take them so: with zstd, which browsers take over HTTPS, or
else with gzip."""

import gzip
import sys
from collections.abc import Callable, Mapping

from flask import request

from booking.http import headers
from booking.http.application import BytesResponse, real

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Effort = Mapping[str, int]
"""The level of compression by coding, the coding that we like best first."""

QUICK: Effort = {"zstd": 1, "gzip": 1}
"""For what changes all the time. The 50,000 seats of a house, with many live locks, are 1.94 MB.
gzip makes 191 KB of them in 8 ms at level 1, and 165 KB in 46 ms at level 6."""

USUAL: Effort = {"zstd": 3, "gzip": 6}

THOROUGH: Effort = {"zstd": 19, "gzip": 9}
"""For small bodies that never change."""


def compress(body: bytes, coding: str, effort: Effort = USUAL) -> bytes:
    """Compress a body for a ``Content-Encoding``."""
    level = effort[coding]
    return zstd.compress(body, level) if coding == "zstd" else gzip.compress(body, level, mtime=0)


class Body:
    """A body that many are sent, compressed once for each coding that somebody takes."""

    def __init__(self, plain: bytes, effort: Effort = USUAL) -> None:
        self.plain = plain
        self._effort = effort
        # Used without a lock: two threads may each compress the body, and either result will do.
        self._compressed: dict[str, bytes] = {}

    def coded(self, coding: str) -> bytes:
        """The body in a coding."""
        compressed = self._compressed.get(coding)
        if compressed is None:
            compressed = compress(self.plain, coding, self._effort)
            self._compressed[coding] = compressed
        return compressed


def accepted_coding() -> str | None:
    """The best coding that the client of the request takes; None if it takes none of ours."""
    return headers.coding(real(request).environ.get("HTTP_ACCEPT_ENCODING"), list(USUAL))


def respond_coded(body: bytes, coded: Callable[[str], bytes], content_type: str) -> BytesResponse:
    """Return a response with a body, ``coded`` for clients that take a coding."""
    coding = accepted_coding()
    response = BytesResponse(body if coding is None else coded(coding), content_type=content_type)
    if coding is not None:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    return response
