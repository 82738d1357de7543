"""What settings accept: each parser takes the text of a variable and returns its value.

A parser raises ValueError with what the value must be, to go on “it must be …”.
"""

import hashlib
import ipaddress
import os
import re
from collections.abc import Callable
from email.utils import parseaddr
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LOG_LEVELS = ("debug", "info", "warning", "error")
_ORIGIN = re.compile(
    r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?"
)


def whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # int() alone would also accept "1_0" and the digits of every script.
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return parse


def processes(text: str) -> int:
    if text.lower() == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= 256:
        raise ValueError("a whole number from 1 to 256, or auto")
    return int(text)


def seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) or not 0 < float(text) <= 86400:
        raise ValueError("a number of seconds above 0, up to 86400")
    return float(text)


def switch(text: str) -> bool:
    try:
        return {"on": True, "off": False}[text.lower()]
    except KeyError:
        raise ValueError("on or off") from None


def host_and_port(text: str) -> tuple[str, int]:
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


def rate_limit(text: str) -> RateLimit:
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)/s(?: burst ([0-9]{1,6}))?", text)
    if not found or float(found[1]) == 0:
        raise ValueError("changes a second, such as 20/s or 20/s burst 60")
    rate = float(found[1])
    return RateLimit(rate, max(1.0, float(found[2] or rate)))


def log_level(text: str) -> str:
    if text.lower() not in _LOG_LEVELS:
        raise ValueError(f"one of {', '.join(_LOG_LEVELS)}")
    return text.lower()


def log_format(text: str) -> str:
    if text.lower() not in ("text", "json"):
        raise ValueError("text or json")
    return text.lower()


def host(text: str) -> str:
    # The path of a Unix socket can have 107 bytes on Linux, and 103 on other systems.
    if not re.fullmatch(r"(?!unix:)[A-Za-z0-9.:_-]+|unix:/[!-~]{1,102}", text):
        raise ValueError(
            "an address or a host name, such as 127.0.0.1 or ::1,"
            " or a Unix socket, such as unix:/run/booking/http.sock"
        )
    return text


def networks(text: str) -> tuple[Network, ...]:
    """Parse addresses and networks, separated by commas or spaces."""
    try:
        networks = tuple(map(network, text.replace(",", " ").split()))
    except ValueError:
        networks = ()
    if not networks:
        raise ValueError("addresses or networks, such as 127.0.0.1 or 10.0.0.0/8,::1")
    return networks


def network(text: str) -> Network:
    """Parse a network. IPv4-mapped IPv6 becomes IPv4: ``::ffff:10.0.0.0/104`` is ``10.0.0.0/8``."""
    network = ipaddress.ip_network(text)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is None or network.prefixlen < 96:
        return network
    return ipaddress.IPv4Network((mapped, network.prefixlen - 96))


def origins(text: str) -> tuple[str, ...]:
    """Parse ``*``, or origins separated by commas or spaces."""
    origins = tuple(origin.lower().rstrip("/") for origin in text.replace(",", " ").split())
    if origins == ("*",):
        return origins
    if not origins or not all(map(_ORIGIN.fullmatch, origins)):
        raise ValueError("* or a list of origins, such as https://shop.example,https://www.example")
    return origins


def digest(text: str) -> bytes:
    """Keep only the digest of a secret."""
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,256}", text):
        raise ValueError("16 to 256 of the characters A-Z a-z 0-9 . _ ~ + / = -")
    return hashlib.sha256(text.encode()).digest()


def database_url(text: str) -> str:
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


def mail_server(text: str) -> MailServer:
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


def mail_from(text: str) -> str:
    _, address = parseaddr(text)
    if not text.isprintable() or not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", address):
        raise ValueError("an address, such as Village Theatre <tickets@theatre.example>")
    return text


def public_url(text: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", text):
        raise ValueError("the address of the service, such as https://tickets.theatre.example")
    return text.rstrip("/")
