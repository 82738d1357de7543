"""The service behind the real nginx with the shipped file."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.nginx import HOST, SHIPPED, Nginx
from tests.live.buyers import ADMIN, Buyers, bookings
from tests.live.server import Answer, Client, Server
from tests.live.test_slow_clients import HEAD, crowd
from tests.support.waiting import wait_until

PROXY: dict[str, Any] = {"trusted_proxy": "127.0.0.1", "admin_token": ADMIN}
ORIGIN = "https://shop.example"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(**PROXY, cors_origins=ORIGIN, seats=1000, lock_seconds=60) as server:
        yield server


@pytest.fixture(scope="module")
def nginx(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with Nginx(tmp_path_factory.mktemp("nginx"), [server.address[1]]) as nginx:
        yield nginx


def send(client: Client, request: str, *headers: str) -> Answer:
    lines = "".join(f"{header}\r\n" for header in headers)
    client.send_raw(f"{request} HTTP/1.1\r\nHost: {HOST}\r\n{lines}\r\n".encode())
    return client.receive()


FORGED = (
    "X-Forwarded-For: 6.6.6.6",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Port: 666",
    "X-Forwarded-Prefix: /evil",
    "Forwarded: for=6.6.6.6;proto=https;host=evil.example",
    "Content-Length: 0",
)


def test_forged_headers_are_ignored_and_the_log_has_the_true_client(
    server: Server, nginx: Nginx
) -> None:
    with nginx.client() as client:
        answer = send(client, "POST /lock/900", *FORGED)
        assert answer.status == 200
        # The connection is plain, whatever the client says of it.
        assert "Secure" not in answer.headers["Set-Cookie"]
    wait_until(lambda: any("/lock/900" in line for line in server.access_log))
    line = next(line for line in server.access_log if "/lock/900" in line)
    assert " 127.0.0.1 POST " in line
    assert "6.6.6.6" not in line


@pytest.mark.parametrize("path", ["/seats?since=66", "/events/default/plan", "/static/x/forged"])
def test_forged_headers_are_ignored_where_answers_are_shared_too(
    server: Server, nginx: Nginx, path: str
) -> None:
    def lines() -> list[str]:
        return [line for line in server.access_log if f"GET {path.partition('?')[0]} " in line]

    before = len(lines())
    with nginx.client() as client:
        assert send(client, f"GET {path}", *FORGED).status in (200, 404)
    wait_until(lambda: len(lines()) > before)
    assert not any("6.6.6.6" in line for line in lines())


def test_over_https_the_cookie_is_secure_and_browsers_stay_with_https(nginx: Nginx) -> None:
    with nginx.secure_client() as client:
        answer = send(client, "POST /lock/901", "Content-Length: 0")
    assert answer.headers["Set-Cookie"].startswith("__Host-holder=")
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_http_leads_to_https(nginx: Nginx) -> None:
    with Client(("127.0.0.1", nginx.redirect_port)) as client:
        answer = send(client, "GET /events/")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/events/")


@pytest.mark.parametrize(
    ("origin", "status"), [(f"https://{HOST}", 200), (ORIGIN, 200), ("https://evil.example", 403)]
)
def test_our_page_and_listed_origins_may_lock_and_others_may_not(
    nginx: Nginx, origin: str, status: int
) -> None:
    with nginx.secure_client() as client:
        seat = 910 + len(origin)
        answer = send(client, f"POST /lock/{seat}", f"Origin: {origin}", "Content-Length: 0")
    assert answer.status == status


def test_a_body_that_is_too_large_is_refused_with_a_problem_document(nginx: Nginx) -> None:
    with nginx.client() as client:
        answer = client.call("POST", "/lock", {"seats": ["x" * 70_000]})
    assert (answer.status, answer.code) == (413, "body_too_large")


def test_a_plan_of_half_a_megabyte_passes(nginx: Nginx) -> None:
    with nginx.client(ADMIN) as organiser:
        seats = [f"A{number}" for number in range(1, 20_000)]
        grid = {"rows": 1, "seats_per_row": 20_000, "skip": seats}
        answer = organiser.call("PUT", "/events/large", {"plan": {"grid": grid}})
    assert answer.status == 201, answer.text


def test_under_a_prefix_pages_and_calls_work(server: Server, tmp_path: Path) -> None:
    with Nginx(tmp_path, [server.address[1]], prefix=True) as nginx, nginx.client() as client:
        assert send(client, "GET /tickets").headers["Location"].endswith("/tickets/")
        page = send(client, "GET /tickets/").text
        style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert style.startswith("./static/")
        assert send(client, f"GET /tickets/{style[2:]}").status == 200
        assert send(client, "GET /tickets/seats?since=1").json["event"] == "default"
        assert send(client, "POST /tickets/lock/905", "Content-Length: 0").status == 200
        assert send(client, "GET /tickets/events/default/seats/905").status == 200


def test_what_is_the_same_for_all_is_asked_for_once_a_second(server: Server, nginx: Nginx) -> None:
    def asked() -> int:
        return sum("GET /seats " in line for line in server.access_log)

    before, began, count = asked(), time.monotonic(), 0
    while time.monotonic() < began + 2.5:
        with nginx.client() as client:
            answer = send(client, "GET /seats")
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
        count += 1
    seconds = time.monotonic() - began
    wait_until(lambda: asked() > before)
    assert count > 50
    assert asked() - before <= seconds + 2


def test_a_change_is_seen_through_the_cache_soon(nginx: Nginx) -> None:
    with nginx.client() as client:
        version = send(client, "GET /seats").json["version"]
        assert send(client, "POST /lock/906", "Content-Length: 0").status == 200
        wait_until(
            lambda: "906" in {
                seat["id"] for seat in send(client, f"GET /seats?since={version}").json["seats"]
            }
        )  # fmt: skip


def test_each_request_has_an_id_of_its_own_though_the_answer_is_shared(
    server: Server, nginx: Nginx
) -> None:
    with nginx.client() as client:
        ids = {send(client, "GET /plan").headers["X-Request-Id"] for _ in range(3)}
        assert len(ids) == 3
        answer = send(client, "GET /seats/none")
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    request_id = answer.headers["X-Request-Id"]
    wait_until(lambda: any(request_id in line for line in server.access_log))


def test_a_browser_revalidates_what_it_has(nginx: Nginx) -> None:
    with nginx.client() as client:
        etag = send(client, "GET /plan").headers["ETag"]
        assert send(client, "GET /plan", f"If-None-Match: {etag}").status == 304


def test_when_one_of_two_upstreams_is_killed_buyers_buy_on_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'booking.db'}"
    settings = {**PROXY, "database_url": url, "seats": 400, "max_seats_per_holder": 400}
    directory = tmp_path / "nginx"
    directory.mkdir()
    with (
        Server(**settings) as first,
        Server(**settings) as second,
        Nginx(directory, [first.address[1], second.address[1]]) as nginx,
    ):
        with Buyers(nginx, seats=400) as buyers:
            buyers.buy(15)
            first.process.kill()
            first.process.wait()
            buyers.buy(30)
        assert bookings(second).keys() >= buyers.sold.keys()
        for seat, references in buyers.sold.items():
            assert set(references) == set(bookings(second)[seat])


def test_slow_clients_wait_at_nginx_and_the_service_never_sees_them(
    server: Server, nginx: Nginx
) -> None:
    connections = crowd(nginx, 1200, HEAD, HEAD + b"Content-Length: 100\r\n\r\n{")
    try:
        with nginx.client() as client:
            assert send(client, "POST /lock/907", "Content-Length: 0").status == 200
    finally:
        for connection in connections:
            connection.close()
    assert not any(" POST /lock 4" in line for line in server.access_log[-1500:])


def test_the_shipped_file_is_right_as_it_is_on_a_fresh_machine(
    nginx: Nginx, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The folders that it names are there, or are made."""
    certificate = next(tmp_path_factory.getbasetemp().glob("nginx*/fullchain.pem")).parent
    script = (
        "mount -t tmpfs none /var/cache && mount -t tmpfs none /run && mount -t tmpfs none /etc/ssl"
        f" && mkdir /etc/ssl/booking && cp {certificate}/*.pem /etc/ssl/booking"
        f" && {nginx.program} -t -q -c {SHIPPED}"
    )
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--mount", "--net", *root, "sh", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
