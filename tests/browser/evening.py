"""What the people of an evening do: they call until somebody answers, book, and read their mail."""

import json
import os
import signal
import threading
from collections import Counter
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple

import psycopg

from tests.browser.conftest import ADMIN
from tests.live.server import Server
from tests.support.mailbox import Mailbox, link_of, text_of
from tests.support.waiting import children, wait_until

GALA = "/events/gala/"

Seats = dict[str, set[str]]
"""The ids of the seats of each guest, by name."""

PATIENCE = 90
"""Seconds to wait on a busy machine for what takes one or two on another."""

_TRIES = 200


class Answer(NamedTuple):
    """What a call was answered."""

    status: int
    json: Any


def call(server: Server, token: str, method: str, path: str, body: object = None) -> Answer:
    """Call the service. Repeats the call with the same key if the process that has it is killed."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": f'"{os.urandom(8).hex()}"',
    }
    encoded = None if body is None else json.dumps(body)
    for _ in range(_TRIES):
        connection = HTTPConnection(*server.address, timeout=PATIENCE)
        try:
            connection.request(method, path, encoded, headers)
            response = connection.getresponse()
            answer = Answer(response.status, json.loads(response.read()))
        except (OSError, HTTPException):
            pass
        else:
            if answer.status != 503:
                return answer
        finally:
            connection.close()
        threading.Event().wait(0.05)
    raise AssertionError(f"nobody answers {method} {path}")


def kill_one(server: Server, url: str) -> None:
    """Kill the older of two processes, and wait until another has been started in its place."""
    wait_until(lambda: len(children(server.process.pid)) == 2, PATIENCE)
    killed = min(children(server.process.pid))
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: len(children(server.process.pid) - {killed}) == 2, PATIENCE)
    # The minute passes for which the right to send mail was given to a process.
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("UPDATE duty SET until_at = 0")


class Guest(NamedTuple):
    """Somebody who books seats for a party of so many."""

    name: str
    party: int

    @property
    def email(self) -> str:
        return f"{self.name.replace(' ', '-').lower()}@example.org"

    @property
    def details(self) -> dict[str, str]:
        return {"name": self.name, "email": self.email}

    def book(self, server: Server) -> Any:
        """Book the best seats; the booking."""
        token = self.email.ljust(40, ".").replace("@", "-")
        wish = {"best_available": {"count": self.party}}
        locked = call(server, token, "POST", f"{GALA}lock", wish)
        assert locked.status == 200, locked
        booked = call(server, token, "POST", f"{GALA}confirm", {"details": self.details})
        assert booked.status == 200, booked
        return booked.json["booking"]


def wait_for_mail(mailbox: Mailbox, expected: Counter[tuple[str, str]]) -> None:
    """Wait until these mails have come and no others, by address and subject, all with tickets."""

    def arrived() -> Counter[tuple[str, str]]:
        # A mail that was sent twice has one name.
        mails = {mail["Message-ID"]: mail for mail in mailbox.mails}.values()
        return Counter((mail["To"], mail["Subject"]) for mail in mails)

    wait_until(lambda: len(mailbox.mails) >= expected.total(), PATIENCE)
    wait_until(lambda: arrived() >= expected, PATIENCE)
    assert arrived() == expected
    for mail in mailbox.mails:
        assert "tickets.pdf" in [file.get_filename() for file in mail.iter_attachments()]


def mailed_seats(mailbox: Mailbox, address: str) -> set[str]:
    """The seats in the latest mail to an address, in its words."""
    (line,) = [
        line for line in text_of(mailbox.to(address)[-1]).splitlines() if line.startswith("Seats: ")
    ]
    return set(line.removeprefix("Seats: ").split("; "))


def mailed_tickets(server: Server, mailbox: Mailbox, address: str) -> list[dict[str, str]]:
    """The tickets that the link in the latest mail leads to, each with the name."""
    reference, _, secret = link_of(mailbox.to(address)[-1]).partition("#")[2].partition(".")
    answer = call(server, secret, "GET", f"/bookings/{reference}/tickets")
    assert answer.status == 200, answer
    return [ticket | {"name": answer.json["name"]} for ticket in answer.json["tickets"]]


def free_seats(server: Server, count: int) -> list[str]:
    """Some seats that are free: the last in the plan."""
    seats = call(server, ADMIN, "GET", f"{GALA}seats").json["seats"]
    return [seat["id"] for seat in seats if seat["status"] == "available"][-count:]


def booked_seats(server: Server, key: str) -> Seats:
    answer = call(server, key, "GET", f"{GALA}bookings?limit=1000")
    live = [each for each in answer.json["bookings"] if not each.get("cancelled_at")]
    return {each["details"]["name"]: set(each["seats"]) for each in live}
