"""The head of an answer, which we write ourselves if it has nothing unusual in it."""

import io
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from booking.serving.tasks import AppTask


class Channel:
    """Keeps what is sent."""

    def __init__(self, adjustments: Adjustments, app: Any) -> None:
        self.adj, self.addr, self.sent = adjustments, ("127.0.0.1", 5000), b""
        self.total_outbufs_len = 0
        self.check_client_disconnected = None
        self.server = SimpleNamespace(
            application=app,
            adj=adjustments,
            effective_port="8080",
            server_name="localhost",
            access_log=None,
            new_request_id=lambda: "id-1",
        )

    def write_soon(self, data: bytes) -> int:
        self.sent += data
        return len(data)


def answer(request: bytes, headers: list[tuple[str, str]], status: str = "200 OK") -> AppTask:
    """A request that was answered."""

    def app(_: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, headers)
        return [b"", b"seats"]

    adjustments = Adjustments(ident="booking")
    parser = HTTPRequestParser(adjustments)
    parser.received(request)
    parser.get_body_stream = io.BytesIO
    task = AppTask(Channel(adjustments, app), parser)
    task.service()
    return task


def lines(task: AppTask) -> list[str]:
    start_line, *fields = task.channel.sent.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    fields = [field for field in fields if not field.startswith("Date: ")]
    return [start_line, *sorted(fields)]


LENGTH, TYPE = ("Content-Length", "5"), ("Content-Type", "text/plain")
GET, OLD = b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.0\r\n"


@pytest.mark.parametrize(
    ("request_head", "headers", "status"),
    [
        (GET, [TYPE, LENGTH], "200 OK"),
        (GET, [LENGTH, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], "409 Conflict"),
        (GET, [TYPE], "200 OK"),
        (GET, [TYPE, LENGTH], "304 Not Modified"),
        (GET + b"Connection: close\r\n", [TYPE, LENGTH], "200 OK"),
        (GET.replace(b"GET", b"HEAD"), [TYPE, LENGTH], "200 OK"),
        (OLD, [TYPE, LENGTH], "200 OK"),
        (OLD + b"Connection: keep-alive\r\n", [TYPE, LENGTH], "200 OK"),
    ],
)
def test_the_head_says_what_that_of_waitress_would_say(
    request_head: bytes,
    headers: list[tuple[str, str]],
    status: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = answer(request_head + b"\r\n", headers, status)
    monkeypatch.setattr(AppTask, "_is_usual", lambda _: False)
    theirs = answer(request_head + b"\r\n", headers, status)
    assert lines(ours) == lines(theirs)
    assert ours.close_on_finish == theirs.close_on_finish


def test_the_usual_head_is_written_by_us() -> None:
    sent = answer(GET + b"\r\n", [TYPE, LENGTH]).channel.sent
    assert sent.startswith(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nX-R"
    )
