"""A whole evening, from the opening of the house to the door: on PostgreSQL with two processes, one
of which is killed five times."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADMIN, Visit
from tests.browser.evening import (
    GALA,
    PATIENCE,
    Guest,
    Seats,
    booked_seats,
    call,
    free_seats,
    kill_one,
    mailed_seats,
    mailed_tickets,
    wait_for_mail,
)
from tests.browser.test_door import expect_answer, sign_in, type_in
from tests.browser.visitor import Visitor
from tests.live.server import ROOT, Server
from tests.support.mailbox import Mailbox, free_port, mail_server
from tests.support.postgres import schema
from tests.support.waiting import wait_until

ON_THE_PAGE = [Guest(f"Page {number}", 2) for number in range(3)]
OVER_HTTP = [Guest(f"Guest {number}", 1 + number % 2) for number in range(27)]
CALLER = Guest("Caller", 2)
MOVED, CUT = OVER_HTTP[1], OVER_HTTP[3]

BOOKED, CHANGED, POSTPONED = (
    "Your seats: The gala",
    "Your seats have changed: The gala",
    "New date: The gala",
)


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    with schema(postgres) as url:
        yield url


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    with mail_server(port) as mailbox:
        yield mailbox


@pytest.fixture
def server(url: str, port: int, mailbox: Mailbox) -> Iterator[Server]:
    with Server(
        database_url=url,
        processes=2,
        admin_token=ADMIN,
        smtp_url=f"smtp://localhost:{port}",
        mail_from="theatre@example.org",
        public_url="https://tickets.example.org",
    ) as server:
        yield server


def test_an_evening_from_the_first_poster_to_the_door(
    visit: Visit, server: Server, url: str, mailbox: Mailbox
) -> None:
    olga = open_house(visit)
    keys = {"till": make_key(olga, "till", "book for others")}
    keys |= {door: make_key(olga, door, "let people in") for door in ("north", "south")}
    keys["office"] = make_key(olga, "office", "see bookings")

    references = book_on_the_page(visit) | book_over_http(server, url)
    references[CALLER.name] = book_a_call(server, keys["till"])
    guests = [*ON_THE_PAGE, *OVER_HTTP, CALLER]
    expected = Counter((guest.email, BOOKED) for guest in guests)
    wait_for_mail(mailbox, expected)
    void = mailed_tickets(server, mailbox, MOVED.email)[0]["code"]

    seats = booked_seats(server, keys["office"])
    assert {name: len(each) for name, each in seats.items()} == {
        guest.name: guest.party for guest in guests
    }
    move_and_cut(server, keys["till"], references, seats)
    expected.update((guest.email, CHANGED) for guest in (MOVED, CUT))
    wait_for_mail(mailbox, expected)

    postpone(olga, len(guests))
    wait_until(lambda: any(mail["Subject"] == POSTPONED for mail in mailbox.mails), PATIENCE)
    kill_one(server, url)
    expected.update((guest.email, POSTPONED) for guest in guests)
    wait_for_mail(mailbox, expected)

    tickets = [
        ticket for guest in guests for ticket in mailed_tickets(server, mailbox, guest.email)
    ]
    let_all_in(visit, server, url, keys, tickets)
    for ticket in tickets:
        assert check_in(server, keys["north"], ticket["code"]) == "already_checked_in"
    assert check_in(server, keys["north"], void) == "ticket_void"

    assert booked_seats(server, keys["office"]) == seats
    all_agree(visit, server, mailbox, keys, seats)


def open_house(visit: Visit) -> Visitor:
    """Open the example house, and ask guests for their names and addresses."""
    olga = visit("/events/default/admin", timezone_id="Europe/Berlin")
    sign_in(olga, ADMIN, "Administrator's token")
    page = olga.page
    page.get_by_label("Id, as it will be in the address").fill("gala")
    page.locator("#open-name").fill("The gala")
    page.locator("#open-starts-at").fill("2035-01-31T19:30")
    page.locator("#open-plan").set_input_files(ROOT / "booking/plans/example.json")
    page.get_by_role("button", name="Open the event").click()
    expect(page.locator("#mistakes a")).to_have_text("The gala")
    come_to_the_gala(olga)
    page.locator("#event-doors-at").fill("2035-01-31T19:00")
    page.locator("#event-place").fill("The hall")
    page.locator("#asked").get_by_label("Name").select_option("required")
    page.locator("#asked").get_by_label("E-mail").select_option("required")
    page.get_by_role("button", name="Save").click()
    expect(olga.message).to_have_text("Saved.")
    return olga


def come_to_the_gala(olga: Visitor) -> None:
    """Open the organiser's page of the gala, and sign in: the page keeps the token no longer."""
    olga.page.goto(olga.url.replace("/events/default/", GALA))
    sign_in(olga, ADMIN, "Administrator's token")
    expect(olga.page.locator("#event-name")).to_have_value("The gala")


def make_key(olga: Visitor, name: str, scope: str) -> str:
    """Make a key for the gala; its token."""
    page = olga.page
    page.get_by_label("Who gets the key").fill(name)
    page.get_by_label(scope).check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#key-list strong", has_text=name)).to_be_visible()
    return page.locator("#key-token code").inner_text()


def book_on_the_page(visit: Visit) -> dict[str, str]:
    """Let some guests book; the references of their bookings."""
    references = {}
    for guest in ON_THE_PAGE:
        ann = visit(GALA)
        ann.is_live()
        ann.page.get_by_role("button", name="Choose the best").click()
        expect(ann.basket).to_have_count(guest.party)
        ann.page.get_by_role("button", name="Continue").click()
        ann.page.get_by_label("Name").fill(guest.name)
        ann.page.get_by_label("E-mail").fill(guest.email)
        references[guest.name] = ann.book()
        ann.page.close()
    return references


def book_over_http(server: Server, url: str) -> dict[str, str]:
    """Let the other guests book, while a process is killed, and then the other."""
    references: dict[str, str] = {}

    def book(guest: Guest) -> None:
        references[guest.name] = guest.book(server)["reference"]

    with ThreadPoolExecutor(3) as pool:
        bookings = [pool.submit(book, guest) for guest in OVER_HTTP]
        wait_until(lambda: len(references) >= 3, PATIENCE)
        kill_one(server, url)
        wait_until(lambda: len(references) >= 14, PATIENCE)
        kill_one(server, url)
    for booking in bookings:
        booking.result()
    return references


def book_a_call(server: Server, till: str) -> str:
    """Book for somebody who has called; the reference."""
    body = {
        "seats": free_seats(server, CALLER.party),
        "details": CALLER.details,
        "note": "By telephone",
    }
    answer = call(server, till, "POST", f"{GALA}bookings", body)
    assert answer.status == 201, answer
    return str(answer.json["booking"]["reference"])


def move_and_cut(server: Server, till: str, references: dict[str, str], seats: Seats) -> None:
    """Move a party of two, and cancel a seat of another, in the books too."""
    to = free_seats(server, 2)
    body = {"from": sorted(seats[MOVED.name]), "to": to}
    moved = call(server, till, "POST", f"/bookings/{references[MOVED.name]}/move", body)
    assert moved.status == 200, moved
    seats[MOVED.name] = set(to)
    given_back = seats[CUT.name].pop()
    path = f"/bookings/{references[CUT.name]}/cancel"
    cut = call(server, till, "POST", path, {"seats": [given_back]})
    assert cut.status == 200, cut


def postpone(olga: Visitor, bookings: int) -> None:
    """On another day, let the show begin a day later."""
    page = olga.page
    page.locator("#event-starts-at").fill("2035-02-01T19:30")
    page.locator("#event-doors-at").fill("2035-02-01T19:00")
    page.get_by_role("button", name="Save").click()
    asked = page.locator("dialog.ask")
    expect(asked).to_contain_text(f"{bookings} bookings stay valid for the new time")
    expect(asked).to_contain_text("Whoever gave an address is told by mail.")
    asked.get_by_role("button", name="Save").click()
    expect(olga.message).to_have_text("Saved.")


def let_all_in(
    visit: Visit,
    server: Server,
    url: str,
    keys: dict[str, str],
    tickets: list[dict[str, str]],
) -> None:
    """Scan all tickets at two doors. One has no network for a while, and at both, processes die."""
    north, south = (visit(f"{GALA}door", viewport={"width": 390, "height": 800}) for _ in range(2))
    for phone, door in ((north, "north"), (south, "south")):
        sign_in(phone, keys[door])
        expect(phone.page.locator("#counts dd").last).to_have_text(f"0 of {len(tickets)}")
    north.context.set_offline(True)
    expect(north.page.locator("#connection")).to_contain_text("No network", timeout=30_000)
    half = len(tickets) // 2
    for number, (one, other) in enumerate(zip(tickets[:half], tickets[half:], strict=False)):
        scan(north, one)
        scan(south, other)
        if number in (5, 15):
            kill_one(server, url)
    for ticket in tickets[2 * half :]:
        scan(south, ticket)
    expect(north.page.locator("#waiting")).to_have_text(f"{half} scans wait to be sent.")
    north.context.set_offline(False)
    for phone in (north, south):
        expect(phone.page.locator("#connection")).to_have_text("Online", timeout=60_000)
        expect(phone.page.locator("#waiting")).to_be_hidden(timeout=60_000)
        everybody = f"{len(tickets)} of {len(tickets)}"
        expect(phone.page.locator("#counts dd").last).to_have_text(everybody, timeout=60_000)
        expect(phone.page.locator("#twice")).to_be_hidden()
    for phone, ticket in ((north, tickets[-1]), (south, tickets[0]), (south, tickets[-1])):
        type_in(phone, ticket["code"])
        expect_answer(phone, "no", "Already in", in_words(ticket))


def scan(phone: Visitor, ticket: dict[str, str]) -> None:
    type_in(phone, ticket["code"])
    expect_answer(phone, "yes", "Come in", in_words(ticket))


def in_words(ticket: dict[str, str]) -> str:
    """A ticket as the door calls it."""
    seat = f"{ticket['section']}, row {ticket['row']} seat {ticket['number']}"
    return f"{seat} · {ticket['name']}"


def check_in(server: Server, key: str, code: str) -> str:
    """Scan a ticket over HTTP; the code of the problem."""
    answer = call(server, key, "POST", f"{GALA}check-in", {"code": code})
    assert answer.status == 409, answer
    return str(answer.json["code"])


def all_agree(
    visit: Visit, server: Server, mailbox: Mailbox, keys: dict[str, str], seats: Seats
) -> None:
    """Bookings, mails, list and report say the same of each seat."""
    count = sum(map(len, seats.values()))
    guests = call(server, keys["north"], "GET", f"{GALA}guests").json["guests"]
    assert len(guests) == count
    assert {guest["door"] for guest in guests} == {"north", "south"}
    at_the_door: Seats = {}
    mailed: Seats = {}
    for guest in guests:
        at_the_door.setdefault(guest["name"], set()).add(guest["seat"])
        words = f"{guest['section']}, Row {guest['row']}, Seat {guest['number']}"
        mailed.setdefault(guest["name"], set()).add(words)
    assert at_the_door == seats
    for guest in (*ON_THE_PAGE, *OVER_HTTP, CALLER):
        assert mailed_seats(mailbox, guest.email) == mailed[guest.name]
    olga = visit(f"{GALA}door/list")
    sign_in(olga, keys["south"])
    expect(olga.page.locator("#entered")).to_have_text(f"{count} of {count} in")
    expect(olga.page.locator("#by-row .box.ticked")).to_have_count(count)
    report = call(server, keys["office"], "GET", f"{GALA}report").json
    assert report["seats"] == {
        "total": 66,
        "available": 66 - count,
        "locked": 0,
        "booked": count,
        "blocked": 0,
        "checked_in": count,
    }
