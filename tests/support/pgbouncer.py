"""The real PgBouncer, in transaction mode: each transaction may get another session."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.support.waiting import wait_until

_CONFIGURATION = """
[databases]
* = host={server} user=postgres

[pgbouncer]
listen_port = 5432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 200
"""


@contextmanager
def pgbouncer(server: str, *, sessions: int) -> Iterator[str]:
    """A pooler in front of the server whose socket is in a folder, by its URL. It has so many
    sessions for all clients."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.skip("There is no pgbouncer: apt-get install pgbouncer brings it.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "pgbouncer.ini")
        file.write_text(_CONFIGURATION.format(server=server, folder=folder, sessions=sessions))
        user = pwd.getpwuid(Path(server).stat().st_uid).pw_name
        # PgBouncer refuses to be run by root, as PostgreSQL does.
        root = os.geteuid() == 0
        if root:
            shutil.chown(folder, user)
        running = subprocess.Popen([program, "-q", str(file)], user=user if root else None)
        url = f"postgresql://postgres@/postgres?host={folder}"

        def answers() -> bool:
            assert running.poll() is None, "PgBouncer does not start"
            try:
                psycopg.connect(url).close()
            except psycopg.OperationalError:
                return False
            return True

        try:
            wait_until(answers)
            yield url
        finally:
            running.terminate()
            running.wait(20)
