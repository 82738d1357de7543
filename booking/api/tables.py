"""Tables for spreadsheets: CSV that shows what is in it, and runs nothing."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
"""What a spreadsheet runs (https://owasp.org/www-community/attacks/CSV_Injection)."""

_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
"""A number that a spreadsheet shows as it is written, and sorts as people do: 2 before 10."""

_MONTHS = (
    "jan ene gen feb fev fév mar mär mrz maa apr abr avr may mai mag mei jun juin giu jul juil"
    " lug aug aou aoû ago sep set oct okt out ott nov dec dez déc dic"
)

_NUMBER_OR_DATE = re.compile(
    rf"""
    (?=.*\d)(?:
        [\d\s.,:/'’%$€£¥()E-]+             # 007, 1-2, 3.10, 1E5, 1:30, 1/2, 5 %
        | \d[\d:.]*\s+[AP]M?               # 7 A is seven in the morning
        | [\d\s.,/-]*(?:{"|".join(_MONTHS.split())})\w{{0,9}}[\d\s.,/-]*  # MAR-1, 1. Mai, Okt 3
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What a spreadsheet takes for a number or a date, and shows as another one."""


def csv_table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Rows as CSV (RFC 4180), in UTF-8 with a byte order mark, without which Excel garbles umlauts.

    A cell that a spreadsheet would run, or take for another number or a date, begins with an
    apostrophe: so it stays a text.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if not isinstance(value, str) or _WHOLE_NUMBER.fullmatch(value):
        return value
    is_text = not _FORMULA.match(value) and not _NUMBER_OR_DATE.fullmatch(value.strip())
    return value if is_text else f"'{value}"
