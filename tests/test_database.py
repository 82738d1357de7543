"""The engine that keeps everything in a database: the contract, and which one a URL means."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from booking.database.box_office import DatabaseBoxOffice
from booking.database.connection import Database
from booking.database.migrations import migrate
from booking.database.opening import DriverMissing, open_database
from booking.database.postgres import PostgresDatabase
from booking.database.registry import DatabaseRegistry
from booking.database.sqlite import SqliteDatabase
from booking.model import Event
from booking.settings import Settings
from tests.box_office_contract import BoxOfficeContract
from tests.clocks import ManualClock
from tests.databases import begin_with, one_clock, postgres_database, sqlite_database
from tests.engine import OpenRegistry
from tests.sale_contract import SaleContract


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
    def box_office(self, clock: ManualClock, database: Database) -> Iterator[DatabaseBoxOffice]:
        box_office = DatabaseBoxOffice(Settings(), database, clock=one_clock(clock))
        yield box_office
        box_office.close()


class TestSqliteRegistry(OnSqlite, RegistryOnDatabase):
    """The contract of a registry."""


class TestSqliteBoxOffice(OnSqlite, BoxOfficeOnDatabase):
    """The contract of a box office."""


class TestPostgresRegistry(OnPostgres, RegistryOnDatabase):
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
    monkeypatch.setitem(sys.modules, "booking.database.postgres", None)
    with pytest.raises(DriverMissing, match=r"pip install -r requirements-postgres\.txt"):
        open_database("postgresql://127.0.0.1/house", connections=1)
