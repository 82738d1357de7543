"""Whole buying sessions at random: every answer must agree with some order of events."""

import random
import threading
import time
from collections import Counter, defaultdict

import pytest

from tests.live.linearizability import Call, explain
from tests.live.server import UNLOCKED, Server, tokens

CLIENTS = 8
LOCK_SECONDS = 0.05


def run_sessions(server: Server, seconds: float) -> dict[str, list[Call]]:
    """Let clients lock, confirm, release and wait until locks run out, on a few seats at a time so
    that they get into each other's way. What happened, by seat."""
    histories: dict[str, list[Call]] = defaultdict(list)
    started = time.monotonic()

    def play(number: int, token: str) -> None:
        choice = random.Random(number)
        pause = threading.Event()
        with server.client(token) as client:
            while (elapsed := time.monotonic() - started) < seconds:
                # The seats in play move on, so that the histories stay short.
                seat = str(int(elapsed * 20) + choice.randint(1, 3))
                action = choice.choice(["lock", "lock", "confirm", "release", "wait"])
                if action == "wait":
                    pause.wait(choice.uniform(0, 1.2 * LOCK_SECONDS))
                    continue
                start = time.monotonic()
                code = client.call("POST", f"/{action}/{seat}").code
                histories[seat].append(Call(start, time.monotonic(), number, action, code))

    threads = [threading.Thread(target=play, args=each) for each in tokens(CLIENTS).items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return histories


def test_every_answer_agrees_with_some_order_of_events() -> None:
    with Server(seats=1000, max_seats_per_holder=1000, lock_seconds=LOCK_SECONDS) as server:
        histories = run_sessions(server, seconds=4)
    codes = Counter(call.code for calls in histories.values() for call in calls)
    # Everything that can happen did.
    assert codes.keys() == {
        "ok",
        "seat_locked",
        "seat_booked",
        "seat_not_locked",
        "not_your_lock",
        "lock_expired",
    }
    for seat, calls in histories.items():
        assert explain(calls, LOCK_SECONDS), f"no order explains seat {seat}: {calls}"


def test_the_test_above_finds_what_no_order_explains_when_the_lock_is_taken_out() -> None:
    with Server(
        UNLOCKED, seats=1000, max_seats_per_holder=1000, lock_seconds=LOCK_SECONDS
    ) as server:
        histories = run_sessions(server, seconds=4)
    assert not all(explain(calls, LOCK_SECONDS) for calls in histories.values())


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
        # A lock runs out too early; when it may; and is still there when it cannot be.
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
