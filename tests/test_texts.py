"""Which names and ids are taken, in whatever script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking import ids, texts


@pytest.mark.parametrize(
    "name",
    [
        "Zauberflöte – Königin der Nacht",
        "🎭 Gala 🎟️",
        "عرض المساء",
        "نمایش می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d👩\u200d👧 family show",
        "Qui a peur\u00a0?",
        "１\u3000列",
        "Soft\u00adhyphen",
        "e\u0301toile",
        "\u200eleft to right\u200e",
        "\u202bהצגה\u202c 2027",
        "\u2067הצגה\u2069 2027",
        "\u2067\u202eabc\u2069",
        "a stray end\u202c\u2069",
        "<b>x</b>",
    ],
)
def test_what_people_write_is_taken_as_it_is(name: str) -> None:
    assert texts.fault(name) is None
    assert texts.printable(name) == name


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("a\nb", "control character"),
        ("a\tb", "control character"),
        ("\x1b[2J", "control character"),
        ("\x9b2J", "control character"),
        ("a\u2028b", "separator"),
        ("a\u2029b", "separator"),
        ("\ud83d", "surrogate"),
        ("\u202egnp.exe", "direction"),
        ("\u2066a", "direction"),
        ("\u2066a\u202c", "direction"),
        ("\u202ea\u2069", "direction"),
    ],
)
def test_what_deceives_or_breaks_is_refused(name: str, fault: str) -> None:
    found = texts.fault(name)
    assert found is not None
    assert fault in found
    assert texts.fault(texts.printable(name)) is None


@given(st.text())
def test_whatever_is_shown_can_be_shown_and_encoded(text: str) -> None:
    shown = texts.printable(text)
    assert texts.fault(shown) is None
    shown.encode("utf-8")


@pytest.mark.parametrize(
    "seat_id",
    [
        "4f9d2c8e-0b1a-4f27-9a51-1d2e3f405162",
        "EmporeSüd-1-1",
        "-1-1",
        "Box 3/4-1-1",
        "_A1",
        "A:1",
        "１\u3000列",
        "می\u200cخواهم-1-1",
        "🎭-1",
        "..",
        "a" * 190,
    ],
)
def test_a_seat_has_the_id_that_an_editor_wrote(seat_id: str) -> None:
    assert ids.is_seat_id(ids.normal_seat_id(seat_id))


@pytest.mark.parametrize(
    "seat_id",
    [
        "",
        " ",
        " a",
        "a ",
        "a\u00a0",
        "a\nb",
        "a\0",
        "\u202ea\u202c",
        "a\u00adb",
        "\ud83d",
        "a" * 191,
    ],
)
def test_an_id_has_no_control_characters_no_outer_spaces_and_nothing_unseen(seat_id: str) -> None:
    assert not ids.is_seat_id(seat_id)


def test_an_id_has_one_spelling() -> None:
    assert ids.normal_seat_id("Su\u0308d-1") == "Süd-1"


def test_texts_that_look_alike_are_read_alike() -> None:
    assert texts.as_read(" e\u0301toile\u00a0 1") == texts.as_read("étoile 1")
    assert texts.as_read("1") != texts.as_read("2")
