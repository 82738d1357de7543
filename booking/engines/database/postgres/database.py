"""PostgreSQL: durable, shared by many processes and machines.

A transaction that writes first locks the rows of the events that it concerns. So transactions of
one event take turns, and see each other's versions in order.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from booking.engines.database.connection import CannotOpen, Database, read_statements
from booking.engines.database.postgres.pool import Pool, PoolBusy
from booking.engines.database.postgres.session import Session, Watchdog
from booking.engines.database.postgres.transaction import PREPARED, PostgresTransaction, in_postgres
from booking.engines.database.postgres.url import PostgresUrl
from booking.engines.errors import Unavailable

_TIMEOUT_SECONDS = 5.0
_LONG_SECONDS = 3600.0
_LONG_IDLE_SECONDS = 60.0
"""How long a long transaction may say nothing: 100,000 seats take 2 s to work out."""
_WAIT_SECONDS = 2.0
"""How long to wait for another thread to give a connection back."""
_TEST_SECONDS = 1.0
"""How long a connection that was idle may take to prove that it works."""

# Whatever the database's defaults are: a transaction that writes locks the event with its first
# statement and then sees the latest rows; one that reads sees a snapshot.
_BEGIN_WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_LONG = (
    f"SELECT set_config('statement_timeout', '{_LONG_SECONDS:.0f}s', true),"
    f" set_config('idle_in_transaction_session_timeout', '{_LONG_IDLE_SECONDS:.0f}s', true)"
)

_ABORTED = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.NotNullViolation,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
)
_ANOTHER_SESSION_HELPS = ("25006", "0A000")
"""SQLSTATEs of a read-only server, whose address may lead to the primary by now, and of a statement
that was prepared before the schema changed."""
_DRAIN_AFTER = (*_ANOTHER_SESSION_HELPS, "08", "53", "57P", "58", "F0", "XX")
"""SQLSTATEs, or their first characters, after which all connections are replaced: the server cannot
write, has an internal error, or is shutting down."""
_NODE_LOST = ("08", "XX")
"""SQLSTATEs with which a server that spreads its tables over others, such as Citus, tells at COMMIT
that it lost one of them. Whether that one has committed is not known."""
_UNWRITABLE = ("25006", "53100")
"""SQLSTATEs of a read-only server, and of one whose disk is full."""
_REJECTED = (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError)
_NO_RIGHT_TO_CREATE = ("42501", "3F000")
_TAKEN_NAME = "42P07"

logger = logging.getLogger(__name__)


class PostgresDatabase(Database):
    """A PostgreSQL database."""

    dialect = "postgres"

    def __init__(
        self, url: str, connections: int, *, timeout_seconds: float = _TIMEOUT_SECONDS
    ) -> None:
        """Prepare to connect; the first transaction connects. A statement or the wait for a lock
        may take ``timeout_seconds``, unless the URL or the database sets another limit.

        Raises:
            CannotOpen: the URL cannot be read.
        """
        # This module logs faults in full, without secrets. The driver's own log lines name users.
        logging.getLogger("psycopg").setLevel(logging.ERROR)
        self._url = PostgresUrl(url)
        self._timeout_seconds = timeout_seconds
        self._statements = {name: in_postgres(text) for name, text in read_statements().items()}
        self._watchdog = Watchdog()
        self._pool = Pool(
            self._connect,
            self._answers,
            most=connections,
            # Other threads may be connecting.
            wait_seconds=max(_WAIT_SECONDS, self._url.connect_seconds),
        )
        self._risks: tuple[str, ...] = ()
        self.shared_at_once = 2
        # Whether any transaction has reached a server, and one that can write. Never reset.
        self._reached = self._written = False
        self.name = self._url.database or "postgres"

    @property
    def risks(self) -> tuple[str, ...]:
        """See the base class. Known after the first transaction."""
        return self._risks

    @contextmanager
    def transaction(self, *, writing: bool, long: bool = False) -> Iterator[PostgresTransaction]:
        """See the base class. If this raises Unavailable, nothing was changed, unless its
        ``outcome_unknown`` is set."""
        attempt = _Attempt(time.monotonic())
        with (
            self._errors_explained(attempt),
            self._pool.session() as session,
            self._watched(session, long=long),
        ):
            self._expect_to_write(session, attempt, writing=writing)
            connection = session.connection
            with connection.pipeline() as pipeline:
                connection.execute(_BEGIN_WRITING if writing else _BEGIN_READING)
                for setting in session.settings:
                    connection.execute(setting)
                if long:
                    connection.execute(_LONG)
                limit = b"" if long else session.limit_once_locked
                attempt.transaction = PostgresTransaction(
                    connection, pipeline, self._statements, limit
                )
                try:
                    yield attempt.transaction
                except psycopg.Error:
                    raise
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                attempt.committing = writing
                connection.execute("COMMIT")

    def close(self) -> None:
        """See the base class."""
        self._watchdog.close()
        self._pool.close()

    def _connect(self) -> Session:
        session = Session(self._url, self._timeout_seconds)
        session.connection.prepared_max = PREPARED
        for risk in session.risks:
            if risk not in self._risks:
                logger.warning("%s", risk)
        self._risks = session.risks
        if session.on_several_nodes:
            # A commit that concerns two nodes is carried out in two phases.
            self.shared_at_once = 0
        return session

    def _answers(self, session: Session) -> bool:
        try:
            with self._watchdog.watch(session, _TEST_SECONDS):
                session.connection.execute("SELECT")
        except psycopg.Error:
            return False
        return True

    @contextmanager
    def _watched(self, session: Session, *, long: bool) -> Iterator[None]:
        seconds = _LONG_SECONDS if long else session.statement_seconds
        if seconds == 0:  # The URL, the user or the database sets no limit.
            yield
            return
        with self._watchdog.watch(session, seconds + self._timeout_seconds):
            yield

    def _expect_to_write(self, session: Session, attempt: "_Attempt", *, writing: bool) -> None:
        """Raise CannotOpen if the very first transaction that writes finds a read-only server."""
        if writing and session.read_only and not self._written:
            attempt.refused = True
            why = (
                "It is a standby. Name the primary"
                if session.standby
                else "Set default_transaction_read_only = off there, or name another database"
            )
            raise CannotOpen(
                f"The database {self.name} is read-only. {why} in BOOKING_DATABASE_URL."
            )
        self._reached = True
        self._written |= writing

    # Errors

    @contextmanager
    def _errors_explained(self, attempt: "_Attempt") -> Iterator[None]:
        try:
            yield
        except CannotOpen as error:
            if attempt.transaction is not None or attempt.refused or not self._reached:
                raise
            raise self._unreachable(error) from error
        except PoolBusy as error:
            raise self._busy() from error
        except psycopg.Error as error:
            if attempt.transaction is not None and attempt.transaction.scripted:
                self._explain_script(error)
            raise self._failed(error, attempt) from error

    def _failed(self, error: psycopg.Error, attempt: "_Attempt") -> Unavailable:
        """Return the error for a transaction that failed."""
        code = error.sqlstate or ""
        # Either no answer came, or the server said that it ends the connection.
        lost = isinstance(error, psycopg.OperationalError) and (
            not code or error.diag.severity_nonlocalized in ("FATAL", "PANIC")
        )
        in_time = time.monotonic() < attempt.began_at + self._timeout_seconds
        if lost or code.startswith(_DRAIN_AFTER):
            self._pool.drain()
        # If the end of the pipeline raises once more, it knows less.
        first = error.__context__ if isinstance(error.__context__, psycopg.Error) else error
        return self.faults.unavailable(
            f"{first.sqlstate or ''} {type(first).__name__}".strip(),
            self._url.hide(str(first)),
            outcome_unknown=attempt.committing and (lost or code.startswith(_NODE_LOST)),
            # Retry a lost connection only if it failed soon. Otherwise the server hangs.
            aborted=isinstance(error, _ABORTED)
            or code in _ANOTHER_SESSION_HELPS
            or (lost and not attempt.committing and in_time),
            rejected=isinstance(error, _REJECTED),
            unwritable=code in _UNWRITABLE,
        )

    def _unreachable(self, error: CannotOpen) -> Unavailable:
        cause = "" if error.__cause__ is None else f" ({self._url.hide(str(error.__cause__))})"
        return self.faults.unavailable(
            "no connection", f"{error}{cause}", message="The database cannot be reached."
        )

    def _busy(self) -> Unavailable:
        return self.faults.unavailable(
            "busy",
            f"All connections of this process to {self.name} were in use. Find out what keeps the"
            " database busy, or set BOOKING_THREADS lower.",
            message="All connections to the database are busy.",
        )

    def _explain_script(self, error: psycopg.Error) -> None:
        """Raise CannotOpen if the schema could not be changed, and trying again will not help."""
        if error.sqlstate in _NO_RIGHT_TO_CREATE:
            raise CannotOpen(
                f"The user may not create tables in the database {self.name}. GRANT CREATE ON"
                " SCHEMA to the user of BOOKING_DATABASE_URL, or name the user's own schema there"
                " with search_path."
            ) from error
        if error.sqlstate == _TAKEN_NAME:
            raise CannotOpen(
                f"The database {self.name} has tables of another program"
                f" ({error.diag.message_primary}). Name a database or a schema for this program"
                " alone in BOOKING_DATABASE_URL."
            ) from error


@dataclass(slots=True)
class _Attempt:
    """The progress of a transaction, which decides what an error in it means."""

    began_at: float
    transaction: PostgresTransaction | None = None
    committing: bool = False
    refused: bool = False
    """Whether the server was refused with a message for the operator, to be raised unchanged."""
