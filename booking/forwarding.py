"""What a trusted reverse proxy says about the client: its address, and how it addressed us.

A proxy appends to what it was sent, so the last entry of a list is that of the nearest proxy, and
anything left of the trusted proxies' entries may be a stranger's invention.
"""

import ipaddress
import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from booking.request_head import is_host
from booking.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNIX_PEER = "unix"
"""The address of a client on a Unix socket. The permissions of the socket say who may connect, so
such a client is trusted."""

_MOST_HOPS = 20
_SCHEMES = {"http": "http", "ws": "http", "https": "https", "wss": "https"}
_NODE = re.compile(r"\[([^\]]++)\](?::[0-9]++)?|([0-9.]++)(?::[0-9]++)?|([0-9A-Fa-f:.]++)")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_PORT_OF_HOST = re.compile(r":[0-9]*+\Z")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+;=:@%-]++)*+/?+")
# A parameter of RFC 7239, section 4, and what separates it from the next one.
_PARAMETER = re.compile(
    r"[ \t;]*+([!#$%&'*+.^_`|~0-9A-Za-z-]++)="
    r"(?:([!#$%&'*+.^_`|~0-9A-Za-z:\[\]-]++)|\"((?:[^\"\\]|\\.)*+)\")[ \t]*+(;|,[ \t,]*+|\Z)"
)

Column = Sequence[str]
"""What each proxy on the way said of one thing, the nearest last; empty if it said nothing."""


class ForwardingRefused(Exception):
    """The proxy's headers make no sense. The message says which one."""


def apply(environ: MutableMapping[str, Any], networks: Sequence[Network]) -> None:
    """Let a WSGI environment have the client, scheme, host and prefix that a trusted proxy names.
    What any other client says about forwarding is left unread.

    ``X-Forwarded-…`` counts where a proxy sends any of it, else ``Forwarded`` (RFC 7239).

    Raises:
        ForwardingRefused: a trusted proxy has sent a value that cannot be used.
    """
    peer = environ["REMOTE_ADDR"]
    if peer != UNIX_PEER and not _is_trusted(parse_address(peer), networks):
        return
    clients, schemes, hosts = (
        _column(environ, f"HTTP_X_FORWARDED_{name}") for name in ("FOR", "PROTO", "HOST")
    )
    if not (clients or schemes or hosts) and "HTTP_FORWARDED" in environ:
        clients, schemes, hosts = _read_forwarded(environ["HTTP_FORWARDED"])
    client, hops = _client(clients, networks)
    if client is not None:
        environ["REMOTE_ADDR"] = str(client)
    if scheme := _said(schemes, hops):
        if scheme.lower() not in _SCHEMES:
            raise ForwardingRefused("X-Forwarded-Proto is neither http nor https")
        environ["wsgi.url_scheme"] = _SCHEMES[scheme.lower()]
    port = _said(_column(environ, "HTTP_X_FORWARDED_PORT"), hops)
    _name_host(environ, _said(hosts, hops), port)
    if prefix := _said(_column(environ, "HTTP_X_FORWARDED_PREFIX"), hops):
        if _PREFIX.fullmatch(prefix) is None:
            raise ForwardingRefused("X-Forwarded-Prefix is not a path such as /tickets")
        environ["SCRIPT_NAME"] = prefix.rstrip("/")


def parse_address(text: str) -> Address | None:
    """The IP address in a text; that of an IPv4 client on an IPv6 socket as IPv4."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address | None, networks: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in networks)


def _column(environ: MutableMapping[str, Any], name: str) -> Column:
    text = environ.get(name)
    return () if text is None else [each.strip() for each in text.rsplit(",", _MOST_HOPS)]


def _client(clients: Column, networks: Sequence[Network]) -> tuple[Address | None, int]:
    """The client, and how many trusted proxies there are on the way from it."""
    client, hops = None, 0
    for node in reversed(clients):
        address = _address_of_node(node)
        if address is None:  # "unknown", or a name that the proxy made up.
            break
        client, hops = address, hops + 1
        if not _is_trusted(address, networks):
            break
    return client, max(hops, 1)


def _address_of_node(node: str) -> Address | None:
    """The address in ``192.0.2.1:443`` or ``[2001:db8::1]:443``, with a port or without."""
    found = _NODE.fullmatch(node)
    return found and parse_address(next(filter(None, found.groups())))


def _said(column: Column, hops: int) -> str:
    """What the farthest trusted proxy said; proxies that overwrite leave one entry for all."""
    return column[-min(hops, len(column))] if column else ""


def _name_host(environ: MutableMapping[str, Any], host: str, port: str) -> None:
    if port and (_PORT.fullmatch(port) is None or int(port) > 65535):
        raise ForwardingRefused("X-Forwarded-Port is not a port")
    if host and not is_host(host):
        raise ForwardingRefused("X-Forwarded-Host is not one host")
    # The port in a forwarded host is the one that the client asked for.
    if port and not (host and _PORT_OF_HOST.search(host)):
        host = host or environ.get("HTTP_HOST", "")
        host = f"{_PORT_OF_HOST.sub('', host)}:{port}" if host else ""
    if host:
        environ["HTTP_HOST"] = host


def _read_forwarded(text: str) -> tuple[Column, Column, Column]:
    """What ``for``, ``proto`` and ``host`` are in each element of a ``Forwarded`` header."""
    elements: list[dict[str, str]] = [{}]
    position = 0
    while position < len(text):
        found = _PARAMETER.match(text, position)
        if found is None:
            raise ForwardingRefused("The Forwarded header is not as RFC 7239 has it")
        name, token, quoted, separator = found.groups()
        elements[-1][name.lower()] = re.sub(r"\\(.)", r"\1", quoted) if token is None else token
        if separator.startswith(","):
            elements.append({})
        position = found.end()
    latest = elements[-_MOST_HOPS:]
    clients, schemes, hosts = (
        [element.get(name, "") for element in latest] for name in ("for", "proto", "host")
    )
    return clients, schemes, hosts
