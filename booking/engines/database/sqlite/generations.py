"""Which file an SQLite database is, whatever its name.

``PRAGMA user_version`` is the *generation* of our files: a number that grows by one each time the
write-ahead log begins anew, and that is far away in every copy. So a file that was overwritten in
place, or put beside the log of another, has a generation that does not fit.
"""

import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_GENERATIONS = 2**31
_NEAR = 2**20
"""No process is idle while this many generations pass."""


class Header(NamedTuple):
    """What the first bytes of a database file say."""

    changes: int
    generation: int
    application: int

    def follows(self, earlier: "Header") -> bool:
        """Whether a file that began with the earlier header can begin with this one now."""
        passed = (self.generation - earlier.generation) % _GENERATIONS
        return passed < _NEAR and self.changes >= earlier.changes


def new_generation() -> int:
    """The generation at which a new database begins."""
    return 1 + secrets.randbelow(_GENERATIONS - 1)


def next_generation(generation: int) -> int:
    """The generation after one."""
    return (generation + 1) % _GENERATIONS


def generation_of_copy(generation: int) -> int:
    """A generation for a copy, so far away that neither can be taken for the other."""
    distance = _GENERATIONS // 4 + secrets.randbelow(_GENERATIONS // 2)
    return (generation + distance) % _GENERATIONS or 1


def read_header(data: bytes) -> Header | None:
    """The header in the first 100 bytes of a file, unless it is no SQLite database."""
    if len(data) < 100 or not data.startswith(b"SQLite format 3\0"):
        return None
    return Header(*(int.from_bytes(data[at : at + 4], "big") for at in (24, 60, 68)))


def fits_log(generation: int, in_log: list[int]) -> bool:
    """Whether a file of the generation belongs to a log that has those, in this order."""
    if not in_log:
        return True
    # The log began with the generation after that of the file, which follows when the log is
    # written back.
    behind = (generation - in_log[0] + 1) % _GENERATIONS
    return behind <= (in_log[-1] - in_log[0] + 1) % _GENERATIONS


def generations_in(log: Path) -> Iterator[int]:
    """The generations in a write-ahead log. https://sqlite.org/walformat.html is its format."""
    try:
        stream = log.open("rb")
    except FileNotFoundError:
        return
    with stream:
        head = stream.read(32)
        if len(head) < 32:
            return
        page_size, salts = int.from_bytes(head[8:12], "big"), head[16:24]
        at = 32
        # Frames with other salts are of an earlier round.
        while len(frame := stream.read(24)) == 24 and frame[8:16] == salts:
            first = frame[:4] == b"\0\0\0\1"
            if first and (header := read_header(stream.read(100))) is not None:
                yield header.generation
            at += 24 + page_size
            stream.seek(at)


def size_by_index(index: Path) -> int | None:
    """How large a database is by the index of its log, if nothing is in the log. None if the index
    does not tell. https://sqlite.org/walformat.html is its format."""
    try:
        with index.open("rb") as stream:
            first, second = stream.read(48), stream.read(48)
    except FileNotFoundError:
        return None
    if len(second) < 48 or first != second:  # Somebody writes it.
        return None
    page_size, in_log, pages = struct.unpack_from("=HII", first, 14)
    return None if in_log or not pages else pages * (65536 if page_size == 1 else page_size)
