"""Sells through the reverse proxies of this machine: ``python -m tests.browser.through_proxies``.

Each is configured as its own documentation shows, at the root and under a prefix. A buyer opens
the page, locks two seats, books them, reloads the page and finds the booking again; then a body
that is too large gets its 413.
"""

import argparse
import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import chromium
from tests.browser.visitor import Visitor
from tests.live.server import Server

PREFIX = "/tickets"
_TOO_LARGE = 1_000_000

Command = Callable[[Path, int, int, str], list[str]]
"""Writes a configuration into a folder, for a port to listen on, the port of the service and a
prefix. Returns the command that starts the proxy in the foreground."""


def nginx(folder: Path, port: int, service: int, prefix: str) -> list[str]:
    """https://nginx.org/en/docs/http/ngx_http_proxy_module.html"""
    (folder / "nginx.conf").write_text(f"""
        daemon off; pid {folder}/nginx.pid; error_log stderr;
        events {{}}
        http {{
            access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
            server {{
                listen 127.0.0.1:{port};
                location {prefix}/ {{
                    proxy_pass http://127.0.0.1:{service}/;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Forwarded-Host $http_host;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header X-Forwarded-Prefix "{prefix}";
                }}
            }}
        }}""")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def apache2(folder: Path, port: int, service: int, prefix: str) -> list[str]:
    """https://httpd.apache.org/docs/2.4/mod/mod_proxy.html"""
    modules = "mpm_event authz_core headers proxy proxy_http"
    loaded = "\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
        for name in modules.split()
    )
    (folder / "apache.conf").write_text(f"""
{loaded}
ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
ErrorLog /dev/stderr
Listen 127.0.0.1:{port}
ProxyPreserveHost On
ProxyPass {prefix}/ http://127.0.0.1:{service}/
ProxyPassReverse {prefix}/ http://127.0.0.1:{service}/
RequestHeader set X-Forwarded-Proto "http"
RequestHeader set X-Forwarded-Prefix "{prefix}"
""")
    return ["apache2", "-D", "FOREGROUND", "-f", str(folder / "apache.conf")]


def haproxy(folder: Path, port: int, service: int, prefix: str) -> list[str]:
    """https://docs.haproxy.org/2.6/configuration.html"""
    strip = (
        f"""
    http-request set-header X-Forwarded-Prefix {prefix}
    http-request replace-path {prefix}/(.*) /\\1"""
        if prefix
        else ""
    )
    (folder / "haproxy.cfg").write_text(f"""
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend www
    bind 127.0.0.1:{port}
    default_backend seats
backend seats
    option forwardfor
    http-request set-header X-Forwarded-Proto http
    {strip}
    server one 127.0.0.1:{service}
""")
    return ["haproxy", "-db", "-f", str(folder / "haproxy.cfg")]


def caddy(folder: Path, port: int, service: int, prefix: str) -> list[str]:
    """https://caddyserver.com/docs/caddyfile/directives/reverse_proxy"""
    (folder / "Caddyfile").write_text(f"""{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    handle_path {prefix}/* {{
        reverse_proxy 127.0.0.1:{service} {{
            header_up X-Forwarded-Prefix "{prefix}"
        }}
    }}
}}
""")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def varnishd(folder: Path, port: int, service: int, prefix: str) -> list[str]:
    """https://varnish-cache.org/docs/7.1/users-guide/vcl.html"""
    (folder / "default.vcl").write_text(f"""vcl 4.1;
backend default {{ .host = "127.0.0.1"; .port = "{service}"; }}
sub vcl_recv {{
    set req.url = regsub(req.url, "^{prefix}/", "/");
    set req.http.X-Forwarded-Prefix = "{prefix}";
}}
""")
    listen, vcl = f"127.0.0.1:{port}", str(folder / "default.vcl")
    return ["varnishd", "-F", "-n", str(folder / "varnish"), "-a", listen, "-f", vcl]


PROXIES: tuple[Command, ...] = (nginx, apache2, haproxy, caddy, varnishd)


@contextmanager
def running(proxy: Command, service: int, prefix: str) -> Iterator[int]:
    """Run a proxy in front of the service; the port on which it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with (folder / "log").open("w+") as log:
            command = proxy(folder, port, service, prefix)
            process = subprocess.Popen(command, stdout=log, stderr=log, text=True)
            try:
                _wait(port, process, folder / "log")
                yield port
            finally:
                process.terminate()
                process.wait(timeout=30)


def _wait(port: int, process: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"The proxy does not listen:\n{log.read_text()}")
        time.sleep(0.1)


def sell(browser: Browser, port: int, prefix: str) -> None:
    """Buy two seats on the page, and find the booking again."""
    ann = Visitor(browser, f"http://127.0.0.1:{port}{prefix}/events/default/")
    ann.press("3")
    expect(ann.basket).to_have_count(1)
    ann.press("4")
    expect(ann.basket).to_have_count(2)
    reference = ann.book()
    ann.page.reload()
    expect(ann.page.locator("#booked")).to_contain_text(reference)
    assert not ann.errors, ann.errors
    ann.context.close()


def refuse(port: int, prefix: str) -> int:
    """The status of the answer to a body that is too large."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json"}
    connection.request("POST", f"{prefix}/lock", b"x" * _TOO_LARGE, headers)
    return connection.getresponse().status


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[2])
    parser.parse_args()
    failed = False
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        for proxy in PROXIES:
            if shutil.which(proxy.__name__) is None:
                print(f"{proxy.__name__:9} is not installed, and was not tried.")
                continue
            for prefix in ("", PREFIX):
                with (
                    Server(
                        trusted_proxy="127.0.0.1", cors_origins="http://other.example"
                    ) as server,
                    running(proxy, server.address[1], prefix) as port,
                ):
                    sell(browser, port, prefix)
                    status = refuse(port, prefix)
                failed |= status != 413
                print(f"{proxy.__name__:9} {prefix or '/':9} sells; a large body gets {status}.")
        browser.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
