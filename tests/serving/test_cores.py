"""Each service keeps to a processor core of its own, as long as there are some."""

import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from booking.serving import cores
from booking.serving.cores import pin_to_one_core, run_threads_in_turn

if sys.platform != "linux":
    pytest.skip("only Linux keeps a process on a core", allow_module_level=True)

ALL = os.sched_getaffinity(0)

Start = Callable[[], set[int]]


@pytest.fixture
def claims() -> Iterator[list[int]]:
    """The files that claim cores for the services of a test, in the order of their start."""
    files: list[int] = []
    yield files
    for file in files:
        os.close(file)


@pytest.fixture
def start(claims: list[int]) -> Iterator[Start]:
    """Starts a service, as far as the processor is concerned, and tells its cores."""
    # One that no service on this machine uses.
    address = f"\0test-{secrets.token_hex(8)}-{{}}"

    def start() -> set[int]:
        os.sched_setaffinity(0, ALL)
        claim = pin_to_one_core(address)
        if claim is not None:
            claims.append(claim)
        return os.sched_getaffinity(0)

    yield start
    os.sched_setaffinity(0, ALL)


def test_each_service_keeps_to_a_core_of_its_own(start: Start) -> None:
    assert sorted(map(sorted, (start() for _ in ALL))) == [[core] for core in sorted(ALL)]


def test_without_a_core_of_its_own_a_service_keeps_to_none(start: Start) -> None:
    for _ in ALL:
        start()
    assert start() == ALL


def test_the_core_of_a_service_that_has_ended_is_free_again(
    start: Start, claims: list[int]
) -> None:
    first, *_ = [start() for _ in ALL]
    os.close(claims.pop(0))
    assert start() == first


def test_where_the_system_forbids_it_a_service_keeps_to_no_core(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int, cores: set[int]) -> None:
        if cores != ALL:
            raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    assert start() == ALL


def policies_with(chosen: int) -> tuple[int, int]:
    """How the system runs a thread that runs in turn, and one that it starts, where an operator has
    chosen how before."""
    found = []

    def run() -> None:
        os.sched_setscheduler(0, chosen, os.sched_param(0))
        run_threads_in_turn()
        found.append(os.sched_getscheduler(0))
        its = threading.Thread(target=lambda: found.append(os.sched_getscheduler(0)))
        its.start()
        its.join()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0], found[1]


def test_threads_run_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "are_system_calls_filtered", lambda: False)
    assert policies_with(os.SCHED_OTHER) == (os.SCHED_BATCH, os.SCHED_BATCH)


def test_how_threads_run_is_left_to_an_operator_who_has_chosen() -> None:
    assert policies_with(os.SCHED_IDLE) == (os.SCHED_IDLE, os.SCHED_IDLE)


def test_where_system_calls_are_forbidden_it_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    # It might end the process.
    monkeypatch.setattr(cores, "are_system_calls_filtered", lambda: True)
    assert policies_with(os.SCHED_OTHER) == (os.SCHED_OTHER, os.SCHED_OTHER)


@pytest.mark.parametrize("call", ["sched_getscheduler", "sched_setscheduler"])
def test_a_system_that_forbids_it_is_left_as_it_is(
    call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(cores, "are_system_calls_filtered", lambda: False)
    monkeypatch.setattr(os, call, refuse)
    run_threads_in_turn()
