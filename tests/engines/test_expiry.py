"""The timer for the earliest deadline."""

import logging
import threading
import time
from collections.abc import Iterator

import pytest

from booking.engines.expiry import ExpiryTimer
from tests.support.waiting import wait_until


@pytest.fixture
def timer() -> Iterator[ExpiryTimer]:
    timer = ExpiryTimer()
    yield timer
    timer.close()


def test_no_action_is_called_before_its_time(timer: ExpiryTimer) -> None:
    early: list[bool] = []
    now = time.monotonic()
    for delay in (0.06, 0.02, 0.04):
        due = now + delay
        timer.schedule(due, lambda due=due: early.append(time.monotonic() < due))  # type: ignore[misc]
    wait_until(lambda: len(early) == 3)
    assert not any(early)


def test_actions_that_are_due_together_are_called_in_the_order_of_their_times() -> None:
    now = 0.0
    timer = ExpiryTimer(lambda: now)
    called: list[str] = []
    for name, due in (("last", 1003.0), ("first", 1001.0), ("second", 1002.0)):
        timer.schedule(due, lambda name=name: called.append(name))  # type: ignore[misc]
    now = 1003.0
    timer.schedule(1000.0, lambda: called.append("late"))  # It is due at once.
    wait_until(lambda: len(called) == 4)
    assert called == ["late", "first", "second", "last"]
    timer.close()


def test_what_is_already_due_is_called_at_once(timer: ExpiryTimer) -> None:
    done = threading.Event()
    timer.schedule(time.monotonic() - 1000, done.set)
    assert done.wait(5)


def test_any_number_of_deadlines_takes_one_thread(timer: ExpiryTimer) -> None:
    before = threading.active_count()
    start = time.monotonic() + 1000
    for number in range(1000):
        timer.schedule(start + number, lambda: None)
    assert threading.active_count() <= before + 1
    assert repr(timer) == "<ExpiryTimer [1000 waiting, armed]>"


def test_an_earlier_deadline_is_kept_though_a_later_one_was_armed(timer: ExpiryTimer) -> None:
    done = threading.Event()
    timer.schedule(time.monotonic() + 1000, lambda: None)
    timer.schedule(time.monotonic() + 0.01, done.set)
    assert done.wait(5)


def test_a_failing_action_is_logged_and_the_next_one_called(
    timer: ExpiryTimer, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()

    def fail() -> None:
        raise ValueError("boom")

    now = time.monotonic()
    with caplog.at_level(logging.ERROR, logger="booking.engines.expiry"):
        timer.schedule(now, fail)
        timer.schedule(now + 0.01, done.set)
        assert done.wait(5)
        # Each may run in its own thread, and the second may overtake the first.
        wait_until(lambda: "boom" in caplog.text)


def test_a_closed_timer_calls_nothing_and_leaves_no_thread(timer: ExpiryTimer) -> None:
    called = threading.Event()
    before = threading.active_count()
    timer.schedule(time.monotonic() + 0.02, called.set)
    timer.close()
    timer.schedule(time.monotonic(), called.set)
    wait_until(lambda: threading.active_count() <= before)
    assert not called.wait(0.05)
    assert repr(timer) == "<ExpiryTimer [0 waiting, idle]>"


def test_a_machine_without_threads_left_is_survived(
    timer: ExpiryTimer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    done = threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        timer.schedule(time.monotonic(), lambda: None)
    assert "Seats are released late" in caplog.text
    timer.schedule(time.monotonic(), done.set)
    assert done.wait(5)
