"""What a stranger sends costs little, whatever it is."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from tests.live.attacker import MOST_SECONDS, Attacker, request
from tests.live.server import Server

ADMIN = "organiser-0123456789-0123456789-0123"
TOKEN = "token-of-a-stranger-0123456789-0123456789"

HEADERS = [
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Authorization",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Expect",
    "Forwarded",
    "Host",
    "Idempotency-Key",
    "If-None-Match",
    "Origin",
    "Sec-Fetch-Site",
    "Transfer-Encoding",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Forwarded-Proto",
    "X-Nobody-Reads",
]
BEGINNINGS = {
    "Accept": ["text/x"],
    "Authorization": ["Bearer "],
    "Content-Type": ["application/json;"],
    "Cookie": ["holder=", "a "],
    "Forwarded": ["for=", 'for="'],
    "If-None-Match": ['"a"'],
}
RUNS = [" ", "\t", ",", ";", '"', "a=", ";q=", "[", "a,", "a/b;q=0.5,", '="\\', "%ff", "\xff", "0"]
HEADER_BYTES = 7900

ROUTES = [
    "GET /",
    "GET /events/",
    "GET /seats",
    "GET /plan",
    "GET /basket",
    "GET /events/default/bookings",
    "OPTIONS /lock/1",
    "POST /lock/1",
    "POST /confirm",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(
        admin_token=ADMIN,
        trusted_proxy="127.0.0.1",
        cors_origins="https://shop.example,https://[::1]:8443",
    ) as server:
        yield server


@pytest.fixture(scope="module")
def attacker(server: Server) -> Attacker:
    return Attacker(server)


def hostile(route: str, name: str) -> Iterator[bytes]:
    """Requests with a hostile value in one header, and nothing in others that hides it."""
    for run in RUNS:
        for beginning in ["", *BEGINNINGS.get(name, [])]:
            headers = {"Connection": "close"}
            if route == "GET /events/default/bookings":
                headers["Authorization"] = f"Bearer {ADMIN}"
            elif name == "Idempotency-Key":
                headers["Authorization"] = f"Bearer {TOKEN}"
            if name.startswith("Access-Control"):
                headers |= {
                    "Origin": "https://shop.example",
                    "Access-Control-Request-Method": "POST",
                }
            body = b""
            if name.startswith("Content-") and route.startswith("POST"):
                body, headers["Content-Length"] = b"{}", "2"
            value = beginning + run * (HEADER_BYTES // len(run)) + "x"
            host = "" if name == "Host" else "Host: test\r\n"
            # A connection is closed after an answer in HTTP/1.0.
            version = "1.0" if name == "Connection" else "1.1"
            yield request(route, headers | {name: value}, body, host=host, version=version)


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_costs_more_than_20_ms_whatever_is_in_it(attacker: Attacker, name: str) -> None:
    expensive = [
        data[:100]
        for route in ROUTES
        for data in hostile(route, name)
        if attacker.is_expensive(data)
    ]
    assert not expensive


@pytest.mark.parametrize("run", RUNS)
def test_no_path_and_no_query_costs_more_than_20_ms(attacker: Attacker, run: str) -> None:
    text = (run * 16_000)[:16_000].replace(" ", "+").replace("\t", "+")
    longest = (run * 4_000)[:4_000].replace(" ", "+").replace("\t", "+")
    assert not attacker.is_expensive(request(f"GET /events?{longest}", {"Connection": "close"}))
    for route in ("GET /", "POST /lock/", "GET /events/", "GET /bookings/", "GET /seats?since=",
                  "GET /events?", "GET /events?cursor="):  # fmt: skip
        data = request(route + text, {"Connection": "close"})
        assert not attacker.is_expensive(data), data[:100]


BODIES = [
    b"[" * 65_000,
    b'{"a":' * 13_000,
    b'"' * 65_000,
    b" " * 65_000,
    b"9" * 65_000,
    b"0." + b"9" * 65_000,
    b"1e" + b"9" * 65_000,
    b'{"seats":["' + b"\\u0000" * 10_000,
    b"{" + b",".join(b'"%d":0' % number for number in range(6_000)) + b"}",
    b'{"seats":[' + b",".join(b'"%d"' % number for number in range(8_000)) + b"]}",
    b'{"seats":["' + b"x" * 60_000 + b'"]}',
    b'{"best_available":{"count":100000,"split":true}}',
    b'{"best_available":{"count":10,"category":"' + b"x" * 60_000 + b'"}}',
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:12]))
def test_no_body_costs_more_than_20_ms(attacker: Attacker, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    whole = headers | {"Connection": "close", "Content-Length": str(len(body))}
    for path in ("/lock", "/confirm", "/release", "/extend", "/lock/1"):
        assert not attacker.is_expensive(request(f"POST {path}", whole, body)), path


@pytest.mark.parametrize("chunk", [b"1\r\n \r\n", b"1;a=b\r\n \r\n", b"1;" + b"a=" * 500])
def test_no_chunks_cost_more_than_20_ms(attacker: Attacker, chunk: bytes) -> None:
    chunks = chunk * (65_000 // len(chunk)) + b"0\r\n\r\n"
    headers = {"Transfer-Encoding": "chunked", "Connection": "close"}
    assert not attacker.is_expensive(request("POST /lock", headers, chunks))


def test_the_tests_above_find_what_costs_too_much() -> None:
    """The parser that comes with waitress, and one of the values above."""
    data = request("GET /seats", {"Accept": " " * HEADER_BYTES + "x"})
    before = time.process_time()
    HTTPRequestParser(Adjustments()).received(data)
    assert time.process_time() - before > MOST_SECONDS


def test_a_party_is_divided_in_a_full_house_at_no_great_cost(
    server: Server, attacker: Attacker
) -> None:
    """No two of 90,000 free seats are next to each other."""
    plan = {"grid": {"rows": 300, "seats_per_row": 300, "aisle_after": list(range(1, 300))}}
    with server.client(ADMIN) as organiser:
        assert organiser.call("PUT", "/events/full", {"plan": plan}).status == 201
    for count in (2, 10):
        body = json.dumps({"best_available": {"count": count, "split": True}}).encode()
        headers = {"Connection": "close", "Content-Type": "application/json"}
        data = request("POST /events/full/lock", headers | {"Content-Length": str(len(body))}, body)
        assert not attacker.is_expensive(data)
        assert attacker.status(data) == 200


@pytest.fixture(scope="module")
def large_house() -> Iterator[tuple[Server, int]]:
    """A house of 100,000 seats, and a version since which 70,000 have changed."""
    with Server(seats=100_000, max_seats_per_holder=100_000) as server:
        with server.client(TOKEN) as client:
            version = client.call("GET", "/seats?since=0").json["version"]
            for start in range(1, 70_001, 7_000):
                seats = [str(number) for number in range(start, start + 7_000)]
                assert client.call("POST", "/lock", {"seats": seats}).status == 200
            client.call("GET", "/seats")
        yield server, version


def test_to_ask_for_what_changed_costs_little(large_house: tuple[Server, int]) -> None:
    server, version = large_house
    attacker = Attacker(server)
    for asked in (version, version + 1, 0):
        assert not attacker.is_expensive(
            request(f"GET /seats?since={asked}", {"Connection": "close"})
        )


def test_clients_that_never_read_take_no_memory(large_house: tuple[Server, int]) -> None:
    server, version = large_house
    sleepers = [socket.create_connection(server.address) for _ in range(60)]
    before = _resident_bytes(server)
    for sleeper in sleepers:
        sleeper.sendall(request(f"GET /seats?since={version}", {}) * 2)
    with server.client() as client:
        assert client.call("GET", "/healthz").status == 200
    assert _resident_bytes(server) - before < 64 * 1024 * 1024
    for sleeper in sleepers:
        sleeper.close()


def _resident_bytes(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii")
    return int(status.split()[1]) * 4096
