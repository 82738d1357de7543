"""What a buyer sees of a request leads to its line in the log."""

import json
from collections.abc import Iterator

import pytest

from tests.live.server import Answer, Server
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(trusted_proxy="127.0.0.1", log_format="json") as server:
        yield server


def get(server: Server, path: str, *headers: str) -> Answer:
    lines = "".join(f"{header}\r\n" for header in headers)
    with server.client() as client:
        client.send_raw(f"GET {path} HTTP/1.1\r\nHost: test\r\n{lines}\r\n".encode())
        return client.receive()


def line_of(server: Server, request_id: str) -> dict[str, object]:
    wait_until(lambda: any(request_id in line for line in server.access_log))
    line: dict[str, object] = json.loads(
        next(line for line in server.access_log if request_id in line)
    )
    return line


@pytest.mark.parametrize("path", ["/seats/none", "/nothing", "/seats?since=x"])
def test_a_problem_names_its_request_as_the_header_and_the_log_do(
    server: Server, path: str
) -> None:
    answer = get(server, path)
    request_id = answer.headers["X-Request-Id"]
    assert answer.json["request_id"] == request_id
    line = line_of(server, request_id)
    assert (line["path"], line["status"]) == (path.partition("?")[0], answer.status)
    assert line["client"] == "127.0.0.1"


def test_what_the_server_refuses_by_itself_has_an_id_too(server: Server) -> None:
    with server.client() as client:
        client.send_raw(b"nonsense\r\n\r\n")
        answer = client.receive()
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    assert line_of(server, answer.headers["X-Request-Id"])["status"] == 400


def test_requests_have_ids_of_their_own(server: Server) -> None:
    ids = [get(server, "/seats/1").headers["X-Request-Id"] for _ in range(3)]
    assert len(set(ids)) == 3


def test_the_id_of_a_trusted_proxy_is_kept_if_it_is_one(server: Server) -> None:
    answer = get(server, "/nothing", "X-Request-Id: of-the-proxy.1")
    assert answer.headers["X-Request-Id"] == answer.json["request_id"] == "of-the-proxy.1"
    assert line_of(server, "of-the-proxy.1")["path"] == "/nothing"
    assert get(server, "/nothing", "X-Request-Id: not one").headers["X-Request-Id"] != "not one"


def test_a_stranger_cannot_choose_the_id() -> None:
    with Server() as server:
        assert get(server, "/seats/1", "X-Request-Id: mine").headers["X-Request-Id"] != "mine"
