"""Migrations: a database of an earlier version goes on to be used, with all its data.

For each migration, a script of the same name in ``migrations/``, beside this file, has data as the
program wrote them at the time.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from booking.domain import errors
from booking.domain.history import SeatChange
from booking.domain.model import SeatStatus
from booking.domain.questions import Details
from booking.domain.tickets import Entry
from booking.engines.database import migrations
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.connection import Database
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.sqlite.database import SqliteDatabase
from booking.engines.idempotency import KeyedRequest, Reply
from booking.plans.model import Plan
from booking.sale.door import Presented
from booking.settings import Settings
from tests.support.clocks import ManualClock
from tests.support.databases import one_clock, postgres_database, sqlite_database
from tests.support.engine import ANN, BOB
from tests.support.postgres import schema

STEPS = {n: migrations.name_of(s) for n, s in migrations.scripts("sqlite").items()}


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        with sqlite_database(tmp_path) as database:
            yield database
    else:
        with postgres_database(request.getfixturevalue("postgres")) as database:
            yield database


@pytest.fixture(params=STEPS, ids=lambda number: STEPS[number])
def box_office(
    request: pytest.FixtureRequest,
    database: Database,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DatabaseBoxOffice]:
    """Today's box office on a database that was left after each of the migrations."""
    with monkeypatch.context() as earlier:
        scripts = migrations.scripts(database.dialect)
        known = {number: script for number, script in scripts.items() if number <= request.param}
        earlier.setattr(migrations, "scripts", lambda _: known)
        migrations.migrate(database)
    data = Path(__file__).parent / "migrations" / f"{STEPS[request.param]}.sql"
    with database.transaction(writing=True) as transaction:
        transaction.run_script(data.read_text(encoding="utf-8"))
    clock.advance(20)
    box_office = DatabaseBoxOffice(Settings(), database, clock=one_clock(clock))
    later = [name for number, name in STEPS.items() if number > request.param]
    assert box_office.migrated == later
    yield box_office
    box_office.close()


def test_open_events_survive_and_ended_ones_stay_ended(box_office: DatabaseBoxOffice) -> None:
    (summary,), _ = box_office.events()
    event = box_office.registry("gala").event
    # Of its plan, a list knows the name and the number of seats alone.
    assert summary.event == replace(event, plan=Plan((), (), name=event.plan.name))
    assert sum(summary.seats.values()) == len(event.plan.seats)
    assert (event.id, event.name, event.starts_at) == ("gala", "The gala", 1_800_100_000)
    assert event.policy.max_seats_per_holder == 4
    assert [seat.id for seat in event.plan.seats] == ["A1", "A2", "A3", "B1", "B2", "B3"]


def test_events_are_in_the_programme(box_office: DatabaseBoxOffice, clock: ManualClock) -> None:
    assert [each.event.id for each in box_office.programme()[0]] == ["gala"]
    clock.advance(100_000)
    assert box_office.programme() == ([], None)


def test_details_are_there_if_they_were_kept(box_office: DatabaseBoxOffice) -> None:
    registry = box_office.registry("gala")
    asked = registry.event.policy.ask
    assert registry.details("AAAAA-AAAAA") == (Details({"name": "Ann"}) if asked else None)


def test_seats_are_as_they_were(box_office: DatabaseBoxOffice) -> None:
    seats = {seat.id: seat for seat in box_office.registry("gala").changes().seats}
    assert {seat_id: seat.status.value for seat_id, seat in seats.items()} == {
        "A1": "booked",
        "A2": "booked",
        "A3": "locked",
        "B1": "available",
        "B2": "available",
        "B3": "blocked",
    }
    lock = seats["A3"].lock
    assert lock is not None
    assert (lock.holder, lock.expires_at) == (ANN, 1_800_000_070)


def test_locked_seats_can_be_confirmed_and_free_seats_bought(
    box_office: DatabaseBoxOffice,
) -> None:
    registry = box_office.registry("gala")
    before = registry.changes().version
    assert registry.confirm(None, ANN)[1].seats == ("A3",)
    registry.lock(["B1"], BOB)
    assert registry.confirm(None, BOB)[1].seats == ("B1",)
    assert [seat.id for seat in registry.changes(before).seats] == ["A3", "B1"]
    with pytest.raises(errors.SeatsUnavailable):
        registry.lock(["A1"], BOB)


def test_a_lock_expires_when_it_would_have(
    box_office: DatabaseBoxOffice, clock: ManualClock
) -> None:
    registry = box_office.registry("gala")
    clock.advance(50)
    assert registry.seat("A3").status is SeatStatus.AVAILABLE
    with pytest.raises(errors.LockExpired):
        registry.confirm(["A3"], ANN)


def test_a_booking_is_found_and_can_be_cancelled(box_office: DatabaseBoxOffice) -> None:
    registry = box_office.registry_of_booking("AAAAA-AAAAA")
    assert registry.booking("AAAAA-AAAAA").seats == ("A1", "A2")
    assert registry.booking("BBBBB-BBBBB").cancelled_at == 1_800_000_000
    registry.cancel("AAAAA-AAAAA", ANN)
    assert registry.seat("A1").status is SeatStatus.AVAILABLE


def test_bookings_have_tickets_that_open_the_door(box_office: DatabaseBoxOffice) -> None:
    registry = box_office.registry("gala")
    first, second = registry.tickets("AAAAA-AAAAA")
    assert registry.tickets("AAAAA-AAAAA") == (first, second)
    if first.code == "0123456789ABCDEFGHJKMNPQRS":
        assert first.entry == Entry(1_800_000_005, "north")
    assert registry.check_in(Presented(second.code, None, "north"), "usher").seat == "A2"


def test_the_history_goes_on(box_office: DatabaseBoxOffice) -> None:
    registry = box_office.registry("gala")
    registry.unblock(["B3"])
    history = registry.history(most=100)
    assert history.complete
    assert [(entry.seat, entry.change) for entry in history.entries] == [
        ("A1", SeatChange.LOCKED),
        ("A2", SeatChange.LOCKED),
        ("A1", SeatChange.BOOKED),
        ("A2", SeatChange.BOOKED),
        ("B1", SeatChange.LOCKED),
        ("B1", SeatChange.BOOKED),
        ("B1", SeatChange.CANCELLED),
        ("B3", SeatChange.BLOCKED),
        ("A3", SeatChange.LOCKED),
        ("B3", SeatChange.UNBLOCKED),
    ]


def test_an_answer_is_given_again(box_office: DatabaseBoxOffice) -> None:
    registry = box_office.registry("gala")
    request = KeyedRequest(ANN, "key", b"d" * 32)
    assert registry.lock(["A1"], ANN, Reply(lambda _: {}, request)) == {"status": 200}


def test_a_request_that_an_earlier_version_began_and_never_answered_is_carried_out(
    box_office: DatabaseBoxOffice, database: Database
) -> None:
    with database.transaction(writing=True) as transaction:
        transaction.run_script(
            "INSERT INTO answer (event, holder, idempotency_key, digest, begun_at)"
            f" VALUES ('gala', '{ANN.hex()}', 'begun', '00', 1900000000);\n"
        )
    registry, request = box_office.registry("gala"), KeyedRequest(ANN, "begun", b"digest")
    for _ in range(2):
        answer = registry.lock(["B1"], ANN, Reply(lambda _: {"status": 200}, request))
        assert answer == {"status": 200}


def test_an_event_that_is_opened_again_goes_on_from_its_versions(
    box_office: DatabaseBoxOffice,
) -> None:
    gala = box_office.registry("gala").event
    box_office.put(replace(gala, id="over"))
    assert box_office.registry("over").changes().version == 1_900_000_000_001


@pytest.mark.parametrize("text", ["\U0001f3ad", "\ud800", "\0"])
def test_a_plan_that_sql_cannot_look_into_is_read_for_a_list(
    database: Database, monkeypatch: pytest.MonkeyPatch, clock: ManualClock, text: str
) -> None:
    with monkeypatch.context() as earlier:
        scripts = migrations.scripts(database.dialect)
        known = {number: script for number, script in scripts.items() if number < 12}
        earlier.setattr(migrations, "scripts", lambda _: known)
        migrations.migrate(database)
    data = Path(__file__).parent / "migrations" / "0011_described.sql"
    note = json.dumps({"name": "The hall", "note": text})
    script = data.read_text(encoding="utf-8").replace('{"name":"The hall"', note[:-1])
    with database.transaction(writing=True) as transaction:
        transaction.run_script(script)
    box_office = DatabaseBoxOffice(Settings(), database, clock=one_clock(clock))
    [summary] = box_office.events()[0]
    assert summary.event.plan.name == "The hall"
    assert sum(summary.seats.values()) == 6
    box_office.close()


def test_ten_processes_may_start_at_once(tmp_path: Path) -> None:
    path = str(tmp_path / "booking.db")
    barrier = threading.Barrier(10)
    taken: list[list[str]] = []

    def start() -> None:
        database = SqliteDatabase(path)
        barrier.wait()
        taken.append(migrations.migrate(database))
        database.close()

    threads = [threading.Thread(target=start) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [*[[]] * 9, list(STEPS.values())]


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    database = SqliteDatabase(str(tmp_path / "booking.db"))
    migrations.migrate(database)
    with database.transaction(writing=True) as transaction:
        transaction.run("add_migration", number=99, name="0099_later")
    with pytest.raises(migrations.SchemaError, match="later version"):
        migrations.migrate(database)
    database.close()


# Broken data of an earlier version, and tables of other programs


@pytest.fixture
def sold_twice(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database after the first migration, in which A1 and A2 are in two live bookings."""
    with monkeypatch.context() as earlier:
        first = migrations.scripts(database.dialect)[1]
        earlier.setattr(migrations, "scripts", lambda _: {1: first})
        migrations.migrate(database)
    data = Path(__file__).parent / "migrations" / "0001_events.sql"
    with database.transaction(writing=True) as transaction:
        transaction.run_script(data.read_text(encoding="utf-8"))
        transaction.run_script(
            "INSERT INTO booking (event, reference, number, seats, booked_at, holder) VALUES"
            f" ('gala', 'TWICE-TWICE', 1, 'A2 A1', 1.0, '{BOB.hex()}');\n"
        )
    return database


def test_seats_already_sold_twice_are_kept_and_reported(
    sold_twice: Database, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    box_office = DatabaseBoxOffice(Settings(), sold_twice, clock=one_clock(clock))
    told = [record.getMessage() for record in caplog.records]
    assert [line.partition(" Cancel")[0] for line in told] == [
        f"Event gala: seat {seat} was sold twice by an earlier version."
        " It is in booking TWICE-TWICE, too."
        for seat in ("A1", "A2")
    ]
    registry = box_office.registry("gala")
    assert registry.booking("AAAAA-AAAAA").seats == ("A1", "A2")
    assert registry.booking("TWICE-TWICE").seats == ("A2", "A1")
    box_office.close()


def test_cancelling_the_second_booking_of_a_seat_leaves_it_to_the_first(
    sold_twice: Database, clock: ManualClock
) -> None:
    box_office = DatabaseBoxOffice(Settings(), sold_twice, clock=one_clock(clock))
    registry = box_office.registry("gala")
    assert registry.cancel("TWICE-TWICE", BOB)[0] == ()
    assert registry.seat("A1").status is SeatStatus.BOOKED
    registry.cancel("AAAAA-AAAAA", ANN)
    registry.lock(["A1", "A2"], BOB)
    assert registry.confirm(None, BOB)[1].seats == ("A1", "A2")
    box_office.close()


OURS = "CREATE TABLE migration (number INTEGER, name TEXT, applied_at TIMESTAMP);\n"


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE event (id INTEGER);\n",
        "CREATE TABLE migration (id INTEGER, name TEXT);\n",
        f"{OURS}INSERT INTO migration (number, name) VALUES (1, 'init');\n",
        f"{OURS}INSERT INTO migration (number, name) VALUES (77, 'init');\n",
    ],
)
def test_the_tables_of_another_program_are_left_alone(database: Database, script: str) -> None:
    with database.transaction(writing=True) as transaction:
        transaction.run_script(script)
    with pytest.raises(
        migrations.SchemaError, match=r"tables of another program.*BOOKING_DATABASE_URL"
    ):
        migrations.migrate(database)


def test_a_current_schema_needs_rights_only_to_the_rows(postgres: str) -> None:
    with schema(postgres) as url, psycopg.connect(url, autocommit=True) as admin:
        owner = PostgresDatabase(url, connections=1)
        migrations.migrate(owner)
        owner.close()
        name = admin.execute("SELECT current_schema").fetchone()
        assert name is not None
        space = sql.Identifier(name[0])
        role = sql.Identifier(f"{name[0]}_rows")
        for statement in (
            "CREATE ROLE {role}",
            "GRANT USAGE ON SCHEMA {space} TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {space} TO {role}",
        ):
            admin.execute(sql.SQL(statement).format(role=role, space=space))
        try:
            database = PostgresDatabase(f"{url}%20-c%20role%3D{name[0]}_rows", connections=1)
            box_office = DatabaseBoxOffice(Settings(), database)
            box_office.registry("default").lock(["1"], ANN)
            box_office.close()
        finally:
            admin.execute(sql.SQL("DROP OWNED BY {}").format(role))
            admin.execute(sql.SQL("DROP ROLE {}").format(role))


def test_ids_compare_byte_by_byte_on_postgresql(postgres: str) -> None:
    """Every column in a key or an order does, whatever the database's collation."""
    with postgres_database(postgres) as database:
        migrations.migrate(database)
        with database.transaction(writing=True) as transaction:
            assert transaction.damage() == []
            transaction.run_script(
                'ALTER TABLE seat ALTER COLUMN seat TYPE TEXT COLLATE "default";\n'
            )
            assert transaction.damage() == [
                "The column seat of seat does not compare byte by byte."
            ]
