"""Request bodies that come in chunks."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waitress.buffers import OverflowableBuffer

from booking.serving.chunks import ChunkedBody


def receive(data: bytes, packet: int = 8192) -> tuple[ChunkedBody, int]:
    """The body, and how many bytes of the data are not its own."""
    body = ChunkedBody(OverflowableBuffer(1_000_000))
    while data and not body.completed and body.error is None:
        taken = body.received(data[:packet])
        data = data[taken:]
    return body, len(data)


def content(body: ChunkedBody) -> bytes:
    file: BytesIO = body.getfile()
    return file.read()


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.integers(1, 50))
def test_the_body_is_the_same_however_it_is_cut_into_packets(
    chunks: list[bytes], packet: int
) -> None:
    data = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    body, rest = receive(data + b"0\r\nTrailer: x\r\n\r\nGET", packet)
    assert body.completed
    assert body.error is None
    assert content(body) == b"".join(chunks)
    assert len(body) == len(b"".join(chunks))
    assert rest == 3


@pytest.mark.parametrize(
    "data",
    [
        b"x\r\n",
        b"\r\n",
        b"-1\r\n",
        b"1\n\r\nx\r\n",
        b"1\nx\r\n",
        b"1;\0\r\n",
        b"1\r\nxy\r\n",
        b"1\r\nx\n\n",
        b"123456789\r\n",
        b"1;" + b"a" * 2000,
        b"0\r\n" + b"a" * 2000,
        b"0\r\n" + b"A: b\r\n" * 200,
        b"1\r\nx\r\n" * 1001,
    ],
)
@pytest.mark.parametrize("packet", [1, 8192])
def test_a_body_that_is_wrong_or_tedious_is_refused(data: bytes, packet: int) -> None:
    body, _ = receive(data, packet)
    assert body.error is not None


def test_a_body_that_is_not_all_there_is_waited_for() -> None:
    body, _ = receive(b"5\r\nhel")
    assert (body.completed, body.error) == (False, None)
    assert body.received(b"lo\r\n0\r\n\r\n") == 9
    assert body.completed
