"""The styles and scripts of the pages, compressed, at addresses that change with them."""

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from booking.http.compression import THOROUGH, Body
from booking.web.bundle import bundle, is_page

_FOLDER = Path(__file__).with_name("static")

_COMMENTS = re.compile(r"^[ \t]*(?://.*|/\*(?!!)(?:(?!\*/)[\s\S])*\*/[ \t]*)$\n?", re.MULTILINE)
"""Comments that have lines of their own. With the types in them, they are a third of a script. What
begins with ``/*!`` is a licence, and stays."""


class StaticFile(NamedTuple):
    """What is sent of a file."""

    body: Body
    content_type: str


class StaticFiles:
    """The files of a folder, and a ``digest`` of all of them together.

    One for all, in front of the names: a page then gets the scripts and styles that it was written
    for. The script of a page, which exports nothing, is sent with all that it imports.
    """

    def __init__(self, folder: Path = _FOLDER) -> None:
        files = {file.name: file.read_text("utf-8") for file in sorted(folder.iterdir())}
        modules = {name: text for name, text in files.items() if name.endswith(".js")}
        sent = files | {name: _sent(name, modules) for name in modules}
        self.by_name: Mapping[str, StaticFile] = MappingProxyType(
            {name: _static_file(name, text) for name, text in sent.items()}
        )
        digest = hashlib.sha256()
        for name, text in sent.items():
            digest.update(f"{name} {len(text)} {text}".encode())
        self.digest = digest.hexdigest()[:16]


@cache
def static_files() -> StaticFiles:
    """Return the files of the pages. To bundle them takes 30 ms, so a process does it once."""
    return StaticFiles()


def _sent(name: str, modules: Mapping[str, str]) -> str:
    """What is sent of a script."""
    return _COMMENTS.sub("", bundle(name, modules) if is_page(modules[name]) else modules[name])


def _static_file(name: str, text: str) -> StaticFile:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith(("text/", "image/svg")):
        kind += "; charset=utf-8"
    return StaticFile(Body(text.encode(), THOROUGH), kind)
