"""The database engine: the contract, and the database that a URL names."""

import gc
import sys
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from booking.domain import errors
from booking.domain.model import DEFAULT_EVENT, Event, LockedSeats, Policy, SeatStatus
from booking.engines.contract import Registry
from booking.engines.database.answers import DatabaseAnswers
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.connection import Database
from booking.engines.database.kept_sale import KeptSale
from booking.engines.database.migrations import migrate
from booking.engines.database.opening import DriverMissing, open_database
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.database.sqlite.database import SqliteDatabase
from booking.engines.database.upkeep.tidying import forget_ended_events, forget_old_answers
from booking.engines.errors import EventUnreadable, IdempotencyKeyReused, Unavailable
from booking.engines.idempotency import KEPT_SECONDS, Document, KeyedRequest, Reply
from booking.plans import reading
from booking.plans.model import Plan
from booking.settings import Settings
from tests.contracts.answers import LOCK_1, described, once
from tests.contracts.box_office import BoxOfficeContract
from tests.contracts.sale import SaleContract
from tests.support.clocks import ManualClock
from tests.support.databases import begin_with, one_clock, postgres_database, sqlite_database
from tests.support.engine import ANN, BOB, OpenRegistry, event_of, statuses
from tests.support.houses import theatre
from tests.support.waiting import wait_until


def _die(*_: object) -> None:
    raise SystemExit


def lock_together(
    registry: Registry, seat_ids: str, replies: Mapping[str, Reply[LockedSeats]] = {}
) -> dict[str, BaseException | None]:
    """Lock seats at the same time, and all but the first in one transaction. Returns the error of
    each."""
    assert isinstance(registry, DatabaseRegistry)

    def lock(seat_id: str) -> object:
        reply = replies.get(seat_id, Reply(described))
        return registry.lock([seat_id], seat_id.encode() * 32, reply)

    with ThreadPoolExecutor(len(seat_ids)) as pool:
        # The first one waits for this, and the others for the first one.
        with registry._event.lock:
            locks = {seat_id: pool.submit(lock, seat_id) for seat_id in seat_ids}
            wait_until(lambda: len(registry._writes._queue) == len(seat_ids) - 1)
        return {seat_id: lock.exception() for seat_id, lock in locks.items()}


@pytest.fixture
def read_plans(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The plans that are read from now on."""
    read: list[object] = []
    read_kept = reading.read_kept

    def counted(plan: object, within: Sequence[int | str] = ()) -> Plan:
        read.append(plan)
        return read_kept(plan, within)

    monkeypatch.setattr(reading, "read_kept", counted)
    return read


class OnSqlite:
    """The contract, kept in a file."""

    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        with sqlite_database(tmp_path) as database:
            yield database


class OnPostgres:
    """The contract, kept by PostgreSQL."""

    @pytest.fixture
    def database(self, postgres: str) -> Iterator[Database]:
        with postgres_database(postgres) as database:
            yield database


class RegistryOnDatabase(SaleContract):
    """A registry on any database."""

    @pytest.fixture
    def open_registry(self, clock: ManualClock, database: Database) -> OpenRegistry:
        migrate(database)

        def open_registry(event: Event, **options: Any) -> DatabaseRegistry:
            begin_with(database, event, clock)
            return DatabaseRegistry(database, event.id, clock=one_clock(clock), **options)

        return open_registry


class BoxOfficeOnDatabase(BoxOfficeContract):
    """A box office on any database."""

    @pytest.fixture
    def box_office(
        self, settings: Settings, clock: ManualClock, database: Database
    ) -> Iterator[DatabaseBoxOffice]:
        box_office = DatabaseBoxOffice(settings, database, clock=one_clock(clock))
        yield box_office
        box_office.close()

    def test_an_event_that_ends_while_it_is_changed_is_opened(
        self, box_office: DatabaseBoxOffice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """PUT and DELETE may take effect in either order, but PUT must not answer 404."""
        gala = event_of(3, id="gala")
        box_office.put(gala)
        update = DatabaseRegistry.update

        def end_first(registry: DatabaseRegistry, *arguments: Any, **options: Any) -> None:
            monkeypatch.undo()
            box_office.end("gala")
            update(registry, *arguments, **options)

        monkeypatch.setattr(DatabaseRegistry, "update", end_first)
        assert box_office.put(gala)[1]
        assert box_office.registry("gala").seat("1").status is SeatStatus.AVAILABLE

    @pytest.mark.parametrize(
        "damage",
        [
            "UPDATE description SET document = '{\"plan\":' WHERE event = 'gala';\n",
            "DELETE FROM description WHERE event = 'gala';\n",
        ],
        ids=["broken", "missing"],
    )
    def test_an_unreadable_event_does_not_affect_the_others(
        self,
        box_office: DatabaseBoxOffice,
        database: Database,
        clock: ManualClock,
        caplog: pytest.LogCaptureFixture,
        damage: str,
    ) -> None:
        box_office.put(event_of(3, id="gala"))
        with database.transaction(writing=True) as transaction:
            transaction.run_script(damage)
        later = DatabaseBoxOffice(Settings(), database, clock=one_clock(clock))
        for call in (
            lambda: later.registry("gala").changes(),
            lambda: later.registry("gala").lock(["1"], ANN),
            lambda: later.put(event_of(3, id="gala")),
        ):
            with pytest.raises(EventUnreadable):
                call()
        assert [each.event.id for each in later.events()[0]] == [DEFAULT_EVENT]
        later.registry(DEFAULT_EVENT).lock(["1"], ANN)
        logged = [record.getMessage() for record in caplog.records]
        assert len(logged) == 1
        assert logged[0].startswith("Event gala cannot be read from the database")

    def test_a_list_of_events_loads_no_sale_and_no_plan(
        self,
        box_office: DatabaseBoxOffice,
        database: Database,
        clock: ManualClock,
        read_plans: list[object],
    ) -> None:
        for name in ("gala", "opera"):
            box_office.put(event_of(3, id=name))
        later = DatabaseBoxOffice(Settings(), database, clock=one_clock(clock))
        read_plans.clear()
        assert len(later.events()[0]) == 3
        assert not read_plans
        assert list(later._registries) == [DEFAULT_EVENT]
        # What has not changed is not counted again.
        counted = dict(later._summaries._counted)
        later.events()
        assert all(later._summaries._counted[name] is kept for name, kept in counted.items())

    def test_a_process_reads_no_plan_that_it_opens_an_event_with(
        self, box_office: DatabaseBoxOffice, read_plans: list[object]
    ) -> None:
        gala = event_of(reading.read(theatre(4, 5)), id="gala")
        read_plans.clear()
        box_office.put(gala)
        box_office.registry("gala").lock(["Stalls-1-1"], ANN)
        assert not read_plans

    def test_a_plan_is_read_once_for_all_events_that_have_it(
        self,
        box_office: DatabaseBoxOffice,
        database: Database,
        clock: ManualClock,
        read_plans: list[object],
    ) -> None:
        for name in ("gala", "opera"):
            box_office.put(event_of(reading.read(theatre(4, 5)), id=name, given_name=name))
        later = DatabaseBoxOffice(Settings(), database, clock=one_clock(clock))
        read_plans.clear()
        gala, opera = (later.registry(name).event for name in ("gala", "opera"))
        assert len(read_plans) == 1
        assert gala.plan is opera.plan
        assert (gala.name, opera.name) == ("gala", "opera")
        assert gala == box_office.registry("gala").event

    def test_an_event_that_nobody_asks_for_gives_its_memory_back(
        self, box_office: DatabaseBoxOffice
    ) -> None:
        box_office.put(event_of(3, id="gala"))
        registry = weakref.ref(box_office.registry("gala"))
        box_office._forget_unused(time.monotonic())
        assert box_office.registry("gala") is registry()
        box_office._forget_unused(time.monotonic() + 601)
        gc.collect()
        assert registry() is None
        assert len(box_office._plans._plans) == 1
        assert box_office.registry("gala").seat("1").status is SeatStatus.AVAILABLE

    def test_rows_of_an_event_that_ended_are_deleted(
        self, box_office: DatabaseBoxOffice, database: Database
    ) -> None:
        box_office.put(event_of(3, id="gala"))
        registry = box_office.registry("gala")
        registry.lock(["1"], ANN, once())
        registry.release(["1"], ANN)
        box_office.end("gala")
        forget_ended_events(database)
        with database.transaction(writing=False) as transaction:
            assert not transaction.run("ended_events_with_rows")
            assert not transaction.run("history_since", event="gala", version=0, most=10)

    def test_answers_are_forgotten_after_a_day(
        self, box_office: DatabaseBoxOffice, database: Database, clock: ManualClock
    ) -> None:
        box_office.registry(DEFAULT_EVENT).lock(["1"], ANN, once())
        clock.advance(KEPT_SECONDS - 1)
        forget_old_answers(database, one_clock(clock))
        with database.transaction(writing=False) as transaction:
            assert transaction.run("next_event_with_answers", after="")
        clock.advance(1)
        forget_old_answers(database, one_clock(clock))
        with database.transaction(writing=False) as transaction:
            assert not transaction.run("next_event_with_answers", after="")


class SharedDatabase:
    """Two processes that sell one event. Each sees at once what the other does."""

    def test_a_seat_that_became_free_before_an_event_was_renamed_is_among_the_changes(
        self, clock: ManualClock, open_registry: OpenRegistry, database: Database
    ) -> None:
        here = open_registry(event_of(5))
        there = DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
        here.lock(["1"], ANN)
        seen = there.changes().version
        here.release(["1"], ANN)
        here.update(replace(here.event, given_name="Another name"))
        for registry in (here, there):
            changes = registry.changes(seen)
            assert [seat.id for seat in changes.seats] == ["1"]
            assert not changes.full

    def test_an_event_that_is_described_anew_has_its_plan_read_only_if_that_is_another(
        self,
        clock: ManualClock,
        open_registry: OpenRegistry,
        database: Database,
        read_plans: list[object],
    ) -> None:
        here = open_registry(event_of(5))
        there = DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
        here.lock(["2"], ANN)
        seen = there.changes().version
        read_plans.clear()
        here.lock(["1"], ANN)
        name = '"plan":{}, "quoted"'
        policy = replace(here.event.policy, lock_seconds=30)
        here.update(replace(here.event, given_name=name, starts_at=5e9, policy=policy))
        assert there.event == here.event == event_of(5, policy, given_name=name, starts_at=5e9)
        assert [seat.id for seat in there.changes(seen).seats] == ["1"]
        assert not read_plans
        here.lock(["3"], ANN)
        there.update(event_of(6))
        assert here.seat("6").status is SeatStatus.AVAILABLE
        here.lock(["6"], ANN)
        assert there.seat("6").status is SeatStatus.LOCKED
        here.update(event_of(6, given_name="Larger"))
        assert there.event.name == "Larger"
        assert len(read_plans) == 1

    @pytest.mark.parametrize("elapsed", [0, 59, 60])
    def test_the_time_of_a_holder_on_a_seat_counts_in_every_process(
        self, clock: ManualClock, open_registry: OpenRegistry, database: Database, elapsed: float
    ) -> None:
        policy = Policy(lock_seconds=60, max_lock_seconds=61)
        here = open_registry(event_of(2, policy))
        here.lock(["1"], ANN)
        clock.advance(elapsed)
        if elapsed < 60:
            here.release(["1"], ANN)
        there = DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
        error = errors.SeatNotLocked if elapsed < 60 else errors.LockExpired
        with pytest.raises(error):
            there.confirm(["1"], ANN)
        assert there.lock(["1"], ANN).expires_in == pytest.approx(min(60, 61 - elapsed))
        clock.advance(61 - elapsed)
        for registry in (here, there):
            with pytest.raises(errors.SeatsUnavailable):
                registry.lock(["1"], ANN)
        there.lock(["1"], BOB)

    def test_an_answer_that_another_process_gave_is_given_again(
        self, clock: ManualClock, open_registry: OpenRegistry, database: Database
    ) -> None:
        here = open_registry(event_of(5))
        there = DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
        answer = here.lock(["1"], ANN, once())
        assert there.lock(["1"], ANN, once()) == answer
        with pytest.raises(IdempotencyKeyReused):
            there.lock(["2"], ANN, once(LOCK_1._replace(digest=b"lock 2")))

    def test_an_answer_is_kept_together_with_what_it_tells_or_not_at_all(
        self,
        clock: ManualClock,
        open_registry: OpenRegistry,
        database: Database,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        here = open_registry(event_of(5))
        there = DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
        with monkeypatch.context() as broken:
            broken.setattr(DatabaseAnswers, "write", _die)
            with pytest.raises(SystemExit):
                here.lock(["1"], ANN, once())
        assert there.seat("1").status is SeatStatus.AVAILABLE
        answer = there.lock(["1"], ANN, once())
        assert here.lock(["1"], ANN, once()) == answer

    def test_of_calls_that_share_a_transaction_only_the_one_fails_that_has_an_error_in_it(
        self, open_registry: OpenRegistry
    ) -> None:
        registry = open_registry(event_of(9))

        def broken(_: LockedSeats) -> Document:
            raise ZeroDivisionError

        replies = {
            "4": Reply(broken, KeyedRequest(ANN, "key", b"")),
            # No text that a database takes.
            "6": once(KeyedRequest(ANN, "\ud800", b"")),
        }
        errors_of = lock_together(registry, "123456789", replies)
        assert {seat: type(error) for seat, error in errors_of.items() if error} == {
            "4": ZeroDivisionError,
            "6": UnicodeEncodeError,
        }
        locked = [i for i, status in statuses(registry).items() if status is SeatStatus.LOCKED]
        assert locked == ["1", "2", "3", "5", "7", "8", "9"]

    def test_when_the_database_is_away_all_calls_of_a_transaction_are_told_at_once(
        self, open_registry: OpenRegistry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        registry, tries = open_registry(event_of(9)), []

        def away(*_: object) -> None:
            tries.append(1)
            raise Unavailable("There is no database.")

        with monkeypatch.context() as broken:
            broken.setattr(KeptSale, "write", away)
            errors_of = lock_together(registry, "123456789")
        assert {type(error) for error in errors_of.values()} == {Unavailable}
        assert len(tries) == 2
        assert registry.lock(["1"], ANN).seats


class TestSqliteRegistry(OnSqlite, SharedDatabase, RegistryOnDatabase):
    """The contract of a registry."""


class TestSqliteBoxOffice(OnSqlite, BoxOfficeOnDatabase):
    """The contract of a box office."""


class TestPostgresRegistry(OnPostgres, SharedDatabase, RegistryOnDatabase):
    """The contract of a registry."""


class TestPostgresBoxOffice(OnPostgres, BoxOfficeOnDatabase):
    """The contract of a box office."""


# Which database a URL names


def test_a_url_says_which_database_it_is(tmp_path: Path) -> None:
    for url, kind, name in (
        (f"sqlite:///{tmp_path}/a.db", SqliteDatabase, f"{tmp_path}/a.db"),
        ("postgresql://user:secret@127.0.0.1:1/house", PostgresDatabase, "house"),
    ):
        database = open_database(url, connections=1)
        assert isinstance(database, kind)
        assert database.name == name
        assert "secret" not in repr(database)
        database.close()


def test_without_its_driver_postgresql_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "booking.engines.database.postgres.database", None)
    with pytest.raises(DriverMissing, match=r"pip install -r requirements-postgres\.txt"):
        open_database("postgresql://127.0.0.1/house", connections=1)
