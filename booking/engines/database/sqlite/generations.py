"""Recognise an SQLite file by its contents rather than by its name.

We keep the *generation* of a file in ``PRAGMA user_version``. It grows by one each time the
write-ahead log restarts, and every copy gets one far away. So a file that was overwritten in place,
or put beside another file's log, shows a generation that does not fit.
"""

import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_GENERATIONS = 2**31
_NEAR = 2**20
"""Generations this far apart belong to different files: no process sleeps through so many."""


class Header(NamedTuple):
    """Fields of a database file's header."""

    changes: int
    generation: int
    application: int

    def follows(self, earlier: "Header") -> bool:
        """Return whether a file with the earlier header can have this one now."""
        passed = (self.generation - earlier.generation) % _GENERATIONS
        return passed < _NEAR and self.changes >= earlier.changes


def new_generation() -> int:
    """Return a random generation for a new database."""
    return 1 + secrets.randbelow(_GENERATIONS - 1)


def next_generation(generation: int) -> int:
    """Return the generation that follows."""
    return (generation + 1) % _GENERATIONS


def generation_of_copy(generation: int) -> int:
    """Return a generation for a copy, so far away that the two cannot be mistaken."""
    distance = _GENERATIONS // 4 + secrets.randbelow(_GENERATIONS // 2)
    return (generation + distance) % _GENERATIONS or 1


def read_header(data: bytes) -> Header | None:
    """Read the header from the first 100 bytes of a file; None if it is not an SQLite database."""
    if len(data) < 100 or not data.startswith(b"SQLite format 3\0"):
        return None
    return Header(*(int.from_bytes(data[at : at + 4], "big") for at in (24, 60, 68)))


def fits_log(generation: int, in_log: list[int]) -> bool:
    """Return whether a file with this generation belongs to the log with those generations."""
    if not in_log:
        return True
    # A log starts with the generation after the file's. Writing it back lets the file catch up.
    behind = (generation - in_log[0] + 1) % _GENERATIONS
    return behind <= (in_log[-1] - in_log[0] + 1) % _GENERATIONS


def generations_in(log: Path) -> Iterator[int]:
    """Yield the generations in a write-ahead log. Format: https://sqlite.org/walformat.html."""
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
        # Frames with other salts were left from before the log restarted.
        while len(frame := stream.read(24)) == 24 and frame[8:16] == salts:
            first = frame[:4] == b"\0\0\0\1"
            if first and (header := read_header(stream.read(100))) is not None:
                yield header.generation
            at += 24 + page_size
            stream.seek(at)


def size_by_index(index: Path) -> int | None:
    """Return the size of the database according to the index of its empty log; None if the index
    does not say. Format: https://sqlite.org/walformat.html."""
    try:
        with index.open("rb") as stream:
            first, second = stream.read(48), stream.read(48)
    except FileNotFoundError:
        return None
    if len(second) < 48 or first != second:  # Another process is writing it.
        return None
    page_size, in_log, pages = struct.unpack_from("=HII", first, 14)
    return None if in_log or not pages else pages * (65536 if page_size == 1 else page_size)
