"""The pages as the service sends them: addresses, languages, headers. How they work in a browser is
tested in ``tests/browser``."""

import gzip
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking.domain.model import Event
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.plans import grid
from booking.web import languages

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

WEB = Path(languages.__file__).parent
STATIC = re.compile(r'(?:href|src)="([^"]*/static/[0-9a-f]{16}/[a-z-]+\.[a-z]+)"')
LANGUAGES = languages.read_languages()


@pytest.fixture
def box_office(app: Flask) -> MemoryBoxOffice:
    found: MemoryBoxOffice = app.extensions["box_office"]
    found.put(Event(id="arena", plan=grid.grid(20, 25), given_name="The <arena>"))
    return found


def page_of(response: TestResponse) -> dict[str, Any]:
    """What the page tells its scripts."""
    found = re.search(r'<script type="application/json" id="page">(.*?)</script>', response.text)
    assert found
    page: dict[str, Any] = json.loads(found[1])
    return page


@pytest.mark.usefixtures("box_office")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/events/arena/",
        "/events/arena/admin",
        "/events/",
        "/events/nowhere/",
        "/bookings/",
        "/events/arena/door",
        "/events/arena/door/list",
        "/events/arena/report/",
    ],
)
def test_a_page_lets_nothing_run_or_load_but_what_is_the_services(
    client: FlaskClient, path: str
) -> None:
    response = client.get(path)
    assert response.content_type == "text/html; charset=utf-8"
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-cache"
    assert not re.search(r'\son\w+="|style="|href="/|src="/|https?://', response.text)


@pytest.mark.usefixtures("box_office")
def test_a_page_is_told_its_event_and_what_people_typed_is_no_markup(client: FlaskClient) -> None:
    response = client.get("/events/arena/")
    assert page_of(response)["event"]["name"] == "The <arena>"
    assert "The <arena>" not in response.text
    assert '<h1 dir="auto">The &lt;arena&gt;</h1>' in response.text


@pytest.mark.parametrize(
    ("starts_at", "on_sale_until", "over"),
    [(1, None, True), (1, 9e9, False), (9e9, 1, True), (9e9, None, False), (None, None, False)],
)
def test_a_page_says_that_the_sale_is_over_and_offers_no_choice(
    client: FlaskClient,
    box_office: MemoryBoxOffice,
    starts_at: float | None,
    on_sale_until: float | None,
    over: bool,
) -> None:
    box_office.put(
        Event(id="past", plan=grid.count(3), starts_at=starts_at, on_sale_until=on_sale_until)
    )
    text = client.get("/events/past/").text
    assert ('<span id="sale">The sale has ended.</span>' in text) is over
    assert ('<form id="best" class="panel" hidden>' in text) is over


def test_the_default_event_is_at_the_root(client: FlaskClient) -> None:
    response = client.get("/")
    assert page_of(response)["event"]["event"] == "default"
    assert '<h1 dir="auto">Choose your seats</h1>' in response.text


def test_an_event_that_is_not_there_is_a_page_that_says_so(client: FlaskClient) -> None:
    for path in ("/events/<nowhere>/", "/events/nowhere/admin"):
        response = client.get(path)
        assert response.status_code == 404
        assert "There is no such event" in response.text
        assert "<nowhere>" not in response.text


def test_the_language_is_the_one_that_the_browser_prefers(client: FlaskClient) -> None:
    for accepted, language in (
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,de;q=0.5,en;q=0.3", "de"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
    ):
        response = client.get("/", headers={"Accept-Language": accepted})
        assert response.headers["Content-Language"] == language
        assert f'<html lang="{language}">' in response.text
        assert "Accept-Language" in response.vary


@pytest.mark.usefixtures("box_office")
def test_the_events_are_a_page_for_people_and_json_for_programs(client: FlaskClient) -> None:
    for accepted in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""):
        response = client.get("/events/", headers={"Accept": accepted})
        assert "The &lt;arena&gt;" in response.text
        assert 'href="arena/"' in response.text
    response = client.get("/events/", headers={"Accept": "application/json"})
    assert response.json == client.get("/events").json
    assert "Accept" in response.vary
    # As they always were.
    assert client.get("/events", headers={"Accept": "text/html"}).is_json


def test_many_events_come_a_page_at_a_time(
    client: FlaskClient, box_office: MemoryBoxOffice
) -> None:
    for number in range(60):
        box_office.put(Event(id=f"e{number:02}", plan=grid.count(1)))
    first = client.get("/events/").text
    following = re.search(r'href="(\?cursor=[^"]+)"', first)
    assert following
    second = client.get(f"/events/{following[1]}").text
    names = re.findall(r'<strong dir="auto">(e\d\d)</strong>', first + second)
    assert names == [f"e{number:02}" for number in range(60)]


def test_styles_and_scripts_are_kept_for_ever_at_addresses_that_change_with_them(
    client: FlaskClient,
) -> None:
    addresses = STATIC.findall(client.get("/").text)
    assert len(addresses) > 5
    for address in addresses:
        response = client.get(address.removeprefix("."))
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    # A page that was loaded before an update finds what there is now, but not for ever.
    old = re.sub(r"[0-9a-f]{16}", "0" * 16, addresses[0]).removeprefix(".")
    assert client.get(old).headers["Cache-Control"] == "no-cache"


def test_a_page_has_one_script_with_all_that_it_imports(client: FlaskClient) -> None:
    sent = client.get("/static/0123456789abcdef/shop.js").text
    assert "class SeatMap extends HTMLElement" in sent
    assert not re.search(r"^(import|export)\b", sent, re.MULTILINE)
    # A module that somebody imports later is there by itself.
    assert "export class SeatMap" in client.get("/static/0123456789abcdef/seat-map.js").text


def test_scripts_are_sent_without_their_comments(client: FlaskClient) -> None:
    for name in ("shop.js", "organiser.js", "find-booking.js", "events.js"):
        sent = client.get(f"/static/0123456789abcdef/{name}").text
        assert not [line for line in sent.splitlines() if re.match(r"\s*(//|\*[ /]|/\*\*?$)", line)]


def test_what_others_wrote_is_sent_with_its_licence(client: FlaskClient) -> None:
    for name in ("qr-decode.js", "qr-encode.js"):
        sent = client.get(f"/static/0123456789abcdef/{name}").text
        assert "The MIT License (MIT)" in sent.partition("*/")[0]


def test_what_is_no_style_or_script_is_not_there(client: FlaskClient) -> None:
    for name in ("nothing.js", "..%2fpages.py", "../pages.py", "%00"):
        assert client.get(f"/static/0123456789abcdef/{name}").status_code == 404


def test_the_first_view_of_a_house_of_500_seats_is_less_than_50_kb(
    client: FlaskClient, box_office: MemoryBoxOffice
) -> None:
    assert box_office.registry("arena").event.plan.places
    headers = {"Accept-Encoding": "gzip"}
    shell = client.get("/events/arena/", headers=headers)
    text = gzip.decompress(shell.data).decode()
    digest = STATIC.findall(text)[0].split("/")[3]
    loaded = [
        f"/static/{digest}/{name}"
        for name in ("shop.js", "style.css", "map.css", "shop.css", "icon.svg")
    ]
    loaded += [f"/events/arena/{what}" for what in ("plan", "seats", "basket")]
    sizes = [len(client.get(path, headers=headers).data) for path in loaded]
    assert sum(sizes) + len(shell.data) < 50_000


@pytest.mark.usefixtures("box_office")
@pytest.mark.parametrize(
    ("coding", "decompress"), [("gzip", gzip.decompress), ("zstd", zstd.decompress)]
)
def test_what_is_compressed_is_the_same(
    client: FlaskClient, coding: str, decompress: Callable[[bytes], bytes]
) -> None:
    style = STATIC.findall(client.get("/").text)[0].removeprefix(".")
    takes_it = {"Accept-Encoding": coding}
    for path in ("/plan", "/events/arena/seats", "/events/", "/docs", "/openapi.json", style):
        plain = client.get(path)
        packed = client.get(path, headers=takes_it)
        assert packed.headers["Content-Encoding"] == coding
        assert decompress(packed.data) == plain.data
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert "Content-Encoding" not in plain.headers
    for path in ("/plan", "/events/arena/seats"):
        again = client.get(path, headers=takes_it).headers["ETag"]
        unchanged = client.get(path, headers={**takes_it, "If-None-Match": again})
        assert unchanged.status_code == 304


@pytest.mark.parametrize(("coding", "bytes_a_seat"), [("gzip", 3), ("zstd", 1)])
def test_the_seats_of_a_stadium_are_few_bytes_each(
    client: FlaskClient, box_office: MemoryBoxOffice, coding: str, bytes_a_seat: int
) -> None:
    box_office.put(Event(id="stadium", plan=grid.grid(100, 200)))
    body = client.get("/events/stadium/seats", headers={"Accept-Encoding": coding}).data
    assert len(body) < bytes_a_seat * 20_000


# Languages


def forms(texts: dict[str, Any], within: str = "") -> dict[str, str]:
    """All texts by name, the forms of each in one."""
    found: dict[str, str] = {}
    for name, value in texts.items():
        if isinstance(value, str):
            found[within + name] = value
        elif "other" in value:
            found[within + name] = " ".join(value.values())
        else:
            found |= forms(value, f"{within}{name}.")
    return found


@pytest.mark.parametrize("code", sorted(LANGUAGES.keys() - {"en"}))
def test_a_language_has_every_text_with_the_same_values_in_it(code: str) -> None:
    english, other = forms(dict(LANGUAGES["en"].texts)), forms(dict(LANGUAGES[code].texts))
    assert english.keys() == other.keys()
    for name, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", other[name])), name


@pytest.mark.usefixtures("box_office")
@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_the_forms_of_the_organiser_have_one_word_for_one_thing(
    client: FlaskClient, code: str
) -> None:
    page = client.get("/events/arena/admin", headers={"Accept-Language": code}).text
    labels = dict(re.findall(r'<label for="([\w-]+)">(.*?)</label>', page))
    for field in ("name", "starts-at"):
        assert labels[f"event-{field}"] == labels[f"open-{field}"]
    assert labels["event-starts-at"] == labels["copy-starts-at"]


def test_the_pages_say_reserved_where_programs_say_locked() -> None:
    texts = forms(dict(LANGUAGES["en"].texts)).values()
    assert [text for text in texts if re.search(r"\b(?<!{)lock(s|ed)?\b", text, re.I)] == []


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    names = set(LANGUAGES["en"].texts)
    templates = "".join(path.read_text() for path in (WEB / "templates").glob("*.html"))
    scripts = "".join(path.read_text() for path in (WEB / "static").glob("*.js"))
    used = set(re.findall(r"texts\.(\w+)", templates))
    used |= set(re.findall(r"\btext\(\"(\w+)\"", scripts))
    assert used <= names
    quoted = used | set(re.findall(r"[\"`](\w+)[\"`.]", scripts))
    assert names <= quoted | {"problems"}, names - quoted
    own = set(LANGUAGES["en"].texts["organising"])
    told = set(re.findall(r"\bown\.(\w+)", templates))
    told |= set(re.findall(r"\"organising\.(\w+)\"", scripts))
    assert told - {"ask_", "kind_"} <= own
    kinds = ("ask_", "kind_", "override_", "scope_")
    assert {name for name in own - told if not name.startswith(kinds)} == set()
    told = set(re.findall(r"\bchanging\.(\w+)\b", templates + scripts))
    assert told == set(LANGUAGES["en"].texts["changing"])


@pytest.mark.usefixtures("box_office")
def test_the_door_alone_may_ask_for_the_camera(client: FlaskClient) -> None:
    assert "camera=(self)" in client.get("/events/arena/door").headers["Permissions-Policy"]
    for path in ("/events/arena/", "/events/arena/door/list", "/events/arena/report/"):
        assert "camera=()" in client.get(path).headers["Permissions-Policy"]


def test_the_worker_of_the_door_is_asked_for_each_time(client: FlaskClient) -> None:
    answer = client.get("/events/arena/door-worker.js")
    assert answer.content_type.startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
