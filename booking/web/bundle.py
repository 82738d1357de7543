"""Several scripts in one, so that a page waits for one answer instead of forty.

Each module becomes a function that is called once and returns what the module exports. What it
imports comes from the functions that were called before. Nothing is renamed.
"""

import re
from collections.abc import Iterator, Mapping

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:function|class|const) ([\w$]+)", re.MULTILINE)
_UNKNOWN = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def bundle(entry: str, modules: Mapping[str, str]) -> str:
    """The script of an entry, with all modules that it needs.

    Raises:
        ValueError: a module imports or exports in a way that is not known here, or a circle of
            modules import each other.
    """
    order = list(_in_order(entry, modules, ()))
    *needed, last = dict.fromkeys(order)
    numbers = {name: f"$module{number}" for number, name in enumerate(needed)}
    parts = [
        f"const {numbers[name]} = (() => {{\n{_inside(modules[name], numbers)}"
        f"return {{ {', '.join(_EXPORT.findall(modules[name]))} }};\n}})();\n"
        for name in needed
    ]
    # In no function: the entry may await something.
    return "".join((*parts, _inside(modules[last], numbers)))


def is_page(text: str) -> bool:
    """Whether a module is the script of a page: it needs others, and no other needs it."""
    return bool(_IMPORT.search(text)) and not re.search(r"^export\b", text, re.MULTILINE)


def _in_order(entry: str, modules: Mapping[str, str], within: tuple[str, ...]) -> Iterator[str]:
    if entry in within:
        raise ValueError(f"{' imports '.join((*within, entry))}: that is a circle")
    for _, name in _IMPORT.findall(modules[entry]):
        yield from _in_order(name, modules, (*within, entry))
    yield entry


def _inside(text: str, numbers: Mapping[str, str]) -> str:
    """A module as a part of a function."""

    def replaced(found: re.Match[str]) -> str:
        names, module = found[1], found[2]
        if names is None:
            return ""
        return f"const {{{names.replace(' as ', ': ')}}} = {numbers[module]};"

    text = _EXPORT.sub(lambda found: found[0].removeprefix("export "), _IMPORT.sub(replaced, text))
    if unknown := _UNKNOWN.search(text):
        raise ValueError(f"cannot be bundled: {unknown[0]}")
    return text
