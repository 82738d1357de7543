"""A primary that comes back as a read-only server, while the service goes on."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from psycopg import conninfo

from tests.live.server import Client, Server
from tests.support.postgres import OwnServer, own_server
from tests.support.relay import Relay
from tests.support.waiting import wait_until


def folder_of(server: OwnServer) -> Path:
    return Path(str(conninfo.conninfo_to_dict(server.url)["host"]))


@contextmanager
def copy_of(server: OwnServer) -> Iterator[OwnServer]:
    """Copy a running server."""
    with tempfile.TemporaryDirectory() as folder:
        if server._user is not None:
            shutil.chown(folder, server._user)
        program = Path(server._command[0]).with_name("pg_basebackup")
        subprocess.run(
            [program, "-D", folder, "-h", folder_of(server), "-U", "postgres", "-c", "fast"],
            user=server._user,
            check=True,
            stderr=subprocess.DEVNULL,
        )
        # The first server's socket is in its folder, so its lock file was copied, too.
        Path(folder, ".s.PGSQL.5432.lock").unlink()
        copy = OwnServer(folder)
        copy.start()
        try:
            yield copy
        finally:
            copy.stop()


def demote(server: OwnServer) -> None:
    """Restart the server as a standby without a primary."""
    server.stop()
    signal = folder_of(server) / "standby.signal"
    signal.touch()
    if server._user is not None:
        shutil.chown(signal, server._user)
    server.start()


def buy(client: Client, seat: int) -> str:
    locked = client.call("POST", f"/lock/{seat}")
    return client.call("POST", f"/confirm/{seat}").code if locked.code == "ok" else locked.code


def test_selling_resumes_as_soon_as_the_address_leads_to_a_writable_server() -> None:
    with ExitStack() as stack:
        old = stack.enter_context(own_server())
        relay = stack.enter_context(Relay(old.url))
        clients = []
        for attributes in ("", "&target_session_attrs=read-write"):
            service = stack.enter_context(Server(database_url=relay.url + attributes))
            clients.append(stack.enter_context(service.client("t" * 40)))
        assert [buy(client, seat) for seat, client in enumerate(clients, 1)] == ["ok", "ok"]
        new = stack.enter_context(copy_of(old))
        demote(old)
        for client in clients:
            refused = client.call("POST", "/lock/3")
            assert refused.code == "unavailable"
            assert "Nothing was changed." in refused.json["detail"]
            assert refused.json["detail"].endswith(f" under {refused.json['incident']}.")
        # Reading still works, unless the URL asks for a server that writes.
        assert [client.call("GET", "/seats").status for client in clients] == [200, 503]
        relay.lead_to(new.url)
        for seat, client in enumerate(clients, 3):
            assert [buy(client, each) for each in (1, seat)] == ["seat_booked", "ok"]
        # The log may be behind the answer.
        wait_until(lambda: any(refused.json["incident"] in line for line in service.lines))
