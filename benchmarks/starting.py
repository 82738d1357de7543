"""How soon a service sells after a start, with many events and bookings in its database."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

from benchmarks.databases import Engine, engines
from benchmarks.effort import Effort
from benchmarks.houses import TOKEN, call, house
from benchmarks.output import Goal, heading, progress, table
from benchmarks.servers import Server, running, service
from booking.domain.model import Event, Policy
from booking.engines.database.box_office import DatabaseBoxOffice
from booking.engines.database.connection import Database
from booking.engines.database.opening import open_database
from booking.plans import grid
from booking.settings import Settings

_EVENTS = 100
_SEATS = 5_000
_BOOKINGS = 2_000
"""Bookings of each event."""
_LARGE: dict[str, Callable[[], dict[str, Any]]] = {
    "50,000 seats opened, as pretix writes them": lambda: house(50_000),
    "50,000 seats opened, told by their number": lambda: {"count": 50_000},
}
_TABLES = ("seat", "booking", "booked_seat", "history")
_HOLDER = bytes(32)
_SERVING, _FIRST_CALL, _OPENING = (Goal(limit, at_most=True) for limit in (2, 0.3, 1))


def run(effort: Effort) -> None:
    """Measure and print."""
    rows = []
    with engines() as found:
        for engine in found:
            starts: list[float] = []
            first: list[float] = []
            opened: dict[str, list[float]] = {what: [] for what in _LARGE}
            with _filled(engine) as url:
                program = service(lock_seconds="60", admin_token=TOKEN)
                kept = replace(engine, fresh=partial(_as_it_is, url))
                for number in range(1, effort.rounds + 1):
                    progress(f"Starting, {engine.name}, round {number} of {effort.rounds}")
                    start = time.monotonic()
                    with running(replace(program, engine=kept), seats=10, core=None) as server:
                        starts.append(time.monotonic() - start)
                        first.extend(_first_calls(server))
                        for what, plan in _LARGE.items():
                            opened[what].append(_open_and_lock(server, plan()))
            for what, seconds, goal in (
                ("start until it answers", starts, _SERVING),
                ("first lock in an event", first, _FIRST_CALL),
                *((what, seconds, _OPENING) for what, seconds in opened.items()),
            ):
                most = max(seconds)
                figures = f"{median(seconds):.3f}", f"{most:.3f}", str(goal), goal.verdict(most)
                rows.append((f"{engine.name}: {what}", *figures))
    heading(
        "Starting",
        f"A database with {_EVENTS} events of {_SEATS:,} seats and {_EVENTS * _BOOKINGS:,}"
        " bookings. Seconds.",
    )
    table(("what", "median", "worst", "goal", "result"), rows)


@contextmanager
def _filled(engine: Engine) -> Iterator[str]:
    """A database with the events and their bookings: those of one are sold, the others copied."""
    progress(f"Filling {engine.name}")
    with engine.fresh() as url:
        database = open_database(url, 10)
        box_office = DatabaseBoxOffice(Settings(), database)
        policy = Policy(max_seats_per_holder=_SEATS)
        for number in range(_EVENTS):
            box_office.put(Event(id=f"e{number}", plan=grid.count(_SEATS), policy=policy))
        registry = box_office.registry("e0")
        registry.lock(list(map(str, range(1, _BOOKINGS + 1))), _HOLDER)
        for seat in range(1, _BOOKINGS + 1):
            registry.confirm([str(seat)], _HOLDER)
        with database.transaction(writing=True, long=True) as transaction:
            transaction.run_script(_copies(database))
        box_office.close()
        yield url


@contextmanager
def _as_it_is(url: str) -> Iterator[str]:
    yield url


def _copies(database: Database) -> str:
    """Statements that give every event what the first one has."""
    with database.transaction(writing=False) as transaction:
        columns = {name: sorted(transaction.columns(name) - {"event"}) for name in _TABLES}
    statements = [
        f"INSERT INTO {name} (event, {', '.join(columns[name])})"
        f" SELECT 'e{number}', {', '.join(columns[name])} FROM {name} WHERE event = 'e0';"
        for number in range(1, _EVENTS)
        for name in ("booking", "booked_seat", "seat", "history")
    ]
    statements.append(
        "UPDATE event SET version = (SELECT version FROM event WHERE event = 'e0'),"
        " mark = (SELECT mark FROM event WHERE event = 'e0') WHERE event LIKE 'e%';"
    )
    return "\n".join(statements) + "\n"


def _first_calls(server: Server) -> Iterator[float]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    for number in range(_EVENTS):
        start = time.monotonic()
        connection.request("POST", f"/events/e{number}/lock/{_SEATS}", headers=_WHO)
        answer = connection.getresponse()
        body = answer.read()
        yield time.monotonic() - start
        if answer.status != 200:
            raise AssertionError(f"A lock is answered with {body.decode()}.")
        connection.request("POST", f"/events/e{number}/release/{_SEATS}", headers=_WHO)
        connection.getresponse().read()
    connection.close()


_WHO = {"Authorization": "Bearer 0123456789abcdef0123456789abcdef"}


def _open_and_lock(server: Server, plan: dict[str, Any]) -> float:
    """From the first byte of the plan until its first seat is locked, over HTTP."""
    document = json.dumps({"plan": plan}).encode()
    lock, release = (f"/events/large/{act}/{_first_seat(plan)}" for act in ("lock", "release"))
    organiser = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    start = time.monotonic()
    for method, path, body, headers in (
        ("PUT", "/events/large", document, organiser),
        ("POST", lock, None, _WHO),
    ):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status not in (200, 201):
            raise AssertionError(f"{method} {path} is answered with {said.decode()}.")
    seconds = time.monotonic() - start
    connection.request("POST", release, headers=_WHO)
    connection.getresponse().read()
    connection.close()
    call(server, "DELETE", "/events/large")
    return seconds


def _first_seat(plan: dict[str, Any]) -> str:
    if "count" in plan:
        return "1"
    seat_id: str = plan["zones"][0]["rows"][0]["seats"][0]["seat_guid"]
    return seat_id
