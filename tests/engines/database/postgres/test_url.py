"""PostgreSQL URLs: what they say, and which parts are ever shown."""

import traceback

import pytest

from booking.engines.database.connection import CannotOpen
from booking.engines.database.postgres.database import PostgresDatabase
from booking.engines.database.postgres.url import PostgresUrl


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://shop@127.0.0.1/house", "postgresql://127.0.0.1/house"),
        ("postgres://shop:S3cret?word@db:6432/house", "postgresql://db:6432/house"),
        ("postgresql://shop:S3cret#word@db/house", "postgresql://db/house"),
        ("postgresql://shop:S3cret%2F%40%25@db/house?sslmode=require", "postgresql://db/house"),
        ("postgresql://shop:S3cret@[::1]:5433/house", "postgresql://[::1]:5433/house"),
        ("postgresql://shop:S3cret@a:1,b:2/house", "postgresql://a:1,b:2/house"),
        ("postgresql://shop:S3cret@a,b:2/house", "postgresql://a,b:2/house"),
        ("postgresql:///house?user=shop&password=S3cret", "postgresql:///house"),
        ("postgresql:///house?host=/run/pg", "postgresql://%2Frun%2Fpg/house"),
        ("postgresql://db/new%0Aline%40home", "postgresql://db/new%5Cnline%40home"),
        ("postgresql://?service=S3cret", "postgresql:///"),
    ],
)
def test_hosts_ports_and_the_database_are_shown_and_nothing_else(url: str, shown: str) -> None:
    assert str(PostgresUrl(url)) == shown
    assert repr(PostgresUrl(url)) == f"<PostgresUrl {shown}>"
    database = PostgresDatabase(url, connections=1)
    assert "S3cret" not in repr(vars(database))
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://shop:S3cret/word@127.0.0.1/house",
        "postgresql://shop:S3cret@word@127.0.0.1/house",
        "postgresql://shop:S3cret%word@127.0.0.1/house",
        "postgresql://shop:S3cret/a?word@127.0.0.1/house",
        "postgresql://shop:S3cret/a?word=1@127.0.0.1/house",
        "postgresql://shop:S3cret%00@127.0.0.1/house",
        "postgresql://shop:S3cret%ff@127.0.0.1/house",
        "postgresql://127.0.0.1/house?S3cret=on",
        "postgresql://127.0.0.1:S3cret/house",
        "postgresql://127.0.0.1/house?connect_timeout=S3cret",
        "postgresql://[S3cret/house",
    ],
)
def test_an_unreadable_url_is_explained_without_quoting_it(url: str) -> None:
    with pytest.raises(CannotOpen) as error:
        PostgresUrl(url)
    assert "BOOKING_DATABASE_URL" in str(error.value)
    assert not any(part in str(error.value) for part in ("S3cret", "shop", "house"))
    # libpq quotes what it cannot read, so its error must not be in a traceback.
    assert "S3cret" not in "".join(traceback.format_exception(error.value)[1:])


def test_messages_of_the_driver_are_shown_without_users_passwords_and_parameters() -> None:
    url = PostgresUrl("postgresql://shop:S3cret@db/house?sslrootcert=/home/ann/root.crt")
    assert url.hide(
        'role "shop" may not; invalid "S3cret"; file "/home/ann/root.crt"; database "house"'
    ) == ('role "…" may not; invalid "…"; file "…"; database "house"')


def test_a_connect_timeout_is_honoured_wherever_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "connect_timeout=3" in PostgresUrl("postgresql://db/").connection_string
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "20")
    assert PostgresUrl("postgresql://db/").connect_seconds == 20
    slow = PostgresDatabase("postgresql://db/?connect_timeout=7", connections=1)
    assert "connect_timeout=7" in slow._url.connection_string
    # A thread that waits for a connection may have to wait for one being made.
    assert slow._pool._wait_seconds == 7
    slow.close()
