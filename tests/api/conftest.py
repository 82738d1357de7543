"""A service that has an organiser."""

import pytest
from flask.testing import FlaskClient

from booking.settings import Settings
from tests.api.organiser import GRID, TOKEN, put


@pytest.fixture
def settings() -> Settings:
    return Settings.from_environ({"BOOKING_ADMIN_TOKEN": TOKEN})


@pytest.fixture
def gala(client: FlaskClient) -> FlaskClient:
    """A client of a service with the event ``gala``."""
    assert put(client, "gala", {"plan": GRID}).status_code == 201
    return client
