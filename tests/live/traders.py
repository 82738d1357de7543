"""Traders buy and cancel at several services whatever happens to the database, and record the
answers."""

import http.client
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.live.buyers import ADMIN
from tests.live.crowd import Crowd
from tests.live.server import Answer, Client, Server
from tests.support.waiting import wait_until


@dataclass
class Told:
    """An acknowledgement: its time, its seat and its reference."""

    booked: list[tuple[float, str, str]] = field(default_factory=list)
    cancelled: list[tuple[float, str]] = field(default_factory=list)
    """Whether it was, or may have been, cancelled."""


class Traders(Crowd):
    """Lock, confirm and cancel at random until they are stopped."""

    def __init__(self, servers: Sequence[Server], *, seats: int, seed: int = 0) -> None:
        self.told = Told()
        self._servers = servers
        super().__init__(seats, seed)

    def trade(self, more: int) -> None:
        """Wait until they have bought so many more seats."""
        wanted = len(self.told.booked) + more
        wait_until(lambda: len(self.told.booked) >= wanted, seconds=60)

    def act(self, choice: random.Random, token: str) -> None:
        mine: list[str] = []
        while not self._stopping.is_set():
            server = choice.choice(self._servers)
            try:
                with server.client(token) as client:
                    for _ in range(20):
                        if self._stopping.is_set():
                            break
                        if mine and choice.random() < 0.5:
                            self._cancel(client, mine.pop(choice.randrange(len(mine))))
                        else:
                            mine += self._buy(client, choice.choice(self._seats))
            except (OSError, http.client.HTTPException):
                self._stopping.wait(0.02)

    def _buy(self, client: Client, seat: str) -> list[str]:
        if self._call(client, f"/lock/{seat}").status != 200:
            return []
        began = time.monotonic()
        answer = self._call(client, f"/confirm/{seat}")
        if answer.status != 200:
            return []
        reference = str(answer.json["booking"]["reference"])
        self.told.booked.append((began, seat, reference))
        return [reference]

    def _cancel(self, client: Client, reference: str) -> None:
        self.told.cancelled.append((time.monotonic(), reference))
        self._call(client, f"/bookings/{reference}/cancel")

    def _call(self, client: Client, path: str) -> Answer:
        answer = client.call("POST", path)
        # A lock that went with the database's past may be followed by someone else's: 403.
        assert answer.status in (200, 403, 404, 409, 503), answer.text
        if answer.status == 503:
            self._stopping.wait(0.02)
        return answer


def live_bookings(server: Server) -> dict[str, str]:
    """Return the reference under which each seat is booked, after checking that no seat is in two
    live bookings, and that the seats agree with the bookings."""
    found: dict[str, str] = {}
    with server.client(ADMIN) as organiser:
        cursor: str | None = "0"
        while cursor is not None:
            page = _ask(organiser, f"/events/default/bookings?limit=1000&cursor={cursor}")
            cursor = page["next_cursor"]
            for booking in page["bookings"]:
                for seat in booking["seats"]:
                    if "cancelled_at" not in booking:
                        assert seat not in found, f"seat {seat} is sold twice"
                        found[seat] = booking["reference"]
        seats = _ask(organiser, "/seats")["seats"]
    assert {seat["id"] for seat in seats if seat["status"] == "booked"} == found.keys()
    return found


def _ask(client: Client, path: str) -> Any:
    """Return the answer. A process that first notices a change of its database says 503 once."""
    answer = client.call("GET", path)
    if answer.status == 503:
        answer = client.call("GET", path)
    assert answer.status == 200, answer.text
    return answer.json


def expect_sound(servers: Sequence[Server], told: Told, since: float) -> None:
    """Check that all services agree on who has which seat, and that nothing acknowledged after a
    time is lost."""
    there = [live_bookings(server) for server in servers]
    assert all(found == there[0] for found in there)
    gone = {reference for _, reference in told.cancelled}
    expected = {
        seat: reference
        for began, seat, reference in told.booked
        if began > since and reference not in gone
    }
    assert expected.items() <= there[0].items()
