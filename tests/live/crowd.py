"""Clients that call the service at random, each in a thread, until they are stopped."""

import random
import threading
from abc import ABC, abstractmethod
from typing import Self

from tests.live.server import tokens

SIZE = 6


class Crowd(ABC):
    """A context in which ``act`` runs in a thread for each client."""

    def __init__(self, seats: int, seed: int) -> None:
        """Create clients who want seats ``1`` to ``seats``. ``seed`` decides their choices."""
        self._seats = [str(number) for number in range(1, seats + 1)]
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self.act, args=(random.Random(f"{seed} {number}"), token))
            for number, token in tokens(SIZE).items()
        ]

    @abstractmethod
    def act(self, choice: random.Random, token: str) -> None:
        """Act as one client until ``self._stopping`` is set."""

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()
