"""Tickets as PDF: three on a sheet of A4, or one on each screen of a phone."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.bidi import BIDI_BRACKETS, BidiCharacter, BidiParagraph
from fpdf.enums import TextDirection

from booking.domain.model import Event
from booking.domain.tickets import Ticket
from booking.web.languages import Language
from booking.web.tickets import qr
from booking.web.tickets.contents import Contents, Line, contents_of

_FONTS = Path(__file__).with_name("fonts")
_FONT = "DejaVu Sans"

# Millimetres.
_A4_WIDTH, _A4_HEIGHT = 210.0, 297.0
_PHONE_WIDTH, _PHONE_HEIGHT = 90.0, 160.0
_ON_A_SHEET = 3
_MARGIN = 14.0
_PHONE_MARGIN = 7.0
_QUIET_MODULES = 4
"""The margin of a QR code, without which scanners do not find it."""
_POINT = 0.3528


class Size(StrEnum):
    """What the tickets are for."""

    A4 = "a4"
    PHONE = "phone"


def tickets_pdf(
    event: Event, tickets: Sequence[Ticket], name: str, language: Language, size: Size = Size.A4
) -> bytes:
    """The tickets of a booking, in the name of whoever made it (empty if nobody asked for it)."""
    document = _Document(language, size)
    document.set_title(f"{language.texts['ticket']['title']} – {event.name}")
    for position, ticket in enumerate(tickets):
        document.draw(contents_of(event, ticket, name, language), position)
    return bytes(document.output())


class _Document(FPDF):
    """A PDF that draws tickets. All text runs in the direction of the language, and text in another
    script within it as people read it."""

    def __init__(self, language: Language, size: Size) -> None:
        on_paper = size is Size.A4
        page = (_A4_WIDTH, _A4_HEIGHT) if on_paper else (_PHONE_WIDTH, _PHONE_HEIGHT)
        super().__init__(format=page)
        self._on_paper = on_paper
        self._from_right = language.texts["direction"] == "rtl"
        self.set_lang(language.code)
        self.set_creator("booking")
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.add_font(_FONT, "", _FONTS / "DejaVuSans.ttf")
        self.add_font(_FONT, "B", _FONTS / "DejaVuSans-Bold.ttf")

    def draw(self, contents: Contents, position: int) -> None:
        """Draw the next ticket."""
        if self._on_paper:
            place = position % _ON_A_SHEET
            if place == 0:
                self.add_page()
            self._draw_on_paper(contents, place * _A4_HEIGHT / _ON_A_SHEET)
        else:
            self.add_page()
            self._draw_on_phone(contents)

    def _draw_on_paper(self, contents: Contents, top: float) -> None:
        height, side = _A4_HEIGHT / _ON_A_SHEET, 60.0
        if top:
            self.set_draw_color(160)
            self.set_dash_pattern(dash=1.5, gap=1.5)
            self.line(0, top, _A4_WIDTH, top)
        left = _MARGIN if self._from_right else _A4_WIDTH - _MARGIN - side
        self._draw_code(contents.code, left, top + _MARGIN, side)
        width = _A4_WIDTH - 3 * _MARGIN - side
        x = _A4_WIDTH - _MARGIN - width if self._from_right else _MARGIN
        y = self._write(contents.title, x, top + _MARGIN, width, 16, bold=True, most=3)
        y = self._draw_places(contents.places, x, y + 3, width)
        for line in contents.lines:
            if y < top + height - _MARGIN:
                y = self._draw_line(line, x, y + 1.5, width)
        self._write(contents.spelled_code, left, top + _MARGIN + side, side, 7, centred=True)

    def _draw_on_phone(self, contents: Contents) -> None:
        width = _PHONE_WIDTH - 2 * _PHONE_MARGIN
        y = self._write(contents.title, _PHONE_MARGIN, _PHONE_MARGIN, width, 13, bold=True, most=3)
        side = 66.0
        self._draw_code(contents.code, (_PHONE_WIDTH - side) / 2, y + 1, side)
        y = self._write(contents.spelled_code, _PHONE_MARGIN, y + 1 + side, width, 7, centred=True)
        y = self._draw_places(contents.places, _PHONE_MARGIN, y + 3, width)
        for line in contents.lines:
            if y < _PHONE_HEIGHT - _PHONE_MARGIN:
                y = self._draw_line(line, _PHONE_MARGIN, y + 1, width)

    def _draw_places(self, places: Sequence[Line], x: float, y: float, width: float) -> float:
        """Where its holder sits: labels, and large under them what they are of."""
        column = width / max(len(places), 1)
        bottom = y
        for number, line in enumerate(places):
            left = x + number * column
            if self._from_right:
                left = x + width - (number + 1) * column + 2
            under = self._write(line.label, left, y, column - 2, 8, quiet=True)
            under = self._write(line.value, left, under, column - 2, 15, bold=True, most=2)
            bottom = max(bottom, under)
        return bottom

    def _draw_line(self, line: Line, x: float, y: float, width: float) -> float:
        label = min(26.0, width / 3)
        label_x = x + width - label if self._from_right else x
        value_x = x if self._from_right else x + label
        self._write(line.label, label_x, y, label, 9, quiet=True)
        return self._write(line.value, value_x, y, width - label, 9, most=2)

    def _draw_code(self, code: str, x: float, y: float, side: float) -> None:
        """Draw a QR code on white, with its margin: runs of dark modules as rectangles."""
        rows = qr.modules(code)
        module = side / (len(rows) + 2 * _QUIET_MODULES)
        self.set_fill_color(0)
        for number, row in enumerate(rows):
            top = y + (number + _QUIET_MODULES) * module
            start = 0
            while (start := row.find(1, start)) >= 0:
                end = row.find(0, start)
                end = len(row) if end < 0 else end
                left = x + (start + _QUIET_MODULES) * module
                self.rect(left, top, (end - start) * module, module, style="F")
                start = end

    def _write(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        points: float,
        *,
        bold: bool = False,
        quiet: bool = False,
        centred: bool = False,
        most: int = 1,
    ) -> float:
        """Write a text in up to ``most`` lines, and say where the next one begins."""
        self.set_font(_FONT, "B" if bold else "", points)
        self.set_text_color(95 if quiet else 0)
        height = points * _POINT * 1.3
        align = "C" if centred else "R" if self._from_right else "L"
        lines = cast("list[str]", self.multi_cell(width, text=text, dry_run=True, output="LINES"))
        for number, line in enumerate(lines[:most]):
            shown = f"{line.rstrip()}…" if number == most - 1 < len(lines) - 1 else line
            self.set_xy(x, y + number * height)
            self.cell(width, height, self._in_visual_order(shown), align=align)
        return y + min(len(lines), most) * height

    def _in_visual_order(self, text: str) -> str:
        """A PDF has its letters in the order in which they are seen, and brackets as they look.
        (fpdf2 does this by itself only with a shaping engine, which our letters do not need.)"""
        direction = TextDirection.RTL if self._from_right else TextDirection.LTR
        letters = BidiParagraph(text, base_direction=direction).get_reordered_characters()
        return "".join([_as_seen(each) for each in letters])


def _as_seen(letter: BidiCharacter) -> str:
    runs_left = letter.embedding_level % 2 == 1
    bracket = BIDI_BRACKETS.get(letter.character)
    return bracket["pair"] if runs_left and bracket is not None else letter.character
