"""The styles and scripts of the pages, compressed, at addresses that change with them."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

_FOLDER = Path(__file__).with_name("static")

_COMMENTS = re.compile(rb"^[ \t]*(?://.*|/\*(?!!)(?:(?!\*/)[\s\S])*\*/[ \t]*)$", re.MULTILINE)
"""Comments that have lines of their own. With the types in them, they are a third of a script. What
begins with ``/*!`` is a licence, and stays."""


class StaticFile(NamedTuple):
    """What is sent of a file."""

    body: bytes
    compressed: bytes
    content_type: str


class StaticFiles:
    """All files of a folder, and a ``digest`` of all of them together.

    One for all, in front of the names: scripts that import each other by their names then get the
    version that they were written for.
    """

    def __init__(self, folder: Path = _FOLDER) -> None:
        files = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
        self.by_name: Mapping[str, StaticFile] = MappingProxyType(
            {name: _static_file(name, body) for name, body in files.items()}
        )
        digest = hashlib.sha256()
        for name, body in files.items():
            digest.update(f"{name} {len(body)} ".encode() + body)
        self.digest = digest.hexdigest()[:16]


def _static_file(name: str, body: bytes) -> StaticFile:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith(".js"):
        # The lines stay, so that a mistake is told of where it is.
        body = _COMMENTS.sub(lambda comment: b"\n" * comment[0].count(b"\n"), body)
    if kind.startswith(("text/", "image/svg")):
        kind += "; charset=utf-8"
    return StaticFile(body, gzip.compress(body, mtime=0), kind)
