"""A connection tells the loop when there is something to send."""

from types import SimpleNamespace
from typing import Any

import pytest
from waitress.channel import HTTPChannel

from booking.serving.channel import Channel


@pytest.fixture
def told() -> list[Any]:
    """The connections of which the loop was told."""
    return []


@pytest.fixture
def channel(told: list[Any]) -> Channel:
    """A connection without a socket."""
    channel = Channel.__new__(Channel)
    channel.server = SimpleNamespace(look_at=told.append)
    channel.adj = SimpleNamespace(send_bytes=1000)
    return channel


def test_an_answer_is_told_of_even_if_what_follows_it_fails(
    channel: Channel, told: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: HTTPChannel) -> None:
        raise OSError("no buffer space")

    monkeypatch.setattr(HTTPChannel, "service", fail)
    with pytest.raises(OSError, match="no buffer space"):
        channel.service()
    assert told == [channel]


@pytest.mark.parametrize(
    ("waiting", "will_close", "tells"),
    [(999, False, False), (1000, False, True), (0, True, True)],
    ids=["little", "much", "failed"],
)
def test_a_part_of_an_answer_is_told_of_if_it_is_large_or_cannot_be_sent(
    channel: Channel,
    told: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    waiting: int,
    *,
    will_close: bool,
    tells: bool,
) -> None:
    def take(self: HTTPChannel, data: bytes) -> int:
        self.total_outbufs_len, self.will_close = waiting, will_close
        return len(data)

    monkeypatch.setattr(HTTPChannel, "write_soon", take)
    assert channel.write_soon(b"part") == 4
    assert bool(told) == tells
