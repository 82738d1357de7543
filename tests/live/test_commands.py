"""The commands for organisers, against a running service."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest

from tests.live.server import ROOT, Server, environment
from tests.support.houses import theatre
from tests.support.postgres import schema

TOKEN = "organiser-0123456789"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(admin_token=TOKEN) as server:
        yield server


def run(server: Server, *arguments: str, token: str = TOKEN) -> tuple[int, str]:
    """Run a command with the service's address and a token. Returns its exit code and output."""
    return run_with({"port": server.address[1], "admin_token": token}, *arguments)


def run_with(
    settings: Mapping[str, object], *arguments: str, folder: Path = ROOT
) -> tuple[int, str]:
    """Run a command with settings, in a folder."""
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi"), "booking", *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=30,
        check=False,
    )
    assert "Traceback" not in done.stdout
    return done.returncode, done.stdout


def test_an_event_is_opened_from_a_plan_file_and_listed(server: Server, tmp_path: Path) -> None:
    plan = tmp_path / "theatre.json"
    plan.write_text(json.dumps(theatre()), encoding="utf-8")
    opened = run(server, "open", "gala", "--plan", str(plan), "--starts-at", "2027-01-31T19:30:00Z")
    assert opened == (0, "Event gala is open. It has 1,000 seats.\n")
    code, listed = run(server, "events")
    assert code == 0
    assert listed.splitlines()[0].split() == (
        ["EVENT", "NAME", "STARTS", "AT", "SEATS", "FREE", "LOCKED", "BOOKED"]
    )
    assert listed.splitlines()[2].split() == (
        ["gala", "Town", "theatre", "2027-01-31T19:30:00.000Z", "1000", "1000", "0", "0"]
    )


def test_an_event_is_opened_from_a_grid_and_changed(server: Server) -> None:
    opened = run(server, "open", "film", "--grid", "12x20", "--name", "The film")
    assert opened == (0, "Event film is open. It has 240 seats.\n")
    assert run(server, "change", "film", "--count", "5", "--forbid-single-seats")[1] == (
        "Event film is changed. It has 5 seats.\n"
    )
    with server.client() as client:
        film = client.call("GET", "/events/film").json
    assert (film["name"], film["policy"]["forbid_single_seats"]) == ("The film", True)


def test_an_event_that_there_is_already_is_not_opened(server: Server) -> None:
    run(server, "open", "play", "--count", "5", "--name", "The play")
    code, said = run(server, "open", "play", "--count", "3")
    assert code == 1
    assert "There is an event play already, so nothing was changed." in said
    with server.client() as client:
        assert client.call("GET", "/events/play").json["seats"]["total"] == 5


def test_a_house_that_repeats_labels_is_opened_if_one_says_so(
    server: Server, tmp_path: Path
) -> None:
    document = theatre(rows=2, seats_per_row=2)
    for seat in document["zones"][0]["rows"][0]["seats"]:
        seat["seat_number"] = "1"
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document))
    assert run(server, "open", "repeats", "--plan", str(plan))[0] == 1
    opened = run(server, "open", "repeats", "--plan", str(plan), "--allow-same-labels")
    assert opened[0] == 0, opened
    code, said = run(server, "change", "repeats", "--allow-same-labels")
    assert (code, "give --plan, too" in said) == (2, True)


def test_an_event_is_copied_with_its_seats_off_sale(server: Server) -> None:
    run(server, "open", "first", "--grid", "2x3", "--name", "Twice", "--forbid-single-seats")
    with server.client(TOKEN) as organiser:
        press = {"name": "press", "note": "", "seats": ["A1", "B3"]}
        organiser.call("POST", "/events/first/block", press)
        organiser.call("PATCH", "/events/first", {"visibility": "draft"})
        copied = run(server, "copy", "first", "second", "--starts-at", "2027-02-01T19:30:00+01:00")
        assert copied == (
            0,
            "Event second is open. It has 6 seats.\n2 of its seats are off sale.\n",
        )
        second = organiser.call("GET", "/events/second").json
        assert (second["name"], second["time_zone"], second["seats"]["blocked"]) == (
            ("Twice", "+01:00", 2)
        )
        assert second["policy"]["forbid_single_seats"]
        assert organiser.call("GET", "/events/second/blocks").json["blocks"] == [press]
    code, said = run(server, "copy", "first", "second")
    assert (code, "There is an event second already" in said) == (1, True)
    code, said = run(server, "copy", "nowhere", "third")
    assert (code, "There is no event “nowhere”" in said) == (1, True)
    code, said = run(server, "change", "nowhere", "--name", "x")
    assert (code, "There is no event “nowhere”" in said) == (1, True)


def test_a_refusal_by_the_service_is_shown(server: Server) -> None:
    code, said = run(server, "open", "film", "--count", "5", token="somebody-else-0123456789")
    assert code == 1
    assert said == (
        "Error: BOOKING_ADMIN_TOKEN is the wrong token. Set it to the token of the service.\n"
    )
    code, said = run(server, "open", "film", "--count", "5", token="")
    assert code == 1
    assert said.endswith("Set BOOKING_ADMIN_TOKEN to the service's token.\n")
    code, said = run(server, "open", "movie", "--count", "0", "--starts-at", "soon")
    assert code == 1
    assert "plan.count: must be greater than or equal to 1" in said
    assert "starts_at: must be a time such as" in said


def test_an_event_is_not_opened_without_saying_which_seats_it_has(server: Server) -> None:
    code, said = run(server, "open", "nowhere", "--name", "Forgotten")
    assert code == 2
    assert "Say which seats nowhere has, with --plan, --grid or --count." in said
    assert "nowhere" not in run(server, "events")[1]


def test_a_key_is_made_listed_and_revoked(server: Server) -> None:
    code, said = run(server, "key", "till", "--scope", "sell", "--event", "till-1")
    assert code == 0
    told, token = said.splitlines()
    assert told == "Key till is made. Note its token: it is shown this once."
    with server.client(token) as seller:
        assert seller.call("POST", "/events/till-1/bookings").code == "event_not_found"
        assert seller.call("POST", "/events/gala/bookings").code == "scope_required"
    until = ("--until", "2999-01-01T00:00:00Z")
    assert run(server, "key", "till", "--scope", "read", *until) == (0, "Key till is changed.\n")
    assert run(server, "keys") == (
        0,
        "till: read for all events, until 2999-01-01T00:00:00.000Z\n",
    )
    assert run(server, "revoke", "till") == (0, "Key till is revoked.\n")
    code, said = run(server, "revoke", "till")
    assert (code, "There is no key “till”" in said) == (1, True)
    with server.client(token) as seller:
        assert seller.call("POST", "/events/gala/bookings").code == "administrator_required"


def test_a_plan_too_large_for_any_service_is_refused(server: Server, tmp_path: Path) -> None:
    plan = tmp_path / "large.json"
    plan.write_text(json.dumps({**theatre(rows=2), "x": "x" * 33 * 1024**2}), encoding="utf-8")
    code, said = run(server, "open", "large", "--plan", str(plan))
    assert (code, said) == (1, "Error: The plan is too large: a service takes 32 MB at most.\n")


def test_a_missing_service_is_explained(server: Server) -> None:
    code, said = run(server, "events", "--url", "http://127.0.0.1:1")
    assert code == 1
    assert said.startswith("Error: Cannot reach http://127.0.0.1:1:")
    assert "--url" in said


class _Elsewhere(BaseHTTPRequestHandler):
    """Another service, which redirects or sends unexpected answers."""

    seen: ClassVar[list[str | None]] = []

    def answer(self) -> None:
        self.seen.append(self.headers["Authorization"])
        self.send_response(302 if self.path.startswith("/away") else 200)
        self.send_header("Location", "/events")
        self.end_headers()
        self.wfile.write(b"[]")

    do_GET = do_PUT = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


def test_another_service_is_explained_and_never_sent_the_token_by_a_redirect(
    server: Server,
) -> None:
    elsewhere = HTTPServer(("127.0.0.1", 0), _Elsewhere)
    thread = threading.Thread(target=elsewhere.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{elsewhere.server_port}"
    for command, address in (
        (["events"], url),
        (["open", "x", "--count", "1"], url),
        (["events"], f"{url}/away"),
    ):
        assert run(server, *command, "--url", address) == (
            1,
            f"Error: {address} is not this service.\n",
        )
    assert _Elsewhere.seen == [None, f"Bearer {TOKEN}", None, None]
    elsewhere.shutdown()
    thread.join()
    elsewhere.server_close()


def test_the_administrator_may_send_a_large_body(server: Server) -> None:
    document = {"plan": theatre(rows=40, seats_per_row=100)}
    with server.client(TOKEN) as organiser:
        answer = organiser.call("PUT", "/events/large", document)
        assert (answer.status, answer.json["seats"]["total"]) == (201, 4000)
        assert organiser.call("POST", "/events/large/block", document).code == "body_too_large"
    for token in (None, "x" * 40):
        with server.client(token) as stranger:
            refused = stranger.call("PUT", "/events/large", document)
            assert refused.code == "body_too_large"
            assert refused.json["detail"] == "The body is larger than 64 KB. Send less."


# Commands that need no service


def test_plans_are_checked_whatever_the_settings_and_the_database_are(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"count": 3}')
    for settings in ({"seets": 3}, {"database_url": "sqlite:////no/such/folder/x.db"}):
        assert run_with(settings, "plan", "check", str(plan))[0] == 0
    code, said = run_with({"seets": 3}, "events")
    assert (code, "There is no setting BOOKING_SEETS" in said) == (1, True)


def test_commands_back_up_and_restore_the_database(tmp_path: Path) -> None:
    settings = {"database_url": f"sqlite:///{tmp_path / 'booking.db'}"}
    with Server(**settings) as server, server.client("t" * 40) as client:
        client.call("POST", "/lock/1")
        client.call("POST", "/confirm/1")
        copy = tmp_path / "copy.db"
        assert run_with(settings, "backup", str(copy)) == (
            0,
            f"{tmp_path / 'booking.db'} is copied to {copy}: 1 booking.\n",
        )
        assert run_with(settings, "database")[1].endswith("booking.db is up to date.\n")
        assert server.stop() == 0
    (tmp_path / "booking.db").write_text("scribbled over")
    code, said = run_with(settings, "database")
    assert (code, "is not an SQLite database" in said) == (1, True)
    assert run_with(settings | {"seats": "many"}, "restore", "--yes", str(copy)) == (
        0,
        f"{tmp_path / 'booking.db'} is what {copy} was copied from: 1 booking.\n",
    )
    with Server(**settings) as server, server.client() as client:
        assert client.call("GET", "/seats/1").json["seat"]["status"] == "booked"


def test_no_command_creates_a_database(tmp_path: Path) -> None:
    """A scheduler may run the command in another folder than the service's."""
    settings = {"database_url": "sqlite:///booking.db"}
    copy = tmp_path / "copy.db"
    copy.touch()
    for command in (["database"], ["backup", "copy.db"], ["restore", "--yes", "copy.db"]):
        code, said = run_with(settings, *command, folder=tmp_path)
        assert code == 1
        assert f"There is no database {tmp_path / 'booking.db'}" in said
        assert "BOOKING_DATABASE_URL" in said
    assert [file.name for file in tmp_path.iterdir()] == ["copy.db"]


def test_the_whole_database_is_checked(tmp_path: Path) -> None:
    settings = {"database_url": f"sqlite:///{tmp_path / 'booking.db'}"}
    with Server(**settings) as server, server.client("t" * 40) as client:
        client.call("POST", "/lock/1")
        client.call("POST", "/confirm/1")
        # Also while the service sells.
        code, said = run_with(settings, "check")
        assert (code, said.partition(": ")[2]) == (
            0,
            "1 event, 1 seat in 1 booking. Nothing is wrong.\n",
        )
        assert server.stop() == 0
    with closing(sqlite3.connect(tmp_path / "booking.db")) as database, database:
        database.execute("UPDATE seat SET status = 'available', reference = NULL")
    code, said = run_with(settings, "check")
    assert code == 1
    finding, summary = said.splitlines()
    assert finding.startswith("Event default: booking ")
    assert finding.endswith(" has seat 1, whose row says otherwise.")
    assert summary.endswith("1 event, 1 seat in 1 booking. 1 finding.")


def test_pending_migrations_are_printed_for_an_administrator(postgres: str) -> None:
    with schema(postgres) as url:
        settings = {"database_url": url}
        code, script = run_with(settings, "database", "upgrade", "--sql")
        assert code == 0
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(script.encode())
        assert run_with(settings, "database", "upgrade", "--sql") == (
            0,
            "-- The schema is up to date.\n",
        )
        assert run_with(settings, "database", "upgrade")[1].endswith(" is up to date.\n")
        with Server(**settings) as server, server.client() as client:
            assert client.call("POST", "/lock/1").status == 200


def test_a_command_brings_the_schema_up_to_date(postgres: str) -> None:
    with schema(postgres) as url:
        code, said = run_with({"database_url": url}, "database", "upgrade")
        assert code == 0
        assert said.splitlines()[:2] == ["0001_events is done.", "0002_live_bookings is done."]


def test_what_only_citus_can_do_is_refused_elsewhere_with_what_to_do(
    postgres: str, tmp_path: Path
) -> None:
    said = run_with(
        {"database_url": f"sqlite:///{tmp_path / 'booking.db'}"}, "database", "distribute"
    )
    assert said == (1, "Error: This command is for PostgreSQL with Citus.\n")
    with schema(postgres) as url:
        code, told = run_with({"database_url": url}, "database", "distribute")
        assert code == 1
        assert "Install it on the server, and run CREATE EXTENSION citus there" in told
