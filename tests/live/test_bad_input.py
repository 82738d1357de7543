"""Malformed requests, byte by byte."""

import contextlib
import re
import socket
import time
from collections.abc import Iterator

import pytest

from tests.live.server import Client, Server

TOKEN = "secret-token-that-appears-nowhere-in-the-log"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


def post(path: bytes, body: bytes = b"", headers: bytes = b"") -> bytes:
    return (
        b"POST " + path + b" HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body
    )  # fmt: skip


def chunked(body: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return (
        b"POST /lock HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n%b" % (len(body), body, end)
    )


def send_what_is_taken(client: Client, data: bytes) -> None:
    """Send as much as the server accepts. If it refuses early, its answer can be read anyway."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        client.send_raw(data)


FORWARDED = b"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n"

REQUESTS = [
    # waitress's own pattern for a start line needs 38 s to refuse this one.
    (b"GET a://" + b"1" * 16_000 + b" x\r\n\r\n", 400, "bad_request"),
    (b"GET /seats HTTP/1.1\r\nA:" + b" " * 16_000 + b"\x01\r\n\r\n", 400, "bad_request"),
    (b"GET http://[/seats HTTP/1.1\r\nHost: test\r\n\r\n", 400, "bad_request"),
    (b"GET / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 400, "bad_request"),
    (b"nonsense\r\n\r\n", 400, "bad_request"),
    (b"GET /seats HTTP/1.1\r\nHost: test\r\nno colon\r\n\r\n", 400, "bad_request"),
    (b"GET /seats HTTP/1.1\r\nHost: test\r\nA: b\nC: d\r\n\r\n", 400, "bad_request"),
    (post(b"/lock", b"{", b""), 400, "bad_request"),
    (post(b"/lock", b'{"seats": "1"}'), 400, "bad_request"),
    (post(b"/lock", b'{"seats": [1]}'), 400, "bad_request"),
    (post(b"/lock", b'{"seat": ["1"]}'), 400, "bad_request"),
    (post(b"/lock", b"[" * 60_000), 400, "bad_request"),
    (post(b"/lock", b'{"seats": ["%b"]}' % (b"x" * 65_536)), 413, "body_too_large"),
    (post(b"/lock/1", b"x" * 10_000_000), 413, "body_too_large"),
    (b"POST /lock HTTP/1.1\r\nHost: t\r\nContent-Length: 9e9\r\n\r\n", 400, "bad_request"),
    (b"POST /lock HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n", 400, "bad_request"),
    (chunked(b'{"seats": []}'), 400, "bad_request"),
    (chunked(b"x" * 70_000), 413, "body_too_large"),
    (chunked(b"{}", end=b"nonsense\r\n\r\n"), 400, "bad_request"),
    (
        b"POST /lock HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: gzip\r\n\r\n",
        400,
        "bad_request",
    ),
    (b"GET /seats HTTP/1.1\r\nHost: test\r\nX: " + b"x" * 20_000, 431, "headers_too_large"),
    (b"GET /" + b"x" * 20_000, 431, "headers_too_large"),
    (post(b"/lock/0001"), 404, "seat_not_found"),
    (post(b"/lock/%D9%A7"), 404, "seat_not_found"),
    (post("/lock/٧".encode()), 400, "bad_request"),
    (post(b"/lock/%0d%0aX-Forged:%20line"), 404, "seat_not_found"),
    (post(b"/lock/%00"), 404, "seat_not_found"),
    (post(b"/lock/\x1b[2J\x07"), 404, "seat_not_found"),
    (post(b"/lock/%ff%fe"), 404, "seat_not_found"),
    (post(b"/lock/1", headers=b"Authorization: Bearer short\r\n"), 400, "invalid_token"),
    (post(b"/lock/1", headers=b"Authorization: Bearer \xff\xff\r\n"), 400, "invalid_token"),
    (
        post(b"/lock/1", headers=b"Authorization: Bearer %b\r\n" % TOKEN.encode() * 2),
        400,
        "invalid_token",
    ),
    (post(b"/lock/1", headers=b"Cookie: holder=short\r\n"), 400, "invalid_token"),
    (post(b"/nowhere"), 404, "not_found"),
    (b"DELETE /seats HTTP/1.1\r\nHost: test\r\n\r\n", 405, "method_not_allowed"),
    (b"BREW /seats HTTP/1.1\r\nHost: test\r\n\r\n", 405, "method_not_allowed"),
    (b"GET /seats?since=%0a1 HTTP/1.1\r\nHost: test\r\n\r\n", 400, "bad_request"),
]


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"), REQUESTS, ids=lambda value: repr(value)[:60]
)
def test_bad_input_gets_a_clear_problem_document(
    server: Server, request_bytes: bytes, status: int, code: str
) -> None:
    with server.client() as client:
        send_what_is_taken(client, request_bytes)
        answer = client.receive()
    assert (answer.status, answer.json["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["detail"].endswith(".")
    assert "Set-Cookie" not in answer.headers or code == "invalid_token"


def test_nobody_can_keep_the_service_busy_with_one_request(server: Server) -> None:
    start = time.monotonic()
    for request_bytes, *_ in REQUESTS[:4]:
        with server.client() as client:
            client.send_raw(request_bytes)
            client.receive()
    assert time.monotonic() - start < 2


def test_a_client_that_sends_an_urgent_byte_is_cut_off(server: Server) -> None:
    with socket.create_connection(server.address, timeout=30) as client:
        client.send(b"!", socket.MSG_OOB)
        # A reset, if the byte itself was not read.
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(1) == b""


def test_clients_that_never_read_do_not_keep_others_waiting() -> None:
    with Server(seats=50_000, threads=2) as server:
        greedy = [server.client() for _ in range(4)]
        for client in greedy:
            client.send_raw(b"GET /seats HTTP/1.1\r\nHost: test\r\n\r\n" * 30)
        with server.client() as client:
            assert client.call("GET", "/healthz").status == 200
        for client in greedy:
            client.close()


def test_a_client_that_expects_100_continue_gets_it_only_if_it_has_a_body(
    server: Server,
) -> None:
    headers = b" HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nConnection: close\r\n"
    for request_bytes, statuses in (
        (b"POST /lock/10" + headers + b"Content-Length: 0\r\n\r\n", ["200"]),
        (b"POST /lock" + headers + b"Content-Length: 1\r\n\r\n{", ["100", "415"]),
        (b"POST /lock" + headers + b"Content-Length: 100000\r\n\r\n", ["413"]),
    ):
        with server.client() as client:
            client.send_raw(request_bytes)
            assert re.findall(r"HTTP/1.1 (\d+)", client.receive_all()) == statuses


def test_a_connection_outlives_an_answer_without_a_body(server: Server) -> None:
    with server.client() as client:
        etag = client.call("GET", "/seats").headers["ETag"].encode()
        for _ in range(3):
            client.send_raw(
                b"GET /seats HTTP/1.1\r\nHost: test\r\nIf-None-Match: %b\r\n\r\n" % etag
            )
            assert client.receive().status == 304


def test_the_access_log_has_one_line_a_request_and_no_secret_whatever_is_sent() -> None:
    good = post(
        b"/lock/1?token=" + TOKEN.encode(), headers=b"Authorization: Bearer %b\r\n" % TOKEN.encode()
    )
    with Server() as server:
        for request_bytes in [each[0] for each in REQUESTS] + [good]:
            with server.client() as client:
                send_what_is_taken(client, request_bytes)
                minted = client.receive().text
        assert TOKEN in minted
        assert server.stop() == 0
    assert len(server.access_log) == len(REQUESTS) + 1
    for line in server.access_log:
        assert line[:-1].isascii()
        assert line[:-1].isprintable()
        assert re.fullmatch(r"\S+ 127\.0\.0\.1 \S+ \S+ \d{3} \d+\.\d ms \S+\n", line), line
        assert TOKEN not in line


def test_a_body_of_exactly_64_kb_is_accepted(server: Server) -> None:
    body = b'{"seats": ["1"]}'.ljust(65_536)
    with server.client() as client:
        client.send_raw(post(b"/lock", body))
        assert client.receive().status == 200


def test_requests_can_be_sent_one_after_another_without_waiting(server: Server) -> None:
    with server.client() as client:
        last = post(b"/confirm/7", headers=b"Connection: close\r\n")
        client.send_raw(post(b"/lock/7") + post(b"/lock/7") + last)
        statuses = re.findall(r"^HTTP/1.1 (\d+)", client.receive_all(), re.MULTILINE)
    assert statuses == ["200", "409", "401"]


def test_forwarding_headers_from_a_stranger_are_ignored(server: Server) -> None:
    with server.client() as client:
        client.send_raw(post(b"/lock/8", headers=FORWARDED))
        answer = client.receive()
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert not any("6.6.6.6" in line for line in server.lines)


def test_forwarding_headers_from_a_trusted_proxy_are_used() -> None:
    with Server(trusted_proxy="127.0.0.1") as server:
        with server.client() as client:
            client.send_raw(
                post(
                    b"/lock/8", headers=b"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n"
                )
            )
            assert "; Secure" in client.receive().headers["Set-Cookie"]
        assert server.stop() == 0
    assert " 6.6.6.6 POST /lock/8 200 " in server.access_log[0]
