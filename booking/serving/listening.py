"""The socket on which the service listens: an address and a port, or a Unix socket."""

import contextlib
import os
import socket
import stat
from pathlib import Path

from booking.settings import Settings

_UNIX = "unix:"


class ListenError(Exception):
    """The address cannot be listened on. The message says why and what to do."""


def listen(settings: Settings) -> socket.socket:
    """A socket that is bound to the address of the settings.

    Raises:
        ListenError: the address is taken, not ours, or not found.
    """
    if settings.host.startswith(_UNIX):
        return _bind_unix(settings.host.removeprefix(_UNIX))
    try:
        address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(address[0], socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address[4])
    except (OSError, UnicodeError) as error:  # The latter for a name like "a..b".
        why = getattr(error, "strerror", None) or error
        raise ListenError(
            f"Cannot listen on {settings.host} port {settings.port}: {why}."
            " Stop what uses it, or set BOOKING_HOST or BOOKING_PORT to another."
        ) from error
    return listener


def address_of(settings: Settings, listener: socket.socket) -> str:
    """Where to reach the service, for a person."""
    if settings.host.startswith(_UNIX):
        return settings.host
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}/"


def remove(settings: Settings) -> None:
    """Remove the file of a Unix socket that was listened on."""
    if settings.host.startswith(_UNIX):
        with contextlib.suppress(OSError):
            Path(settings.host.removeprefix(_UNIX)).unlink()


def _bind_unix(path: str) -> socket.socket:
    try:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        if stat.S_ISSOCK(_mode(path)) and not _is_answered(path):
            # A service that was killed has left it behind.
            Path(path).unlink()
        listener.bind(path)
        # The directory says who may connect: the proxy runs as another user.
        Path(path).chmod(0o666)
    except OSError as error:
        raise ListenError(
            f"Cannot listen on the Unix socket {path}: {error.strerror or error}."
            " Stop what uses it, or set BOOKING_HOST to another, in a directory of your own."
        ) from error
    return listener


def _mode(path: str) -> int:
    try:
        return os.lstat(path).st_mode
    except FileNotFoundError:
        return 0


def _is_answered(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(path)
        except ConnectionRefusedError:
            return False
    return True
