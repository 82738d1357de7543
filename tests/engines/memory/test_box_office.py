"""The box office in memory: the contract, and what is its own."""

import contextlib
import threading
from collections.abc import Iterator

import pytest

from booking.domain import errors
from booking.domain.model import SeatStatus
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.settings import Settings
from tests.contracts.box_office import BoxOfficeContract, event
from tests.support.clocks import ManualClock
from tests.support.engine import ANN


class TestBoxOffice(BoxOfficeContract):
    """The contract, kept in memory."""

    @pytest.fixture
    def box_office(self, settings: Settings, clock: ManualClock) -> Iterator[MemoryBoxOffice]:
        box_office = MemoryBoxOffice(settings, clock=clock)
        yield box_office
        box_office.close()


def test_events_with_equal_plans_share_one() -> None:
    box_office = MemoryBoxOffice(Settings())
    for name in ("gala", "opera"):
        box_office.put(event(name))
    assert box_office.registry("gala").event.plan is box_office.registry("opera").event.plan
    box_office.close()


def test_one_thread_releases_the_locks_of_all_events() -> None:
    box_office = MemoryBoxOffice(Settings(lock_seconds=0.05))
    registries = []
    before = threading.active_count()
    for number in range(50):
        opened = event(f"e{number}")
        box_office.put(opened)
        registries.append(box_office.registry(opened.id))
        registries[-1].update(event(f"e{number}"))
    for registry in registries:
        registry.lock(["A1"], ANN)
    assert threading.active_count() <= before + 1
    box_office.close()


def test_an_event_ends_or_is_sold_but_never_both() -> None:
    """Whoever locks a seat while the event ends has it, and then the event goes on; or has none."""
    box_office = MemoryBoxOffice(Settings())
    for number in range(200):
        name = f"e{number}"
        box_office.put(event(name))
        registry = box_office.registry(name)
        barrier = threading.Barrier(2)
        outcomes: list[str] = []

        def end(name: str, barrier: threading.Barrier, outcomes: list[str]) -> None:
            barrier.wait()
            with contextlib.suppress(errors.SeatsInUse):
                box_office.end(name)
                outcomes.append("ended")

        thread = threading.Thread(target=end, args=(name, barrier, outcomes))
        thread.start()
        barrier.wait()
        with contextlib.suppress(errors.EventNotFound):
            registry.lock(["A1"], ANN)
            outcomes.append("locked")
        thread.join()
        assert len(outcomes) == 1
        if outcomes == ["locked"]:
            assert box_office.registry(name).seat("A1").status is SeatStatus.LOCKED
    box_office.close()


def test_bookings_are_found_while_events_are_opened_and_ended() -> None:
    """The dictionary of registries never changes, so that no Python can trip over it."""
    box_office = MemoryBoxOffice(Settings())
    box_office.put(event("gala"))
    box_office.registry("gala").lock(["A1"], ANN)
    reference = box_office.registry("gala").confirm(["A1"], ANN)[1].reference
    before = box_office._registries
    copy = dict(before)
    box_office.put(event("opera"))
    box_office.end("opera")
    assert before == copy
    assert box_office._registries is not before
    assert box_office.registry_of_booking(reference).event.id == "gala"
    box_office.close()


def test_changing_an_event_while_it_ends_changes_it_or_opens_it_again() -> None:
    box_office = MemoryBoxOffice(Settings())
    for number in range(200):
        name = f"e{number}"
        box_office.put(event(name))
        barrier = threading.Barrier(2)
        failed: list[BaseException] = []

        def end(name: str, barrier: threading.Barrier, failed: list[BaseException]) -> None:
            barrier.wait()
            try:
                box_office.end(name)
            except errors.BookingError as error:
                failed.append(error)

        thread = threading.Thread(target=end, args=(name, barrier, failed))
        thread.start()
        barrier.wait()
        opened = box_office.put(event(name)).opened
        thread.join()
        assert not failed
        assert (name in {each.event.id for each in box_office.events(most=1000)[0]}) is opened
    box_office.close()
