"""What the headers of a request say, read in linear time.

The parsers of werkzeug go back and forth over what they do not match: an ``Accept`` or a ``Cookie``
of 8 KB of blanks kept the processor busy for half a second. Here every header is split, and no more
than :data:`MOST_ENTRIES` entries of a list are read.
"""

import re
from collections.abc import Collection, Iterator, Sequence

MOST_ENTRIES = 50
"""Browsers send up to ten."""

_CODING = re.compile(r"(?:-{1,2}|;)(?:gzip|br|zstd|deflate)\Z")
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def media_type(accept: str | None, offered: Sequence[str]) -> str:
    """The media type, of those offered, that an ``Accept`` prefers; the first if none is better."""
    ranges = dict(_preferences(accept))
    best, best_rank = offered[0], (0.0, 0)
    for offer in offered:
        # The most specific range decides about a media type.
        for specificity, each in ((3, offer), (2, f"{offer.partition('/')[0]}/*"), (1, "*/*")):
            if each in ranges:
                rank = (ranges[each], specificity)
                if rank[0] > 0 and rank > best_rank:
                    best, best_rank = offer, rank
                break
    return best


def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether an ``Accept-Encoding`` lets the answer be compressed."""
    codings = dict(_preferences(accept_encoding))
    return codings.get("gzip", codings.get("*", 0.0)) > 0


def language(accept_language: str | None, offered: Collection[str]) -> str | None:
    """The language code that an ``Accept-Language`` likes best; None if it likes none of those
    offered. ``de-AT`` likes ``de``."""
    for tag, quality in sorted(_preferences(accept_language), key=lambda each: -each[1]):
        if quality > 0:
            for code in (tag, tag.partition("-")[0]):
                if code in offered:
                    return code
    return None


def has_etag(if_none_match: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` names this ETag, strong or weak, or with the coding that a proxy
    adds when it compresses: ``"5-gzip"`` is ``"5"``."""
    entries = [entry.strip() for entry in if_none_match.split(",", MOST_ENTRIES)[:MOST_ENTRIES]]
    plain = _CODING.sub("", etag)
    return "*" in entries or plain in [
        _CODING.sub("", each.removeprefix("W/").strip('"')) for each in entries
    ]


def cookies(cookie: str, name: str) -> list[str]:
    """The values of the cookies of that name, in their order: a browser sends several if they were
    set for different paths or domains."""
    pairs = (each.partition("=") for each in cookie.split(";"))
    return [value.strip().strip('"') for key, _, value in pairs if key.strip() == name]


def _preferences(header: str | None) -> Iterator[tuple[str, float]]:
    """The entries of a header such as ``Accept``, in lower case, and how much each is liked."""
    for entry in (header or "").lower().split(",", MOST_ENTRIES)[:MOST_ENTRIES]:
        name, *parameters = entry.split(";", MOST_ENTRIES)
        quality = "1"
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = value.strip()
        if _QUALITY.fullmatch(quality):
            yield name.strip(), float(quality)
