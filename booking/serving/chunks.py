"""A request body that comes in chunks (RFC 9112, section 7.1)."""

import re
from typing import Any, Protocol

from waitress.utilities import BadRequest

# The size of a chunk, and extensions, which nobody reads. Possessive: each byte is looked at once.
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8}+)[ \t]*+(?:;[\t\x20-\x7e\x80-\xff]*+)?\r\n")
_LONGEST_LINE = 1024
"""The most bytes of a size with its extensions, and of a trailer."""
_TINY = 64
_MOST_TINY_CHUNKS = 1000
_MOST_TRAILERS = 100


class Buffer(Protocol):
    """Where a body is kept: in memory, or in a file if it is large."""

    def append(self, data: bytes, /) -> None: ...

    def getfile(self) -> Any: ...

    def __len__(self) -> int: ...


class ChunkedBody:
    """Stands in for waitress's ``ChunkedReceiver``, which copies the rest of a packet for each of
    its chunks: 64 KB in chunks of one byte took 60 ms of processor time. It also took a bare LF in
    a size.

    ``completed`` says that the whole body has been received, ``error`` what is wrong with it.
    """

    def __init__(self, buffer: Buffer) -> None:
        self.completed = False
        self.error: BadRequest | None = None
        self._buffer = buffer
        # The beginning of a line whose end has not been received.
        self._line = b""
        # What has not been received of the current chunk and of the CRLF after it.
        self._missing = 0
        self._tiny_chunks = 0
        # After the last chunk: how many trailers were received. Nobody reads them.
        self._trailers: int | None = None

    def __len__(self) -> int:
        return len(self._buffer)

    def getfile(self) -> Any:
        return self._buffer.getfile()

    def getbuf(self) -> Buffer:
        return self._buffer

    def received(self, packet: bytes) -> int:
        """Take what belongs to the body from the start of a packet. Returns how many bytes."""
        data, kept = self._line + packet, len(self._line)
        self._line = b""
        position = 0
        pieces: list[bytes] = []
        while position < len(data) and not self.completed and self.error is None:
            if self._missing:
                position = self._take(data, position, pieces)
            else:
                position = self._read_line(data, position)
        self._buffer.append(b"".join(pieces))
        return position - kept

    def _take(self, data: bytes, position: int, pieces: list[bytes]) -> int:
        """Take what there is of the current chunk. Returns where it ends."""
        content = max(0, self._missing - 2)
        piece = data[position : position + content]
        pieces.append(piece)
        position += len(piece)
        self._missing -= len(piece)
        # The CRLF, which may come byte by byte.
        while self._missing <= 2 and self._missing and position < len(data):
            if data[position] != b"\n\r"[self._missing - 1]:
                self.error = BadRequest("A chunk of the body is longer than it says")
                return position
            self._missing -= 1
            position += 1
        return position

    def _read_line(self, data: bytes, position: int) -> int:
        """Read the size of a chunk or, after the last chunk, a trailer. Returns where it ends."""
        end = data.find(b"\r\n", position, position + _LONGEST_LINE)
        if end < 0:
            self._line = data[position:]
            if len(self._line) >= _LONGEST_LINE:
                self.error = BadRequest("The size of a chunk or a trailer is too long")
            return len(data)
        if self._trailers is not None:
            self.completed = end == position
            self._trailers += 1
            if self._trailers > _MOST_TRAILERS:
                self.error = BadRequest("The body has too many trailers")
        elif (size := _SIZE.fullmatch(data, position, end + 2)) is None:
            self.error = BadRequest("The size of a chunk of the body is not valid")
        elif (chunk := int(size[1], 16)) == 0:
            self._trailers = 0
        else:
            self._missing = chunk + 2
            self._tiny_chunks += chunk < _TINY
            if self._tiny_chunks > _MOST_TINY_CHUNKS:
                self.error = BadRequest("The body comes in too many small chunks")
        return end + 2
