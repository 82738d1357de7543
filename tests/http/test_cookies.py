"""The holder cookie, and the requests that may not use it."""

import pytest
from flask.testing import FlaskClient

ANN, BOB = "token-of-ann-".ljust(40, "a"), "token-of-bob-".ljust(40, "b")
HTTPS = "https://localhost"

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:8080"},
    {"Origin": "https://localhost"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin, cross-site"},
]
OURS = [
    {},
    {"Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    # A reverse proxy has changed the Host.
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://tickets.example:8443"},
]


def cookie(*pairs: str) -> dict[str, str]:
    return {"Cookie": "; ".join(pairs)}


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_page_of_another_origin_does_not_replace_the_cookie(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    for own in ({}, cookie(f"holder={ANN}"), cookie("holder=short")):
        response = client.post("/lock/9", headers=headers | own)
        assert "Set-Cookie" not in response.headers
        client.post(
            "/release/9", headers={"Authorization": f"Bearer {response.get_json()['token']}"}
        )


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_page_of_another_origin_cannot_act_for_the_buyer(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    own = cookie(f"holder={ANN}")
    client.post("/lock/7", headers=own)
    for call in ("/confirm/7", "/release/7", "/confirm"):
        response = client.post(call, headers=own | headers)
        assert response.get_json()["code"] == "token_required"
    assert client.get("/basket", headers=own | headers).get_json()["seats"] == []
    assert client.post("/confirm/7", headers=own).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_page_of_another_origin_can_sell_with_a_token(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    bearer = headers | {"Authorization": f"Bearer {ANN}"}
    assert client.post("/lock/7", headers=bearer).status_code == 200
    assert client.post("/confirm/7", headers=bearer).status_code == 200


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_our_own_pages_use_the_cookie(client: FlaskClient, headers: dict[str, str]) -> None:
    assert "holder=" in client.post("/lock/6", headers=headers).headers["Set-Cookie"]
    own = headers | cookie(f"holder={ANN}")
    client.post("/lock/7", headers=own)
    assert client.post("/confirm/7", headers=own).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "localhost:443", "LOCALHOST"])
def test_our_own_origin_is_known_however_its_host_is_written(
    client: FlaskClient, host: str
) -> None:
    headers = {"Origin": "https://localhost", "Host": host}
    assert "Set-Cookie" in client.post("/lock/6", headers=headers, base_url=HTTPS).headers


def test_a_bad_cookie_beside_a_good_one_is_ignored_and_not_deleted(client: FlaskClient) -> None:
    for pairs in (("holder=short", f"holder={ANN}"), (f"holder={ANN}", "holder=short")):
        response = client.post("/lock/7", headers=cookie(*pairs))
        assert response.get_json()["token"] == ANN
        assert "Set-Cookie" not in response.headers
        client.post("/release/7", headers=cookie(*pairs))


def test_the_first_good_cookie_counts_and_an_empty_one_is_none(client: FlaskClient) -> None:
    headers = cookie("holder=", f"holder={ANN}", f"holder={BOB}")
    assert client.post("/lock/7", headers=headers).get_json()["token"] == ANN
    assert client.post("/lock/8", headers=cookie("holder=")).status_code == 200


def test_over_https_a_neighbour_cannot_plant_a_token(client: FlaskClient) -> None:
    planted = cookie(f"holder={BOB}")
    response = client.post("/lock/7", headers=planted, base_url=HTTPS)
    token = response.get_json()["token"]
    assert token != BOB
    assert response.headers["Set-Cookie"] == (
        f"__Host-holder={token}; Secure; HttpOnly; Path=/; SameSite=Strict; Max-Age=34560000"
    )
    both = cookie(f"holder={BOB}", f"__Host-holder={token}")
    assert client.post("/confirm/7", headers=both, base_url=HTTPS).status_code == 200


def test_over_https_a_malformed_cookie_is_deleted(client: FlaskClient) -> None:
    response = client.post("/lock/7", headers=cookie("__Host-holder=short"), base_url=HTTPS)
    assert response.get_json()["code"] == "invalid_token"
    assert response.headers["Set-Cookie"].startswith("__Host-holder=; ")
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    assert "; Path=/" in response.headers["Set-Cookie"]
    assert "Secure" in response.headers["Set-Cookie"]


def test_over_plain_http_the_name_for_https_does_not_count(client: FlaskClient) -> None:
    response = client.post("/lock/7", headers=cookie(f"__Host-holder={BOB}"))
    assert response.get_json()["token"] != BOB


PAGE = {"X-Requested-With": "fetch"}


def test_our_page_is_given_its_cookie_before_it_changes_anything(browser: FlaskClient) -> None:
    response = browser.get("/basket", headers=PAGE)
    assert response.get_json()["seats"] == []
    token = response.headers["Set-Cookie"].partition(";")[0].removeprefix("holder=")
    assert browser.post("/lock/7").get_json()["token"] == token


def test_our_page_has_its_cookie_renewed_each_time_it_is_opened(browser: FlaskClient) -> None:
    first, second = (browser.get("/basket", headers=PAGE).headers["Set-Cookie"] for _ in range(2))
    assert first == second
    assert "Max-Age=34560000" in first


def test_our_page_is_given_a_cookie_beside_that_of_a_neighbour(client: FlaskClient) -> None:
    response = client.get("/basket", headers=PAGE | cookie("holder=42"))
    (given,) = response.headers.getlist("Set-Cookie")
    both = cookie("holder=42", given.partition(";")[0])
    assert client.post("/lock/7", headers=both).status_code == 200


@pytest.mark.parametrize("headers", [*({**PAGE, **each} for each in FOREIGN), {}], ids=str)
def test_neither_another_page_nor_a_link_replaces_the_cookie_by_asking_for_the_basket(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    response = client.get("/basket", headers=headers)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
