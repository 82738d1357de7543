"""One service with several processes, under the tests for races. Each client stays with one
process, and every process has clients."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.live.buyers import ADMIN
from tests.live.server import GUARDED, UNLOCKED, Server
from tests.live.test_race import CLIENTS, race
from tests.live.test_sessions import all_happened, run_sessions, unexplained
from tests.live.test_together import had_often, had_twice, take_and_give_back
from tests.live.tills import Till, queue_at, tills
from tests.support.postgres import schema

LOCK_SECONDS = 0.1
"""In the sessions. A lock in a database takes longer, and some are to be confirmed in time."""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('many') / 'booking.db'}"
    else:
        with schema(request.getfixturevalue("postgres")) as url:
            yield url


PROCESSES = 3
"""More than the machine has cores, so that one of them always waits in the middle of something."""


@pytest.fixture(scope="module")
def all_tills(url: str) -> Iterator[Sequence[Till]]:
    """Return a till for each process, and open an event for each test."""
    with Server(database_url=url, processes=PROCESSES, admin_token=ADMIN, pin="off") as server:
        with server.client(ADMIN) as organiser:
            for event, seats, lock_seconds in (
                ("race", 100, 60),
                ("together", 10, 60),
                ("sessions", 1000, LOCK_SECONDS),
            ):
                policy = {"lock_seconds": lock_seconds, "max_seats_per_holder": seats}
                answer = organiser.call(
                    "PUT",
                    f"/events/{event}",
                    {"plan": {"count": seats}, "policy": policy},
                )
                assert answer.status == 201
        yield tills(server, PROCESSES)
        assert server.stop() == 0


def test_one_client_gets_the_seat_whichever_process_it_asks(all_tills: Sequence[Till]) -> None:
    clients = queue_at(all_tills, CLIENTS)
    for seat in range(1, 11):
        statuses = race(clients, seat, "race")
        assert statuses == {200: 1, 409: CLIENTS - 1}
    for client in clients:
        client.close()


def test_the_test_above_finds_a_double_sale_when_the_event_is_not_locked(postgres: str) -> None:
    settings: dict[str, Any] = {"seats": 100, "max_seats_per_holder": 100, "pin": "off"}
    with (
        schema(postgres) as url,
        Server(UNLOCKED, database_url=url, processes=2, **settings) as server,
    ):
        clients = queue_at(tills(server, 2), CLIENTS)
        assert any(race(clients, seat)[200] > 1 for seat in range(1, 101))
        for client in clients:
            client.close()


def test_even_when_the_event_is_not_locked_the_schema_lets_one_client_have_the_seat(
    postgres: str,
) -> None:
    settings: dict[str, Any] = {"seats": 100, "max_seats_per_holder": 100, "pin": "off"}
    with (
        schema(postgres) as url,
        Server(GUARDED, database_url=url, processes=2, **settings) as server,
    ):
        clients = queue_at(tills(server, 2), CLIENTS)
        for seat in range(1, 31):
            statuses = race(clients, seat)
            assert statuses[200] == 1
            # A client that loses too many races is asked to try again.
            assert statuses[409] + statuses[503] == CLIENTS - 1
        for client in clients:
            client.close()


def test_seats_locked_together_belong_to_one_client_at_a_time_whichever_process_it_asks(
    all_tills: Sequence[Till],
) -> None:
    spans, codes = take_and_give_back(all_tills, had_often(300), "together")
    assert codes <= {"ok", "seats_unavailable", "not_enough_seats"}
    assert had_twice(spans) == []


def test_every_answer_of_whichever_process_agrees_with_some_order_of_events(
    all_tills: Sequence[Till],
) -> None:
    histories = run_sessions(all_tills, all_happened(400), "sessions", LOCK_SECONDS)
    assert unexplained(histories, LOCK_SECONDS) == {}
