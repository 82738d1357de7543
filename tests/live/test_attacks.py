"""A stranger who means harm: what he sends is never read in two ways, and nobody pays for it."""

from collections.abc import Iterator

import pytest

from tests.live.attacker import Attacker, request
from tests.live.server import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def attacker(server: Server) -> Attacker:
    return Attacker(server)


HOST = b"Host: test\r\n"
AMBIGUOUS = {
    "no host": b"GET /seats HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /seats HTTP/1.1\r\n" + HOST * 2 + b"\r\n",
    "two hosts in one": b"GET /seats HTTP/1.1\r\nHost: a, b\r\n\r\n",
    "two hosts in HTTP/1.0": b"GET /seats HTTP/1.0\r\n" + HOST * 2 + b"\r\n",
    "a path for a host": b"GET /seats HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "two lengths": b"POST /lock/1 HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n" * 2 + b"\r\n",
    "length and chunks": (
        b"POST /lock/1 HTTP/1.1\r\n" + HOST
        + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "chunked twice": (
        b"POST /lock/1 HTTP/1.1\r\n" + HOST
        + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "chunked twice in one": (
        b"POST /lock/1 HTTP/1.1\r\n" + HOST
        + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"
    ),
    "chunks in HTTP/1.0": (
        b"POST /lock/1 HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "no coding": b"POST /lock/1 HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: ,\r\n\r\n",
    "a bare LF": b"GET /seats HTTP/1.1\r\n" + HOST + b"A: b\nC: d\r\n\r\n",
    "a bare CR": b"GET /seats HTTP/1.1\r\n" + HOST + b"A: b\rC: d\r\n\r\n",
    "a blank before the colon": b"GET /seats HTTP/1.1\r\nHost : test\r\n\r\n",
    "a folded header": b"GET /seats HTTP/1.1\r\nHost: te\r\n st\r\n\r\n",
    "a bare LF in a chunk": (
        b"POST /lock HTTP/1.1\r\n" + HOST
        + b"Transfer-Encoding: chunked\r\n\r\n2\n\r\n{}\r\n0\r\n\r\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_what_can_be_read_in_two_ways_is_refused_and_the_connection_closed(
    attacker: Attacker, data: bytes
) -> None:
    answer = attacker.send(data + b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n")
    assert answer.startswith(b"HTTP/1."), answer
    assert answer.split(b" ", 2)[1] == b"400"
    assert b"Connection: close" in answer
    assert answer.count(b"Content-Length: ") == 1


@pytest.mark.parametrize(
    "headers", [{"A": "x" * 8190}, {f"A{number}": "b" for number in range(100)}]
)
def test_a_header_of_more_than_8_kb_and_more_than_100_headers_are_refused(
    attacker: Attacker, headers: dict[str, str]
) -> None:
    answer = attacker.send(request("GET /seats", headers))
    assert answer.startswith(b"HTTP/1.0 431 ")
    assert b"headers_too_large" in answer


def test_a_body_that_is_encoded_is_refused_with_a_sentence_about_it(server: Server) -> None:
    for coding in ("gzip", "br, identity"):
        with server.client() as client:
            client.send_raw(
                request(
                    "POST /lock",
                    {
                        "Content-Type": "application/json",
                        "Content-Encoding": coding,
                        "Content-Length": "4",
                    },
                    b"\x1f\x8b\0\0",
                )
            )
            answer = client.receive()
        assert answer.status == 415
        assert coding in answer.json["detail"]
        assert answer.headers["Accept-Encoding"] == "identity"


def test_a_form_on_a_foreign_page_does_not_cost_a_buyer_the_basket() -> None:
    with Server() as server, server.client() as client:
        token = client.call("POST", "/lock/8").json["token"]
        for mark in ("Origin: https://evil.example", "Sec-Fetch-Site: cross-site"):
            for call in ("/lock/9", "/confirm/8", "/release/8"):
                client.send_raw(
                    f"POST {call} HTTP/1.1\r\nHost: test\r\nCookie: holder={token}\r\n{mark}\r\n"
                    "Content-Type: application/x-www-form-urlencoded\r\n"
                    "Content-Length: 0\r\n\r\n".encode()
                )
                answer = client.receive()
                assert "Set-Cookie" not in answer.headers
        client.send_raw(
            f"GET /basket HTTP/1.1\r\nHost: test\r\nCookie: holder={token}\r\n\r\n".encode()
        )
        assert [seat["id"] for seat in client.receive().json["seats"]] == ["8"]


def test_answers_say_what_they_are(server: Server) -> None:
    with server.client() as client:
        for path in ("/seats", "/nothing", "/", "/events/"):
            assert client.call("GET", path).headers["X-Content-Type-Options"] == "nosniff"
        headers = client.call("GET", "/").headers
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        client.send_raw(b"nonsense\r\n\r\n")
        assert client.receive().headers["X-Content-Type-Options"] == "nosniff"
