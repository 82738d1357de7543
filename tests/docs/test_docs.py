"""The README and the pages of docs/: a reader who does what they say sees what they show."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from booking.settings import PREFIX, Settings
from tests.docs.page import NOT_RUN, Start, Type, agree, blocks, steps
from tests.docs.reader import DATABASE, ROOT, reader
from tests.support.postgres import schema

README = ROOT / "README.md"
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [README, *DOCS]
WITH_COMMANDS = [page for page in PAGES if any(isinstance(s, Start | Type) for s in steps(page))]

_LINK = re.compile(r"\]\(([^)\s]+)\)")


def name(page: Path) -> str:
    return page.name


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL for the pages that speak of one."""
    page: Path = request.getfixturevalue("page")
    if DATABASE not in page.read_text(encoding="utf-8"):
        yield DATABASE
        return
    with schema(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.mark.parametrize(
    "page",
    [
        page if page == README else pytest.param(page, marks=pytest.mark.long)
        for page in WITH_COMMANDS
    ],
    ids=name,
)
def test_the_commands_of_a_page_print_what_the_page_shows(page: Path, database: str) -> None:
    with reader(database) as reading:
        for step in steps(page):
            reading.follow(step)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_block_of_a_page_is_run_or_of_a_kind_that_says_why_not(page: Path) -> None:
    kinds = {block.kind for block in blocks(page)}
    assert kinds <= {"sh", "console", *NOT_RUN}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"https?:", target):
            continue
        file, _, anchor = target.partition("#")
        there = page.parent / file if file else page
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there), target


def anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings of a page."""
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_readme_can_be_read_in_a_few_minutes() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) < 200


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_a_page_begins_with_what_its_reader_can_do_afterwards(page: Path) -> None:
    _, _, beginning = page.read_text(encoding="utf-8").split("\n", 2)
    assert beginning.startswith("After this page, you can ")


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"(?m)^\| `(BOOKING_\w+)` \| (.*?) \|", page))
    assert list(rows) == [PREFIX + each.name.upper() for each in fields(Settings)]
    for each in fields(Settings):
        shown = rows[PREFIX + each.name.upper()].strip("`")
        assert shown == default(each.default), each.name


def default(value: object) -> str:
    match value:
        case None | ():
            return "none"
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}"
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ('{"at":"2026-11-22T19:32:23.126Z"}', '{"at":"2027-01-31T00:00:00.000Z"}', True),
        ("Reference PPF2V-50YZJ.", "Reference 72828-W10KE.", True),
        ('{"message":"Seat 7 is locked.",…}', '{"message":"Seat 7 is locked.","seat":{}}', True),
        ("first\n…\nlast", "first\n2\n3\nlast\n", True),
        ("Seat 7 is locked.", "Seat 8 is locked.", False),
        ("first", "first\nsecond", False),
        ("", "anything", False),
    ],
)
def test_what_differs_each_time_is_not_compared(shown: str, printed: str, same: bool) -> None:
    assert agree(shown, printed) is same
