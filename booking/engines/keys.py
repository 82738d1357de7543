"""Where the keys of organisers are kept."""

import threading
from abc import ABC, abstractmethod
from dataclasses import replace

from booking.domain.errors import KeyNotFound
from booking.domain.keys import Key
from booking.engines.clock import Clock


class Keys(ABC):
    """Keeps keys by name. Safe for any number of threads."""

    @abstractmethod
    def put(self, key: Key) -> tuple[Key, bool]:
        """Keep a new key, or change what the key of that name is good for: its digest and its age
        stay. Returns the key as it is kept, and whether it is new."""

    @abstractmethod
    def all(self) -> list[Key]:
        """All keys, by name."""

    @abstractmethod
    def end(self, name: str) -> None:
        """Revoke a key: from now on it opens nothing, whichever process is asked. Raises
        KeyNotFound."""

    @abstractmethod
    def find(self, digest: bytes) -> Key | None:
        """The key of a digest, unless it has run out; None if there is none."""


class KeysInMemory(Keys):
    """Keeps keys until the process ends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

        # Guards what follows.
        self._lock = threading.Lock()
        self._keys: dict[str, Key] = {}

    def put(self, key: Key) -> tuple[Key, bool]:
        with self._lock:
            known = self._keys.get(key.name)
            if known is None:
                key = replace(key, created_at=self._clock().wall)
            else:
                key = replace(key, digest=known.digest, created_at=known.created_at)
            self._keys[key.name] = key
            return key, known is None

    def all(self) -> list[Key]:
        with self._lock:
            return [key for _, key in sorted(self._keys.items())]

    def end(self, name: str) -> None:
        with self._lock:
            if self._keys.pop(name, None) is None:
                raise KeyNotFound(name)

    def find(self, digest: bytes) -> Key | None:
        now = self._clock().wall
        with self._lock:
            for key in self._keys.values():
                if key.digest == digest and not key.has_run_out(now):
                    return key
        return None
