"""The garbage collector waits while much is made, and never longer."""

import gc
import threading

import pytest

from booking.plans.collector import paused
from tests.support.waiting import wait_until


def test_the_collector_waits_and_then_goes_on() -> None:
    with paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_a_failure() -> None:
    with pytest.raises(ValueError, match="broken"), paused():
        raise ValueError("broken")
    assert gc.isenabled()


def test_who_finds_it_paused_leaves_it_so() -> None:
    with paused():
        with paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_whichever_of_two_threads_ends_first() -> None:
    inside, over = threading.Event(), threading.Event()

    def pause() -> None:
        with paused():
            inside.set()
            over.wait(10)

    first = threading.Thread(target=pause)
    first.start()
    assert inside.wait(10)
    with paused():
        over.set()
        first.join(10)
        assert gc.isenabled()  # The first has ended: the second goes on without.
    assert gc.isenabled()


def test_it_does_not_wait_if_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with paused(1):
        assert gc.isenabled()


def test_it_goes_on_after_a_while_however_long_the_work_takes() -> None:
    with paused(0.01):
        wait_until(gc.isenabled)
