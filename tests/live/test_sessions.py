"""Random buying sessions: some order of events must explain every answer."""

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import pytest

from tests.live.linearizability import Call, explain
from tests.live.server import UNLOCKED, Client, Server
from tests.live.tills import Till, queue_at
from tests.support.waiting import wait_until

CLIENTS = 8
LOCK_SECONDS = 0.05

Histories = dict[str, list[Call]]
"""All calls, by seat."""

OUTCOMES = {
    "ok",
    "seat_locked",
    "seat_booked",
    "seat_not_locked",
    "not_your_lock",
    "lock_expired",
}
"""Every code that can occur."""


def run_sessions(
    tills: Sequence[Till],
    until: Callable[[Counter[str]], bool],
    event: str = "default",
    lock_seconds: float = LOCK_SECONDS,
) -> Histories:
    """Let clients lock, confirm, release, and wait for locks to expire, until there are enough
    answers with each code. They compete for a few seats at a time."""
    histories: Histories = defaultdict(list)
    codes: Counter[str] = Counter()
    stop = threading.Event()
    started = time.monotonic()

    def play(number: int, client: Client) -> None:
        choice = random.Random(number)
        with client:
            while not stop.is_set():
                # Move on to other seats, so that the histories stay short.
                elapsed = time.monotonic() - started
                seat = str(int(elapsed / lock_seconds) + choice.randint(1, 3))
                action = choice.choice(["lock", "lock", "confirm", "release", "wait"])
                if action == "wait":
                    stop.wait(choice.uniform(0, 1.2 * lock_seconds))
                    continue
                start = time.monotonic()
                code = client.call("POST", f"/events/{event}/{action}/{seat}").code
                histories[seat].append(Call(start, time.monotonic(), number, action, code))
                codes[code] += 1

    clients = enumerate(queue_at(tills, CLIENTS))
    threads = [threading.Thread(target=play, args=each) for each in clients]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: until(codes))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return histories


def unexplained(histories: Histories, lock_seconds: float = LOCK_SECONDS) -> Histories:
    """Return the histories that no order of events explains."""
    return {s: calls for s, calls in histories.items() if not explain(calls, lock_seconds)}


def all_happened(times: int) -> Callable[[Counter[str]], bool]:
    """Return whether there were so many answers, with every possible code among them."""
    return lambda codes: codes.total() >= times and codes.keys() >= OUTCOMES


def test_every_answer_agrees_with_some_order_of_events() -> None:
    with Server(seats=1000, max_seats_per_holder=1000, lock_seconds=LOCK_SECONDS) as server:
        histories = run_sessions([server.client], all_happened(2500))
    assert {call.code for calls in histories.values() for call in calls} == OUTCOMES
    assert unexplained(histories) == {}


def test_the_test_above_finds_what_no_order_explains_when_the_lock_is_taken_out() -> None:
    with Server(
        UNLOCKED, seats=1000, max_seats_per_holder=1000, lock_seconds=LOCK_SECONDS
    ) as server:
        histories = run_sessions([server.client], until=lambda codes: codes.total() >= 1200)
    assert unexplained(histories)


@pytest.mark.parametrize(
    ("calls", "possible"),
    [
        # Two sales of one seat.
        ([(0, 1, 1, "lock", "ok"), (0, 1, 2, "lock", "ok")], False),
        # A lock is refused after the seat was given back.
        (
            [
                (0, 1, 1, "lock", "ok"),
                (2, 3, 1, "release", "ok"),
                (4, 5, 2, "lock", "seat_locked"),
            ],
            False,
        ),
        # The same, but the calls overlap.
        (
            [
                (0, 1, 1, "lock", "ok"),
                (2, 5, 1, "release", "ok"),
                (4, 5, 2, "lock", "seat_locked"),
            ],
            True,
        ),
        # A lock expires too early; when it may; and is still there when it cannot be.
        ([(0, 1, 1, "lock", "ok"), (8, 9.9, 2, "lock", "ok")], False),
        ([(0, 1, 1, "lock", "ok"), (8, 10, 2, "lock", "ok")], True),
        ([(0, 1, 1, "lock", "ok"), (10.9, 12, 2, "lock", "seat_locked")], True),
        ([(0, 1, 1, "lock", "ok"), (11, 12, 2, "lock", "seat_locked")], False),
        # Confirmed after somebody else had it.
        (
            [(0, 1, 1, "lock", "ok"), (11, 12, 2, "lock", "ok"), (13, 14, 1, "confirm", "ok")],
            False,
        ),
        ([(0, 1, 1, "lock", "ok"), (11, 12, 1, "confirm", "lock_expired")], True),
        ([(0, 1, 1, "lock", "ok"), (11, 12, 2, "confirm", "lock_expired")], False),
    ],
)
def test_the_check_tells_the_possible_from_the_impossible(
    calls: list[tuple[float, float, int, str, str]], possible: bool
) -> None:
    assert explain([Call(*call) for call in calls], lock_seconds=10) is possible
