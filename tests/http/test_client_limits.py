"""What one client may ask for, whatever tokens it uses."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking import create_app
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.http.client_limits import Clients, TokenBuckets, TokenGuesses
from booking.http.errors import TooManyRequests
from booking.settings import RateLimit, Settings
from tests.support.clocks import ManualClock

ADMIN = "organiser-0123456789"


class Time:
    """A monotonic clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def app(clock: ManualClock) -> Iterator[Flask]:
    settings = Settings.from_environ(
        {"BOOKING_MAX_LOCKED_SEATS_PER_CLIENT": "3", "BOOKING_ADMIN_TOKEN": ADMIN}
    )
    box_office = MemoryBoxOffice(settings, clock=clock)
    yield create_app(settings, box_office)
    box_office.close()


def lock(client: FlaskClient, *seats: str, address: str = "192.0.2.1") -> TestResponse:
    environ: dict[str, Any] = {"REMOTE_ADDR": address}
    return client.post("/lock", json={"seats": seats}, environ_base=environ)


def test_a_client_sends_a_burst_and_then_no_faster_than_its_rate(time: Time) -> None:
    buckets = TokenBuckets(RateLimit(rate=2, burst=3), time)
    for _ in range(3):
        buckets.take(b"ann")
    with pytest.raises(TooManyRequests) as refused:
        buckets.take(b"ann")
    assert refused.value.retry_after == pytest.approx(0.5)
    buckets.take(b"bob")
    time.now += 0.5
    buckets.take(b"ann")
    with pytest.raises(TooManyRequests):
        buckets.take(b"ann")


def test_changes_are_limited_and_reads_are_not(clock: ManualClock) -> None:
    settings = Settings.from_environ({"BOOKING_RATE_LIMIT": "1/s burst 2"})
    box_office = MemoryBoxOffice(settings, clock=clock)
    client = create_app(settings, box_office).test_client(use_cookies=False)
    for seat in "12":
        assert client.post(f"/lock/{seat}").status_code == 200
    refused = client.post("/lock/3")
    assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == "1"
    assert client.get("/seats").status_code == 200
    box_office.close()


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8:0:0:ffff::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("unix", "unix", True),
    ],
)
def test_a_client_is_an_address_or_a_network_of_ipv6(first: str, second: str, same: bool) -> None:
    clients = Clients(b"key")
    digests = [clients.of({"REMOTE_ADDR": address}) for address in (first, second)]
    assert (digests[0] == digests[1]) is same
    assert Clients(b"another key").of({"REMOTE_ADDR": first}) != digests[0], (
        "the digests have no key"
    )


def test_whatever_tokens_it_is_given_a_client_locks_only_so_many_seats(client: FlaskClient) -> None:
    for seat in "123":
        assert lock(client, seat).status_code == 200
    refused = lock(client, "4")
    assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_requests")
    assert lock(client, "4", address="192.0.2.2").status_code == 200


def test_all_that_is_asked_for_counts(client: FlaskClient) -> None:
    assert lock(client, "1", "2", "3", "4").status_code == 429
    best = {"best_available": {"count": 4}}
    assert client.post("/lock", json=best).status_code == 429
    assert client.post("/lock", json={"best_available": {"count": 3}}).status_code == 200
    assert client.post("/lock/10").status_code == 429


def test_what_is_released_booked_or_has_run_out_counts_no_longer(
    client: FlaskClient, clock: ManualClock
) -> None:
    tokens = [lock(client, seat).get_json()["token"] for seat in "123"]
    bearers = [{"Authorization": f"Bearer {token}"} for token in tokens]
    assert client.post("/release/1", headers=bearers[0]).status_code == 200
    assert client.post("/confirm/2", headers=bearers[1]).status_code == 200
    assert lock(client, "4", "5").status_code == 200
    assert lock(client, "6").status_code == 429
    clock.advance(61)
    assert lock(client, "6", "7", "8").status_code == 200


def test_a_call_that_fails_counts_nothing(client: FlaskClient) -> None:
    for _ in range(5):
        assert lock(client, "1", "none").status_code == 404
    assert lock(client, "1", "2", "3").status_code == 200


def test_guesses_at_the_administrator_s_token_wait_longer_each_time(time: Time) -> None:
    guesses = TokenGuesses(time)
    for _ in range(4):
        guesses.failed(b"eve")
        assert guesses.seconds_to_wait(b"eve") == 0
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        guesses.failed(b"eve")
        assert guesses.seconds_to_wait(b"eve") == seconds
        time.now += seconds
    assert guesses.seconds_to_wait(b"ann") == 0
    time.now += 600
    assert guesses.seconds_to_wait(b"eve") == 0
    guesses.failed(b"eve")
    assert guesses.seconds_to_wait(b"eve") == 0, "it was forgotten"


def test_while_a_client_waits_not_even_the_right_token_helps(client: FlaskClient) -> None:
    right, wrong = ({"Authorization": f"Bearer {token}"} for token in (ADMIN, "x" * 43))
    for _ in range(5):
        assert client.get("/events/default/history", headers=wrong).status_code == 401
    refused = client.get("/events/default/history", headers=right)
    assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_requests")
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    answer = client.get("/events/default/history", headers=right, environ_base=elsewhere)
    assert answer.status_code == 200


def test_a_booking_is_no_place_to_guess_the_administrator_s_token(client: FlaskClient) -> None:
    token = lock(client, "1").get_json()["token"]
    ours = {"Authorization": f"Bearer {token}"}
    reference = client.post("/confirm/1", headers=ours).get_json()["booking"]["reference"]
    wrong, right = ({"Authorization": f"Bearer {each}"} for each in ("y" * 43, ADMIN))
    assert client.get(f"/bookings/{reference}", headers=right).status_code == 200
    for _ in range(5):
        assert client.get(f"/bookings/{reference}", headers=wrong).status_code == 404
    assert client.get(f"/bookings/{reference}", headers=right).status_code in (400, 404)
    assert client.get(f"/bookings/{reference}", headers=ours).status_code == 200
