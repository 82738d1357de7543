"""The service behind a reverse proxy, and what it answers to unusual but valid HTTP."""

import http.client
import json
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.server import Answer, Server
from tests.live.test_bad_input import post

ORIGIN = "https://shop.example"
FORWARDED = b"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"


class UnixServer(Server):
    """The service on a Unix socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(host=f"unix:{path}")

    def _port(self) -> int:
        assert self._listening.wait(20)
        assert f"unix:{self.path}" in self.lines[0], self.lines
        return 0

    def send(self, data: bytes) -> Answer:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(30)
            client.connect(str(self.path))
            client.sendall(data)
            response = http.client.HTTPResponse(client)
            response.begin()
            return Answer(response)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(
        trusted_proxy="10.0.0.0/8,127.0.0.1", cors_origins=ORIGIN, admin_token="o" * 32
    ) as server:
        yield server


def test_an_ipv4_proxy_of_a_service_on_both_protocols_is_trusted() -> None:
    with Server(host="::", trusted_proxy="127.0.0.1") as server:
        with server.client() as client:
            client.send_raw(post(b"/lock/1", headers=FORWARDED))
            assert "; Secure" in client.receive().headers["Set-Cookie"]
        assert server.stop() == 0
    assert " 203.0.113.9 POST /lock/1 200 " in server.access_log[0]


def test_a_proxy_on_a_unix_socket_is_trusted_and_the_socket_goes_with_the_service(
    tmp_path: Path,
) -> None:
    path = tmp_path / "http.sock"
    with UnixServer(path) as server:
        assert stat.S_IMODE(path.stat().st_mode) == 0o666
        answer = server.send(post(b"/lock/1", headers=FORWARDED))
        assert "; Secure" in answer.headers["Set-Cookie"]
        assert server.send(post(b"/lock/2")).status == 200
        assert server.stop() == 0
    assert not path.exists()
    assert " 203.0.113.9 POST /lock/1 200 " in server.access_log[0]
    assert " unix POST /lock/2 200 " in server.access_log[1]


def test_a_unix_socket_that_a_killed_service_left_is_taken_over_and_one_in_use_is_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "http.sock"
    with UnixServer(path):
        pass
    assert path.is_socket()
    with UnixServer(path) as server:
        with pytest.raises(AssertionError, match="Cannot listen on the Unix socket"):
            UnixServer(path)
        assert server.send(post(b"/lock/1")).status == 200


def test_our_own_page_on_an_odd_port_is_not_foreign(server: Server) -> None:
    with server.client() as client:
        client.send_raw(
            post(
                b"/lock/2",
                headers=b"Origin: https://test:8443\r\nX-Forwarded-Proto: https\r\n"
                b"X-Forwarded-Port: 8443\r\n",
            )
        )
        assert client.receive().status == 200


@pytest.mark.parametrize("value", [b"gopher", b"https, gopher"])
def test_a_proxy_that_makes_no_sense_is_refused_with_a_problem_document(
    server: Server, value: bytes
) -> None:
    with server.client() as client:
        client.send_raw(
            b"GET /seats/1 HTTP/1.1\r\nHost: test\r\nX-Forwarded-Proto: " + value + b"\r\n\r\n"
        )
        answer = client.receive()
    assert (answer.status, answer.json["code"]) == (400, "bad_request")
    assert "X-Forwarded-Proto" in answer.json["detail"]
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("size", [100_000, 8_000_000])
def test_a_client_that_sends_all_before_it_reads_is_told_that_the_body_is_too_large(
    server: Server, size: int
) -> None:
    with server.client() as client:
        client.send_raw(post(b"/lock", b"x" * size))
        answer = client.receive()
        assert (answer.status, answer.json["code"]) == (413, "body_too_large")
        assert client.receive_all() == ""


def test_a_refused_body_is_read_away_only_up_to_a_bound(server: Server) -> None:
    head = b"POST /lock HTTP/1.1\r\nHost: test\r\nContent-Length: 999999999\r\n\r\n"
    with server.client() as client:
        client.send_raw(head)
        with pytest.raises(ConnectionError):
            client.send_raw(b"x" * 100_000_000)


REFUSED = {
    413: post(b"/lock", b"x" * 70_000, f"Origin: {ORIGIN}\r\n".encode()),
    431: b"GET /seats HTTP/1.1\r\nHost: t\r\nOrigin: %b\r\nA: %b\r\n\r\n"
    % (ORIGIN.encode(), b"a" * 17_000),
    400: b"POST /lock/1 HTTP/1.1\r\nHost: t\r\nOrigin: %b\r\nTransfer-Encoding: gzip\r\n\r\n"
    % ORIGIN.encode(),
}


@pytest.mark.parametrize("status", REFUSED)
def test_a_page_of_an_allowed_origin_can_read_what_the_server_refuses(
    server: Server, status: int
) -> None:
    with server.client() as client:
        client.send_raw(REFUSED[status])
        answer = client.receive()
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Vary"] == "Origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_of_another_origin_cannot(server: Server) -> None:
    with server.client() as client:
        client.send_raw(REFUSED[400].replace(b"shop.example", b"evil.example"))
        answer = client.receive()
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("option", [b"close", b"TE, close", b"Close , TE"])
def test_a_connection_closes_when_close_is_among_its_options(server: Server, option: bytes) -> None:
    with server.client() as client:
        client.send_raw(
            b"GET /healthz HTTP/1.1\r\nHost: test\r\nTE: trailers\r\nConnection: "
            + option
            + b"\r\n\r\n"
        )
        assert "Connection: close" in client.receive_all()


@pytest.mark.parametrize(
    ("start", "status"),
    [
        (b"HEAD /healthz HTTP/1.1\r\nHost: test\r\n", "200"),
        (b"HEAD /nowhere HTTP/1.1\r\nHost: test\r\n", "404"),
        (b"HEAD /seats HTTP/1.1\r\n", "400"),
        (b"HEAD /seats HTTP/1.1\r\nHost: test\r\nA: " + b"a" * 17_000 + b"\r\n", "431"),
        (b"HEAD /seats HTTP/1.1\r\nHost: test\r\nX-Forwarded-Proto: x\r\n", "400"),
    ],
)
def test_the_answer_to_head_has_no_body_refused_or_not(
    server: Server, start: bytes, status: str
) -> None:
    with server.client() as client:
        client.send_raw(start + b"Connection: close\r\n\r\n")
        head, _, body = client.receive_all().partition("\r\n\r\n")
    assert head.split()[1] == status
    assert "Content-Length: " in head
    assert body == ""


def test_options_of_the_whole_service_are_answered(server: Server) -> None:
    with server.client() as client:
        client.send_raw(b"OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n")
        answer = client.receive()
        assert (answer.status, answer.text) == (204, "")
        assert "POST" in answer.headers["Allow"]
        assert client.call("GET", "/healthz").headers["Cache-Control"] == "no-store"


def test_addresses_in_headers_are_relative_so_that_a_path_of_a_proxy_may_come_before(
    server: Server,
) -> None:
    with server.client("o" * 32) as organiser:
        opened = organiser.call("PUT", "/events/ferry", {"plan": {"count": 3}})
        assert (opened.status, opened.headers["Location"]) == (201, "ferry")
        for seat in "12":
            organiser.call("POST", f"/events/ferry/lock/{seat}")
            organiser.call("POST", "/events/ferry/confirm")
        link = organiser.call("GET", "/events/ferry/bookings?limit=1").headers["Link"]
        query = link.removeprefix("<").removesuffix('>; rel="next"')
        assert query.startswith("?")
        following = json.loads(organiser.call("GET", f"/events/ferry/bookings{query}").text)
        assert [booking["seats"] for booking in following["bookings"]] == [["2"]]
