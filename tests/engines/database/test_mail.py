"""The outbox in a database: the contract, two processes, and addresses of an earlier version."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from booking.engines.database import migrations
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.connection import Database
from booking.settings import Settings
from tests.contracts.mail import MailContract, TwoProcessesContract
from tests.support.clocks import ManualClock
from tests.support.databases import one_clock, postgres_database, sqlite_database


class MailOnDatabase(MailContract, TwoProcessesContract):
    """The contract, on any database."""

    @pytest.fixture
    def database(self) -> Database:
        raise AssertionError("a class for each database provides this")

    @pytest.fixture
    def box_office(
        self, settings: Settings, clock: ManualClock, database: Database
    ) -> Iterator[DatabaseBoxOffice]:
        box_office = DatabaseBoxOffice(settings, database, clock=one_clock(clock))
        yield box_office
        box_office.close()

    @pytest.fixture
    def other(
        self, box_office: DatabaseBoxOffice, settings: Settings, clock: ManualClock
    ) -> DatabaseBoxOffice:
        return DatabaseBoxOffice(settings, box_office._database, clock=one_clock(clock))

    def test_addresses_of_an_earlier_version_are_found(
        self,
        settings: Settings,
        clock: ManualClock,
        database: Database,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        scripts = migrations.scripts(database.dialect)
        with monkeypatch.context() as earlier:
            known = {number: script for number, script in scripts.items() if number < 8}
            earlier.setattr(migrations, "scripts", lambda _: known)
            migrations.migrate(database)
        data = Path(__file__).parent / "migrations" / "0007_keys.sql"
        with database.transaction(writing=True) as transaction:
            transaction.run_script(data.read_text(encoding="utf-8"))
            transaction.run_script(
                "UPDATE booking_details SET details ="
                """ '{"answers":{"name":"Ann","email":"Ann@example.org"}}';\n"""
            )
        box_office = DatabaseBoxOffice(settings, database, clock=one_clock(clock))
        assert box_office.bookings_of("ann@example.org") == [("gala", "AAAAA-AAAAA")]
        box_office.remind(100_000)
        assert box_office.outbox.waiting() == 1
        box_office.close()


class TestOnSqlite(MailOnDatabase):
    """The contract, kept in a file."""

    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        with sqlite_database(tmp_path) as database:
            yield database


class TestOnPostgres(MailOnDatabase):
    """The contract, kept by PostgreSQL."""

    @pytest.fixture
    def database(self, postgres: str) -> Iterator[Database]:
        with postgres_database(postgres) as database:
            yield database
