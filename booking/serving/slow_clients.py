"""Connections that take without giving: which are closed, and which give way to others."""

from collections.abc import Iterable

from booking.serving.channel import Channel

_HEAD_SECONDS = 10.0
_BODY_SECONDS = 30.0
_BODY_BYTES_PER_SECOND = 64 * 1024
"""A large plan has more time than a small body."""


def is_overdue(channel: Channel, now: float) -> bool:
    """Whether a client has begun a request and not sent all of it in time, however steadily it
    sends."""
    request = channel.request
    if request is None or channel.requests:
        return False
    seconds = _HEAD_SECONDS
    if request.headers_finished:
        seconds = _BODY_SECONDS + request.body_limit / _BODY_BYTES_PER_SECOND
    return now >= channel.request_began + seconds


def to_give_way(channels: Iterable[Channel]) -> Channel | None:
    """The connection to close when there are too many: of those on which no request is being
    carried out, the one whose last whole request is longest ago. Sending a byte now and then does
    not help it."""
    idle = (channel for channel in channels if not channel.requests)
    return min(idle, key=lambda channel: channel.last_request, default=None)
