"""The commands that check and draw plans, and the mistakes that they report."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.support.houses import theatre

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    runner = app.test_cli_runner()
    return lambda *arguments, **options: runner.invoke(args=["booking", *arguments], **options)


@pytest.fixture
def plan(tmp_path: Path) -> str:
    file = tmp_path / "theatre.json"
    file.write_text(json.dumps(theatre(rows=4, seats_per_row=6)), encoding="utf-8")
    return str(file)


def test_commands_explain_themselves(run: Run) -> None:
    said = run("--help").output
    for command in ("events", "open", "plan"):
        assert command in said
    assert "Draw the seat plan in FILE" in run("plan", "draw", "--help").output


def test_a_plan_is_checked(run: Run, plan: str) -> None:
    result = run("plan", "check", plan)
    assert result.exit_code == 0
    assert result.output == (
        f"{plan} is a plan of 24 seats in 4 rows.\nThe front is the area “Stage”, at (300, 50).\n"
    )


def test_every_mistake_in_a_plan_is_reported(run: Run, tmp_path: Path) -> None:
    document = theatre(rows=2, seats_per_row=2)
    document["zones"][0]["rows"][0]["seats"][1]["category"] = "stalls "
    document["zones"][1]["rows"][0]["seats"][0]["seat_guid"] = ""
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    result = run("plan", "check", str(file))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == f"Error: {file} has 2 mistakes:"
    assert lines[1] == 'zones[0].rows[0].seats[1].category: no category "stalls "'
    assert lines[2].startswith("zones[1].rows[0].seats[0].seat_guid: ")


def test_a_plan_is_drawn(run: Run, plan: str) -> None:
    result = run("plan", "draw", plan)
    assert result.exit_code == 0
    assert result.output.count("●") == 12 + 1
    assert "○ balcony: 12 seats" in result.output


def test_a_plan_is_drawn_from_standard_input(run: Run) -> None:
    result = run("plan", "draw", "-", input='{"count": 3}')
    assert result.output.startswith("A  ● ● ●\n")


def test_a_plan_is_drawn_as_svg(run: Run, plan: str, tmp_path: Path) -> None:
    picture = tmp_path / "theatre.svg"
    result = run("plan", "draw", plan, "--svg", str(picture))
    assert result.output == f"Drew 24 seats in {picture}.\n"
    assert picture.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan", "check", "/no/such/file"], "Cannot read /no/such/file: No such file"),
        (["plan", "check", "/"], "Cannot read /: Is a directory"),
        (["plan", "draw", "-", "--svg", "/no/such/file"], "Cannot write /no/such/file"),
        (["open", "\udcff", "--grid", "3x3"], "cannot be the id of an event"),
        (["open", "x", "--grid", "3"], "'3' is not like 12x20"),
        (["open", "x", "--grid", "2x2", "--count", "2"], "Give one of --plan, --grid and --count"),
        (["open", "x", "--plan", "/no/such/file"], "Cannot read /no/such/file"),
    ],
)
def test_mistakes_are_explained_in_a_sentence(run: Run, arguments: list[str], said: str) -> None:
    result = run(*arguments, input='{"count": 3}')
    assert result.exit_code in (1, 2)
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org", "http://", "http://a b", "http://[x", "http://x:y", "http://é"],
)
def test_an_invalid_service_address_is_explained(run: Run, url: str) -> None:
    result = run("events", "--url", url)
    assert result.exit_code == 2
    assert "address" in result.output


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "line 1, column 1"),
        ('{"count"\n 1}', "line 2, column 2"),
        ('{"a": "\udcff"}', "line 1 is not in UTF-8"),
        ("[" * 100_000, "nested too deeply: line 1, column 100000"),
        ('{"count": 1}}', "line 1, column 13"),
        ('{"count": 1,\n "count": 2}', 'the member "count" twice: line 2, column 2'),
        ('[{"a": {"b": 1}, "b": "a"},\n {"é": [], "\\u00e9": 1}]', '"é" twice: line 2, column 12'),
        ("NaN", "NaN is no number of JSON: line 1, column 1"),
        ('["NaN",\n -Infinity]', "-Infinity is no number of JSON: line 2, column 2"),
        ('{"a": 1, "b":\n ' + "9" * 5000 + "}", "too many digits: line 2, column 2"),
    ],
)
def test_a_plan_that_is_not_json_is_explained(run: Run, text: str, what: str) -> None:
    result = run("plan", "check", "-", input=text.encode("utf-8", "surrogateescape"))
    assert result.exit_code == 1
    assert "- is not JSON" in result.output
    assert what in result.output


def test_a_byte_order_mark_is_left_aside(run: Run) -> None:
    assert run("plan", "check", "-", input=b'\xef\xbb\xbf{"count": 3}').exit_code == 0
