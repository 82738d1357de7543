"""The real nginx, with the file that we ship."""

import contextlib
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests.live.server import ROOT, Client
from tests.support.waiting import children, is_running, wait_until

SHIPPED = ROOT / "deploy" / "nginx.conf"
HOST = "tickets.example"
_PREFIX_LINES = re.compile(r"# (rewrite \^/tickets|set \$prefix)")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Nginx:
    """nginx in front of services on these ports, on addresses and in a directory of its own.

    ``address`` speaks http besides, as no shipped address does: for clients that would only be
    slowed down.
    """

    def __init__(
        self,
        directory: Path,
        ports: Sequence[int],
        *,
        prefix: bool = False,
        connections: int = 2048,
    ) -> None:
        program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
        if program is None:
            pytest.skip("There is no nginx: apt-get install nginx brings it.")
        self.program = program
        self.address = ("127.0.0.1", free_port())
        self.secure_port = free_port()
        self.redirect_port = free_port()
        self._directory = directory
        self._connections = connections
        configuration = directory / "nginx.conf"
        configuration.write_text(self._changed(SHIPPED.read_text(), ports, prefix=prefix))
        self._make_certificate()
        command = [program, "-p", str(directory), "-c", str(configuration)]
        # It says itself what it does not like about the file.
        subprocess.run([*command, "-t", "-q"], check=True, timeout=30)
        # Its workers are not root's otherwise, and have no way into the directory.
        user = "user root;" if os.geteuid() == 0 else ""
        self._command = [*command, "-g", f"daemon off; {user}"]
        self.start()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.process = subprocess.Popen(self._command)
        wait_until(self._listens)

    def kill(self) -> None:
        """End all its processes in the midst of whatever they do."""
        workers = children(self.process.pid)
        for process in (self.process.pid, *workers):
            os.kill(process, signal.SIGKILL)
        self.process.wait(20)
        # They are not our children, and have the port until they are gone.
        wait_until(lambda: not any(map(is_running, workers)))

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(self.address):
            return True
        return False

    def _changed(self, text: str, ports: Sequence[int], *, prefix: bool) -> str:
        """The shipped file but for its addresses and paths."""
        host, port = self.address
        changes: Mapping[str, str] = {
            "pid /run/nginx.pid;": f"pid {self._directory}/nginx.pid;",
            "/var/log/nginx/access.log": f"{self._directory}/access.log",
            "/var/log/nginx/error.log": f"{self._directory}/error.log",
            "/var/cache/booking": f"{self._directory}/cache",
            "/etc/ssl/booking": str(self._directory),
            "worker_processes auto;": "worker_processes 1;",
            "worker_rlimit_nofile 65536;": f"worker_rlimit_nofile {2 * self._connections};",
            "worker_connections 16384;": f"worker_connections {self._connections};",
            "listen 80;": f"listen 127.0.0.1:{self.redirect_port};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen {host}:{port}; "
            f"listen 127.0.0.1:{self.secure_port} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            "127.0.0.1:8081": f"127.0.0.1:{ports[0]}",
            "127.0.0.1:8082": f"127.0.0.1:{ports[-1]}",
        }
        for old, new in changes.items():
            assert old in text, f"the shipped file no longer has {old!r}"
            text = text.replace(old, new)
        bodies = "".join(
            f"{kind}_temp_path {self._directory}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        text = text.replace("http {", f"http {{\n{bodies}", 1)
        return _PREFIX_LINES.sub(r"\1", text) if prefix else text

    def _make_certificate(self) -> None:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"),
                *("ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"),
                *("-addext", f"subjectAltName=DNS:{HOST}"),
                *("-keyout", str(self._directory / "privkey.pem")),
                *("-out", str(self._directory / "fullchain.pem")),
            ],
            check=True,
            capture_output=True,
            timeout=30,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(20)

    def client(self, token: str | None = None) -> Client:
        return Client(self.address, token)

    def secure_client(self, token: str | None = None) -> "SecureClient":
        return SecureClient(self.secure_port, self._directory / "fullchain.pem", token)


class SecureClient(Client):
    """One connection over TLS, that believes the certificate of a file."""

    def __init__(self, port: int, certificate: Path, token: str | None) -> None:
        super().__init__(("127.0.0.1", port), token)
        context = ssl.create_default_context(cafile=str(certificate))
        self._socket = context.wrap_socket(self._socket, server_hostname=HOST)
