"""The application in process, on a clock that stands still until a test moves it."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking import create_app
from booking.engines.memory.box_office import MemoryBoxOffice
from booking.settings import Settings
from tests.support.clocks import ManualClock
from tests.support.postgres import server

# The tests start some hundred processes. To compile its modules takes each a third longer.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What the tests write need not survive the machine. In memory, an fsync takes no time. On a disk,
# it takes up to 5 ms, and the tests of SQLite take half as long again.
_MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and _MEMORY.is_dir() and disk_usage(_MEMORY).free > 4 << 30:
    os.environ["TMPDIR"], tempfile.tempdir = str(_MEMORY), None

HERE = Path(__file__).parent
LONG = ("browser", "deploy", "live")
"""Folders whose tests start browsers and whole services, and kill, restore and load them."""
EVERY_DAY = {"test_auto_release.py", "test_bad_input.py", "test_race.py", "test_start.py"}
"""What is run every day of these: the promises themselves, through real sockets."""

# How long a thing takes is for the benchmarks to say: here, other tests run beside it.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        if folder in LONG and item.path.name not in EVERY_DAY:
            item.add_marker(pytest.mark.long)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def app(settings: Settings, clock: ManualClock) -> Iterator[Flask]:
    box_office = MemoryBoxOffice(settings, clock=clock)
    yield create_app(settings, box_office)
    box_office.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that keeps no cookies, as most programs do."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A client that keeps cookies."""
    return app.test_client()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server, by its URL."""
    with server() as url:
        yield url
