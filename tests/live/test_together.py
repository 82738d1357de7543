"""Several seats in one call, from many clients at once: all or none, however they overlap."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

from tests.live.server import UNLOCKED, WSGI, Client, Server, tokens
from tests.live.tills import Till, queue_at
from tests.support.waiting import wait_until

CLIENTS = 8
SEATS = [str(number) for number in range(1, 11)]

Spans = dict[str, list[tuple[float, float]]]
"""For each seat, the times from when a client knew it had the seat until it began to release it."""


def take_and_give_back(
    tills: Sequence[Till], until: Callable[[Spans], object], event: str = "default"
) -> tuple[Spans, set[str]]:
    """Let clients lock several seats at once, in any order or the best available, and release them.
    Returns who had what when, and the codes of all answers."""
    spans: Spans = {seat: [] for seat in SEATS}
    codes: set[str] = set()
    stop = threading.Event()

    def play(number: int, client: Client) -> None:
        choice = random.Random(number)
        with client:
            while not stop.is_set():
                count = choice.randint(2, 4)
                wish: dict[str, object] = {"seats": choice.sample(SEATS, count)}
                if choice.random() < 0.4:
                    wish = {"best_available": {"count": count, "split": True}}
                answer = client.call("POST", f"/events/{event}/lock", wish)
                codes.add(answer.code)
                if answer.status != 200:
                    continue
                since = time.monotonic()
                seats = [seat["id"] for seat in answer.json["seats"]]
                stop.wait(choice.uniform(0, 0.003))
                for seat in seats:
                    spans[seat].append((since, time.monotonic()))
                codes.add(client.call("POST", f"/events/{event}/release", {"seats": seats}).code)

    clients = enumerate(queue_at(tills, CLIENTS))
    threads = [threading.Thread(target=play, args=each) for each in clients]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: bool(until(spans)))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return spans, codes


def had_often(times: int) -> Callable[[Spans], bool]:
    """Return whether clients had seats at least so many times."""
    return lambda spans: sum(map(len, spans.values())) >= times


def had_twice(spans: Spans) -> list[str]:
    """Return the seats that two clients had at once."""
    return [
        seat
        for seat, times in spans.items()
        if any(before[1] > after[0] for before, after in pairwise(sorted(times)))
    ]


def test_seats_locked_together_belong_to_one_client_at_a_time_and_none_is_lost() -> None:
    with Server(WSGI, pin="off") as server:
        spans, codes = take_and_give_back([server.client], had_often(1200))
        assert codes == {"ok", "seats_unavailable", "not_enough_seats"}
        assert had_twice(spans) == []
        with server.client() as client:
            seats = client.call("GET", "/seats").json["seats"]
        assert [seat["status"] for seat in seats] == ["available"] * 10


def test_the_test_above_finds_a_double_sale_when_the_lock_is_taken_out() -> None:
    with Server(UNLOCKED, pin="off") as server:
        take_and_give_back([server.client], until=had_twice)


def test_events_are_sold_side_by_side() -> None:
    """Clients lock two seats in opposite orders, in many events: one gets both seats of each."""
    token = "organiser-0123456789"
    events = [f"e{number}" for number in range(20)]
    codes: dict[str, list[str]] = {event: [] for event in events}
    with Server(WSGI, admin_token=token, pin="off") as server:
        with server.client(token) as organiser:
            for event in events:
                opened = organiser.call("PUT", f"/events/{event}", {"plan": {"count": 2}})
                assert opened.status == 201

        def play(number: int, token: str) -> None:
            with server.client(token) as client:
                for event in random.Random(number).sample(events, len(events)):
                    seats = {"seats": ["1", "2"] if number % 2 else ["2", "1"]}
                    codes[event].append(client.call("POST", f"/events/{event}/lock", seats).code)

        threads = [threading.Thread(target=play, args=each) for each in tokens(12).items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for each in codes.values():
        assert sorted(each) == ["ok", *["seats_unavailable"] * 11]
