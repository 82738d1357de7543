"""CORS: calls from pages of other sites."""

import pytest
from flask.testing import FlaskClient

from booking.settings import Settings

SHOP = {"Origin": "https://shop.example"}
OTHER = {"Origin": "https://other.example"}
LOOK_ALIKES = ("https://shop.example.other.example", "https://shopxexample", "https://1:8443")


def test_without_an_origin_nothing_is_added(client: FlaskClient) -> None:
    headers = client.get("/seats").headers
    assert not [name for name in headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118
    assert "Vary" not in headers


def test_any_origin_may_call_by_default_and_without_credentials(client: FlaskClient) -> None:
    for response in (
        client.get("/seats", headers=SHOP),
        client.post("/lock/7", headers=SHOP),
        client.post("/lock/7", headers=SHOP),
        client.get("/nothing", headers=SHOP),
    ):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert (
            response.headers["Access-Control-Expose-Headers"]
            == "ETag, Link, Location, Retry-After, X-Request-Id"
        )
        assert "Access-Control-Allow-Credentials" not in response.headers


def test_a_preflight_is_answered(client: FlaskClient) -> None:
    ask = {
        **SHOP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    response = client.options("/lock/7", headers=ask)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Methods"] == "DELETE, GET, PATCH, POST, PUT"
    assert response.headers["Access-Control-Allow-Headers"] == "authorization, content-type"
    assert response.headers["Access-Control-Max-Age"] == "600"
    assert client.get("/seats/7").get_json()["seat"]["status"] == "available"


def test_a_preflight_with_more_header_names_than_pages_send_allows_none(
    client: FlaskClient,
) -> None:
    ask = {
        **SHOP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "," * 7900 + "content-type",
    }
    response = client.options("/lock/7", headers=ask)
    assert response.status_code == 200
    assert "Access-Control-Allow-Headers" not in response.headers


class TestListedOrigins:
    """``BOOKING_CORS_ORIGINS`` is a list."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(cors_origins=("https://shop.example", "https://[::1]:8443"))

    @pytest.mark.parametrize("origin", ["https://shop.example", "https://[::1]:8443"])
    def test_a_listed_origin_may_call(self, client: FlaskClient, origin: str) -> None:
        response = client.post("/lock/7", headers={"Origin": origin})
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == origin
        assert response.headers["Vary"] == "Origin"

    def test_a_post_of_another_origin_is_refused_and_not_carried_out(
        self, client: FlaskClient
    ) -> None:
        for origin in (OTHER, {"Origin": "null"}):
            response = client.post("/lock/7", headers=origin)
            assert response.status_code == 403
            assert response.get_json()["code"] == "origin_not_allowed"
            assert "Access-Control-Allow-Origin" not in response.headers
        assert client.get("/seats/7").get_json()["seat"]["status"] == "available"

    def test_a_get_of_another_origin_is_answered_but_not_for_its_page(
        self, client: FlaskClient
    ) -> None:
        for origin in (OTHER["Origin"], *LOOK_ALIKES):
            response = client.get("/seats", headers={"Origin": origin})
            assert response.status_code == 200
            assert "Access-Control-Allow-Origin" not in response.headers
            # Otherwise a cache would give this answer to an origin that may read it.
            assert response.headers["Vary"] == "Origin"

    def test_a_call_with_credentials_can_be_read_so_that_no_seat_is_locked_unseen(
        self, client: FlaskClient
    ) -> None:
        origin = {"Origin": "https://shop.example"}
        preflight = client.options(
            "/lock/8", headers=origin | {"Access-Control-Request-Method": "POST"}
        )
        for response in (preflight, client.post("/lock/8", headers=origin)):
            assert response.headers["Access-Control-Allow-Credentials"] == "true"
            assert "Set-Cookie" not in response.headers

    def test_a_compressed_answer_varies_with_the_origin_as_well(self, client: FlaskClient) -> None:
        for origin in ({}, OTHER, {"Origin": "https://shop.example"}):
            assert set(client.get("/plan", headers=origin).vary) == {"Accept-Encoding", "Origin"}

    def test_our_own_pages_and_programs_may_always_call(self, client: FlaskClient) -> None:
        assert client.post("/lock/7", headers={"Origin": "http://localhost"}).status_code == 200
        assert client.post("/lock/8").status_code == 200

    def test_caches_are_told_that_the_answer_depends_on_the_origin(
        self, client: FlaskClient
    ) -> None:
        assert client.get("/seats").headers["Vary"] == "Origin"
