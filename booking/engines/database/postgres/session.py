"""One connection to PostgreSQL, and what it knows about the server."""

import math
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from booking.engines.database.connection import CannotOpen
from booking.engines.database.postgres.causes import explain, server_name
from booking.engines.database.postgres.url import PostgresUrl
from booking.engines.expiry import ExpiryTimer

_LOST_AFTER_SECONDS = 5
"""How long data may stay unacknowledged before the connection counts as lost."""
STOPPED_SECONDS = 2
"""How long a process that is stopped in a transaction, or cut off, may hold up an event."""
_OLDEST_VERSION = 13

Connection = psycopg.Connection[dict[str, Any]]

_ABOUT_SERVER = """
SELECT pg_backend_pid() AS process,
    extract(epoch FROM pg_postmaster_start_time())::text AS server,
    pg_is_in_recovery() AS standby,
    current_setting('transaction_read_only') = 'on' AS read_only,
    current_setting('synchronous_commit') AS synchronous_commit,
    current_setting('fsync') AS fsync,
    EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS on_several_nodes,
    current_setting('DateStyle') AS date_style,
    current_setting('extra_float_digits')::integer AS float_digits,
    ARRAY(
        SELECT name::text FROM pg_settings
        WHERE name IN (
            'statement_timeout', 'lock_timeout',
            'idle_in_transaction_session_timeout', 'transaction_timeout'
        )
            AND setting = '0' AND source IN ('default', 'configuration file')
    ) AS unlimited,
    (SELECT setting FROM pg_settings WHERE name = 'statement_timeout')::float / 1000 AS seconds
"""


class Session:
    """A connection, and what it knows about the server."""

    def __init__(self, url: PostgresUrl, timeout_seconds: float) -> None:
        """Connect. The server cancels statements that take longer than the timeout, unless the URL,
        the user or the database sets its own limit.

        Raises:
            CannotOpen: connecting failed, or the service cannot work with this server.
        """
        self.opened_at = self.idle_since = time.monotonic()
        self.generation = 0
        """The generation of the pool that this session belongs to."""
        self.connection = _connect(url)
        try:
            self._inspect(url, timeout_seconds)
        except psycopg.Error as error:
            self.close()
            raise CannotOpen(explain(url, error)) from error
        except CannotOpen:
            self.close()
            raise

    def _inspect(self, url: PostgresUrl, timeout_seconds: float) -> None:
        connection = self.connection
        if connection.info.server_version < _OLDEST_VERSION * 10_000:
            version = connection.info.server_version // 10_000
            raise CannotOpen(
                f"{server_name(url)} is version {version}. Name a server with version"
                f" {_OLDEST_VERSION} or later in BOOKING_DATABASE_URL."
            )
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise CannotOpen(
                f"{server_name(url)} keeps the database {url.database or 'of the user’s name'} in"
                f" {encoding}, which cannot hold every name. Create another with CREATE DATABASE …"
                " ENCODING 'UTF8' TEMPLATE template0, and name it in BOOKING_DATABASE_URL."
            )
        keep_alive(connection)
        about = connection.execute(_ABOUT_SERVER.encode()).fetchall()[0]
        self.server: str = about["server"]
        """The server's start time, which identifies the server and changes when it restarts."""
        self.read_only: bool = about["read_only"]
        self.standby: bool = about["standby"]
        self.on_several_nodes: bool = about["on_several_nodes"]
        """Whether an event may live on another node than the next one."""
        self.risks = tuple(_risks(about["synchronous_commit"], about["fsync"]))
        limits = {
            "statement_timeout": f"{timeout_seconds * 1000:.0f}ms",
            "lock_timeout": f"{timeout_seconds * 1000:.0f}ms",
            "idle_in_transaction_session_timeout": f"{STOPPED_SECONDS}s",
        }
        settings = {name: limits[name] for name in limits if name in about["unlimited"]}
        self.statement_seconds: float = (
            timeout_seconds if "statement_timeout" in settings else about["seconds"]
        )
        """How long a statement may take; 0 means no limit."""
        self.limit_once_locked = b""
        """What limits a transaction from when it has locked an event: PostgreSQL 17 can."""
        if "transaction_timeout" in about["unlimited"]:
            self.limit_once_locked = _set_local("transaction_timeout", f"{STOPPED_SECONDS}s")
        if not about["date_style"].startswith("ISO"):
            settings["DateStyle"] = "ISO"
        if about["float_digits"] < 1:
            # Otherwise times are rounded when they are read back.
            settings["extra_float_digits"] = "1"
        self.settings: list[bytes] = []
        """The statements that begin each transaction behind a pooler, which may give each one
        another session."""
        if connection.info.backend_pid == about["process"]:
            if not self.on_several_nodes:
                # Our statements look up by keys, so one plan is as good for any values. To plan
                # anew what finds answers, or seats that changed, took the server 100 to 150 µs a
                # call. Citus needs the values to ask several nodes.
                settings["plan_cache_mode"] = "force_generic_plan"
            if settings:
                connection.execute(_set(settings))
        else:
            # A pooler invents process ids. It may not support prepared statements, either.
            connection.prepare_threshold = None
            self.settings = [_set_local(name, value) for name, value in settings.items()]

    @property
    def usable(self) -> bool:
        """Whether a new transaction can begin."""
        return self.connection.pgconn.transaction_status == TransactionStatus.IDLE

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        self.connection.close()


class Watchdog:
    """Breaks connections whose server does not answer. A server that hangs does not enforce its own
    timeouts."""

    def __init__(self) -> None:
        self._timer = ExpiryTimer()

    @contextmanager
    def watch(self, session: Session, seconds: float) -> Iterator[None]:
        """Break the connection if the block takes longer, so that a waiting call in it raises."""
        watched = [session.connection]
        # Round up to whole seconds, so that one timer serves many transactions.
        self._timer.schedule(math.ceil(time.monotonic() + seconds), partial(_break, watched))
        try:
            yield
        finally:
            watched.clear()

    def close(self) -> None:
        """Stop watching."""
        self._timer.close()


def _break(watched: list[Connection]) -> None:
    for connection in watched:
        # The connection may just have been closed or lost.
        with (
            suppress(psycopg.Error, OSError),
            socket.socket(fileno=os.dup(connection.fileno())) as line,
        ):
            line.shutdown(socket.SHUT_RDWR)


def _connect(url: PostgresUrl) -> Connection:
    try:
        return Connection.connect(
            url.connection_string,
            row_factory=dict_row,
            autocommit=True,
            client_encoding="utf8",
            # What pg_stat_activity shows, unless the URL or PGAPPNAME says otherwise.
            fallback_application_name="booking",
        )
    except psycopg.Error as error:
        raise CannotOpen(explain(url, error)) from error


def keep_alive(connection: Connection) -> None:
    """Set the socket to detect a dead connection soon. Settings in the URL, a service file or the
    environment win."""
    said = connection.info.get_parameters()
    with socket.socket(fileno=os.dup(connection.fileno())) as line:
        if line.family not in (socket.AF_INET, socket.AF_INET6) or said.get("keepalives") == "0":
            return
        for parameter, option, value in (
            ("keepalives_idle", "TCP_KEEPIDLE", 30),
            ("keepalives_interval", "TCP_KEEPINTVL", 5),
            ("keepalives_count", "TCP_KEEPCNT", 3),
            ("tcp_user_timeout", "TCP_USER_TIMEOUT", _LOST_AFTER_SECONDS * 1000),
        ):
            # Not every system has all of these options.
            if parameter not in said and hasattr(socket, option):
                line.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def _risks(synchronous_commit: str, fsync: str) -> Iterator[str]:
    for setting, value, when in (
        ("synchronous_commit", synchronous_commit, "the database server"),
        ("fsync", fsync, "the machine of the database server"),
    ):
        if value == "off":
            yield (
                f"{setting} is off: acknowledged bookings are lost if {when} crashes."
                f" Set {setting} = on in PostgreSQL."
            )


def _set(settings: dict[str, str]) -> bytes:
    calls = (f"set_config('{name}', '{value}', false)" for name, value in settings.items())
    return f"SELECT {', '.join(calls)}".encode()


def _set_local(name: str, value: str) -> bytes:
    # Not by SELECT, which would fix what a transaction sees: a call that reads may have to wait for
    # one that writes before it looks.
    return f"SET LOCAL {name} = '{value}'".encode()
