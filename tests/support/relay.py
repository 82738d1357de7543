"""An address that leads to one PostgreSQL server or another, or nowhere."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self
from urllib.parse import quote

from psycopg import conninfo


class Relay:
    """Passes on what clients send to the server of the moment. Connections stay where they are."""

    def __init__(self, url: str, alter: Callable[[bytes], bytes] = bytes) -> None:
        """``alter`` is given what the server sends, and returns what the client is to have."""
        self._alter = alter
        self._given = conninfo.conninfo_to_dict(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._forgotten = threading.Event()
        self._lines: list[socket.socket] = []
        self._servants: list[threading.Thread] = []
        self._target: str | None = url
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut()
        self._thread.join()
        for servant in self._servants:
            servant.join()

    @property
    def url(self) -> str:
        """The URL of the first server, with this address for its own."""
        port = self._listener.getsockname()[1]
        given = {name: quote(str(value)) for name, value in self._given.items()}
        return (
            f"postgresql://{given['user']}:{given.get('password', '')}@127.0.0.1:{port}"
            f"/{given['dbname']}?options={given.get('options', '')}"
        )

    def lead_to(self, url: str) -> None:
        """Pass new connections on to another server."""
        self._target = url

    def refuse(self) -> None:
        """Cut all connections, and take no new ones."""
        self._target = None
        self._cut()

    def forget(self) -> None:
        """Swallow what comes on the connections that there are, as a firewall does."""
        self._forgotten.set()
        self._forgotten = threading.Event()

    def _cut(self) -> None:
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._target is None:
                client.close()
                continue
            server = _line_to(self._target)
            self._lines += [client, server]
            servant = threading.Thread(
                target=_serve, args=(client, server, self._alter, self._forgotten)
            )
            self._servants.append(servant)
            servant.start()


def _serve(
    client: socket.socket,
    server: socket.socket,
    alter: Callable[[bytes], bytes],
    forgotten: threading.Event,
) -> None:
    back = threading.Thread(target=_pass_on, args=(server, client, alter, forgotten))
    with client, server:
        back.start()
        _pass_on(client, server, bytes, forgotten)
        back.join()


def _line_to(url: str) -> socket.socket:
    given = conninfo.conninfo_to_dict(url)
    host, port = str(given["host"]), str(given.get("port", 5432))
    if not host.startswith("/"):
        return socket.create_connection((host, int(port)))
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{host}/.s.PGSQL.{port}")
    return server


def _pass_on(
    source: socket.socket,
    sink: socket.socket,
    alter: Callable[[bytes], bytes],
    forgotten: threading.Event,
) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if not forgotten.is_set():
                sink.sendall(alter(data))
    for line in (source, sink):
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
