"""The engine that keeps everything in a database: the contract, and which one a URL means."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from booking.domain import errors
from booking.domain.model import DEFAULT_EVENT, Event, Held, Policy, SeatStatus
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.connection import Database
from booking.engines.database.migrations import migrate
from booking.engines.database.opening import DriverMissing, open_database
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.database.sqlite.database import SqliteDatabase
from booking.engines.database.upkeep.tidying import forget_ended_events, forget_old_answers
from booking.engines.errors import EventUnreadable
from booking.engines.idempotency import KEPT_SECONDS
from booking.settings import Settings
from tests.contracts.box_office import BoxOfficeContract
from tests.contracts.sale import SaleContract
from tests.support.clocks import ManualClock
from tests.support.databases import begin_with, one_clock, postgres_database, sqlite_database
from tests.support.engine import ANN, BOB, OpenRegistry, event_of


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
    """A registry on whatever database."""

    @pytest.fixture
    def open_registry(self, clock: ManualClock, database: Database) -> OpenRegistry:
        migrate(database)

        def open_registry(event: Event, **options: Any) -> DatabaseRegistry:
            begin_with(database, event, clock)
            return DatabaseRegistry(database, event.id, clock=one_clock(clock), **options)

        return open_registry


class BoxOfficeOnDatabase(BoxOfficeContract):
    """A box office on whatever database."""

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
        """Either order of PUT and DELETE is right; that there is no such event is not."""
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

    def test_an_event_that_cannot_be_read_is_its_own_trouble(
        self,
        box_office: DatabaseBoxOffice,
        database: Database,
        clock: ManualClock,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        box_office.put(event_of(3, id="gala"))
        with database.transaction(writing=True) as transaction:
            transaction.run_script(
                "UPDATE description SET document = '{\"plan\":' WHERE event = 'gala';\n"
            )
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

    def test_rows_of_an_event_that_ended_are_deleted(
        self, box_office: DatabaseBoxOffice, database: Database
    ) -> None:
        box_office.put(event_of(3, id="gala"))
        registry = box_office.registry("gala")
        registry.lock(["1"], ANN)
        registry.release(["1"], ANN)
        request = registry.answers.begin(ANN, "key", b"digest")
        registry.answers.finish(request, b"answer")
        box_office.end("gala")
        forget_ended_events(database)
        with database.transaction(writing=False) as transaction:
            assert not transaction.run("ended_events_with_rows")
            assert not transaction.run("history_since", event="gala", version=0, most=10)

    def test_answers_are_forgotten_after_a_day(
        self, box_office: DatabaseBoxOffice, database: Database, clock: ManualClock
    ) -> None:
        answers = box_office.registry(DEFAULT_EVENT).answers
        answers.finish(answers.begin(ANN, "old", b"digest"), b"answer")
        clock.advance(KEPT_SECONDS)
        # Given again no more, deleted or not.
        assert answers.begin(ANN, "old", b"digest").answer is None
        answers.finish(answers.begin(BOB, "new", b"digest"), b"answer")
        clock.advance(KEPT_SECONDS - 1)
        forget_old_answers(database, one_clock(clock))
        assert answers.begin(BOB, "new", b"digest").answer == b"answer"
        clock.advance(1)
        forget_old_answers(database, one_clock(clock))
        with database.transaction(writing=False) as transaction:
            assert not transaction.run("next_event_with_answers", after="")


class SharedDatabase:
    """Two processes that sell one event: what one does, the other one sees, whenever it looks."""

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

    def test_an_answer_belongs_to_the_request_that_was_sent_last_with_its_key(
        self, clock: ManualClock, open_registry: OpenRegistry
    ) -> None:
        answers = open_registry(event_of(1)).answers
        first = answers.begin(ANN, "key", b"one")
        clock.advance(61)  # It has no answer, so its process must have been stopped.
        second = answers.begin(ANN, "key", b"another")
        answers.finish(first, b"to the first")
        answers.forget(first)
        answers.finish(second, b"to the second")
        assert answers.begin(ANN, "key", b"another").answer == b"to the second"

    def test_an_answer_is_kept_with_what_it_tells_even_if_the_process_ends_right_then(
        self, clock: ManualClock, open_registry: OpenRegistry, database: Database
    ) -> None:
        here = open_registry(event_of(5))
        request = here.answers.begin(ANN, "key", b"digest")

        def lock_and_die() -> Held:
            here.lock(["1"], ANN)
            raise SystemExit

        with pytest.raises(SystemExit):
            here.answer(request, lock_and_die, lambda held: held.seats[0].id.encode())
        there = DatabaseRegistry(database, DEFAULT_EVENT, clock=one_clock(clock))
        assert there.answers.begin(ANN, "key", b"digest").answer == b"1"

    def test_what_failed_has_no_answer_and_can_be_sent_again(
        self, open_registry: OpenRegistry
    ) -> None:
        registry = open_registry(event_of(5))
        registry.lock(["1"], BOB)
        request = registry.answers.begin(ANN, "key", b"digest")
        with pytest.raises(errors.SeatsUnavailable):
            registry.answer(request, lambda: registry.lock(["1"], ANN), lambda _: b"answer")
        assert registry.answers.begin(ANN, "key", b"digest").answer is None
        # Nothing of it clings to the thread.
        registry.release(["1"], BOB)
        assert registry.lock(["1"], ANN).seats


class TestSqliteRegistry(OnSqlite, SharedDatabase, RegistryOnDatabase):
    """The contract of a registry."""


class TestSqliteBoxOffice(OnSqlite, BoxOfficeOnDatabase):
    """The contract of a box office."""


class TestPostgresRegistry(OnPostgres, SharedDatabase, RegistryOnDatabase):
    """The contract of a registry."""


class TestPostgresBoxOffice(OnPostgres, BoxOfficeOnDatabase):
    """The contract of a box office."""


# Which database a URL means


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
