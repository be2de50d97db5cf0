"""Change one value in a settings file and leave every other byte as it was: comments, order, white space.

What a change must not do is checked after it: the file then says what it said before, but for the one value. Where it
is spelt so that this does not come out - a value over several lines, an inline table - the file is edited by hand.
"""

import json
import re
import tomllib
from typing import Any, Final

from quartet.core.faults import Malformed

Plain = int | str | bool

_HEADER: Final = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_VALUE: Final = r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^#\s]+)"""


def with_value(text: str, path: str, value: Plain) -> str:
    """Return the settings with `path` (`console.banner`) set to a value; raise `Malformed("edit-by-hand")`."""
    table, _, key = path.rpartition(".")
    lines = text.split("\n")
    first, last = _span(lines, table)
    changed = _replaced(lines, first, last, key, value) or _added(lines, first, last, table, key, value)
    made = "\n".join(changed)
    if _read(made, path) != _expected(text, path, value):
        raise Malformed("edit-by-hand", f"{path}: the file spells it in a way that only a person should change")
    return made


def _span(lines: list[str], table: str) -> tuple[int, int]:
    """Return where the lines of a table begin and end; (-1, -1) where there is no such table."""
    heads = [(n, found[1]) for n, line in enumerate(lines) if (found := _HEADER.match(line))]
    begins = -1 if table else 0
    for n, name in heads:
        if begins >= 0:
            return begins, n
        if name == table:
            begins = n + 1
    return (begins, len(lines)) if begins >= 0 else (-1, -1)


def _replaced(lines: list[str], first: int, last: int, key: str, value: Plain) -> list[str] | None:
    spelt = re.compile(rf"^(\s*{re.escape(key)}\s*=\s*){_VALUE}(.*)$")
    for n in range(max(first, 0), last):
        found = spelt.match(lines[n])
        if found:
            return [*lines[:n], f"{found[1]}{_spell(value)}{found[3]}", *lines[n + 1 :]]
    return None


def _added(lines: list[str], first: int, last: int, table: str, key: str, value: Plain) -> list[str]:
    new = f"{key} = {_spell(value)}"
    if first < 0:
        return [*_without_end(lines), "", f"[{table}]", new, ""]
    at = last
    while at > first and not lines[at - 1].strip():
        at -= 1
    return [*lines[:at], new, *lines[at:]]


def _without_end(lines: list[str]) -> list[str]:
    return lines[:-1] if lines and not lines[-1] else lines


def _spell(value: Plain) -> str:
    """Spell a value: JSON's strings, numbers and words for yes and no are TOML's too, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read(text: str, path: str) -> Any:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("edit-by-hand", f"{path}: {error}") from error


def _expected(text: str, path: str, value: Plain) -> Any:
    whole = tomllib.loads(text)
    *tables, key = path.split(".")
    place = whole
    for name in tables:
        place = place.setdefault(name, {})
    place[key] = value
    return whole
