"""Every setting: its variable, its default, and what it accepts."""

import difflib
import hashlib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from booking.domain import timestamps

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PREFIX = "BOOKING_"

MAX_BODY_BYTES = 64 * 1024
"""The largest body that a request may have."""

MAX_EVENT_BYTES = 32 * 1024 * 1024
"""The largest body of an administrator's request for an event: a plan with all its seats."""

_LOG_LEVELS = ("debug", "info", "warning", "error")
_ORIGIN = re.compile(
    r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?"
)


class SettingsError(Exception):
    """A variable that cannot be used. The message names it and says what it accepts."""


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # Not int() alone: it takes "1_0" and the digits of every script.
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


def _log_level(text: str) -> str:
    if text.lower() not in _LOG_LEVELS:
        raise ValueError(f"one of {', '.join(_LOG_LEVELS)}")
    return text.lower()


def _host(text: str) -> str:
    # 107 bytes are the most that Linux takes for the path of a Unix socket; others take 103.
    if not re.fullmatch(r"(?!unix:)[A-Za-z0-9.:_-]+|unix:/[!-~]{1,102}", text):
        raise ValueError(
            "an address or a host name, such as 127.0.0.1 or ::1,"
            " or a Unix socket, such as unix:/run/booking/http.sock"
        )
    return text


def _networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks apart by commas or spaces; a single address is a network of one."""
    try:
        networks = tuple(map(_network, text.replace(",", " ").split()))
    except ValueError:
        networks = ()
    if not networks:
        raise ValueError("addresses or networks, such as 127.0.0.1 or 10.0.0.0/8,::1")
    return networks


def _network(text: str) -> Network:
    """A network. One of IPv4 addresses that is written as IPv6 is that of IPv4."""
    network = ipaddress.ip_network(text)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is None or network.prefixlen < 96:
        return network
    return ipaddress.IPv4Network((mapped, network.prefixlen - 96))


def _origins(text: str) -> tuple[str, ...]:
    """``*``, or origins apart by commas or spaces."""
    origins = tuple(origin.lower().rstrip("/") for origin in text.replace(",", " ").split())
    if origins == ("*",):
        return origins
    if not origins or not all(map(_ORIGIN.fullmatch, origins)):
        raise ValueError("* or a list of origins, such as https://shop.example,https://www.example")
    return origins


def _digest(text: str) -> bytes:
    """Of a secret, the digest alone is kept."""
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,256}", text):
        raise ValueError("16 to 256 of the characters A-Z a-z 0-9 . _ ~ + / = -")
    return hashlib.sha256(text.encode()).digest()


def _database_url(text: str) -> str:
    if re.match(r"sqlite:/*(:memory:|file:)", text):
        raise ValueError(
            "sqlite:///FILE with the path of a file; without the setting, all is kept in memory"
        )
    if not re.fullmatch(r"sqlite:///[^?#\0]*[^?#\0/]|postgres(ql)?://[!-~]*", text):
        raise ValueError("sqlite:///FILE, such as sqlite:///booking.db, or postgresql://…")
    return text


def _setting(
    default: Any, parse: Callable[[str], Any], meaning: str, *, secret: bool = False
) -> Any:
    metadata = {"parse": parse, "meaning": meaning, "secret": secret}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, read once. The variable of ``lock_seconds`` is ``BOOKING_LOCK_SECONDS``.

    Of ``admin_token`` it is the SHA-256 digest that is kept.
    """

    host: str = _setting("127.0.0.1", _host, "address to listen on, or a Unix socket: unix:/PATH")
    port: int = _setting(8080, _whole(0, 65535), "port to listen on; 0 takes a free one")
    threads: int | None = _setting(
        None, _whole(1, 256), "threads that answer requests; none is 8, or 32 with a database"
    )
    processes: int = _setting(
        1, _processes, "processes that share a database; auto is one a processor core"
    )
    pin: bool = _setting(
        default=True,
        parse=_switch,
        meaning="run on one processor core, which is faster",
    )
    seats: int = _setting(10, _whole(1, 100_000), "seats of the default event")
    lock_seconds: float = _setting(60.0, _seconds, "how long a lock is valid")
    max_lock_seconds: float = _setting(300.0, _seconds, "how long it can be extended to, in all")
    max_seats_per_holder: int = _setting(
        10, _whole(1, 100_000), "seats of one event that a holder can have"
    )
    forbid_single_seats: bool = _setting(
        default=False,
        parse=_switch,
        meaning="refuse choices that leave a seat free on its own",
    )
    cancel_until: float | None = _setting(
        None,
        timestamps.read,
        "until when bookings can be cancelled; none is until the event starts",
    )
    history_limit: int = _setting(
        100_000, _whole(1, 10_000_000), "changes of seats that an event remembers"
    )
    keep_details_days: int | None = _setting(
        None,
        _whole(0, 36_500),
        "days after an event for which the details of bookings are kept; none is for ever",
    )
    admin_token: bytes | None = _setting(
        None, _digest, "token of the administrator; none is no administration", secret=True
    )
    database_url: str | None = _setting(
        None,
        _database_url,
        "where bookings are kept, such as sqlite:///booking.db; none is in memory",
        secret=True,
    )
    cors_origins: tuple[str, ...] = _setting(
        ("*",), _origins, "origins whose pages may call the service; * means all"
    )
    trusted_proxy: tuple[Network, ...] = _setting(
        (),
        _networks,
        "addresses or networks of the reverse proxies whose forwarding headers are believed",
    )
    log_level: str = _setting("info", _log_level, "debug, info, warning or error")

    def __post_init__(self) -> None:
        if self.processes > 1 and self.database_url is None:
            raise SettingsError(
                f"{PREFIX}PROCESSES is {self.processes}, and everything is kept in memory: each"
                f" process would sell the whole house. Set {PREFIX}DATABASE_URL, too."
            )
        if self.max_lock_seconds < self.lock_seconds:
            raise SettingsError(
                f"{PREFIX}MAX_LOCK_SECONDS is {self.max_lock_seconds:g} and"
                f" {PREFIX}LOCK_SECONDS is {self.lock_seconds:g}: a lock cannot be valid for longer"
                " than it can be extended to. Raise the first or lower the second."
            )

    @property
    def worker_threads(self) -> int:
        """Threads that answer requests."""
        if self.threads is not None:
            return self.threads
        # Those that wait for a database share its transactions: 32 wrote 1.4 times as much as 8.
        # In memory, where none waits, 32 were 0.8 times as fast.
        return 8 if self.database_url is None else 32

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the ``BOOKING_`` variables; what is not set, or set to nothing, has its default.

        Raises:
            SettingsError: a variable is unknown, or its value cannot be used.
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
        """One setting alone, or its default, whatever the others are.

        Raises:
            SettingsError: its value cannot be used.
        """
        setting = next(each for each in fields(cls) if each.name == name)
        variable = PREFIX + name.upper()
        text = environ.get(variable, "")
        return _parse(variable, setting, text) if text.strip() else setting.default

    @classmethod
    def describe(cls) -> str:
        """One line a setting: its variable, default and meaning."""
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
