"""The organiser of the events in these tests, and a buyer."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = "organiser-0123456789"
ADMIN = {"Authorization": f"Bearer {TOKEN}"}
ANN = {"Authorization": "Bearer " + "a" * 43}
GRID = {"grid": {"rows": 3, "seats_per_row": 4}}


def put(client: FlaskClient, event: str, document: object) -> TestResponse:
    """Open an event, or change it."""
    return client.put(f"/events/{event}", json=document, headers=ADMIN)


def code(response: TestResponse) -> tuple[int, str]:
    """The status and the code of a problem."""
    return response.status_code, response.get_json()["code"]
