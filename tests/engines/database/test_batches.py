"""Calls that share transactions, and do not wait for each other for long."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from booking.engines.database.batches import Batches, Pending
from booking.engines.errors import Unavailable
from tests.support.waiting import wait_until


class Gate:
    """Carries out batches as long as it is open."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.batches: list[int] = []

    def __call__(self, batch: Sequence[Pending]) -> None:
        self.batches.append(len(batch))
        assert self.open.wait(60)
        for pending in batch:
            pending.carry_out()


def answer() -> str:
    return "answer"


def test_calls_that_come_meanwhile_are_carried_out_together() -> None:
    gate = Gate()
    batches = Batches(gate)
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(batches.submit, answer) for _ in range(8)]
        wait_until(lambda: len(batches._queue) == 7)
        gate.open.set()
        assert [call.result() for call in calls] == ["answer"] * 8
    assert gate.batches == [1, 7]


def test_calls_that_wait_for_a_batch_that_is_stuck_give_up() -> None:
    gate = Gate()
    batches = Batches(gate, patience=0.05)
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(batches.submit, answer) for _ in range(4)]
        wait_until(lambda: sum(call.done() for call in calls) == 3)
        assert not batches._queue
        gate.open.set()
        errors = [call.exception() for call in calls]
    assert [type(error) for error in errors if error] == [Unavailable] * 3
    # What was refused is not carried out after all.
    assert gate.batches == [1]


def test_while_a_batch_is_stuck_a_call_is_refused_at_once() -> None:
    gate, now = Gate(), [0.0]
    batches = Batches(gate, patience=1000, monotonic=lambda: now[0])
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(batches.submit, answer)
        wait_until(lambda: bool(gate.batches))
        now[0] = 1001
        with pytest.raises(Unavailable, match="Nothing was changed"):
            batches.submit(answer)
        gate.open.set()
        assert first.result() == "answer"


def test_after_a_batch_that_was_stuck_one_call_tries_and_then_all_is_well() -> None:
    gate, now = Gate(), [0.0]
    batches = Batches(gate, patience=1000, monotonic=lambda: now[0])
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(batches.submit, answer)
        wait_until(lambda: bool(gate.batches))
        now[0] = 1001
        gate.open.set()
        first.result()
        gate.open.clear()
        second = pool.submit(batches.submit, answer)
        wait_until(lambda: len(gate.batches) == 2)
        with pytest.raises(Unavailable):
            batches.submit(answer)
        gate.open.set()
        assert second.result() == "answer"
        gate.open.clear()
        third, fourth = (pool.submit(batches.submit, answer) for _ in range(2))
        wait_until(lambda: len(batches._queue) == 1)
        gate.open.set()
        assert third.result() == fourth.result() == "answer"
