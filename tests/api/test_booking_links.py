"""The link to a booking: what it opens, and how it is asked for again."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.domain.notices import LinkRequest
from booking.engines.contract import BoxOffice
from booking.http import booking_links
from booking.settings import Settings
from tests.contracts.mail import GALA, WITH_MAIL

ANN = {"Authorization": "Bearer a-token-of-ann-0123456789-0123456789"}
BOB = {"Authorization": "Bearer a-token-of-bob-0123456789-0123456789"}


@pytest.fixture
def settings() -> Settings:
    return WITH_MAIL


@pytest.fixture
def box_office(app: Flask) -> BoxOffice:
    box_office: BoxOffice = app.extensions["box_office"]
    box_office.put(GALA)
    return box_office


def book(client: FlaskClient, seat: str, token: dict[str, str]) -> str:
    client.post(f"/events/gala/lock/{seat}", headers=token)
    body = {"details": {"email": "ann@example.org"}}
    booked = client.post(
        f"/events/gala/confirm/{seat}", headers=token | {"Accept-Language": "he"}, json=body
    )
    assert booked.json
    reference: str = booked.json["booking"]["reference"]
    return reference


def link(box_office: BoxOffice, reference: str) -> dict[str, str]:
    secret = booking_links.secret(box_office.shared_key("links"), "gala", reference)
    return {"Authorization": f"Bearer {secret}"}


def test_a_link_opens_and_cancels_its_booking_and_no_other(
    client: FlaskClient, box_office: BoxOffice
) -> None:
    anns, bobs = book(client, "A1", ANN), book(client, "A2", BOB)
    assert client.get(f"/bookings/{bobs}", headers=link(box_office, anns)).status_code == 404
    assert client.get(f"/bookings/{anns}", headers=BOB).status_code == 404
    seen = client.get(f"/bookings/{anns}", headers=link(box_office, anns))
    assert seen.json
    assert seen.json["booking"]["details"] == {"email": "ann@example.org"}
    path = f"/bookings/{anns}/cancel"
    assert client.post(path, headers=link(box_office, anns)).status_code == 200


def test_the_language_of_the_buyer_is_kept_for_the_mail(
    client: FlaskClient, box_office: BoxOffice
) -> None:
    book(client, "A1", ANN)
    assert [each.errand.language for each in box_office.outbox.due(10)] == ["he"]


def test_whether_there_is_a_booking_or_not_the_answer_is_the_same(
    client: FlaskClient, box_office: BoxOffice
) -> None:
    book(client, "A1", ANN)
    answers = [
        client.post("/bookings/link", json={"email": email})
        for email in ("Ann@example.org", "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].data == answers[1].data
    asked = [each.errand for each in box_office.outbox.due(10)]
    assert [each.to for each in asked if isinstance(each, LinkRequest)] == [
        "ann@example.org",
        "nobody@example.org",
    ]


@pytest.mark.parametrize("body", [{}, {"email": "ann"}, {"email": 1}, {"email": None}])
def test_what_is_no_address_is_refused(client: FlaskClient, body: dict[str, object]) -> None:
    answer = client.post("/bookings/link", json=body)
    assert answer.json
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert answer.json["detail"].startswith("email ")


def test_a_client_cannot_ask_often(client: FlaskClient) -> None:
    codes = [
        client.post("/bookings/link", json={"email": f"{n}@example.org"}).status_code
        for n in range(6)
    ]
    assert codes == [202] * 5 + [429]


def test_a_mailbox_is_not_flooded_from_many_clients(client: FlaskClient) -> None:
    codes = [
        client.post(
            "/bookings/link",
            json={"email": "ann@example.org"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{n}"},
        ).status_code
        for n in range(4)
    ]
    assert codes == [202] * 3 + [429]


class TestWithoutMail:
    """A service without a mail server."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings()

    def test_no_link_is_sent(self, client: FlaskClient) -> None:
        answer = client.post("/bookings/link", json={"email": "ann@example.org"})
        assert answer.status_code == 404


def test_the_address_for_links_is_no_booking(client: FlaskClient) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = client.open("/bookings/link", method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "OPTIONS, POST")
    assert client.options("/bookings/link").headers["Allow"] == "OPTIONS, POST"
