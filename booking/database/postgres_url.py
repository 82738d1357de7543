"""What a PostgreSQL URL says, and how much of it may be shown."""

import os
import re
from urllib.parse import quote

import psycopg
from psycopg import conninfo

from booking.database.connection import CannotOpen
from booking.texts import printable

_SHOWN = ("host", "hostaddr", "port", "dbname")
_CONNECT_SECONDS = 3
"""How long to wait for a connection, unless the URL or the environment says."""
_PASSWORDS = ("password", "sslpassword")


class PostgresUrl:
    """A URL as PostgreSQL's own library reads it. Its text shows hosts, ports and the name of the
    database: no user, no password and no parameter."""

    def __init__(self, url: str) -> None:
        """Raises CannotOpen if the library cannot read it."""
        try:
            self._given = {
                name: str(value) for name, value in conninfo.conninfo_to_dict(url).items()
            }
        except (psycopg.Error, UnicodeError):
            # The library quotes what it cannot read, which may be a part of the password.
            raise CannotOpen(
                "BOOKING_DATABASE_URL is no PostgreSQL URL, or has a parameter that PostgreSQL does"
                " not know. Check the names of its parameters, and write each character of user and"
                " password other than letters and digits as % and its code, such as %40 for @."
            ) from None
        self._ports = self._given.get("port", "").split(",")
        self._hosts = (self._given.get("host") or self._given.get("hostaddr") or "").split(",")
        # A password with a bare "/" or "@" ends up in what the library takes for the host, the port
        # or the database. What is percent-encoded is meant.
        misread = any(
            "@" in self._given.get(name, "") and self._given[name] in url for name in _SHOWN
        )
        if misread or not all(re.fullmatch(r"[0-9]{0,5}", port) for port in self._ports):
            raise CannotOpen(
                "BOOKING_DATABASE_URL has a character in its user or password that ends them too"
                " early, or a port that is no number. Write each character of user and password"
                " other than letters and digits as % and its code: %2F for /, %40 for @."
            )
        self.database = printable(self._given.get("dbname", ""))
        said = self._given.get("connect_timeout") or os.environ.get("PGCONNECT_TIMEOUT")
        try:
            self.connect_seconds = _CONNECT_SECONDS if said is None else int(said)
        except ValueError:
            raise CannotOpen(
                "connect_timeout is no whole number of seconds. Correct it in BOOKING_DATABASE_URL"
                " or PGCONNECT_TIMEOUT."
            ) from None
        self.connection_string = conninfo.make_conninfo(url, connect_timeout=self.connect_seconds)
        """What to connect with. Never to be shown."""

    def __str__(self) -> str:
        return f"postgresql://{quote(self.server, safe=':,[]')}/{quote(self.database)}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    @property
    def server(self) -> str:
        """Its hosts and ports, to be shown: ``127.0.0.1:5432``."""
        ports = self._ports if len(self._ports) > 1 else self._ports * len(self._hosts)
        return ",".join(
            _in_brackets(printable(host)) + (f":{port}" if port else "")
            for host, port in zip(self._hosts, ports, strict=False)
        )

    def hide(self, text: str) -> str:
        """The text of a driver without what the URL says of user, password and parameters."""
        for name, value in self._given.items():
            if name in _PASSWORDS and value:
                text = text.replace(value, "…")
            elif name not in _SHOWN and value:
                text = re.sub(rf"(?<=[\"'»“]){re.escape(value)}(?=[\"'«”])", "…", text)
        return text


def _in_brackets(host: str) -> str:
    """An IPv6 address as it is written before a port."""
    return f"[{host}]" if ":" in host else host
