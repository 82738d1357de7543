"""What ``plan check`` tells, and the commands that mend and make plans."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from booking.plans.reading import read
from tests.support.houses import theatre

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    runner = app.test_cli_runner()
    return lambda *arguments, **options: runner.invoke(
        args=["booking", "plan", *arguments], **options
    )


def row(document: dict[str, Any], zone: int = 0) -> list[dict[str, Any]]:
    """The seats of the first row of a zone."""
    seats: list[dict[str, Any]] = document["zones"][zone]["rows"][0]["seats"]
    return seats


def check(run: Run, document: dict[str, Any], *options: str) -> Result:
    return run("check", "-", *options, input=json.dumps(document))


# Notes, which are no mistakes


def noted(run: Run, document: dict[str, Any], *options: str) -> list[str]:
    result = check(run, document, *options)
    assert result.exit_code == 0, result.output
    return [line.removeprefix("Note: ") for line in result.output.splitlines()[2:]]


def test_a_plan_as_it_should_be_has_no_notes(run: Run) -> None:
    assert noted(run, theatre()) == []


def test_seats_on_top_of_others_are_noted(run: Run) -> None:
    document = theatre(rows=2, seats_per_row=12)
    for seat in row(document)[1:6]:
        seat["position"] = row(document)[0]["position"]
    at = "zones[0].rows[0].seats"
    assert noted(run, document)[0] == f"{at}[1]: lies on {at}[0], and cannot be pressed."
    assert noted(run, document)[3] == "5 seats in all lie on others."


def test_labels_that_repeat_are_a_mistake_unless_they_are_allowed(run: Run) -> None:
    document = theatre(rows=2, seats_per_row=4)
    row(document)[1]["seat_number"] = "1"
    at = "zones[0].rows[0].seats"
    said = f'{at}[1]: is seat "1" in row "1" of "Stalls", and so is {at}[0]'
    assert said in check(run, document).output
    assert check(run, document).exit_code == 1
    assert noted(run, document, "--allow-same-labels") == [f"{said}."]


def test_a_zone_without_a_name_is_noted(run: Run) -> None:
    document = theatre(rows=2, seats_per_row=4)
    document["zones"][1]["name"] = ""
    assert noted(run, document) == [
        "zones[1]: has no name, so nobody can tell its seats from others."
    ]


def test_seats_on_an_area_are_noted(run: Run) -> None:
    document = theatre(rows=2, seats_per_row=4)
    document["zones"][0]["areas"] = [
        {"position": {"x": -9, "y": -9}, "rectangle": {"width": 20, "height": 30}, "color": "red"}
    ]
    assert noted(run, document) == ["zones[0].areas[0]: a seat stands on it."]


def test_a_gap_that_one_sees_and_that_divides_nothing_is_noted(run: Run) -> None:
    document = theatre(rows=2, seats_per_row=8)
    for seat in row(document):
        number = int(seat["seat_number"])
        seat["position"] = {"x": 25 * number + (9 if number > 4 else 0), "y": 0}
    [note] = noted(run, document)
    assert note.startswith('zones[0].rows[0]: one sees a gap between seats "4" and "5", but ')


def test_mistakes_are_counted_right(run: Run) -> None:
    document = theatre(rows=2, seats_per_row=421)
    for seat in row(document):
        seat["seat_guid"] = "same"
    result = check(run, document)
    assert "- has 420 mistakes:" in result.output
    assert "… and 320 more" in result.output


# Repair


def test_repair_gives_each_seat_an_id_of_its_own_and_says_so(run: Run, tmp_path: Path) -> None:
    document = theatre(rows=2, seats_per_row=4)
    row(document)[1]["seat_guid"] = row(document, 1)[0]["seat_guid"] = "Stalls-1-1"
    row(document, 1)[1]["seat_guid"] = "Stalls-1-1-2"
    file = tmp_path / "mended.json"
    result = run("repair", "-", "-o", str(file), input=json.dumps(document))
    assert result.exit_code == 0
    of_another = 'had the id "Stalls-1-1" of another seat'
    assert result.output.splitlines() == [
        f'zones[0].rows[0].seats[1]: {of_another}, has "Stalls-1-1-3" now',
        f'zones[1].rows[0].seats[0]: {of_another}, has "Stalls-1-1-4" now',
    ]
    mended = json.loads(file.read_text(encoding="utf-8"))
    assert row(mended)[0]["seat_guid"] == "Stalls-1-1"
    assert len(read(mended).places) == 8


def test_a_second_repair_changes_nothing(run: Run, tmp_path: Path) -> None:
    document = theatre(rows=2, seats_per_row=4)
    for seat in row(document):
        seat |= {"seat_guid": "same", "category": ""}
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    run("repair", "-", "-o", str(first), input=b"\xef\xbb\xbf" + json.dumps(document).encode())
    result = run("repair", str(first), "-o", str(second))
    assert result.output == "found nothing to mend\n"
    assert second.read_bytes() == first.read_bytes()


def test_repair_takes_a_plan_out_of_what_surrounds_it(run: Run) -> None:
    document = theatre(rows=2, seats_per_row=4)
    for seat in row(document):
        seat["category"] = ""
    sent = b"\xef\xbb\xbf" + json.dumps({"id": 1, "name": "x", "layout": document}).encode()
    result = run("repair", "-", "-o", "-", input=sent)
    assert "took the byte order mark away\n" in result.output
    assert "took the plan out of what the API of pretix answers\n" in result.output
    assert 'put 4 seats without a category into the category "standard"\n' in result.output


def test_repair_tells_what_it_cannot_mend(run: Run, tmp_path: Path) -> None:
    document = theatre(rows=2, seats_per_row=4)
    row(document)[0]["category"] = "royal"
    result = run("repair", "-", "-o", str(tmp_path / "x"), input=json.dumps(document))
    assert result.exit_code == 1
    assert 'zones[0].rows[0].seats[0].category: no category "royal"' in result.output


# A table


def from_csv(run: Run, tmp_path: Path, text: str) -> list[list[str]]:
    file = tmp_path / "plan.json"
    result = run("from-csv", "-", "-o", str(file), input=text.encode())
    assert result.exit_code == 0, result.output
    plan = read(json.loads(file.read_text(encoding="utf-8")))
    return [list(section.seats) for section in plan.sections]


def test_a_table_without_places_is_laid_out_in_rows(run: Run, tmp_path: Path) -> None:
    text = "section,row,seat,category\nStalls,A,1,front\nStalls,A,10,\nStalls,A,2,front\n"
    text += "Stalls,B,1,\nBalcony,A,1,top\n"
    assert from_csv(run, tmp_path, text) == [
        ["Stalls-A-1", "Stalls-A-2", "Stalls-A-10"],
        ["Stalls-B-1"],
        ["Balcony-A-1"],
    ]


def test_a_table_with_places_keeps_them(run: Run, tmp_path: Path) -> None:
    text = "\ufeffReihe;Platz;x;y\r\nA;1;0;0\r\nA;2;12,5;0\r\nA;3;50;0\r\nA;4;62.5;0\r\n"
    assert from_csv(run, tmp_path, text) == [["A-1", "A-2"], ["A-3", "A-4"]]


def test_seats_of_a_table_have_different_ids_whatever_they_are_called(
    run: Run, tmp_path: Path
) -> None:
    [*rows] = from_csv(run, tmp_path, "row,seat\nA,1-2\nA-1,2\nA,1-2-2\n")
    assert sorted(seat for row in rows for seat in row) == ["A-1-2", "A-1-2-2", "A-1-2-3"]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "line 1: has no column row and no column seat"),
        ("row,seat\n", "the table has no seats"),
        ("row,seat\nA,1\nA,\n", "line 3: has no seat"),
        ("row,seat\nA,1\nA,1\n", 'line 3: is seat "1" in row "A" of "", and so is line 2'),
        ("row,seat,x,y\nA,1,one,2\n", 'line 2: "one" is no number for x'),
        ("row,seat,x,y\nA,1,1,2\nA,2,,\n", "line 3: has no x and y, which other lines have"),
        ('row,seat\nA,"1"1\n', "line 2: is no line of a table"),
        ('row,seat\n"A\nB",1\n', "line 3: row: holds a control character"),
        ("row,seat\nA,1\n" + "B" * 200 + ",1\n", "line 3: section, row and seat are longer"),
        ("row,seat\n\udcff,1\n", "Save it as “CSV UTF-8”"),
    ],
)
def test_mistakes_in_a_table_have_their_lines(run: Run, text: str, mistake: str) -> None:
    result = run("from-csv", "-", input=text.encode("utf-8", "surrogateescape"))
    assert result.exit_code == 1
    assert mistake in result.output
