"""Clients that call the service at random, each in a thread, until they are told to stop."""

import random
import threading
from typing import Self

from tests.live.server import tokens

SIZE = 6


class Crowd:
    """Runs ``act`` in a thread for each client, while it is entered."""

    def __init__(self, seats: int, seed: int) -> None:
        """The clients want seats ``1`` to ``seats``. ``seed`` decides what they choose."""
        self._seats = [str(number) for number in range(1, seats + 1)]
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self.act, args=(random.Random(f"{seed} {number}"), token))
            for number, token in tokens(SIZE).items()
        ]

    def act(self, choice: random.Random, token: str) -> None:
        """What one client does until ``self._stopping`` is set."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()
