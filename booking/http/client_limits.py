"""How much one client may ask for, whatever tokens it uses. A client is an address; of IPv6, where
everybody has many, the first half of one.

The engines count locked seats. Each process counts calls and wrong tokens for itself, in memory.
"""

import functools
import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import Flask, current_app, request

from booking.domain.model import Client
from booking.engines.contract import BoxOffice
from booking.http.application import real
from booking.http.errors import TooManyRequests
from booking.settings import RateLimit, Settings

_MOST_CLIENTS = 100_000
_TRIES = 5
"""So many wrong tokens of the administrator cost nothing but the answer."""
_LONGEST_DELAY = 60.0
_FORGOTTEN_AFTER = 600.0

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Clock = Callable[[], float]


Digest = bytes
"""A keyed digest of an address: without the key, nobody can tell from it who it was."""


class Clients:
    """Tells clients apart by their addresses."""

    def __init__(self, key: bytes) -> None:
        @functools.lru_cache(maxsize=4096)
        def client(address: str) -> Digest:
            return hmac.digest(key, _network(address).encode(), hashlib.sha256)[:16]

        self._client = client

    def of(self, environ: Mapping[str, Any]) -> Digest:
        """Who sends a request."""
        return self._client(environ["REMOTE_ADDR"])


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # A Unix socket without a proxy.
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))


class _Bucket(NamedTuple):
    tokens: float
    at: float


class TokenBuckets:
    """A bucket of tokens for each client: a call takes one, and they come back at a steady rate."""

    def __init__(
        self, limit: RateLimit, clock: Clock = time.monotonic, refusal: str | None = None
    ) -> None:
        """``refusal`` is the sentence for a client that has no token left."""
        self._limit = limit
        self._refusal = refusal or f"You have sent more than {limit.rate:g} changes a second."
        self._clock = clock
        # Guards the buckets, the least recently used first.
        self._lock = threading.Lock()
        self._buckets: dict[Digest, _Bucket] = {}

    def take(self, client: Digest) -> None:
        """Take a token. Raises TooManyRequests if there is none."""
        now, (rate, burst) = self._clock(), self._limit
        with self._lock:
            tokens, at = self._buckets.pop(client, _Bucket(burst, now))
            tokens = min(burst, tokens + (now - at) * rate)
            enough = tokens >= 1
            self._buckets[client] = _Bucket(tokens - 1 if enough else tokens, now)
            if len(self._buckets) > _MOST_CLIENTS:
                del self._buckets[next(iter(self._buckets))]
        if not enough:
            raise TooManyRequests(self._refusal, (1 - tokens) / rate)


class _Failures(NamedTuple):
    times: int
    until: float


class TokenGuesses:
    """Lets a client that sends wrong tokens of the administrator wait, each time for longer."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        # Guards the failures, the oldest first.
        self._lock = threading.Lock()
        self._failures: dict[Digest, _Failures] = {}

    def seconds_to_wait(self, client: Digest) -> float:
        """How long no token of the client is looked at."""
        now = self._clock()
        with self._lock:
            failures = self._failures.get(client)
            if failures is None:
                return 0.0
            if now >= failures.until + _FORGOTTEN_AFTER:
                del self._failures[client]
        return max(0.0, failures.until - now)

    def failed(self, client: Digest) -> None:
        """Note a wrong token."""
        now = self._clock()
        with self._lock:
            times = self._failures.pop(client, _Failures(0, 0.0)).times + 1
            delay = 0.0 if times < _TRIES else min(_LONGEST_DELAY, 2.0 ** min(times - _TRIES, 10))
            self._failures[client] = _Failures(times, now + delay)
            if len(self._failures) > _MOST_CLIENTS:
                del self._failures[next(iter(self._failures))]


class Limits(NamedTuple):
    """What limits the clients of an application."""

    clients: Clients
    guesses: TokenGuesses
    most_locked: int | None

    def locking(self, environ: Mapping[str, Any]) -> Client | None:
        """Whom the locks of a request count against; None if they are not limited."""
        if self.most_locked is None:
            return None
        return Client(self.clients.of(environ), self.most_locked)


def register(app: Flask, settings: Settings, clock: Clock = time.monotonic) -> None:
    """Limit the clients of an application as the settings say."""
    box_office: BoxOffice = app.extensions["box_office"]
    most = settings.max_locked_seats_per_client
    # What only this process counts needs no key that others know.
    key = secrets.token_bytes(32) if most is None else box_office.shared_key("clients")
    limits = Limits(Clients(key), TokenGuesses(clock), most)
    app.extensions["limits"] = limits
    if settings.rate_limit is None:
        return
    buckets = TokenBuckets(settings.rate_limit, clock)

    @app.before_request
    def take_a_token() -> None:
        environ = real(request).environ
        if environ["REQUEST_METHOD"] not in _SAFE_METHODS:
            buckets.take(limits.clients.of(environ))


def limits_of_app() -> Limits:
    """The limits of the application that answers this request."""
    limits: Limits = real(current_app).extensions["limits"]
    return limits
