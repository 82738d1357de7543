"""What is on its way to clients that do not read it: bounded for all connections together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel

MAX_UNREAD_BYTES = 64 * 1024 * 1024
"""The most bytes that all connections together may have waiting to go out."""


def to_close(channels: Iterable[HTTPChannel], most: int = MAX_UNREAD_BYTES) -> list[HTTPChannel]:
    """The connections to close so that the others have no more than ``most`` bytes waiting: those
    on which nothing has moved for longest. A body that several connections wait for counts once.
    """
    unread = [(channel, _bodies(channel)) for channel in channels if channel.total_outbufs_len]
    sizes = {body: size for _, bodies in unread for body, size in bodies.items()}
    readers = Counter(body for _, bodies in unread for body in bodies)
    total = sum(sizes.values())
    closing = []
    for channel, bodies in sorted(unread, key=lambda each: each[0].last_activity):
        if total <= most:
            break
        closing.append(channel)
        readers.subtract(bodies.keys())
        total -= sum(size for body, size in bodies.items() if not readers[body])
    return closing


def _bodies(channel: HTTPChannel) -> Mapping[int, int]:
    """The sizes of what is waiting in a connection, by the identities of the bytes."""
    bodies: dict[int, int] = {}
    # Another thread may add a buffer meanwhile, or close one that has been sent.
    for buffer in tuple(channel.outbufs):
        body: Any = buffer
        if isinstance(buffer, ReadOnlyFileBasedBuffer):
            # A BytesIO does not copy the bytes that it was made of, and gives them back.
            body = b"" if buffer.file.closed else buffer.file.getvalue()
        bodies[id(body)] = len(body)
    return bodies
