"""Parsers for request headers, in linear time.

Werkzeug's parsers backtrack: an ``Accept`` or a ``Cookie`` of 8 KB of blanks kept the processor
busy for half a second. These split the header, and read at most :data:`MOST_ENTRIES` entries.
"""

import re
from collections.abc import Collection, Iterator, Sequence

MOST_ENTRIES = 50
"""Entries of a header that are read. Browsers send up to ten."""

_CODING = re.compile(r"(?:-{1,2}|;)(?:gzip|br|zstd|deflate)\Z")
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def media_type(accept: str | None, offered: Sequence[str]) -> str:
    """Return the offered media type that an ``Accept`` prefers; the first offer if none wins."""
    ranges = dict(_preferences(accept))
    best, best_rank = offered[0], (0.0, 0)
    for offer in offered:
        # The most specific range that matches a media type decides.
        for specificity, each in ((3, offer), (2, f"{offer.partition('/')[0]}/*"), (1, "*/*")):
            if each in ranges:
                rank = (ranges[each], specificity)
                if rank[0] > 0 and rank > best_rank:
                    best, best_rank = offer, rank
                break
    return best


def coding(accept_encoding: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered coding that an ``Accept-Encoding`` prefers, or None. Of several that it
    likes as well, it is the first offer; the last one, which everybody knows, is for ``*``."""
    codings = dict(_preferences(accept_encoding))
    if "*" in codings:
        codings.setdefault(offered[-1], codings["*"])
    best = max(offered, key=lambda offer: codings.get(offer, 0.0))
    return best if codings.get(best, 0.0) > 0 else None


def language(accept_language: str | None, offered: Collection[str]) -> str | None:
    """Return the offered language that an ``Accept-Language`` prefers, or None. ``de-AT`` also
    accepts ``de``."""
    for tag, quality in sorted(_preferences(accept_language), key=lambda each: -each[1]):
        if quality > 0:
            for code in (tag, tag.partition("-")[0]):
                if code in offered:
                    return code
    return None


def has_etag(if_none_match: str, etag: str) -> bool:
    """Return whether an ``If-None-Match`` names this ETag, strong or weak. A suffix that a proxy
    adds when it compresses is ignored: ``"5-gzip"`` matches ``"5"``."""
    entries = [entry.strip() for entry in if_none_match.split(",", MOST_ENTRIES)[:MOST_ENTRIES]]
    plain = _CODING.sub("", etag)
    return "*" in entries or plain in [
        _CODING.sub("", each.removeprefix("W/").strip('"')) for each in entries
    ]


def cookies(cookie: str, name: str) -> list[str]:
    """Return the values of all cookies of that name, in order. A browser sends several if they were
    set for different paths or domains."""
    pairs = (each.partition("=") for each in cookie.split(";"))
    return [value.strip().strip('"') for key, _, value in pairs if key.strip() == name]


def _preferences(header: str | None) -> Iterator[tuple[str, float]]:
    """Yield the entries of a header such as ``Accept``, in lower case, with their quality."""
    for entry in (header or "").lower().split(",", MOST_ENTRIES)[:MOST_ENTRIES]:
        name, *parameters = entry.split(";", MOST_ENTRIES)
        quality = "1"
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = value.strip()
        if _QUALITY.fullmatch(quality):
            yield name.strip(), float(quality)
