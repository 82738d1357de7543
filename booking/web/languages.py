"""The texts of the pages, one file a language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from booking.http import headers

_FOLDER = Path(__file__).with_name("languages")
_DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code, and its texts by name.

    A text may be an object with the forms that a number asks for, as ``Intl.PluralRules`` names
    them, or with texts of one kind by name; such are for scripts alone.
    """

    code: str
    texts: Mapping[str, Any]


@cache
def read_languages() -> Mapping[str, Language]:
    """The languages that there are, by their codes; the default one first."""
    files = sorted(_FOLDER.glob("*.json"), key=lambda file: (file.stem != _DEFAULT, file.stem))
    return {
        file.stem: Language(file.stem, json.loads(file.read_text(encoding="utf-8")))
        for file in files
    }


def preferred(languages: Mapping[str, Language], accept_language: str | None) -> Language:
    """The language that a browser's ``Accept-Language`` likes best."""
    return languages[headers.language(accept_language, languages) or _DEFAULT]
