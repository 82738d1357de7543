"""What a reader of a page does: save a file, start a service, type a command and compare.

Fenced blocks say which:

- ``sh`` is the terminal of the service. Its last line starts a service, which runs until another
  block starts one on the same port, or the page ends.
- ``console`` is the other terminal: lines after ``$`` are typed, the others are what they print.
- ``json`` after a line that ends in "as `NAME`:" is saved under that name.

A page may leave parts of an output out with ``…``. Blocks of the kinds in ``NOT_RUN`` are not run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NOT_RUN = {
    "json": "a document or an answer, unless the page says to save it",
    "text": "commands that need another machine, much time or the right to change this one",
    "ini": "a file for systemd",
    "nginx": "a file for nginx",
    "python": "a program, which tests/live/test_clients.py runs",
    "typescript": "the same",
}

_FENCE = re.compile(r"```(\w*)")
_SAVED_AS = re.compile(r"\bas `([\w.-]+)`:$")


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, its text, the paragraph before it, and the number of its line."""

    kind: str
    text: str
    before: str
    line: int


@dataclass(frozen=True)
class Save:
    """Save a file."""

    name: str
    text: str


@dataclass(frozen=True)
class Start:
    """Start a service, whose terminal the commands are typed into."""

    script: str
    line: int


@dataclass(frozen=True)
class Type:
    """Type a command, which prints what the page shows."""

    command: str
    shown: str
    line: int


Step = Save | Start | Type


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    opened: tuple[str, int] | None = None
    inside: list[str] = []
    before = ""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = _FENCE.fullmatch(line)
        if fence is None:
            if opened is not None:
                inside.append(line)
            elif line.strip():
                before = line
        elif opened is None:
            opened, inside = (fence[1], number), []
        else:
            yield Block(opened[0], "\n".join(inside), before, opened[1])
            opened = None
    assert opened is None, f"{page}: the block of line {opened} has no end"


def steps(page: Path) -> Iterator[Step]:
    """What the reader does, in order."""
    for block in blocks(page):
        if block.kind == "sh":
            yield Start(block.text, block.line)
        elif block.kind == "console":
            yield from _typed(block)
        elif block.kind == "json" and (saved := _SAVED_AS.search(block.before)):
            yield Save(saved[1], block.text)


def _typed(block: Block) -> Iterator[Type]:
    lines = block.text.splitlines()
    while lines:
        number = block.line + 1 + len(block.text.splitlines()) - len(lines)
        command = lines.pop(0).removeprefix("$ ")
        while command.endswith("\\"):
            command += "\n" + lines.pop(0)
        shown: list[str] = []
        while lines and not lines[0].startswith("$ "):
            shown.append(lines.pop(0))
        yield Type(command, "\n".join(shown), number)


_MASKS = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "TIME"),
    (r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b", "REFERENCE"),
    (r'"token":"[\w-]{43}"', '"token":"TOKEN"'),
    (r'"(version|next_since)":\d+', r'"\1":VERSION'),
    (r'"expires_in":[\d.]+', '"expires_in":SECONDS'),
    (r"[Rr]etry-[Aa]fter: \d+", "Retry-After: SECONDS"),
    (r'E[Tt]ag: "\d+"', 'ETag: "VERSION"'),
    (r"\b[0-9a-f]{64}\b", "DIGEST"),
)


def agree(shown: str, printed: str) -> bool:
    """Whether a page shows what a command has printed, but for what differs each time (times,
    references, tokens, versions) and what the page leaves out."""
    pattern = "".join(map(_pattern, _masked(shown).splitlines()))
    return re.fullmatch(pattern, _masked(printed)) is not None


def _pattern(line: str) -> str:
    return "(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n"


def _masked(text: str) -> str:
    for what, name in _MASKS:
        text = re.sub(what, name, text)
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return "".join(f"{line}\n" for line in lines)
