"""Routes find what Werkzeug's matcher finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from booking.app import create_app
from booking.http.routes import Routes
from booking.settings import Settings

APP = create_app(Settings())
ROUTES = Routes(APP.url_map)
ADAPTER = APP.url_map.bind("localhost")
WORDS = sorted({word for rule in APP.url_map.iter_rules() for word in rule.rule.split("/")})


def test_every_rule_is_found() -> None:
    for rule in APP.url_map.iter_rules():
        path = rule.rule.replace("<", "").replace(">", "")
        for method in rule.methods or ():
            found = ROUTES.find(method, path)
            assert found == ADAPTER.match(path, method, return_rule=True)
            assert found is not None


@given(
    st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=6),
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"]),
)
def test_a_path_is_matched_as_werkzeug_does_or_left_to_it(words: list[str], method: str) -> None:
    path = f"/{'/'.join(words).lstrip('/')}"
    found = ROUTES.find(method, path)
    try:
        assert found == ADAPTER.match(path, method, return_rule=True)
    except HTTPException:
        assert found is None


@pytest.mark.parametrize("path", ["/lock/", "/lock/7/", "//lock/7", "/events//seats", "/nowhere"])
def test_a_path_of_no_rule_is_left_to_werkzeug(path: str) -> None:
    assert ROUTES.find("POST", path) is None


def test_a_seat_id_is_normalised() -> None:
    found = ROUTES.find("POST", "/lock/A\u0308")
    assert found is not None
    assert found[1] == {"event": "default", "seat_id": "\u00c4"}


def test_rules_with_a_converter_are_left_to_werkzeug() -> None:
    app = create_app(Settings())
    app.add_url_rule("/number/<int:number>", view_func=lambda number: str(number))
    assert Routes(app.url_map).find("GET", "/number/7") is None
    assert app.test_client().get("/number/7").text == "7"
