"""Mail of the whole service: with a real mail server, and processes that are killed."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from tests.live.server import Server, tokens
from tests.support.mailbox import Mailbox, free_port, link_of, mail_server
from tests.support.waiting import wait_until

ADMIN = "organiser-0123456789-0123456789"


def serve(folder: Path, port: int, processes: int = 1) -> Server:
    return Server(
        database_url=f"sqlite:///{folder / 'booking.db'}",
        smtp_url=f"smtp://localhost:{port}",
        mail_from="theatre@example.org",
        public_url="https://tickets.example.org",
        admin_token=ADMIN,
        processes=processes,
    )


def open_gala(server: Server) -> None:
    with server.client(ADMIN) as organiser:
        gala = {"plan": {"count": 20}, "policy": {"ask": [{"id": "email"}]}}
        assert organiser.call("PUT", "/events/gala", gala).status == 201


def book(server: Server, number: int) -> str:
    """Book a seat for guest-7@example.org. Returns the reference."""
    with server.client(tokens(20)[number]) as client:
        began = time.monotonic()
        assert client.call("POST", f"/events/gala/lock/{number + 1}").status == 200
        details = {"email": f"guest-{number}@example.org"}
        answer = client.call("POST", "/events/gala/confirm", {"expect": 1, "details": details})
        assert answer.status == 200, answer.text
        assert time.monotonic() - began < 5, "the buyer had to wait"
    return str(answer.json["booking"]["reference"])


def a_minute_passes(folder: Path) -> None:
    """The right to send, which the process had that was killed, has run out."""
    with closing(sqlite3.connect(folder / "booking.db", isolation_level=None)) as database:
        database.execute("UPDATE duty SET until_at = 0")


def has_all(mailbox: Mailbox, numbers: range) -> bool:
    return {mail["To"] for mail in mailbox.mails} >= {f"guest-{n}@example.org" for n in numbers}


def test_nothing_is_lost_with_a_dead_mail_server_and_a_killed_service(tmp_path: Path) -> None:
    port = free_port()
    with serve(tmp_path, port) as server:
        open_gala(server)
        for number in range(3):
            book(server, number)
        server.process.kill()
    a_minute_passes(tmp_path)
    with mail_server(port) as mailbox, serve(tmp_path, port) as server:
        wait_until(lambda: has_all(mailbox, range(3)))
        assert len(mailbox.mails) == 3
        assert "@example.org" not in "".join(server.lines)


def test_a_service_that_is_killed_while_it_sends_sends_all_at_least_once(tmp_path: Path) -> None:
    port = free_port()
    with mail_server(port) as mailbox:
        with serve(tmp_path, port) as server:
            open_gala(server)
            for number in range(12):
                book(server, number)
            wait_until(lambda: len(mailbox.mails) > 0)
            server.process.kill()
        a_minute_passes(tmp_path)
        with serve(tmp_path, port):
            wait_until(lambda: has_all(mailbox, range(12)))
        # A mail that is sent twice says so.
        names = {mail["Message-ID"] for mail in mailbox.mails}
        assert len(names) == 12


def test_two_processes_send_each_mail_once_and_its_link_opens_the_booking(
    tmp_path: Path,
) -> None:
    port = free_port()
    with mail_server(port) as mailbox, serve(tmp_path, port, processes=2) as server:
        open_gala(server)
        references = [book(server, number) for number in range(10)]
        wait_until(lambda: has_all(mailbox, range(10)))
        assert len(mailbox.mails) == 10
        link = urlsplit(link_of(mailbox.to("guest-7@example.org")[0]))
        reference, secret = link.fragment.split(".")
        assert reference == references[7]
        with server.client(secret) as device:
            seen = device.call("GET", f"/bookings/{reference}")
            assert seen.json["booking"]["seats"] == ["8"]
        assert secret not in "".join(server.lines)
        assert server.stop() == 0
