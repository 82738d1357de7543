"""Connections to PostgreSQL servers and databases with unusual settings."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import conninfo, sql

from booking.engines.database.connection import CannotOpen
from booking.engines.database.migrations import migrate
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.postgres.session import keep_alive
from booking.engines.database.postgres.transaction import PostgresTransaction
from tests.support.relay import Relay


@contextmanager
def own_database(postgres: str, *how: str, options: str = "") -> Iterator[str]:
    """Create a database with its own settings, and yield its URL."""
    name = "of_its_own"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {options} TEMPLATE template0".encode())
        for setting in how:
            connection.execute(f"ALTER DATABASE {name} SET {setting}".encode())
        given = conninfo.conninfo_to_dict(postgres)
        try:
            yield f"postgresql://postgres@/{name}?host={quote(str(given['host']))}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def show(transaction: PostgresTransaction, setting: str) -> object:
    found = transaction._connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(setting)))
    return found.fetchall()[0][setting]


def refused(url: str, *, writing: bool = True) -> str:
    """Return why the first transaction is refused."""
    with closing(PostgresDatabase(url, connections=1)) as database:
        with pytest.raises(CannotOpen) as error, database.transaction(writing=writing):
            pass
        return str(error.value)


def test_connections_use_utf8_whatever_the_url_the_environment_and_the_database_say(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "SQL_ASCII")
    with (
        own_database(postgres, "client_encoding = 'LATIN1'") as url,
        closing(PostgresDatabase(f"{url}&client_encoding=latin1", connections=1)) as database,
        database.transaction(writing=False) as transaction,
    ):
        assert show(transaction, "client_encoding") == "UTF8"


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_name_is_refused(postgres: str, encoding: str) -> None:
    with own_database(postgres, options=f"ENCODING '{encoding}' LOCALE 'C'") as url:
        told = refused(url)
    assert f"in {encoding}, which cannot hold every name" in told
    assert "ENCODING 'UTF8'" in told


def test_a_read_only_database_is_refused_for_writing(postgres: str) -> None:
    with own_database(postgres, "default_transaction_read_only = on") as url:
        assert "is read-only. Set default_transaction_read_only = off" in refused(url)
        with (
            closing(PostgresDatabase(url, connections=1)) as database,
            database.transaction(writing=False) as transaction,
        ):
            assert transaction.run("time")


def test_writers_see_the_latest_whatever_the_database_isolates_by_default(postgres: str) -> None:
    with (
        own_database(postgres, "default_transaction_isolation = 'serializable'") as url,
        closing(PostgresDatabase(url, connections=1)) as database,
        database.transaction(writing=True) as transaction,
    ):
        assert show(transaction, "transaction_isolation") == "read committed"


def test_settings_that_lose_acknowledged_bookings_are_logged_once_and_kept_for_readiness(
    postgres: str, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        own_database(postgres, "synchronous_commit = off") as url,
        closing(PostgresDatabase(url, connections=2)) as database,
    ):
        with database.transaction(writing=True), database.transaction(writing=True):
            pass
        risks = database.risks
    told = (
        "synchronous_commit is off: acknowledged bookings are lost if the database"
        " server crashes. Set synchronous_commit = on in PostgreSQL."
    )
    assert caplog.messages == list(risks) == [told]


@pytest.mark.parametrize("where", ["url", "environment", "service"])
def test_options_in_the_url_are_kept_and_can_choose_the_schema(
    postgres: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_database(postgres) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA tickets")
        option = "-c search_path=tickets"
        if where == "url":
            url += f"&options={quote(option)}"
        elif where == "environment":
            monkeypatch.setenv("PGOPTIONS", option)
        else:
            file = tmp_path / "services"
            file.write_text(f"[shop]\noptions={option}\n", encoding="ascii")
            monkeypatch.setenv("PGSERVICEFILE", str(file))
            url += "&service=shop"
        with closing(PostgresDatabase(url, connections=1)) as database:
            migrate(database)
            with database.transaction(writing=True) as transaction:
                assert show(transaction, "statement_timeout") == "5s"
                assert show(transaction, "lock_timeout") == "5s"
        found = connection.execute("SELECT DISTINCT schemaname FROM pg_tables").fetchall()
    assert {row[0] for row in found} == {"tickets", "pg_catalog", "information_schema"}


def test_a_time_limit_of_the_url_or_the_database_counts_instead_of_ours(postgres: str) -> None:
    with own_database(postgres, "lock_timeout = '7s'") as url:
        url += f"&options={quote('-c statement_timeout=0')}"
        with (
            closing(PostgresDatabase(url, connections=1)) as database,
            database.transaction(writing=True) as transaction,
        ):
            assert show(transaction, "statement_timeout") == "0"
            assert show(transaction, "lock_timeout") == "7s"


def test_dates_and_numbers_are_read_as_they_were_written(postgres: str) -> None:
    with (
        own_database(postgres, "DateStyle = 'Postgres, DMY'", "extra_float_digits = 0") as url,
        closing(PostgresDatabase(url, connections=1)) as database,
    ):
        migrate(database)
        with database.transaction(writing=False) as transaction:
            assert transaction.run("list_migrations")[0]["applied_at"].year > 2000
            precise = transaction._connection.execute("SELECT 0.1::float8 + 0.2 AS sum")
            assert precise.fetchall() == [{"sum": 0.1 + 0.2}]


def test_the_error_for_a_missing_database_says_how_to_create_it(postgres: str) -> None:
    given = conninfo.conninfo_to_dict(postgres)
    told = refused(f"postgresql://postgres@/nowhere?host={quote(str(given['host']))}")
    assert "has no database nowhere. Create it with CREATE DATABASE" in told


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://shop:S3cret@no-such-host.invalid/x", "cannot be found. Correct its name"),
        ("postgresql://shop:S3cret@127.0.0.1:1/x", "Nothing answers at 127.0.0.1:1."),
        ("postgresql://shop:S3cret@/x?host=/no/such/folder", "Nothing answers at"),
        ("postgresql://shop:S3cret@127.0.0.1/x?sslmode=S3cret", 'invalid sslmode value: "…"'),
    ],
)
def test_the_error_for_an_unreachable_server_says_what_to_do(url: str, told: str) -> None:
    said = refused(url)
    assert told in said
    assert "BOOKING_DATABASE_URL" in said
    assert "S3cret" not in said
    assert "shop" not in said


def test_a_server_without_tls_is_refused_if_tls_is_required(postgres: str) -> None:
    with Relay(postgres) as relay:
        said = refused(f"{relay.url}&sslmode=require")
    assert "cannot be reached over TLS" in said
    assert "sslmode" in said


def test_a_role_that_may_not_create_tables_is_explained(postgres: str) -> None:
    with own_database(postgres) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM public")
        connection.execute("CREATE ROLE clerk LOGIN")
        try:
            with (
                closing(PostgresDatabase(url.replace("postgres@", "clerk@"), 1)) as database,
                pytest.raises(CannotOpen, match="may not create tables"),
            ):
                migrate(database)
        finally:
            connection.execute("DROP ROLE clerk")


def test_tables_of_another_program_are_refused(postgres: str) -> None:
    with own_database(postgres) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE event (id INTEGER)")
        with (
            closing(PostgresDatabase(url, 1)) as database,
            pytest.raises(CannotOpen, match="tables of another program"),
        ):
            migrate(database)


def test_a_connection_is_kept_alive_unless_the_url_says_otherwise(postgres: str) -> None:
    with Relay(postgres) as relay:
        for more, idle in (("", 30), ("&keepalives_idle=77", 77), ("&keepalives=0", None)):
            with psycopg.connect(relay.url + more) as connection:
                keep_alive(connection)  # type: ignore[arg-type]
                line = socket.socket(fileno=connection.fileno())
                alive = line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                seconds = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
                line.detach()
                assert bool(alive) is (idle is not None)
                assert idle in (None, seconds)


def with_another_process(data: bytes) -> bytes:
    """Change the process id in the server's cancel key, as a pooler does."""
    head, key, rest = data.partition(b"K\x00\x00\x00\x0c")
    return head + key + (b"\x00\x00\x00\x01" + rest[4:] if key else b"")


def test_behind_a_pooler_nothing_is_left_in_the_session(postgres: str) -> None:
    with (
        Relay(postgres, with_another_process) as pooler,
        closing(PostgresDatabase(pooler.url, connections=1)) as database,
    ):
        for _ in range(10):
            with database.transaction(writing=True) as transaction:
                assert show(transaction, "statement_timeout") == "5s"
                transaction.run("time")
        session = database._pool._idle[0]
        left = session.connection.execute("SELECT name FROM pg_prepared_statements").fetchall()
        limit = session.connection.execute("SHOW statement_timeout").fetchall()
    assert left == []
    assert limit == [{"statement_timeout": "0"}]
