"""Which texts of people are taken as they are: all but those that deceive or break.

In every script, and with all that scripts need, such as joiners, marks of direction, and spaces of
any width.
"""

import unicodedata

_LINE_SEPARATORS = "\u2028\u2029"
_EMBEDDINGS = "\u202a\u202b\u202d\u202e"
_END_OF_EMBEDDING = "\u202c"
_ISOLATES = "\u2066\u2067\u2068"
_END_OF_ISOLATE = "\u2069"
_BIDIRECTIONAL = _EMBEDDINGS + _END_OF_EMBEDDING + _ISOLATES + _END_OF_ISOLATE


def fault(text: str) -> str | None:
    """What is wrong with a text that people read, such as a name; None if nothing is."""
    if text.isprintable():  # Most are: it is the quickest look.
        return None
    categories = set(map(unicodedata.category, text))
    if "Cc" in categories:
        return "holds a control character"
    if any(character in text for character in _LINE_SEPARATORS):
        return "holds a line or paragraph separator"
    if "Cs" in categories:
        return "holds half a surrogate pair"
    if _is_left_open(text):
        return "changes the direction of writing and does not change it back"
    return None


def printable(text: str) -> str:
    """The text with what could garble a terminal or a log as its escape."""
    if fault(text) is None:
        return text
    return "".join(c if fault(c) is None and c not in _BIDIRECTIONAL else _escape(c) for c in text)


def as_read(text: str) -> str:
    """The text as people tell it from others: composed, and however wide its spaces are."""
    if text.isascii() and text.isalnum():  # Most labels are: it is the quickest look.
        return text
    return " ".join(unicodedata.normalize("NFC", text).split())


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _is_left_open(text: str) -> bool:
    """Whether an embedding, an override or an isolate is not closed, so that what is shown after
    the text runs backwards (UAX #9)."""
    opened: list[str] = []
    for character in text:
        if character in _EMBEDDINGS or character in _ISOLATES:
            opened.append(character)
        elif character == _END_OF_EMBEDDING:
            if opened and opened[-1] in _EMBEDDINGS:
                opened.pop()
        elif character == _END_OF_ISOLATE and any(each in _ISOLATES for each in opened):
            # It also closes the embeddings that were opened within.
            while opened.pop() not in _ISOLATES:
                pass
    return bool(opened)
