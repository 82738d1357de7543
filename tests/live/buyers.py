"""Buyers who do not give up: whatever happens to the service and its database, they repeat a call
until they know its outcome."""

import http.client
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Protocol

from tests.live.crowd import Crowd
from tests.live.server import Answer, Client, Server
from tests.support.waiting import wait_until

ADMIN = "organiser-0123456789-0123456789-0123"

Sold = dict[str, list[str]]
"""The references of each seat's bookings."""


class HasAddress(Protocol):
    """A service, or what leads to one."""

    address: tuple[str, int]


class Buyers(Crowd):
    """Buy one seat after another until they are stopped, and record what was acknowledged."""

    def __init__(
        self,
        server: HasAddress,
        *,
        seats: int,
        seed: int = 0,
        sold: Sold | None = None,
        locks_may_go: bool = False,
    ) -> None:
        """Start the buyers. Others have already bought the ``sold`` seats. ``locks_may_go`` says
        that the database may go back to an earlier state, and lose locks."""
        self.sold: Sold = {} if sold is None else sold
        self.codes: Counter[str] = Counter()
        self._locks_may_go = locks_may_go
        self._address = server.address
        self._gone = threading.Event()
        super().__init__(seats, seed)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._gone.set()
        super().__exit__(kind)

    def buy(self, more: int) -> None:
        """Wait until they have bought so many more seats."""
        wanted = len(self.sold) + more
        wait_until(lambda: len(self.sold) >= wanted)

    def be_told(self, code: str) -> None:
        """Wait until they get this answer, from now on."""
        before = self.codes[code]
        wait_until(lambda: self.codes[code] > before)

    def give_up(self) -> None:
        """Stop trying: the service is gone for good."""
        self._stopping.set()
        self._gone.set()

    def act(self, choice: random.Random, token: str) -> None:
        service = _Line(self._address, token, self._gone)
        while not self._stopping.is_set():
            seat = choice.choice(self._seats)
            lock = self._call(service, f"/lock/{seat}")
            if lock is None or not (lock.status == 200 or lock.json.get("held_by_you")):
                continue
            confirm = self._call(service, f"/confirm/{seat}")
            if confirm is not None and self._locks_may_go and confirm.status != 200:
                continue
            if confirm is not None:
                # “Already yours” means that the answer to an earlier attempt was lost.
                assert confirm.status == 200 or confirm.json["booked_by_you"], confirm.text
                self.sold.setdefault(seat, []).append(confirm.json["booking"]["reference"])
        service.close()

    def _call(self, service: "_Line", path: str) -> Answer | None:
        """Return the answer, or None once the buyers have given up."""
        while (answer := service.call(path)) is not None:
            self.codes[answer.code] += 1
            expected = (200, 403, 409, 503) if self._locks_may_go else (200, 409, 503)
            assert answer.status in expected, answer.text
            if answer.status != 503:
                return answer
            assert answer.code == "unavailable"
            assert int(answer.headers["Retry-After"]) > 0
            # Retry sooner than asked to, so as to be in the way during recovery.
            self._gone.wait(0.02)
        return None


class _Line:
    """A connection that is replaced when it is lost."""

    def __init__(self, address: tuple[str, int], token: str, gone: threading.Event) -> None:
        self._connect: Callable[[], Client] = lambda: Client(address, token)
        self._gone = gone
        self._client: Client | None = None

    def call(self, path: str) -> Answer | None:
        while not self._gone.is_set():
            try:
                if self._client is None:
                    self._client = self._connect()
                return self._client.call("POST", path)
            except (OSError, http.client.HTTPException):
                self.close()
                self._gone.wait(0.005)
        return None

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def bookings(server: Server) -> Sold:
    """Return all bookings, after checking that they agree with the seats."""
    found: Sold = defaultdict(list)
    with server.client(ADMIN) as organiser:
        cursor: str | None = "0"
        while cursor is not None:
            page = organiser.call(
                "GET", f"/events/default/bookings?limit=1000&cursor={cursor}"
            ).json
            cursor = page["next_cursor"]
            for booking in page["bookings"]:
                for seat in booking["seats"]:
                    found[seat].append(booking["reference"])
        seats = organiser.call("GET", "/seats").json["seats"]
    assert {seat["id"] for seat in seats if seat["status"] == "booked"} == found.keys()
    assert all(len(references) == 1 for references in found.values()), "a seat is sold twice"
    return found
