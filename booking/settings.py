"""Every setting: its variable, its default, and what it accepts."""

import difflib
import hashlib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from email.utils import parseaddr
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from booking.domain import timestamps

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PREFIX = "BOOKING_"

MAX_BODY_BYTES = 64 * 1024
"""The largest body of an ordinary request."""

MAX_EVENT_BYTES = 32 * 1024 * 1024
"""The largest body of an administrator's request for an event: a plan with all its seats."""

_LOG_LEVELS = ("debug", "info", "warning", "error")
_ORIGIN = re.compile(
    r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?"
)


class SettingsError(Exception):
    """A variable is unknown or has an unusable value. The message names it and says what to set."""


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # int() alone would also accept "1_0" and the digits of every script.
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return parse


def _processes(text: str) -> int:
    if text.lower() == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= 256:
        raise ValueError("a whole number from 1 to 256, or auto")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) or not 0 < float(text) <= 86400:
        raise ValueError("a number of seconds above 0, up to 86400")
    return float(text)


def _switch(text: str) -> bool:
    try:
        return {"on": True, "off": False}[text.lower()]
    except KeyError:
        raise ValueError("on or off") from None


def _host_and_port(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"\[([0-9A-Fa-f:]+)\]:([0-9]{1,5})|([A-Za-z0-9.-]+):([0-9]{1,5})", text)
    port = int((found[2] or found[4]) if found else 0)
    if not found or not 1 <= port <= 65535:
        raise ValueError("an address and a port, such as 127.0.0.1:9464")
    return found[1] or found[3], port


class RateLimit(NamedTuple):
    """A token bucket: how many tokens it is given each second, and how many it holds."""

    rate: float
    burst: float

    def __str__(self) -> str:
        return f"{self.rate:g}/s burst {self.burst:g}"


def _rate_limit(text: str) -> RateLimit:
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)/s(?: burst ([0-9]{1,6}))?", text)
    if not found or float(found[1]) == 0:
        raise ValueError("changes a second, such as 20/s or 20/s burst 60")
    rate = float(found[1])
    return RateLimit(rate, max(1.0, float(found[2] or rate)))


def _log_level(text: str) -> str:
    if text.lower() not in _LOG_LEVELS:
        raise ValueError(f"one of {', '.join(_LOG_LEVELS)}")
    return text.lower()


def _log_format(text: str) -> str:
    if text.lower() not in ("text", "json"):
        raise ValueError("text or json")
    return text.lower()


def _host(text: str) -> str:
    # The path of a Unix socket can have 107 bytes on Linux, and 103 on other systems.
    if not re.fullmatch(r"(?!unix:)[A-Za-z0-9.:_-]+|unix:/[!-~]{1,102}", text):
        raise ValueError(
            "an address or a host name, such as 127.0.0.1 or ::1,"
            " or a Unix socket, such as unix:/run/booking/http.sock"
        )
    return text


def _networks(text: str) -> tuple[Network, ...]:
    """Parse addresses and networks, separated by commas or spaces."""
    try:
        networks = tuple(map(_network, text.replace(",", " ").split()))
    except ValueError:
        networks = ()
    if not networks:
        raise ValueError("addresses or networks, such as 127.0.0.1 or 10.0.0.0/8,::1")
    return networks


def _network(text: str) -> Network:
    """Parse a network. IPv4-mapped IPv6 becomes IPv4: ``::ffff:10.0.0.0/104`` is ``10.0.0.0/8``."""
    network = ipaddress.ip_network(text)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is None or network.prefixlen < 96:
        return network
    return ipaddress.IPv4Network((mapped, network.prefixlen - 96))


def _origins(text: str) -> tuple[str, ...]:
    """Parse ``*``, or origins separated by commas or spaces."""
    origins = tuple(origin.lower().rstrip("/") for origin in text.replace(",", " ").split())
    if origins == ("*",):
        return origins
    if not origins or not all(map(_ORIGIN.fullmatch, origins)):
        raise ValueError("* or a list of origins, such as https://shop.example,https://www.example")
    return origins


def _digest(text: str) -> bytes:
    """Keep only the digest of a secret."""
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,256}", text):
        raise ValueError("16 to 256 of the characters A-Z a-z 0-9 . _ ~ + / = -")
    return hashlib.sha256(text.encode()).digest()


def _database_url(text: str) -> str:
    if re.match(r"sqlite:/*(:memory:|file:)", text):
        raise ValueError(
            "sqlite:///FILE with the path of a file; to keep everything in memory, leave it out"
        )
    if not re.fullmatch(r"sqlite:///[^?#\0]*[^?#\0/]|postgres(ql)?://[!-~]*", text):
        raise ValueError("sqlite:///FILE, such as sqlite:///booking.db, or postgresql://…")
    return text


class MailServer(NamedTuple):
    """Where mail is handed in, and with which user and password."""

    host: str
    port: int
    scheme: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


_MAIL_PORTS = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}


def _mail_server(text: str) -> MailServer:
    expected = ValueError(
        "smtp+starttls://USER:PASSWORD@HOST, or smtps://USER:PASSWORD@HOST; smtp://localhost only"
        " for a mail server on this machine. Percent-encode special characters of the password"
    )
    try:
        url = urlsplit(text)
        port = url.port or _MAIL_PORTS[url.scheme]
    except (KeyError, ValueError):
        raise expected from None
    host, user, password = url.hostname or "", unquote(url.username or ""), url.password
    local = host in ("localhost", "127.0.0.1", "::1")
    rest = url.path.strip("/") or url.query or url.fragment
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", host) or rest or (url.scheme == "smtp" and not local):
        raise expected
    if bool(user) is not bool(password):
        raise expected
    return MailServer(host, port, url.scheme, user, unquote(password or ""))


def _mail_from(text: str) -> str:
    _, address = parseaddr(text)
    if not text.isprintable() or not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", address):
        raise ValueError("an address, such as Village Theatre <tickets@theatre.example>")
    return text


def _public_url(text: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", text):
        raise ValueError("the address of the service, such as https://tickets.theatre.example")
    return text.rstrip("/")


def _setting(
    default: Any, parse: Callable[[str], Any], meaning: str, *, secret: bool = False
) -> Any:
    metadata = {"parse": parse, "meaning": meaning, "secret": secret}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, read once. ``BOOKING_LOCK_SECONDS`` sets ``lock_seconds``, and so on.

    ``admin_token`` is the SHA-256 digest of the token, not the token.
    """

    host: str = _setting("127.0.0.1", _host, "address to listen on, or a Unix socket: unix:/PATH")
    port: int = _setting(8080, _whole(0, 65535), "port to listen on; 0 takes a free one")
    threads: int | None = _setting(
        None, _whole(1, 256), "threads that answer requests; unset: 8, or 32 with a database"
    )
    processes: int = _setting(
        1, _processes, "processes that share a database; auto: one per processor core"
    )
    pin: bool = _setting(
        default=True,
        parse=_switch,
        meaning="pin each process to one processor core, which is faster",
    )
    seats: int = _setting(10, _whole(1, 100_000), "seats of the default event")
    lock_seconds: float = _setting(60.0, _seconds, "how long a lock is valid")
    max_lock_seconds: float = _setting(300.0, _seconds, "how long a lock can last with extensions")
    max_seats_per_holder: int = _setting(
        10, _whole(1, 100_000), "how many seats of an event one holder can have"
    )
    forbid_single_seats: bool = _setting(
        default=False,
        parse=_switch,
        meaning="refuse choices that leave a seat free on its own",
    )
    cancel_until: float | None = _setting(
        None,
        timestamps.read,
        "when cancelling ends for all bookings; unset: when the event starts",
    )
    history_limit: int = _setting(
        100_000, _whole(1, 10_000_000), "how many seat changes an event remembers"
    )
    keep_details_days: int | None = _setting(
        None,
        _whole(0, 36_500),
        "days after an event for which the details of bookings are kept; none is for ever",
    )
    smtp_url: MailServer | None = _setting(  # noqa: RUF009 (None is immutable)
        None,
        _mail_server,
        "where mail to buyers is handed in: smtp+starttls://… or smtps://…; none is no mail",
        secret=True,
    )
    mail_from: str | None = _setting(
        None, _mail_from, "whom mail is from, such as Theatre <tickets@theatre.example>"
    )
    public_url: str | None = _setting(
        None, _public_url, "where buyers find the service, for links in mail"
    )
    remind_hours: int = _setting(
        24, _whole(0, 720), "hours before an event at which buyers are reminded; 0 is never"
    )
    admin_token: bytes | None = _setting(
        None, _digest, "the administrator's token; unset: no administration", secret=True
    )
    database_url: str | None = _setting(
        None,
        _database_url,
        "where bookings are kept, such as sqlite:///booking.db; unset: in memory",
        secret=True,
    )
    cors_origins: tuple[str, ...] = _setting(
        ("*",), _origins, "origins whose pages may call the service; * means all"
    )
    trusted_proxy: tuple[Network, ...] = _setting(
        (),
        _networks,
        "addresses or networks of reverse proxies whose forwarding headers to trust",
    )
    rate_limit: RateLimit | None = _setting(  # noqa: RUF009 (None is immutable)
        None,
        _rate_limit,
        "changes that one client may ask for, such as 20/s burst 60; none is no limit",
    )
    max_locked_seats_per_client: int | None = _setting(
        None,
        _whole(1, 100_000),
        "seats that one client address can have locked; none is no limit",
    )
    log_level: str = _setting("info", _log_level, "debug, info, warning or error")
    metrics: tuple[str, int] | None = _setting(
        None, _host_and_port, "where Prometheus asks, such as 127.0.0.1:9464; none is nowhere"
    )
    log_format: str = _setting("text", _log_format, "text or json, a line for each request")

    def __post_init__(self) -> None:
        if self.processes > 1 and self.database_url is None:
            raise SettingsError(
                f"{PREFIX}PROCESSES is {self.processes}, but without a database each process would"
                f" sell the whole house. Set {PREFIX}DATABASE_URL, too."
            )
        for name in ("mail_from", "public_url"):
            if self.smtp_url is not None and getattr(self, name) is None:
                raise SettingsError(
                    f"{PREFIX}SMTP_URL is set, and {PREFIX}{name.upper()} is not, which mail needs,"
                    " too. Set it."
                )
        if self.max_lock_seconds < self.lock_seconds:
            raise SettingsError(
                f"{PREFIX}MAX_LOCK_SECONDS is {self.max_lock_seconds:g} and"
                f" {PREFIX}LOCK_SECONDS is {self.lock_seconds:g}: a lock cannot begin longer than"
                " it may become. Raise the first or lower the second."
            )

    @property
    def worker_threads(self) -> int:
        """How many threads answer requests."""
        if self.threads is not None:
            return self.threads
        # Threads that wait for a database share its transactions: 32 sold 1.4 times as much as 8.
        # In memory, where none waits, 32 sold 0.8 times as much.
        return 8 if self.database_url is None else 32

    @property
    def is_public(self) -> bool:
        """Whether others than programs of this machine can call the service."""
        return self.host not in ("127.0.0.1", "::1", "localhost") or bool(self.trusted_proxy)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the ``BOOKING_`` variables. A variable that is missing or empty has its default.

        Raises:
            SettingsError: a variable is unknown, or its value is unusable.
        """
        known = {PREFIX + each.name.upper(): each for each in fields(cls)}
        values: dict[str, Any] = {}
        for variable, text in environ.items():
            if not variable.startswith(PREFIX):
                continue
            if variable not in known:
                names = [each.name.upper() for each in known.values()]
                close = difflib.get_close_matches(variable.removeprefix(PREFIX), names, n=1)
                hint = (
                    f"Did you mean {PREFIX + close[0]}?" if close else f"Known: {', '.join(known)}."
                )
                raise SettingsError(f"There is no setting {variable}. {hint}")
            if text.strip():
                values[known[variable].name] = _parse(variable, known[variable], text)
        return cls(**values)

    @classmethod
    def read(cls, name: str, environ: Mapping[str, str]) -> Any:
        """Read one setting alone, so that mistakes in the others do not matter.

        Raises:
            SettingsError: its value is unusable.
        """
        setting = next(each for each in fields(cls) if each.name == name)
        variable = PREFIX + name.upper()
        text = environ.get(variable, "")
        return _parse(variable, setting, text) if text.strip() else setting.default

    @classmethod
    def describe(cls) -> str:
        """Return a line for each setting: its variable, default and meaning."""
        rows = [
            (PREFIX + each.name.upper(), _shown(each.default), each.metadata["meaning"])
            for each in fields(cls)
        ]
        width = max(len(variable) for variable, _, _ in rows)
        return "\n".join(f"  {row[0]:{width}}  {row[1]:9}  {row[2]}" for row in rows)


def _parse(variable: str, setting: "Field[Any]", text: str) -> Any:
    try:
        return setting.metadata["parse"](text.strip())
    except ValueError as expected:
        given = "cannot be used" if setting.metadata["secret"] else f"is {text!r}"
        raise SettingsError(f"{variable} {given}; it must be {expected}.") from None


def _shown(default: object) -> str:
    match default:
        case None | ():
            return "(none)"
        case bool():
            return "on" if default else "off"
        case float():
            return f"{default:g}"
        case tuple():
            return ",".join(map(str, default))
        case _:
            return str(default)
